"""Whoosh's segment writer, given analysed tokens instead of text."""

import logging
from contextlib import suppress
from pathlib import Path

from whoosh.writing import SegmentWriter

from searchkit.engines.base import IndexedDocument
from searchkit.engines.locking import WriterLock
from searchkit.engines.whoosh.builder import SegmentBuilder, merge_segments, to_merge
from searchkit.engines.whoosh.index import INDEX_NAME, SafeIndex
from searchkit.engines.whoosh.leftovers import remove_leftovers
from searchkit.engines.whoosh.pool import PostingPool
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.engines.whoosh.stored import DocumentReader
from searchkit.errors import IndexLocked, SearchIndexError

_log = logging.getLogger(__name__)

_FIXED_BYTES = 48 * 1024 * 1024
"""What the process takes beside postings: the interpreter, its libraries, tables by document."""


class TokenWriter(SegmentWriter):
    """Adds documents of tokens to a new segment, and merges segments when there are many.

    The process is to take about `memory_bytes` of memory.

    What is added is published before segments are merged: nobody who searches waits for that, and
    when it fails nothing is lost.
    """

    is_closed: bool

    def __init__(self, index: SafeIndex, memory_bytes: int, timeout: float) -> None:
        self._index = index
        # Half is for the postings, the other half for what sorting and merging them leaves behind.
        self._memory = max(memory_bytes - _FIXED_BYTES, memory_bytes // 4) // 2
        self._lock = WriterLock(index.folder)
        self._lock.acquire(timeout)
        try:
            remove_leftovers(index.folder)
            self._begin()
        except BaseException:
            if hasattr(self, "perdocwriter"):
                self.perdocwriter.close()
            self._let_go()
            raise

    def _begin(self) -> None:
        index = self._index
        super().__init__(index, codec=index.codec, compound=False, _lk=False)
        runs = Path(index.folder) / f"{INDEX_NAME}.runs"
        self.pool = PostingPool(runs, self.newsegment, self._memory)
        self._builder = SegmentBuilder(
            index.folder, self.newsegment, self.perdocwriter, self.fieldwriter
        )

    @property
    def folder(self) -> Path:
        """The index directory."""
        return self._index.folder

    @property
    def pending(self) -> bool:
        """Whether a commit is due even if nothing is added or deleted."""
        return self._index.pending

    def add(self, document: IndexedDocument) -> int:
        """Add a document and return its number within the new segment."""
        number = self._builder.add(document)
        self.pool.add(number, document)
        self._added = True
        return number

    def delete_added(self, number: int) -> None:
        """Delete a document that this writer has added."""
        self.newsegment.delete_document(number)

    def commit(self) -> None:
        """Publish what was added and deleted, then merge segments if it is time."""
        if not self._lock.held:
            raise IndexLocked(
                f"{self._index.folder} is being written by the process that this one was forked "
                "from; only that one can commit"
            )
        try:
            segments = list(self.segments)
            if self._added:
                known = [DocumentReader(self._index.folder, s).copies for s in segments]
                self._builder.finish(self.pool.lists(), known)
                segments.append(self.newsegment)
            else:
                self._builder.close()
            self._publish(segments)
        except BaseException:
            self._finish()
            raise
        try:
            self._merge(to_merge(self.segments))
        except (OSError, SearchIndexError) as error:
            _log.warning("segments of %s could not be merged: %s", self._index.folder, error)
        finally:
            self._finish()

    def merge_all(self) -> None:
        """Make one segment without deleted documents of all, in a writer that adds nothing."""
        try:
            self._builder.close()
            if len(self.segments) > 1 or self.has_deletions():
                self._merge(self.segments)
        finally:
            self._finish()

    def cancel(self) -> None:
        """Leave the index as it was, with no file of this writer in it."""
        self._finish()

    def _merge(self, chosen: list[CompactSegment]) -> None:
        """Put one segment in the place of those chosen."""
        if not chosen:
            return
        rest = [segment for segment in self.segments if segment not in chosen]
        merged = merge_segments(self._index.folder, chosen, self._memory // 2)
        self._publish([*rest, merged])

    def _publish(self, segments: list[CompactSegment]) -> None:
        """Make `segments` the content of the index, less those of which nothing is left."""
        segments = [s for s in segments if s.doc_count_all() > s.deleted_count()]
        self._index.write_toc(segments, self.generation)
        self.segments = segments
        self.generation += 1

    def _finish(self) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        # What cannot be closed, on a full disk, is not wanted any more. A forked child has copies
        # of what its parent has not written yet, and must not write it, too.
        if self._lock.held:
            with suppress(OSError):
                self._builder.close()
        self._let_go()

    def _let_go(self) -> None:
        """Remove what the newest commit does not need, and let the next writer in."""
        try:
            if self._lock.held:
                remove_leftovers(self._index.folder)
        finally:
            self._lock.release()
