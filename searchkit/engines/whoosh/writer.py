"""Whoosh's segment writer, given analysed tokens instead of text."""

from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.writing import SegmentWriter

from searchkit.analysis import TokenColumns
from searchkit.engines.base import FACET_FIELDS, IndexedDocument
from searchkit.engines.locking import WriterLock
from searchkit.engines.whoosh.copies import CopyCollector
from searchkit.engines.whoosh.facets import FacetCollector
from searchkit.engines.whoosh.index import INDEX_NAME, SafeIndex
from searchkit.engines.whoosh.leftovers import remove_leftovers
from searchkit.engines.whoosh.postings import PostingList, PostingPool
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.engines.whoosh.stored import DocumentReader
from searchkit.engines.whoosh.tables import packed

EXACT = "="
"""Stands before a folded surface form, to tell it from a stem in the same field."""

MOMENT = "moment"
UNDATED = -(2**62)


class TokenWriter(SegmentWriter):
    """Adds documents of tokens to a new segment; merges and commits as Whoosh does."""

    is_closed: bool

    def __init__(self, index: SafeIndex, memory_bytes: int, timeout: float) -> None:
        lock = WriterLock(index.folder)
        lock.acquire(timeout)
        try:
            remove_leftovers(index.folder)
            super().__init__(index, codec=index.codec, compound=False, _lk=False)
            self._index = index
            runs = Path(index.folder) / f"{INDEX_NAME}.runs"
            self.pool = PostingPool(runs, memory_bytes)
            self._copies = CopyCollector()
            self._facets = FacetCollector()
            self._ids: list[str] = []
            self._before = list(self.segments)
        except BaseException:
            lock.release()
            raise
        self.writelock = lock

    def add(self, document: IndexedDocument) -> int:
        """Add a document and return its number within the new segment."""
        number = self.docnum
        for field, tokens in document.tokens.items():
            columns = TokenColumns.of(tokens)
            self.pool.add(field, number, _positions(columns.terms))
            self.pool.add(field, number, _positions(columns.forms), EXACT)
        for field, values in document.keywords.items():
            self.pool.count(field, number, dict.fromkeys(values, 1))
        lengths = {field: len(tokens) for field, tokens in document.tokens.items()}
        moment = UNDATED if document.moment is None else document.moment
        self.perdocwriter.add(document.stored, lengths, {MOMENT: moment})
        self._copies.add(number, document.id, document.signature)
        self._facets.add(number, document.facets)
        self._ids.append(document.id)
        self.docnum += 1
        self._added = True
        self.pool.spill_if_full()
        return int(number)

    def delete_added(self, number: int) -> None:
        """Delete a document that this writer has added."""
        self.newsegment.delete_document(number)

    def add_reader(self, reader: Any) -> None:
        """Copy the documents of another segment that are not deleted, as Whoosh's merge asks."""
        documents, terms = reader._perdoc, reader._terms
        live = np.array(list(documents.all_doc_ids()), dtype=np.int64)
        numbers = np.full(documents.doc_count_all(), -1, dtype=np.int64)
        numbers[live] = np.arange(self.docnum, self.docnum + len(live))
        fields = {name: documents.lengths(name) for name in documents.field_names()}
        moments = documents.numbers(MOMENT)
        for old in live:
            lengths = {name: int(by_document[old]) for name, by_document in fields.items()}
            moment = {MOMENT: int(moments[old])}
            self.perdocwriter.add_compressed(documents.compressed(int(old)), lengths, moment)
            self._ids.append(documents.id(int(old)))
        self._copies.add_merged(documents.copies, numbers)
        for field in FACET_FIELDS:
            self._facets.add_merged(field, documents.facet(field), numbers)
        self.docnum += len(live)
        for row, key in terms.rows():
            if len((postings := _renumbered(terms.posting_list_at(row), numbers)).documents):
                self.pool.add_list(key, postings)
        self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.newsegment.set_doc_count(self.docnum)
        known = (DocumentReader(self._index.folder, segment).copies for segment in self._before)
        tables = self.perdocwriter.tables() | self._copies.tables(list(known))
        tables |= self._facets.tables()
        tables["id.ends"], tables["id.text"] = packed(self._ids)
        self.fieldwriter.write(self.pool, tables)
        self.fieldwriter.close()

    def _commit_toc(self, segments: list[CompactSegment]) -> None:
        self._index.write_toc(segments, self.generation)

    def commit(self, **choices: Any) -> None:
        """Publish what was added and deleted; after an exception the index is as it was."""
        try:
            super().commit(**choices)
        finally:
            self._end()

    def cancel(self) -> None:
        """Leave the index as it was, with no file of this writer in it."""
        self._end()

    def _end(self) -> None:
        """Remove what the newest commit does not need, and let the next writer in."""
        if self.is_closed:
            return
        try:
            # A file that cannot be closed is full of what is not wanted.
            with suppress(OSError):
                self._close_segment()
            remove_leftovers(self._index.folder)
        finally:
            self.is_closed = True
            self.writelock.release()

    _finish = _cleanup_on_error = _end


def _renumbered(
    postings: PostingList, numbers: "np.ndarray[Any, np.dtype[np.int64]]"
) -> PostingList:
    documents = numbers[postings.documents]
    kept = documents >= 0
    positions = postings.positions
    if len(positions):
        positions = positions[np.repeat(kept, postings.frequencies)]
    return PostingList(documents[kept], postings.frequencies[kept], positions)


def _positions(words: list[str]) -> dict[str, list[int]]:
    """Return where each of `words` stands among them."""
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, word in enumerate(words):
        positions[word].append(position)
    return positions
