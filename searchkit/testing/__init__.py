"""What an engine of another package is tested with.

    from searchkit.testing import EngineConformance

    class TestMyEngine(EngineConformance):
        engine_name = "mine"                      # as its entry point says
        server = "mine://127.0.0.1:9200"          # only for an engine on a server

Run by pytest, it compares the engine with a plain engine in memory (`searchkit.testing.reference`)
on random documents and queries and with Whoosh on golden searches, changes its indexes beside
readers, kills its writers and damages its files. What an engine declares that it cannot do (see
`searchkit.engines.base.Capabilities`) is not asked of it. `python -m searchkit.testing` runs the
suite on several engines and prints a table. Needs the extra `searchkit[testing]`.
"""

import sys
from typing import TYPE_CHECKING

from searchkit.errors import ExtraMissing

if TYPE_CHECKING:
    from searchkit.testing.conformance import EngineConformance

__all__ = ["EngineConformance"]


def __getattr__(name: str) -> "type[EngineConformance]":
    """Import the suite when it is asked for; ExtraMissing without pytest."""
    if name != "EngineConformance":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        import pytest
    except ModuleNotFoundError as error:
        raise ExtraMissing("testing", "pytest") from error
    if "searchkit.testing.conformance" not in sys.modules:
        # A comparison that fails is to show both sides: pytest sees to that in what is imported.
        pytest.register_assert_rewrite("searchkit.testing.conformance")
    from searchkit.testing.conformance import EngineConformance

    return EngineConformance
