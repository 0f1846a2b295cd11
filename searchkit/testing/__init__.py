"""What engines and analyzers of other packages are tested with.

    from searchkit.testing import AnalyzerConformance, EngineConformance

    class TestMyEngine(EngineConformance):
        engine_name = "mine"                      # as its entry point says
        server = "mine://127.0.0.1:9200"          # only for an engine on a server

    class TestMyAnalyzer(AnalyzerConformance):
        analyzer_name = "mine"                    # as its entry point says
        texts = ["Kata dari bahasa itu."]         # beside those that come with the suite

Run by pytest, the first compares the engine with a plain engine in memory
(`searchkit.testing.reference`) on random documents and queries and with Whoosh on golden searches,
changes its indexes beside readers, kills its writers and damages its files. What an engine declares
that it cannot do (see `searchkit.engines.base.Capabilities`) is not asked of it. `python -m
searchkit.testing` runs that suite on several engines and prints a table. The second looks at the
tokens of texts in many scripts and of random characters, in several threads and processes. Both
need the extra `searchkit[testing]`.
"""

import sys
from typing import TYPE_CHECKING, Any

from searchkit.errors import ExtraMissing

if TYPE_CHECKING:
    from searchkit.testing.conformance import AnalyzerConformance, EngineConformance

__all__ = ["AnalyzerConformance", "EngineConformance"]


def __getattr__(name: str) -> Any:
    """Import a suite when it is asked for; ExtraMissing without pytest."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        import pytest
    except ModuleNotFoundError as error:
        raise ExtraMissing("testing", "pytest") from error
    if "searchkit.testing.conformance" not in sys.modules:
        # A comparison that fails is to show both sides: pytest sees to that in what is imported.
        pytest.register_assert_rewrite("searchkit.testing.conformance")
    from searchkit.testing import conformance

    return getattr(conformance, name)
