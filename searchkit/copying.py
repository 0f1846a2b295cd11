"""Backups of an index, and their way back. A backup is an index as well: it can be searched."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from searchkit.durable import replace_file
from searchkit.engines.location import Location
from searchkit.engines.manifest import (
    BACKUP_NAME,
    FILE_NAME,
    Manifest,
    check_version,
    is_free,
)
from searchkit.engines.opening import IrregularFile, open_regular
from searchkit.engines.registry import engine_at, upkeep_of
from searchkit.engines.write_errors import write_errors
from searchkit.errors import ForeignIndex, IndexMissing, OutputNotWritable, SearchIndexError
from searchkit.saved_queries import copied_saved_queries
from searchkit.settings import Settings

_LARGEST = 64 * 1024
_NO_FILE = (FileNotFoundError, NotADirectoryError, IrregularFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyReport:
    """What a backup or its restoring has copied from `source` to `target`.

    `files` and `size` (bytes) are of what was written, `kept` counts files that were there before.
    """

    source: Path
    target: Path
    documents: int
    files: int
    size: int
    kept: int


def back_up(location: Location, target: Path, settings: Settings) -> CopyReport:
    """Copy the newest commit of the index at `location` to `target`; see `SearchIndex.backup`."""
    manifest, upkeep = _to_copy(location, settings)
    path = location.directory
    check_places(path, target)
    _check_backup(target, path)
    with closing(upkeep.OpenCommit(path)) as commit:
        with _output_errors(target):
            target.mkdir(parents=True, exist_ok=True)
            # First of all: without it, a backup that was cut off would be none to the next one.
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            marker = {"backup of": str(path.resolve()), "begun": now}
            replace_file(target / BACKUP_NAME, json.dumps(marker, ensure_ascii=False).encode())
        with copied_saved_queries(location, Location.of(target)), _output_errors(target):
            return _copy(partial(upkeep.copy_commit, commit), path, target, manifest, settings)


def restore(source: Path, location: Location, settings: Settings, *, replace: bool) -> CopyReport:
    """Copy the backup at `source` to `location`; see `SearchIndex.restore`."""
    manifest, upkeep = _to_restore(source, settings)
    path = location.directory
    engine = engine_at(location, manifest.engine)[0]
    if engine != manifest.engine:
        raise ForeignIndex(
            f"{path} is of the engine {engine!r}, the backup {source} of {manifest.engine!r}; name "
            "another directory with --index-dir"
        )
    check_places(source, path)
    free = is_free(path)
    if not free and not replace:
        raise ForeignIndex(
            f"{path} is not empty; add --replace to put the backup in the place of the index there"
        )
    if not free and not (path / FILE_NAME).exists():
        raise ForeignIndex(
            f"{path} is not a searchkit index and is not empty; name another directory with "
            "--index-dir"
        )
    with closing(upkeep.OpenCommit(source)) as commit:
        with write_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        with copied_saved_queries(Location.of(source), location), write_errors(path):
            return _copy(partial(upkeep.copy_commit, commit), source, path, manifest, settings)


def _to_copy(location: Location, settings: Settings) -> tuple[Manifest, Any]:
    """Return the manifest of the index there, and the module that can copy it."""
    name, engine = engine_at(location, settings.engine)
    upkeep = upkeep_of(name, engine)
    manifest = engine.manifest(location, settings)
    check_version(location, manifest, engine.format_version)
    return manifest, upkeep


def _to_restore(source: Path, settings: Settings) -> tuple[Manifest, Any]:
    """Return what `_to_copy` does; IndexMissing or ForeignIndex say that it is no backup."""
    named = "name a directory that `searchkit backup` has written"
    if is_free(source):
        raise IndexMissing(f"there is no backup in {source}; {named}")
    try:
        return _to_copy(Location.of(source), settings)
    except ForeignIndex:
        raise ForeignIndex(f"{source} is not a backup of searchkit's; {named}") from None


def _copy(
    copy_commit: Callable[[Path, Manifest, float], Any],
    source: Path,
    target: Path,
    manifest: Manifest,
    settings: Settings,
) -> CopyReport:
    # The commit comes last: what fails before leaves the index as it was.
    if not (target / FILE_NAME).exists():
        manifest.write(target)
    copied = copy_commit(target, manifest, settings.lock_timeout)
    return CopyReport(
        source=source,
        target=target,
        documents=copied.documents,
        files=copied.files,
        size=copied.size,
        kept=copied.kept,
    )


def check_places(source: Path, target: Path) -> None:
    """Raise SearchIndexError when one is the other, or inside it."""
    places = source.resolve(), target.resolve()
    if any(one == other or one in other.parents for one, other in (places, places[::-1])):
        raise SearchIndexError(
            f"{source} and {target} are the same directory, or one is in the other; name another "
            "directory"
        )


def _check_backup(target: Path, source: Path) -> None:
    """Raise ForeignIndex unless `target` is free, or a backup of the index at `source`."""
    if is_free(target):
        return
    try:
        with open_regular(target / BACKUP_NAME) as file:
            known = json.loads(file.read(_LARGEST))["backup of"]
    except (*_NO_FILE, ValueError, KeyError, TypeError, RecursionError):
        raise ForeignIndex(
            f"{target} is not empty and is no backup; name another directory"
        ) from None
    except OSError as error:
        raise _unreadable(target, error) from error
    if known != str(source.resolve()):
        raise ForeignIndex(f"{target} is a backup of {known}; name another directory")


def _unreadable(path: Path, error: OSError) -> SearchIndexError:
    return SearchIndexError(f"{path} cannot be read ({error.strerror}); check its permissions")


@contextmanager
def _output_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputNotWritable(
            f"{target} cannot be written ({error.strerror or error}); make room, or name another "
            "directory"
        ) from error
