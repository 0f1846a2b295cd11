"""Builds a segment: of new documents, or of the documents of others."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from searchkit.analysis import TokenColumns, TokenTable
from searchkit.engines.base import IndexedDocument
from searchkit.engines.fields import Fields
from searchkit.engines.whoosh.copies import Copies, CopyCollector
from searchkit.engines.whoosh.facets import FacetCollector
from searchkit.engines.whoosh.inversion import Inverter
from searchkit.engines.whoosh.merging import Source, merged
from searchkit.engines.whoosh.segment import MOMENT, UNDATED, CompactSegment, field_number
from searchkit.engines.whoosh.spools import Spools, pieces_of
from searchkit.engines.whoosh.stored import DocumentReader, DocumentWriter
from searchkit.engines.whoosh.tables import Array
from searchkit.engines.whoosh.terms import TermsReader, TermWriter

_DOCUMENT_BYTES = 256
"""What a document takes beside its words: its id, and what of its tables is not on disk yet."""


class SegmentBuilder:
    """Writes the files of one new segment in a folder.

    `size` is about what memory it takes, and `finishing` what it will take beside to be finished.
    """

    def __init__(self, folder: Path, segment: CompactSegment, fields: Fields) -> None:
        self.segment = segment
        self._fields = fields
        self._folder = folder
        self._spools = spools = Spools(folder, segment.segment_id())
        self._documents = DocumentWriter(folder, segment, spools)
        try:
            self._terms = TermWriter(folder, segment, spools)
        except BaseException:
            self._documents.close()
            raise
        self._copies = CopyCollector(spools)
        self._facets = FacetCollector(fields.facets, spools)
        self._inverter = Inverter(spools)
        self._table = TokenTable()

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def size(self) -> int:
        """Bytes, about."""
        return self._inverter.size + _DOCUMENT_BYTES * len(self)

    @property
    def finishing(self) -> int:
        """Bytes, about."""
        return self._inverter.finishing

    def add(self, document: IndexedDocument) -> int:
        """Add a document; return its number."""
        number = len(self._documents)
        lengths = {field: len(tokens) for field, tokens in document.tokens.items()}
        numbers = {field_number(f): document.numbers.get(f, UNDATED) for f in self._fields.numbers}
        numbers[MOMENT] = UNDATED if document.moment is None else document.moment
        self._documents.add(document.id, document.stored, lengths, **numbers)
        self._copies.add(number, document.id, document.signature)
        self._facets.add(number, document.facets)
        for field, tokens in document.tokens.items():
            self._inverter.add(field, number, TokenColumns.of(tokens, self._table))
        for field, values in document.keywords.items():
            self._inverter.add_values(field, number, values)
        return number

    def add_segment(self, segment: CompactSegment) -> Source:
        """Add all documents of a segment that are not deleted; return its postings, renumbered."""
        documents = DocumentReader(self._folder, segment)
        live = np.ones(documents.doc_count_all(), dtype=bool)
        live[list(segment.deleted)] = False
        numbers = np.cumsum(live, dtype=np.int32)
        numbers += len(self._documents) - 1
        numbers[~live] = -1
        names = (MOMENT, *map(field_number, self._fields.numbers))
        for some in pieces_of(live.nonzero()[0]):
            self._documents.add_all(documents, some, names)
        self._copies.add_merged(documents.copies, numbers)
        for field in self._fields.facets:
            self._facets.add_merged(field, documents.facet(field), numbers)
        return Source(TermsReader(self._folder, segment), numbers)

    def finish(self, known: Iterable[Copies]) -> None:
        """Write the rest of what was added.

        `known` are the copies of the other segments, which the documents may be copies of.
        """
        for lists in self._inverter.lists():
            self._terms.add(lists)
            del lists  # while more are made, there is no room for them
        self._inverter = Inverter(self._spools)
        self._copies.link(known)
        self._finish()

    def finish_merged(
        self, sources: Sequence[Source], memory_bytes: int, others: Iterable[CompactSegment]
    ) -> None:
        """Write the postings and the rest of all segments that were added, beside `others`."""
        self._copies.forget_gone(self._members_of(others))
        for lists in merged(sources, memory_bytes):
            self._terms.add(lists)
        self._finish()

    def _members_of(self, segments: Iterable[CompactSegment]) -> Iterator[Array]:
        """Yield the members of the documents of segments, and those that are linked there."""
        for segment in segments:
            copies = DocumentReader(self._folder, segment).copies
            gone = np.isin(copies.documents, list(segment.deleted))
            yield copies.members[~gone]
            yield copies.links.ravel()

    def _finish(self) -> None:
        self._documents.close()
        self.segment.set_doc_count(len(self._documents))
        tables = {**self._documents.tables(), **self._copies.tables(), **self._facets.tables()}
        self._terms.finish(tables)
        self._spools.close()

    def close(self) -> None:
        """Close the files; the writer removes them when no commit names them."""
        with ExitStack() as files:
            for each in (self._documents, self._terms, self._spools):
                files.callback(each.close)


def merge_segments(
    folder: Path,
    segments: Sequence[CompactSegment],
    others: Sequence[CompactSegment],
    fields: Fields,
    memory_bytes: int,
) -> CompactSegment:
    """Return a new segment with the documents of `segments` that are not deleted, in that order.

    `others` are all segments that it will stand beside.
    """
    segment = CompactSegment(segments[0].codec(), segments[0].index_name())
    with closing(SegmentBuilder(folder, segment, fields)) as builder:
        sources = [builder.add_segment(each) for each in segments]
        builder.finish_merged(sources, memory_bytes, others)
    return segment


def to_merge(segments: Sequence[CompactSegment], most: int) -> list[CompactSegment]:
    """Return which segments are to become one now, neighbours as they stand; [] when all is well.

    Only neighbours, so that documents stay in the order in which they were added. From the newest
    on, small ones are joined, up to one that is more than twice what has been gathered, or to
    `most` documents: so there are hardly more segments than the logarithm of the index, beside
    those of half that size and more, and a document is copied as often. And one of which a third is
    deleted is written anew. (P. O'Neil et al., "The log-structured merge-tree", Acta Informatica
    33, 1996, has the idea.)
    """
    gathered = 0
    small: list[CompactSegment] = []
    for segment in reversed(segments):
        if small and _live(segment) > min(2 * gathered, most - gathered):
            if len(small) > 1:
                break
            # Too small to be worth a copy of the next one: that begins anew.
            small, gathered = [], 0
        small.insert(0, segment)
        gathered += _live(segment)
    if len(small) > 1:
        return small
    return [s for s in segments if 3 * s.deleted_count() > s.doc_count_all()][:1]


def _live(segment: CompactSegment) -> int:
    return segment.doc_count_all() - segment.deleted_count()
