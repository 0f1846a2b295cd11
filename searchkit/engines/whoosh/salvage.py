"""Reads what can still be read of the documents of a damaged index.

A stored document is a zlib stream with a checksum of its own, and they follow one another: so they
are found without any other file, and where one cannot be read, by looking for the next beginning.
The table of contents and the tables tell which are deleted, and the ids of those that are lost.
"""

import json
import mmap
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from searchkit.engines.opening import IrregularFile, open_regular
from searchkit.engines.whoosh.checksums import Checksums
from searchkit.engines.whoosh.index import INDEX_NAME, SafeIndex
from searchkit.engines.whoosh.segment import STORED, TABLES, CompactSegment
from searchkit.engines.whoosh.stored import LONGEST_STORED
from searchkit.engines.whoosh.tables import read_tables, unpacked
from searchkit.errors import IndexDamaged, SearchIndexError

_BEGINNING = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
"""Of a zlib stream, at any level of compression (RFC 1950)."""

_PIECE = 64 * 1024
_FILE = re.compile(rf"{INDEX_NAME}_([a-z0-9]{{1,32}})\{STORED}")


@dataclass(slots=True)
class Salvage:
    """What was found of an index beside its documents.

    `lost` are the ids of documents that cannot be read, "" where that cannot be read either;
    `uncertain` when nobody can tell any more which documents had been deleted or replaced, or how
    many there were.
    """

    lost: list[str] = field(default_factory=list)
    uncertain: bool = False


def salvage(folder: Path, found: Salvage) -> Iterator[dict[str, Any]]:
    """Yield the stored objects that can be read, and note in `found` what cannot.

    Raises OSError when a file cannot be read at all.
    """
    try:
        segments = SafeIndex(folder)._read_toc().segments
    except SearchIndexError:
        found.uncertain = True
        for segment in _segments_in(folder):
            ids = _ids(folder, segment, None)
            segment.set_doc_count(len(ids))
            yield from _documents(folder, segment, ids, found)
        return
    for segment in segments:
        ids = _ids(folder, segment, segment.checksums[TABLES]) or _ids(folder, segment, None)
        if len(ids) != segment.doc_count_all():
            ids = []
        yield from _documents(folder, segment, ids, found)


def _segments_in(folder: Path) -> list[CompactSegment]:
    """Return the segments of which the documents are there, the oldest files first."""
    index, segments = SafeIndex(folder), []
    names = {path: name for path in folder.iterdir() if (name := _FILE.fullmatch(path.name))}
    for path in sorted(names, key=lambda path: (path.lstat().st_mtime_ns, path.name)):
        segment = CompactSegment(index.codec, INDEX_NAME)
        segment.segid = names[path][1]
        segments.append(segment)
    return segments


def _ids(folder: Path, segment: CompactSegment, checksums: Checksums | None) -> list[str]:
    """Return the ids of the documents of a segment; [] when they cannot be read."""
    with suppress(IndexDamaged, KeyError):
        tables = read_tables(folder / segment.make_filename(TABLES), checksums)
        return unpacked(tables["id.ends"], tables["id.text"]) or []
    return []


def _documents(
    folder: Path, segment: CompactSegment, ids: list[str], found: Salvage
) -> Iterator[dict[str, Any]]:
    """Yield the documents of a segment that are not deleted, as far as `ids` tell."""
    live = {each for number, each in enumerate(ids) if not segment.is_deleted(number)}
    deleted = set(ids) - live
    read = 0
    for stored in _streams(folder / segment.make_filename(STORED)):
        document_id = str(stored.get("id"))
        if document_id not in deleted:
            read += 1
            live.discard(document_id)
            yield stored
    missing = max(segment.doc_count() - read, 0)
    # Ids may be damaged, too, when the documents are.
    found.lost += sorted(live) if len(live) == missing else [""] * missing
    found.uncertain = found.uncertain or (segment.deleted_count() > 0 and not ids)


def _streams(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects in a file of stored documents, in order; none if it is not there."""
    try:
        with open_regular(path) as file:
            if not os.fstat(file.fileno()).st_size:
                return
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (FileNotFoundError, IrregularFile):
        return
    at = 0
    while match := _BEGINNING.search(data, at):
        stored, end = _unpacked_from(data, match.start())
        at = match.start() + 1 if stored is None else end
        if stored is not None:
            yield stored


def _unpacked_from(data: mmap.mmap, start: int) -> tuple[dict[str, Any] | None, int]:
    """Return the object whose stream begins at `start`, and where the stream ends."""
    stream = zlib.decompressobj()
    text = bytearray()
    at = start
    try:
        while not stream.eof and at < len(data) and len(text) <= LONGEST_STORED:
            piece = data[at : at + _PIECE]
            text += stream.decompress(piece)
            at += len(piece)
        stored = json.loads(text) if stream.eof else None
    except (zlib.error, ValueError, RecursionError):
        return None, start
    return (stored if isinstance(stored, dict) else None), at - len(stream.unused_data)
