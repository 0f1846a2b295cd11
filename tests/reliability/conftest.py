"""An empty engine, as for the tests of engines."""

from tests.engines.conftest import engine

__all__ = ["engine"]
