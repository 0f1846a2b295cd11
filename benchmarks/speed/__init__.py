"""How fast searchkit is, beside others: `python -m benchmarks.speed ARCHIVE`."""
