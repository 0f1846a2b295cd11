"""What pytest collects when `searchkit.testing.run` runs it: a class an engine."""

from importlib import import_module

import pytest

from searchkit.testing.run import wanted

# Once more, and before the import: pytest had not started when it was said first.
pytest.register_assert_rewrite("searchkit.testing.conformance")
conformance = import_module("searchkit.testing.conformance")

for name, (tested, parts) in wanted.items():
    bases = tuple(getattr(conformance, part) for part in parts)
    globals()[name] = type(name, bases, {"engine_name": tested.engine, "server": tested.server})
