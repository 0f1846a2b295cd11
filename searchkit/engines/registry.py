"""Engines by name, imported only when asked for."""

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from searchkit.engines.base import Engine
from searchkit.engines.location import Location
from searchkit.engines.manifest import read_manifest
from searchkit.errors import (
    ExtraMissing,
    ForeignIndex,
    IndexVersionMismatch,
    SearchIndexError,
)
from searchkit.settings import ENGINES_GROUP

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_ENGINES = {
    "whoosh": "searchkit.engines.whoosh:WhooshEngine",
    "tantivy": "searchkit.engines.tantivy:TantivyEngine",
    "opensearch": "searchkit.engines.opensearch:OpenSearchEngine",
}


def engine_names() -> list[str]:
    """Return the names of all engines: searchkit's own, then those of installed packages."""
    return [*_ENGINES, *sorted(_entry_points().keys() - _ENGINES.keys())]


def engine_class(name: str) -> type[Engine]:
    """Return the class of an engine.

    Raises SearchIndexError if there is none of that name, ExtraMissing if it needs a package that
    is not installed.
    """
    if name in _ENGINES:
        module, _, attribute = _ENGINES[name].partition(":")
        try:
            found: type[Engine] = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            raise ExtraMissing(name, error.name or name) from error
        return found
    point = _entry_points().get(name)
    if point is None:
        raise SearchIndexError(
            f"there is no engine {name!r}; there are {', '.join(engine_names())}, and those of "
            "packages that are not installed"
        )
    try:
        found = point.load()
    except (ImportError, AttributeError) as error:
        raise SearchIndexError(
            f"the engine {name!r}, {point.value}, cannot be imported: {error}; install its "
            "package anew"
        ) from error
    return found


def engine_at(location: Location, default: str) -> tuple[str, type[Engine]]:
    """Return name and class of the engine of the index at `location`, or of a new one there.

    The engine of a plain directory is that of its manifest, without one `default`. Raises
    ForeignIndex when there is an index of another engine than the location says,
    IndexVersionMismatch when there is one of an engine that is not known, SearchIndexError, and
    ExtraMissing.
    """
    kept = ""
    if location.folder is not None:
        with suppress(SearchIndexError):
            kept = read_manifest(location.folder).engine
    name = kept or location.engine or default
    if kept and kept not in _ENGINES and kept not in _entry_points():
        raise IndexVersionMismatch(
            f"the index {location} was written by the engine {kept!r}; this searchkit has "
            f"{', '.join(engine_names())}: install that engine, or build the index anew with "
            "`searchkit index SOURCE...` in another directory"
        )
    if location.engine not in ("", name):
        raise ForeignIndex(
            f"the index {location} is of the engine {name!r}, not {location.engine!r}; name "
            "another directory with --index-dir, or move the index there with `searchkit migrate`"
        )
    engine = engine_class(name)
    if engine.capabilities.directory != (location.folder is not None):
        place = (
            f"in a directory: write a path, or {name}:///DIRECTORY"
            if engine.capabilities.directory
            else f"on a server: write {name}://HOST/INDEX"
        )
        raise SearchIndexError(f"{location}: the engine {name!r} keeps its indexes {place}")
    return name, engine


def _entry_points() -> "dict[str, EntryPoint]":
    # Imported late: it takes longer than opening an index, and few need it.
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=ENGINES_GROUP)}


def upkeep_of(name: str, engine: type[Engine]) -> Any:
    """Return the module in which an engine checks and copies its indexes.

    It has what `searchkit.engines.whoosh.upkeep` has. Raises SearchIndexError if there is none.
    """
    if not engine.capabilities.upkeep:
        raise SearchIndexError(
            f"the engine {name!r} has no check, repair, backup and restore of its own; keep its "
            "documents with `searchkit export`, or an index of them with `searchkit migrate`"
        )
    return import_module(engine.capabilities.upkeep)
