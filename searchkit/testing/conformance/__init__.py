"""What every engine and every analyzer must do, as tests that their own tests inherit."""

from searchkit.testing.conformance.analyzers import AnalyzerConformance
from searchkit.testing.conformance.changes import Changes, CopyGroups, Cursors, Dictionary
from searchkit.testing.conformance.concurrency import Concurrency, Crashes
from searchkit.testing.conformance.examples import QueryExamples, RankingExamples
from searchkit.testing.conformance.failures import Directories, Failures
from searchkit.testing.conformance.pages import Pages
from searchkit.testing.conformance.random_searches import RandomSearches
from searchkit.testing.conformance.schema_pages import SchemaPages
from searchkit.testing.conformance.schemas import Schemas

__all__ = [
    "AnalyzerConformance",
    "Changes",
    "Concurrency",
    "CopyGroups",
    "Crashes",
    "Cursors",
    "Dictionary",
    "Directories",
    "EngineConformance",
    "Failures",
    "Pages",
    "QueryExamples",
    "RandomSearches",
    "RankingExamples",
]


class EngineConformance(
    QueryExamples,
    RankingExamples,
    RandomSearches,
    Pages,
    Changes,
    Dictionary,
    Cursors,
    CopyGroups,
    Schemas,
    SchemaPages,
    Concurrency,
    Crashes,
    Failures,
    Directories,
):
    """All that an engine must do; see `searchkit.testing`."""
