"""Full-text search for Indonesian news.

`SearchIndex` is the way in:

>>> from searchkit import Article, SearchIndex
>>> with SearchIndex.open_or_create("index") as index:                        # doctest: +SKIP
...     index.add_files(["pages/"])
...     page = index.search("pakta pertahanan")
...     print(page.total, page.hits[0].headline)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from searchkit.analysis import Token
    from searchkit.async_document_index import AsyncDocumentIndex
    from searchkit.async_search_index import AsyncSearchIndex
    from searchkit.checking import CheckReport
    from searchkit.copying import CopyReport
    from searchkit.document_index import DocumentIndex
    from searchkit.documents import Article, Page, SidebarItem, Sighting, Skipped
    from searchkit.engines.findings import Finding
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
    from searchkit.explaining import HitExplanation, WordMatch
    from searchkit.indexing import IndexReport
    from searchkit.migrating import MigrationReport
    from searchkit.repairing import RepairReport
    from searchkit.results import Correction, FacetCount, Fragment, Hit, ResultPage
    from searchkit.schema import DocumentHit, DocumentPage, Schema
    from searchkit.search_index import SearchIndex
    from searchkit.settings import Settings, load_settings
    from searchkit.site import SiteReport
    from searchkit.upkeep import Stats
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

_HOMES = {
    "Article": "searchkit.documents",
    "AsyncDocumentIndex": "searchkit.async_document_index",
    "AsyncSearchIndex": "searchkit.async_search_index",
    "BelowFloor": "searchkit.errors",
    "CheckReport": "searchkit.checking",
    "CopyReport": "searchkit.copying",
    "Correction": "searchkit.results",
    "DocumentHit": "searchkit.schema",
    "DocumentIndex": "searchkit.document_index",
    "DocumentNotFound": "searchkit.errors",
    "DocumentPage": "searchkit.schema",
    "EvaluationError": "searchkit.errors",
    "ExtraMissing": "searchkit.errors",
    "FacetCount": "searchkit.results",
    "Finding": "searchkit.engines.findings",
    "ForeignIndex": "searchkit.errors",
    "Fragment": "searchkit.results",
    "Hit": "searchkit.results",
    "HitExplanation": "searchkit.explaining",
    "IndexDamaged": "searchkit.errors",
    "IndexLocked": "searchkit.errors",
    "IndexMissing": "searchkit.errors",
    "IndexNotWritable": "searchkit.errors",
    "IndexReport": "searchkit.indexing",
    "IndexVersionMismatch": "searchkit.errors",
    "InputError": "searchkit.errors",
    "Location": "searchkit.engines.location",
    "MalformedInput": "searchkit.errors",
    "MigrationFailed": "searchkit.errors",
    "MigrationReport": "searchkit.migrating",
    "OutputNotWritable": "searchkit.errors",
    "Page": "searchkit.documents",
    "QueryError": "searchkit.errors",
    "QuerySyntaxError": "searchkit.errors",
    "RepairReport": "searchkit.repairing",
    "ResultPage": "searchkit.results",
    "Schema": "searchkit.schema",
    "SchemaError": "searchkit.errors",
    "SearchIndex": "searchkit.search_index",
    "SearchIndexError": "searchkit.errors",
    "SearchkitError": "searchkit.errors",
    "Settings": "searchkit.settings",
    "SettingsError": "searchkit.errors",
    "SidebarItem": "searchkit.documents",
    "Sighting": "searchkit.documents",
    "SiteReport": "searchkit.site",
    "Skipped": "searchkit.documents",
    "Stats": "searchkit.upkeep",
    "Token": "searchkit.analysis",
    "UnreadableInput": "searchkit.errors",
    "WatchError": "searchkit.errors",
    "Watches": "searchkit.watching",
    "WordMatch": "searchkit.explaining",
    "WrongType": "searchkit.errors",
    "load_settings": "searchkit.settings",
}
"""The module that each name is imported from, when it is first asked for."""


def __getattr__(name: str) -> Any:
    """Import what is asked for: a command that is helped or mistyped waits for none of it."""
    if name == "__version__":
        from importlib.metadata import version

        return version("searchkit")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    """Return the names of the package, also those that are not imported yet."""
    return sorted({*globals(), *__all__})
