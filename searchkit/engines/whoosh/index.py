"""The Whoosh index: its schema and its table of contents.

Whoosh pickles both. Here the schema is code, and the table of contents is JSON that is checked
value by value before anything is opened by it.
"""

import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Existence, Format
from whoosh.index import TOC, FileIndex

from searchkit.durable import flush_file, flush_folder, replace_file
from searchkit.engines.fields import NEWS, Fields
from searchkit.engines.manifest import is_free
from searchkit.engines.opening import IrregularFile, open_regular
from searchkit.engines.sealed import sealed, unsealed
from searchkit.engines.whoosh.checksums import Checksums
from searchkit.engines.whoosh.codec import CompactCodec
from searchkit.engines.whoosh.segment import ENDINGS, CompactSegment
from searchkit.errors import REPAIR, IndexDamaged, IndexMissing, SearchIndexError

T = TypeVar("T")

INDEX_NAME = "MAIN"
_MOST_MISSED = 100
"""Commits that may pass while one is being read, before reading counts as failed."""

_LISTINGS = 5
_LISTING_PAUSE = 0.01
_COARSEST_TICK = 3_000_000_000  # nanoseconds: FAT counts in two seconds
_SEGMENT_ID = re.compile(r"[a-z0-9]{1,32}")


class PackedPositions(Format):
    """Positions as `codec.TermsReader.matcher` gives them: 4 bytes each, little-endian."""

    def supports(self, name: str) -> bool:
        """Return whether the format can give `name`."""
        return name in ("positions", "frequency", "weight")

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the positions in `value`, ascending."""
        return memoryview(value).cast("I").tolist()

    def decode_frequency(self, value: bytes) -> int:
        """Return the number of positions in `value`."""
        return len(value) // 4

    decode_weight = decode_frequency


class AnalysedField(FieldType):
    """A field whose tokens come ready-made, so that Whoosh has nothing to analyse or pickle."""

    indexed = True
    stored = False
    unique = False
    multitoken_query = "default"
    vector = None
    column_type = None

    def __init__(self, positions: bool) -> None:
        self.format = PackedPositions() if positions else Existence()
        self.scorable = positions
        self.analyzer = None
        self.spelling = False


@cache
def schema(fields: Fields) -> Schema:
    """Return Whoosh's view of the fields."""
    schema = Schema()
    for names, positions in ((fields.text, True), (fields.keywords, False)):
        for name in names:
            schema.add(name, AnalysedField(positions))
    return schema


