"""One commit of the index, as arrays to compute with.

A snapshot never changes: readers that hold one go on seeing the commit it was opened at.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.index import TOC

from searchkit.cached import cached_property
from searchkit.engines.base import ARTICLE
from searchkit.engines.copies import groups
from searchkit.engines.kept import Kept
from searchkit.engines.ranking import Ranking
from searchkit.engines.whoosh.facets import Facet
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.engines.whoosh.postings import PostingList
from searchkit.engines.whoosh.segment import MOMENT, UNDATED, CompactSegment, field_number
from searchkit.engines.whoosh.stored import DocumentReader
from searchkit.engines.whoosh.tables import Array
from searchkit.engines.whoosh.terms import TermsReader
from searchkit.errors import REPAIR, IndexDamaged
from searchkit.query import Term

if TYPE_CHECKING:
    from searchkit.engines.whoosh.lookups import Lookups
    from searchkit.engines.whoosh.vocabulary import Vocabulary

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Scores = np.ndarray[Any, np.dtype[np.float32]]

_MOST_KEPT = 4096


class SegmentView:
    """A segment with what ranking needs of it, computed once and kept."""

    def __init__(
        self,
        index: SafeIndex,
        segment: CompactSegment,
        ranking: Ranking,
        averages: Mapping[str, float],
        number: int,
    ) -> None:
        self.segment = segment
        self._ranking = ranking
        self._averages = averages
        self.fields = index.fields
        self.size = segment.doc_count_all()
        self.terms = TermsReader(index.folder, segment)
        self.documents = DocumentReader(index.folder, segment)
        # The size is verified by now. These hold one value in memory: the number of the segment in
        # the snapshot, and true.
        self.column: Array = np.broadcast_to(np.int64(number), (self.size,))
        self.everyone: Mask = np.broadcast_to(np.True_, (self.size,))
        self._worths: dict[str, Scores] = {}
        self._postings: Kept[tuple[str, str], PostingList | None] = Kept(_MOST_KEPT)

    def postings(self, field: str, term: str) -> PostingList | None:
        """Return the postings of a term, deleted documents included; None if it has none.

        They are views of the mapped file; those looked up lately are kept.
        """
        key = (field, term)
        try:
            return self._postings[key]
        except KeyError:
            found = self.terms.posting_list(field, term)
        if found is not None:
            self.check(found, field, term)
        return self._postings.keep(key, found)

    def check(self, postings: PostingList, field: str, term: str) -> None:
        """Raise IndexDamaged unless `postings`, named by field and term, can be computed with."""
        if not self._sound(postings, field in self.fields.text):
            raise IndexDamaged(
                f"the postings of {field}:{term!r} in {self.segment.segment_id()} are damaged; "
                f"{REPAIR}"
            )

    def _sound(self, postings: PostingList, positional: bool) -> bool:
        """Return whether `postings` can be computed with: cheaper than answering wrongly."""
        if not len(postings.documents):
            return True
        if int(postings.documents.max()) >= self.size:
            return False
        positions = len(postings.positions)
        if not positions and not positional:
            return True
        return positions == int(postings.frequencies.sum(dtype=np.uint64))

    def holding(self, field: str, value: str) -> Mask:
        """Return which documents hold a keyword, deleted ones included."""
        mask = np.zeros(self.size, dtype=bool)
        if (found := self.postings(field, value)) is not None:
            mask[found.documents] = True
        return mask

    def having(self, fields: Sequence[str]) -> Mask:
        """Return which documents hold anything in one of these text and keyword fields."""
        mask = np.zeros(self.size, dtype=bool)
        for field in fields:
            if field in self.fields.text:
                mask |= self.lengths(field) > 0
                continue
            for value in self.terms.beginning(field, "")[1]:
                mask |= self.holding(field, value)
        return mask

    @cached_property
    def text_fields(self) -> list[str]:
        """The text fields that any document has."""
        return [field for field in self.fields.text if self.documents.lengths(field) is not None]

    @cached_property
    def live(self) -> Mask:
        """Which documents are not deleted."""
        mask = np.ones(self.size, dtype=bool)
        mask[[number for number in self.segment.deleted if number < self.size]] = False
        return mask

    @cached_property
    def whole(self) -> bool:
        """Whether no document is deleted."""
        return bool(self.live.all())

    @cached_property
    def articles(self) -> Mask:
        """Which documents are articles."""
        return self.holding("kind", ARTICLE)

    @cached_property
    def moments(self) -> Array:
        """Seconds since 1970 by document."""
        return self.documents.numbers(MOMENT)

    def numbers(self, field: str) -> Array:
        """Return the number in a number field by document, `UNDATED` for none."""
        return self.documents.numbers(field_number(field))

    def worth(self, field: str) -> Scores:
        """Return by document what an occurrence in `field` counts: its weight over its norm."""
        worth = self._worths.get(field)
        if worth is None:
            weight = np.float32(self._ranking.weights[field])
            self._worths[field] = worth = (weight / self.norm(field)).astype(np.float32)
        return worth

    def norm(self, field: str) -> Scores:
        """Return by document what divides a frequency in `field`: 1 at the average length."""
        b = self._ranking.b.get(field, self._ranking.default_b)
        lengths = self.lengths(field).astype(np.float32)
        norm: Scores = (1 - b + b * lengths / max(self._averages[field], 1.0)).astype(np.float32)
        return norm

    def lengths(self, field: str) -> Array:
        """Return the number of tokens of `field` by document."""
        lengths = self.documents.lengths(field)
        return np.zeros(self.size, dtype=np.uint8) if lengths is None else lengths


class Snapshot:
    """All segments of one commit."""

    def __init__(self, index: SafeIndex, toc: TOC, ranking: Ranking) -> None:
        self.generation = int(toc.generation)
        self.ranking = ranking
        self.fields = index.fields
        averages: dict[str, float] = {}
        self.segments = [
            SegmentView(index, segment, ranking, averages, number)
            for number, segment in enumerate(toc.segments)
        ]
        averages.update(_averages(self.fields.text, self.segments))
        self._facets: dict[str, Facet] = {}
        # Of words asked for lately; see `searchkit.engines.whoosh.dictionary`.
        self.frequencies: Kept[Term, int] = Kept(_MOST_KEPT)

    @cached_property
    def commit(self) -> str:
        """The name of the commit, which no other commit has, of this index or another."""
        names = ",".join(view.segment.segment_id() for view in self.segments)
        return f"{self.generation:x}.{zlib.crc32(names.encode()):x}"

    @cached_property
    def distinct_terms(self) -> Mapping[str, int]:
        """How many different stems each text field has: counted once, which takes long."""
        terms: dict[str, set[bytes]] = {name: set() for name in self.fields.text}
        for segment in self.segments:
            for field, term in segment.terms.terms():
                if field not in self.fields.keywords and not term.startswith(b"="):
                    terms.setdefault(field, set()).add(term)
        return {field: len(known) for field, known in terms.items()}

    def facet(self, field: str) -> Facet:
        """Return a facet, computed once and kept."""
        facet = self._facets.get(field)
        if facet is None:
            columns = [segment.documents.facet(field) for segment in self.segments]
            facet = Facet(columns, [segment.live for segment in self.segments])
            self._facets[field] = facet
        return facet

    def ids(self, segments: Array, documents: Array) -> list[str]:
        """Return the ids of documents."""
        if len(self.segments) == 1:
            return self.segments[0].documents.ids(documents)
        readers = [segment.documents for segment in self.segments]
        places = zip(segments.tolist(), documents.tolist(), strict=True)
        return [readers[segment].id(document) for segment, document in places]

    @cached_property
    def lookups(self) -> "Lookups":
        """The leaves of queries, looked up in all segments."""
        # Imported late: that module computes with what this one defines.
        from searchkit.engines.whoosh.lookups import Lookups

        return Lookups(self)

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """The surface forms of all segments, for patterns."""
        # Imported late: few searches have a pattern.
        from searchkit.engines.whoosh.vocabulary import Vocabulary

        return Vocabulary([(s.terms, s.text_fields) for s in self.segments])

    @cached_property
    def size(self) -> int:
        """The number of documents, deleted ones included."""
        return sum(segment.size for segment in self.segments)

    @cached_property
    def only_articles(self) -> bool:
        """Whether all documents are articles."""
        return all(bool(segment.articles.all()) for segment in self.segments)

    @cached_property
    def newest(self) -> int:
        """The latest date of a document, in seconds since 1970; `UNDATED` if none has one."""
        moments = [segment.moments[segment.live] for segment in self.segments]
        return max((int(m.max()) for m in moments if len(m)), default=UNDATED)

    @cached_property
    def copies(self) -> list[tuple[Array, Array]]:
        """For each segment, by document: (copy group, member number), 0 for what has none."""
        tables = [segment.documents.copies for segment in self.segments]
        empty = np.empty((0, 2), dtype=np.int64)
        links = np.concatenate([empty, *(copies.links for copies in tables)])
        by_document = []
        for segment, copies in zip(self.segments, tables, strict=True):
            group, member = np.zeros((2, segment.size), dtype=np.int64)
            group[copies.documents] = groups(copies.members, links)
            member[copies.documents] = copies.members
            by_document.append((group, member))
        return by_document

    @cached_property
    def has_copies(self) -> bool:
        """Whether any documents are copies of one another."""
        return any(bool(group.any()) for group, _ in self.copies)

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what is stored under an id; None if nothing."""
        place = self.locate(document_id)
        return place[0].documents.stored_fields(place[1]) if place else None

    def locate(self, document_id: str) -> tuple[SegmentView, int] | None:
        """Return where the document of that id is; None if there is none."""
        for segment in self.segments:
            found = segment.postings("id", document_id)
            if found is not None:
                for number in found.documents:
                    if segment.live[number]:
                        return segment, int(number)
        return None


def _averages(fields: Sequence[str], segments: Sequence[SegmentView]) -> dict[str, float]:
    """Return the mean number of tokens by field, over the documents that have the field."""
    averages = {}
    for field in fields:
        lengths = [segment.lengths(field) for segment in segments]
        total = sum(int(by_document.sum(dtype=np.uint64)) for by_document in lengths)
        having = sum(int(np.count_nonzero(by_document)) for by_document in lengths)
        averages[field] = total / having if having else 0.0
    return averages
