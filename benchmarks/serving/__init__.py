"""How many searches a server answers at a time, and how soon: `python -m benchmarks.serving`."""