class SafeIndex(FileIndex):
    """A Whoosh index in a folder, read and written without pickle."""

    pending = False
    """Whether a commit is due even if nothing is added: see `replacing.ReplacingIndex`."""

    def __init__(self, folder: Path, fields: Fields = NEWS) -> None:
        self.folder = folder
        self._path = str(folder)
        self.fields = fields
        self.storage = FileStorage(str(folder))
        self._schema = schema(fields)
        # When the folder was last changed, and the state that it has been in since.
        self._known_state = 0, (-1, 0, 0)
        self.indexname = INDEX_NAME
        self.codec = CompactCodec()

    def _read_toc(self) -> TOC:
        generation = self.latest_generation()
        if generation < 0 and is_free(self.folder):
            raise IndexMissing(f"{self.folder} holds no index; build one with `searchkit index`")
        if generation < 0:
            raise IndexDamaged(f"{self.folder} has no table of contents; {REPAIR}")
        path = self.folder / self.toc_name(generation)
        try:
            with open_regular(path) as file:
                data = unsealed(file.read())
            segments = [self._segment(entry) for entry in data["segments"]]
        except (IrregularFile, ValueError, TypeError, KeyError, AttributeError, OverflowError):
            raise IndexDamaged(f"{path} is damaged; {REPAIR}") from None
        return TOC(self._schema, segments, generation)

    def _segment(self, entry: dict[str, Any]) -> CompactSegment:
        segment = CompactSegment(self.codec, INDEX_NAME)
        # The name becomes part of a path, so it must not be able to lead out of the folder.
        if not _SEGMENT_ID.fullmatch(entry["id"]):
            raise ValueError(entry["id"])
        segment.segid = entry["id"]
        segment.set_doc_count(int(entry["documents"]))
        segment.deleted = {int(number) for number in entry["deleted"]}
        if any(not 0 <= number < segment.doc_count_all() for number in segment.deleted):
            raise ValueError(entry["deleted"])
        segment.field_lengths = {str(k): int(v) for k, v in entry["lengths"].items()}
        segment.checksums = {ending: Checksums.read(entry["files"][ending]) for ending in ENDINGS}
        return segment

    def write_toc(self, segments: list[CompactSegment], generation: int) -> None:
        """Publish `segments` as the content of the index: whole, or not at all.

        Files and their names are flushed to the disk before the table of contents that names them,
        and that one is renamed into place, so that neither a crash nor a power cut leaves half a
        commit. After an exception the commit before is the newest again.
        """
        for segment in segments:
            if not segment.checksums:  # it is new
                segment.checksums = self._flushed(segment)
        flush_folder(self.folder)
        entries = [
            {
                "id": segment.segid,
                "documents": segment.doc_count_all(),
                "deleted": sorted(segment.deleted),
                "lengths": segment.field_lengths,
                "files": {ending: sums.written() for ending, sums in segment.checksums.items()},
            }
            for segment in segments
        ]
        path = self.folder / self.toc_name(generation)
        try:
            replace_file(path, sealed({"segments": entries}))
        except BaseException:
            self.withdraw(generation)
            raise

    def _flushed(self, segment: CompactSegment) -> dict[str, Checksums]:
        """Flush the files of a segment to the disk; return their checksums."""
        checksums = {}
        for ending in ENDINGS:
            path = self.folder / segment.make_filename(ending)
            flush_file(path)
            checksums[ending] = Checksums.of(path)
        return checksums

    def withdraw(self, generation: int) -> None:
        """Take back a commit that could not be published to the end: the one before counts."""
        with suppress(OSError):
            (self.folder / self.toc_name(generation)).unlink(missing_ok=True)

    @staticmethod
    def toc_name(generation: int) -> str:
        """Return the name of the table of contents of a commit."""
        name: str = TOC._filename(INDEX_NAME, generation)
        return name

    def read_newest(self, read: Callable[[TOC], T]) -> tuple[T, tuple[int, int, int]]:
        """Return what `read` makes of the newest commit, and the state of the index by then.

        It is tried again while others commit: they may remove the files of one commit just after
        they have published the next. Raises what `read` does.
        """
        for missed in range(_MOST_MISSED):
            state = self.state()
            try:
                return read(self._read_toc()), state
            except (SearchIndexError, OSError):
                if missed == _MOST_MISSED - 1 or state == self.state():
                    raise
        raise AssertionError("unreachable")

    def state(self) -> tuple[int, int, int]:
        """Return what tells the newest commit from all others: its generation, and its file's data.

        A generation may be used twice, by a commit that was withdrawn and the next.
        """
        try:
            changed = os.stat(self._path).st_mtime_ns  # noqa: PTH116 - each search asks
        except (FileNotFoundError, NotADirectoryError):
            changed = -1
        known, state = self._known_state
        if changed != known:
            state = self._newest_state()
            # A file system's clock is coarse: two changes within a tick look like one.
            if time.time_ns() - changed > _COARSEST_TICK:
                self._known_state = changed, state
        return state

    def _newest_state(self) -> tuple[int, int, int]:
        for _ in range(_LISTINGS):
            # While a writer puts one table of contents in the place of another, a listing of a
            # large directory may show neither.
            with suppress(FileNotFoundError):
                generation = int(self.latest_generation())
                data = (self.folder / self.toc_name(generation)).lstat()
                return generation, data.st_ino, data.st_mtime_ns
            time.sleep(_LISTING_PAUSE)
        return -1, 0, 0
