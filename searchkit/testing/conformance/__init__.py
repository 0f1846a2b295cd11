"""The conformance suite: what every engine must do, as tests that an engine's own tests inherit."""

from searchkit.testing.conformance.changes import Changes, CopyGroups, Cursors, Dictionary
from searchkit.testing.conformance.concurrency import Concurrency, Crashes
from searchkit.testing.conformance.examples import QueryExamples, RankingExamples
from searchkit.testing.conformance.failures import Directories, Failures
from searchkit.testing.conformance.pages import Pages
from searchkit.testing.conformance.random_searches import RandomSearches


class EngineConformance(
    QueryExamples,
    RankingExamples,
    RandomSearches,
    Pages,
    Changes,
    Dictionary,
    Cursors,
    CopyGroups,
    Concurrency,
    Crashes,
    Failures,
    Directories,
):
    """All of it; see `searchkit.testing`."""
