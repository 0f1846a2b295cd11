"""The manifest: the file that says a directory is a searchkit index, of which kind.

It is read before anything else, so that a foreign directory, another format or another analyzer
is recognised by its name and not by an error deep inside an engine.
"""

import json
import re
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from searchkit.durable import SUFFIX, replace_file
from searchkit.engines import locking
from searchkit.engines.fields import NEWS, Fields, Schema
from searchkit.engines.location import Location
from searchkit.engines.opening import IrregularFile, open_regular, unreadable
from searchkit.engines.sealed import sealed, unsealed
from searchkit.errors import (
    REBUILD,
    REPAIR,
    ForeignIndex,
    IndexDamaged,
    IndexMissing,
    IndexVersionMismatch,
    SearchIndexError,
)
from searchkit.own_files import LARGEST_MANIFEST, MANIFEST, MANIFEST_NAME, SAVED_QUERIES
from searchkit.values import dataclass

FILE_NAME = MANIFEST
BACKUP_NAME = "searchkit.backup.json"
"""Lies beside the manifest of a backup, and says of which index it is one."""

# Formats whose manifests had no checksum.
_UNSEALED = [("whoosh", version) for version in (1, 2, 3)]
INNOCENT = frozenset({"README.md", ".gitignore", ".gitkeep", ".DS_Store"})
"""What may lie in a directory that a new index is put into."""

