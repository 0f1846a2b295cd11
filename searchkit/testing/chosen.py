"""What pytest collects when `searchkit.testing.run` runs it: the suite, a class an engine."""

from searchkit.testing.run import chosen

globals().update(chosen)
