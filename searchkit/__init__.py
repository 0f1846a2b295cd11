"""Full-text search for Indonesian news.

`SearchIndex` is the way in:

>>> from searchkit import Article, SearchIndex
>>> with SearchIndex.open_or_create("index") as index:                        # doctest: +SKIP
...     index.add_files(["pages/"])
...     page = index.search("pakta pertahanan")
...     print(page.total, page.hits[0].headline)
"""

from typing import TYPE_CHECKING, Any

from searchkit import starting
from searchkit.analysis import Token
from searchkit.documents import Article, Page, SidebarItem, Sighting, Skipped
from searchkit.engines.location import Location
from searchkit.errors import (
    BelowFloor,
    DocumentNotFound,
    EvaluationError,
    ExtraMissing,
    ForeignIndex,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexNotWritable,
    IndexVersionMismatch,
    InputError,
    MalformedInput,
    MigrationFailed,
    OutputNotWritable,
    QueryError,
    QuerySyntaxError,
    SchemaError,
    SearchIndexError,
    SearchkitError,
    SettingsError,
    UnreadableInput,
    WatchError,
    WrongType,
)
from searchkit.results import Correction, FacetCount, Fragment, Hit, ResultPage
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings, load_settings
from searchkit.upkeep import Stats

if TYPE_CHECKING:
    from searchkit.async_document_index import AsyncDocumentIndex
    from searchkit.async_search_index import AsyncSearchIndex
    from searchkit.checking import CheckReport
    from searchkit.copying import CopyReport
    from searchkit.document_index import DocumentIndex
    from searchkit.engines.findings import Finding
    from searchkit.explaining import HitExplanation, WordMatch
    from searchkit.indexing import IndexReport
    from searchkit.migrating import MigrationReport
    from searchkit.repairing import RepairReport
    from searchkit.schema import DocumentHit, DocumentPage, Schema
    from searchkit.site import SiteReport
    from searchkit.watching import Watches

__all__ = [
    "Article",
    "AsyncDocumentIndex",
    "AsyncSearchIndex",
    "BelowFloor",
    "CheckReport",
    "CopyReport",
    "Correction",
    "DocumentHit",
    "DocumentIndex",
    "DocumentNotFound",
    "DocumentPage",
    "EvaluationError",
    "ExtraMissing",
    "FacetCount",
    "Finding",
    "ForeignIndex",
    "Fragment",
    "Hit",
    "HitExplanation",
    "IndexDamaged",
    "IndexLocked",
    "IndexMissing",
    "IndexNotWritable",
    "IndexReport",
    "IndexVersionMismatch",
    "InputError",
    "Location",
    "MalformedInput",
    "MigrationFailed",
    "MigrationReport",
    "OutputNotWritable",
    "Page",
    "QueryError",
    "QuerySyntaxError",
    "RepairReport",
    "ResultPage",
    "Schema",
    "SchemaError",
    "SearchIndex",
    "SearchIndexError",
    "SearchkitError",
    "Settings",
    "SettingsError",
    "SidebarItem",
    "Sighting",
    "SiteReport",
    "Skipped",
    "Stats",
    "Token",
    "UnreadableInput",
    "WatchError",
    "Watches",
    "WordMatch",
    "WrongType",
    "__version__",
    "load_settings",
]


_LATE = {
    "AsyncDocumentIndex": "searchkit.async_document_index",
    "AsyncSearchIndex": "searchkit.async_search_index",
    "CheckReport": "searchkit.checking",
    "CopyReport": "searchkit.copying",
    "DocumentIndex": "searchkit.document_index",
    "Finding": "searchkit.engines.findings",
    "HitExplanation": "searchkit.explaining",
    "WordMatch": "searchkit.explaining",
    "IndexReport": "searchkit.indexing",
    "MigrationReport": "searchkit.migrating",
    "RepairReport": "searchkit.repairing",
    "DocumentHit": "searchkit.schema",
    "DocumentPage": "searchkit.schema",
    "Schema": "searchkit.schema",
    "SiteReport": "searchkit.site",
    "Watches": "searchkit.watching",
}
"""Names that are imported when they are first asked for, by the module that has them."""


def __getattr__(name: str) -> Any:
    """Give what takes longer to find than most programs, which have no use for it, want to wait."""
    if name == "__version__":
        from importlib.metadata import version

        return version("searchkit")
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATE[name]), name)


starting.imported()