# What there is of an index before its first commit.
_UNFINISHED = re.compile(
    rf"({re.escape(FILE_NAME)}|{re.escape(BACKUP_NAME)}|_\w+_0\.toc|tantivy\.json)\{SUFFIX}"
    rf"|tantivy-[0-9]+|{locking.FILE_NAME}|{re.escape(FILE_NAME)}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an index was built by: engine name, format version, fingerprint of the analyzer.

    The version is that of the engine's own format; `schema` is that of the documents, None for
    news, see `searchkit.engines.fields`. In the file the manifest has a checksum, so that
    damage is not taken for another version or analyzer.
    """

    engine: str
    analyzer: str
    version: int
    name: str = MANIFEST_NAME
    schema: Schema | None = None

    @classmethod
    def of(cls, data: object) -> "Manifest":
        """Return the manifest that `to_data` made `data` of; ValueError if it is none."""
        try:
            if not isinstance(data, dict) or data["name"] != MANIFEST_NAME:
                raise ValueError(data)
            schema = data.get("schema")
            Fields.of(schema)
            return cls(
                engine=str(data["engine"]),
                analyzer=str(data["analyzer"]),
                version=int(data["version"]),
                schema=schema,
            )
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError(data) from error

    def to_data(self) -> dict[str, Any]:
        """Return the manifest as an object of JSON."""
        data = asdict(self)
        if self.schema is None:  # as manifests were before there were schemas
            del data["schema"]
        return data

    def write(self, folder: Path) -> None:
        """Put the manifest into `folder`, whole or not at all."""
        replace_file(folder / FILE_NAME, sealed(self.to_data()))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the index in `folder`.

    Raises IndexMissing, ForeignIndex or IndexDamaged, each saying what to do.
    """
    try:
        with open_regular(folder / FILE_NAME) as file:
            text = file.read(LARGEST_MANIFEST)
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("name") != MANIFEST_NAME:
            raise ForeignIndex(f"{folder / FILE_NAME} is not the manifest of a searchkit index")
        manifest = Manifest.of(data)
        if "checksum" in data or (manifest.engine, manifest.version) not in _UNSEALED:
            unsealed(text)
        return manifest
    except (FileNotFoundError, NotADirectoryError):
        raise _nothing_there(folder) from None
    except (IrregularFile, ValueError, RecursionError):
        raise IndexDamaged(f"{folder / FILE_NAME} is damaged; {REPAIR}") from None
    except OSError as error:
        raise IndexMissing(f"{folder} cannot be read: {error.strerror}") from error


def fields_of(folder: Path) -> Fields:
    """Return the fields of the index in `folder`; those of news when that cannot be known."""
    try:
        return Fields.of(read_manifest(folder).schema)
    except SearchIndexError:
        return NEWS


def check_built(folder: Path, fields: Fields, before: Manifest | None) -> Manifest | None:
    """Return the manifest of the index in `folder` as it is now; `before` if that cannot be known.

    Raises IndexVersionMismatch when it has other fields by now, or another analyzer than `before`:
    words would be looked for, and written, that are not those of the index.
    """
    now, found = None, NEWS
    with suppress(SearchIndexError):
        now = read_manifest(folder)
        found = Fields.of(now.schema)
    if found != fields:
        raise IndexVersionMismatch(
            f"{folder} was built anew by another schema since it was opened; open it again"
        )
    if now is None:
        return before
    if before is not None and now.analyzer != before.analyzer:
        raise IndexVersionMismatch(
            f"{folder} was built anew with another analyzer since it was opened; open it again"
        )
    return now


def watches_of(location: Location) -> Path:
    """Return where the saved queries of an index are.

    Beside its directory, to outlive it; those of an index on a server in the user's own data. Where
    the directory is a link, they are beside what it leads to, unless there are some beside the link
    itself: that may lead to another index tomorrow.
    """
    if location.folder is not None:
        places = (location.folder.absolute(), location.folder.resolve())
        link, real = (place.with_name(place.name + SAVED_QUERIES) for place in places)
        return link if link.exists() else real
    import platformdirs

    name = quote(location.url, safe="") + SAVED_QUERIES
    return platformdirs.user_data_path("searchkit") / name


def check_manifest(location: Location, manifest: Manifest, version: int, analyzer: str) -> None:
    """Raise IndexVersionMismatch unless an index is of format `version` and `analyzer`."""
    check_version(location, manifest, version)
    if manifest.analyzer != analyzer:
        raise IndexVersionMismatch(
            f"{location} was analysed by {manifest.analyzer}; this searchkit uses {analyzer}, "
            f"which may find other words: {REPAIR}"
        )


def other_kind(location: Location, manifest: Manifest) -> IndexVersionMismatch:
    """Return the error that an index is of news where one of a schema was wanted, or vice versa."""
    what, whose = (
        ("news", "SearchIndex")
        if manifest.schema is None
        else (
            "documents of a schema",
            "DocumentIndex",
        )
    )
    return IndexVersionMismatch(
        f"{location} is an index of {what}; open it with {whose}, or name another place"
    )


def check_version(location: Location, manifest: Manifest, version: int) -> None:
    """Raise IndexVersionMismatch unless an index is of format `version` of its engine."""
    if manifest.version != version:
        raise IndexVersionMismatch(
            f"{location} has index format {manifest.version}; this searchkit reads format "
            f"{version}: {REBUILD}"
        )


def is_free(folder: Path) -> bool:
    """Return whether a new index may be put into `folder`: absent, or empty but for a README.

    An index that was not made to the end, its process having been killed, counts as nothing. Raises
    SearchIndexError when `folder` cannot be read.
    """
    try:
        if not folder.exists():
            return True
        if not folder.is_dir():
            return False
        names = {entry.name for entry in folder.iterdir()} - INNOCENT
    except OSError as error:
        raise unreadable(folder, error) from error
    return all(map(_UNFINISHED.fullmatch, names)) and (FILE_NAME not in names or _is_ours(folder))


def _is_ours(folder: Path) -> bool:
    try:
        read_manifest(folder)
    except SearchIndexError:
        return False
    return True


def _nothing_there(folder: Path) -> ForeignIndex | IndexMissing:
    if not is_free(folder):
        return ForeignIndex(
            f"{folder} is not a searchkit index (it has no {FILE_NAME}) and is not empty; name "
            "another directory with --index-dir"
        )
    return IndexMissing(
        f"there is no index in {folder}; build one with `searchkit index SOURCE...`, or name "
        "another directory with --index-dir"
    )
