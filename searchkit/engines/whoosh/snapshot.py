"""One commit of the index, as arrays to compute with.

A snapshot never changes: readers that hold one go on seeing the commit it was opened at.
"""

from functools import cached_property
from typing import Any

import numpy as np
from whoosh.index import TOC

from searchkit.engines.base import ARTICLE, TEXT_FIELDS, Ranking
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.engines.whoosh.postings import PostingList
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.engines.whoosh.stored import DocumentReader
from searchkit.engines.whoosh.tables import Array
from searchkit.engines.whoosh.terms import TermsReader
from searchkit.engines.whoosh.writer import MOMENT
from searchkit.errors import IndexDamaged

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Scores = np.ndarray[Any, np.dtype[np.float32]]


class SegmentView:
    """A segment with what ranking needs of it, computed once and kept."""

    def __init__(self, index: SafeIndex, segment: CompactSegment) -> None:
        self.segment = segment
        self.size = segment.doc_count_all()
        self.terms = TermsReader(index.folder, segment)
        self.documents = DocumentReader(index.folder, segment)
        self._norms: dict[str, Scores] = {}

    def postings(self, field: str, term: str) -> PostingList | None:
        """Return the postings of a term, deleted documents included; None if it has none."""
        found = self.terms.posting_list(field, term)
        if found is not None and not self._sound(found):
            raise IndexDamaged(
                f"the postings of {field}:{term!r} in {self.segment.segment_id()} are damaged; "
                "rebuild the index with `searchkit index --rebuild`"
            )
        return found

    def _sound(self, postings: PostingList) -> bool:
        """Return whether `postings` can be computed with: cheaper than answering wrongly."""
        if not len(postings.documents):
            return True
        if int(postings.documents.max()) >= self.size:
            return False
        positions = len(postings.positions)
        return not positions or positions == int(postings.frequencies.sum(dtype=np.uint64))

    def holding(self, field: str, value: str) -> Mask:
        """Return which documents hold a keyword, deleted ones included."""
        mask = np.zeros(self.size, dtype=bool)
        if (found := self.postings(field, value)) is not None:
            mask[found.documents] = True
        return mask

    @cached_property
    def live(self) -> Mask:
        """Which documents are not deleted."""
        mask = np.ones(self.size, dtype=bool)
        mask[[number for number in self.segment.deleted if number < self.size]] = False
        return mask

    @cached_property
    def articles(self) -> Mask:
        """Which documents are articles."""
        return self.holding("kind", ARTICLE)

    @cached_property
    def moments(self) -> Array:
        """Seconds since 1970 by document."""
        return self.documents.numbers(MOMENT)

    def norm(self, field: str, average: float, b: float) -> Scores:
        """Return by document what divides a frequency in `field`: 1 at the average length."""
        norm = self._norms.get(field)
        if norm is None:
            lengths = self.documents.lengths(field)
            if lengths is None:
                lengths = np.zeros(self.size, dtype=np.uint8)
            norm = (1 - b + b * lengths.astype(np.float32) / max(average, 1.0)).astype(np.float32)
            self._norms[field] = norm
        return norm


class Snapshot:
    """All segments of one commit."""

    def __init__(self, index: SafeIndex, toc: TOC, ranking: Ranking) -> None:
        self.generation = int(toc.generation)
        self.ranking = ranking
        self.segments = [SegmentView(index, segment) for segment in toc.segments]

    @cached_property
    def size(self) -> int:
        """The number of documents, deleted ones included."""
        return sum(segment.size for segment in self.segments)

    @cached_property
    def averages(self) -> dict[str, float]:
        """The mean number of tokens by field, over the documents that have the field."""
        averages = {}
        for field in TEXT_FIELDS:
            total = having = 0
            for segment in self.segments:
                lengths = segment.documents.lengths(field)
                if lengths is not None:
                    total += int(lengths.sum(dtype=np.uint64))
                    having += int(np.count_nonzero(lengths))
            averages[field] = total / having if having else 0.0
        return averages

    def norm(self, segment: SegmentView, field: str) -> Scores:
        """Return the length norms of `field` by document of `segment`."""
        b = self.ranking.b.get(field, self.ranking.default_b)
        return segment.norm(field, self.averages[field], b)

    def locate(self, document_id: str) -> tuple[SegmentView, int] | None:
        """Return where the document of that id is; None if there is none."""
        for segment in self.segments:
            found = segment.postings("id", document_id)
            if found is not None:
                for number in found.documents:
                    if segment.live[number]:
                        return segment, int(number)
        return None
