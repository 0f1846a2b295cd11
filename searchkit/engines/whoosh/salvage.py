"""Reads what can still be read of the documents of a damaged index.

A stored document is a zlib stream with a checksum of its own, and they follow one another: so they
are found without any other file, and where one cannot be read, by looking for the next beginning.
The table of contents and the tables tell which are deleted, and the ids of those that are lost: by
the place where a document begins, as one that was replaced has the same id as the one that is not.
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
from typing import Any, NamedTuple

import numpy as np

from searchkit.engines.opening import IrregularFile, open_regular
from searchkit.engines.whoosh.checksums import Checksums
from searchkit.engines.whoosh.index import INDEX_NAME, SafeIndex
from searchkit.engines.whoosh.segment import STORED, TABLES, CompactSegment
from searchkit.engines.whoosh.stored import LONGEST_STORED
from searchkit.engines.whoosh.tables import Array, read_tables, unpacked
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
            tables = _tables(folder, segment, None)
            segment.set_doc_count(len(tables.ids))
            yield from _documents(folder, segment, tables.of(len(tables.ids)), found)
        return
    for segment in segments:
        tables = _tables(folder, segment, segment.checksums[TABLES])
        if not tables.ids:
            tables = _tables(folder, segment, None)
        yield from _documents(folder, segment, tables.of(segment.doc_count_all()), found)


class _Tables(NamedTuple):
    """The ids of the documents of a segment, and where they begin; empty what cannot be read."""

    ids: list[str]
    starts: Array

    def of(self, count: int) -> "_Tables":
        """Return what is of that many documents."""
        starts = self.starts if len(self.starts) == count else self.starts[:0]
        return _Tables(self.ids if len(self.ids) == count else [], starts)

    def number_at(self, start: int) -> int | None:
        """Return the number of the document that begins there; None if there is none."""
        number = int(self.starts.searchsorted(start))
        there = number < len(self.starts) and int(self.starts[number]) == start
        return number if there else None


def _segments_in(folder: Path) -> list[CompactSegment]:
    """Return the segments of which the documents are there, the oldest files first."""
    index, segments = SafeIndex(folder), []
    names = {path: name for path in folder.iterdir() if (name := _FILE.fullmatch(path.name))}
    for path in sorted(names, key=lambda path: (path.lstat().st_mtime_ns, path.name)):
        segment = CompactSegment(index.codec, INDEX_NAME)
        segment.segid = names[path][1]
        segments.append(segment)
    return segments


def _tables(folder: Path, segment: CompactSegment, checksums: Checksums | None) -> _Tables:
    """Return what can be read of the tables of a segment."""
    ids, starts = [], np.empty(0, dtype=np.int64)
    with suppress(IndexDamaged, KeyError):
        tables = read_tables(folder / segment.make_filename(TABLES), checksums)
        ids = unpacked(tables["id.ends"], tables["id.text"]) or []
        ends = tables["stored.ends"]
        if ends.dtype.kind == "u":
            starts = ends[:-1].astype(np.int64)
    return _Tables(ids, starts)


def _documents(
    folder: Path, segment: CompactSegment, tables: _Tables, found: Salvage
) -> Iterator[dict[str, Any]]:
    """Yield the documents of a segment that are not deleted, as far as the tables tell."""
    ids = tables.ids
    count = segment.doc_count_all()
    unread = {number for number in range(count) if not segment.is_deleted(number)}
    by_id = {ids[number]: number for number in unread} if ids else {}
    deleted = set(ids) - by_id.keys()
    unknown = 0
    for start, stored in _streams(folder / segment.make_filename(STORED)):
        number = tables.number_at(start)
        if number is None:
            document_id = str(stored.get("id"))
            if document_id in deleted:
                continue
            number = by_id.get(document_id)
            unknown += number is None
        elif segment.is_deleted(number):
            continue
        unread.discard(-1 if number is None else number)
        yield stored
    # Ids may be damaged, too, when the documents are.
    missing = max(len(unread) - unknown, 0)
    named = ids and not unknown
    found.lost += [ids[number] for number in sorted(unread)] if named else [""] * missing
    known = len(ids) or len(tables.starts)
    found.uncertain = found.uncertain or (segment.deleted_count() > 0 and not known)


def _streams(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects in a file of stored documents, in order, each with where it begins.

    There are none if it is not there.
    """
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
            yield match.start(), stored


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
