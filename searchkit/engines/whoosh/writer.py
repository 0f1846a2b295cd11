"""Writes segments of analysed tokens, and publishes them in Whoosh's table of contents."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from searchkit.engines.base import IndexedDocument
from searchkit.engines.locking import WriterLock
from searchkit.engines.marks import Marks, mark_of
from searchkit.engines.whoosh.builder import SegmentBuilder, merge_segments, to_merge
from searchkit.engines.whoosh.copies import Copies
from searchkit.engines.whoosh.index import INDEX_NAME, SafeIndex
from searchkit.engines.whoosh.leftovers import remove_leftovers
from searchkit.engines.whoosh.memory import give_back, own_bytes
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.engines.whoosh.stored import DocumentReader
from searchkit.errors import IndexLocked, SearchIndexError

_log = logging.getLogger(__name__)

_FIXED_BYTES = 112 * 1024 * 1024
"""What the process takes beside a segment, where the operating system does not tell: libraries, the
analyzer's words, documents under way.
"""

_LEAST_PART = 32
"""The part of the memory that a segment has in any case, as its denominator."""

_LOOK_EVERY = 64
"""Documents after which it is looked whether there is memory for more."""

_SLICES = 4
"""The part of the memory that slices of postings are read into, as its denominator."""

_QUICKLY = 32_768
"""Documents that are merged in a few seconds: what a commit of a few pages may take longer."""


class TokenWriter:
    """Adds documents of tokens in new segments, and merges segments when there are many.

    The process is to take no more than `memory_bytes` of memory: when what it has is as much as
    allows to finish the segment of what was added, that is done, and another begun. All are
    published together.

    What is added is published before segments are merged: nobody who searches waits for that, and
    when it fails nothing is lost.
    """

    def __init__(self, index: SafeIndex, memory_bytes: int, timeout: float) -> None:
        self._index = index
        self._memory = memory_bytes
        self._builder: SegmentBuilder | None = None
        self._finished: list[CompactSegment] = []
        # Where what was added is, by id: the number in the segment being built; in finished ones,
        # the index of the segment, shifted, and the number.
        self._numbers: dict[str, int] = {}
        self._places = Marks()
        self._is_closed = False
        self._lock = WriterLock(index.folder)
        self._lock.acquire(timeout)
        try:
            remove_leftovers(index.folder)
            contents = index._read_toc()
            self.segments: list[CompactSegment] = contents.segments
            self._generation = contents.generation + 1
        except BaseException:
            self._let_go()
            raise

    @property
    def _is_full(self) -> bool:
        """Whether there is no memory for more documents in the segment that is being built."""
        assert self._builder is not None, "a segment is being built"
        size = self._builder.size
        if size < self._memory // _LEAST_PART:
            return False
        most = self._memory - self._builder.finishing
        if _taken(size) <= most:
            return False
        give_back()
        return _taken(size) > most

    @property
    def _most_merged(self) -> int:
        """Documents of the largest segment that this commit makes by merging.

        When it brought few, not many times as many, for which whoever writes next would have to
        wait.
        """
        brought = sum(segment.doc_count_all() for segment in self._finished)
        return max(_QUICKLY, 2 * brought)

    @property
    def folder(self) -> Path:
        """The index directory."""
        return self._index.folder

    @property
    def pending(self) -> bool:
        """Whether a commit is due: something was added, or it is whatever happens."""
        return self._builder is not None or bool(self._finished) or self._index.pending

    def add(self, document: IndexedDocument) -> None:
        """Add a document; one of its id that was added before must have been deleted."""
        if self._builder is None:
            segment = CompactSegment(self._index.codec, INDEX_NAME)
            self._builder = SegmentBuilder(self.folder, segment, self._index.fields)
        self._numbers[document.id] = self._builder.add(document)
        if len(self._builder) % _LOOK_EVERY == 0 and self._is_full:
            self._finish_segment()

    def delete_added(self, document_id: str) -> bool:
        """Delete a document that this writer has added; return whether there was one."""
        number = self._numbers.pop(document_id, None)
        if number is not None and self._builder is not None:
            self._builder.segment.delete_document(number)
            return True
        place = self._places.get(mark_of(document_id)) if self._finished else None
        if place is None:
            return False
        segment, number = self._finished[place >> 32], place & 0xFFFFFFFF
        if segment.is_deleted(number):
            return False
        segment.delete_document(number)
        return True

    def commit(self) -> None:
        """Publish what was added and deleted, then merge segments if it is time."""
        if not self._lock.held:
            raise IndexLocked(
                f"{self.folder} is being written by the process that this one was forked "
                "from; only that one can commit"
            )
        try:
            self._finish_segment()
            self._publish([*self.segments, *self._finished])
        except BaseException:
            self.cancel()
            raise
        try:
            most = self._most_merged
            while chosen := to_merge(self.segments, most):
                self._merge(chosen)
                give_back()
        except (OSError, SearchIndexError) as error:
            _log.warning("segments of %s could not be merged: %s", self.folder, error)
        finally:
            self.cancel()

    def merge_all(self) -> None:
        """Make one segment without deleted documents of all, in a writer that adds nothing."""
        try:
            if len(self.segments) > 1 or any(s.has_deletions() for s in self.segments):
                self._merge(self.segments)
        finally:
            self.cancel()

    def cancel(self) -> None:
        """Let the next writer in, with no file in the index that its newest commit does not need.

        What was not committed is dropped.
        """
        if self._is_closed:
            return
        self._is_closed = True
        # What cannot be closed, on a full disk, is not wanted any more. A forked child has copies
        # of what its parent has not written yet, and must not write it, too.
        if self._lock.held and self._builder is not None:
            with suppress(OSError):
                self._builder.close()
        self._let_go()

    def _finish_segment(self) -> None:
        """Finish the segment that is being built, if there is one."""
        if self._builder is None:
            return
        self._builder.finish(self._copies())
        marks = np.array([mark_of(each) for each in self._numbers], dtype=np.uint64)
        numbers = np.array(list(self._numbers.values()), dtype=np.int64)
        self._places.update(marks, numbers | len(self._finished) << 32)
        self._finished.append(self._builder.segment)
        self._numbers = {}
        self._builder = None
        give_back()

    def _copies(self) -> Iterator[Copies]:
        """Yield the copies of the segments that are there already."""
        for segment in (*self.segments, *self._finished):
            yield DocumentReader(self.folder, segment).copies

    def _merge(self, chosen: list[CompactSegment]) -> None:
        """Put one segment in the place of those chosen, which are neighbours."""
        first = self.segments.index(chosen[0])
        before, after = self.segments[:first], self.segments[first + len(chosen) :]
        fields, memory = self._index.fields, self._memory // _SLICES
        merged = merge_segments(self.folder, chosen, [*before, *after], fields, memory)
        self._publish([*before, merged, *after])

    def _publish(self, segments: list[CompactSegment]) -> None:
        """Make `segments` the content of the index, less those of which nothing is left."""
        segments = [s for s in segments if s.doc_count_all() > s.deleted_count()]
        self._index.write_toc(segments, self._generation)
        self.segments = segments
        self._generation += 1

    def _let_go(self) -> None:
        try:
            if self._lock.held:
                remove_leftovers(self.folder, self._own())
        finally:
            self._lock.release()

    def _own(self) -> set[str]:
        """Return the names of segments that were made and are not published."""
        made = [*self._finished, *([self._builder.segment] if self._builder else [])]
        return {each.segment_id() for each in made if each not in self.segments}


def _taken(size: int) -> int:
    """Return the memory that the process has, with a segment of `size` bytes."""
    return own_bytes() or _FIXED_BYTES + size
