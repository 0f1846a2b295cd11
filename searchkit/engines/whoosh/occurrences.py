"""Where the leaves of a query occur in one segment.

A leaf is looked up as parts: one posting list for each field and, of synonyms, each member. So
words, phrases and synonyms are computed with alike.
"""

from collections.abc import Iterator
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np

from searchkit.engines.whoosh.postings import PostingList
from searchkit.engines.whoosh.snapshot import Mask, Scores, SegmentView
from searchkit.engines.whoosh.tables import Array
from searchkit.engines.whoosh.writer import EXACT
from searchkit.query import Leaf, Phrase, Synonym, Synonyms, Term

POSITION_BITS = 32
# A table by document costs its size; a binary search costs its depth for each document asked for.
_SPARSE = 16


class Part(NamedTuple):
    """The postings of a member of a leaf in a field; `words` is the length of a phrase."""

    field: str
    member: Synonym
    postings: PostingList
    words: int


class Candidates:
    """Documents of a segment that scores are computed for, ascending."""

    def __init__(self, segment: SegmentView, documents: Array) -> None:
        self.segment = segment
        # Wide, whatever type a posting list had: larger numbers are compared with them.
        self.documents = documents.astype(np.int64)
        self.places: dict[tuple[int, str], tuple[Array, Array] | None] = {}

    def __len__(self) -> int:
        return len(self.documents)

    @cached_property
    def _rows(self) -> Array:
        rows = np.full(self.segment.size, -1, dtype=np.int32)
        rows[self.documents] = np.arange(len(self.documents), dtype=np.int32)
        return rows

    def align(self, documents: Array) -> tuple[Array, Array]:
        """Return where the two meet: (indexes into `documents`, indexes into the candidates)."""
        if not len(documents) or not len(self):
            nothing = np.empty(0, dtype=np.int64)
            return nothing, nothing
        if len(self) * _SPARSE < len(documents):
            asked = np.minimum(self.documents, int(documents[-1])).astype(documents.dtype)
            places = np.searchsorted(documents, asked)
            rows = np.flatnonzero(documents[places] == self.documents)
            return places[rows], rows
        rows = self._rows[documents]
        places = (rows >= 0).nonzero()[0]
        return places, rows[places]


class Occurrences:
    """The parts of one leaf in one segment."""

    def __init__(self, segment: SegmentView, leaf: Leaf) -> None:
        self._segment = segment
        members = leaf.members if isinstance(leaf, Synonyms) else (Synonym(leaf, "typed"),)
        self.parts = [part for member in members for part in _parts(segment, member)]
        typed = members[0].node
        self._exact = (EXACT + typed.form) if isinstance(typed, Term) else None

    @cached_property
    def documents(self) -> Array:
        """The documents that hold the leaf, deleted ones included, ascending."""
        return union([part.postings.documents for part in self.parts], self._segment.size)

    def frequency(self, candidates: Candidates) -> Scores:
        """Return the weighted, length-normalised frequency by candidate, over all fields."""
        total = np.zeros(len(candidates), dtype=np.float32)
        for part in self.parts:
            self._add(total, candidates, part.field, part.postings, part.member.weight)
        return total

    def exact(self, candidates: Candidates) -> Scores | None:
        """Return the same for the typed form alone; None for a phrase."""
        if self._exact is None:
            return None
        total = np.zeros(len(candidates), dtype=np.float32)
        for field, postings in _lists(self._segment, self._exact):
            self._add(total, candidates, field, postings, 1.0)
        return total

    def _add(
        self,
        total: Scores,
        candidates: Candidates,
        field: str,
        postings: PostingList,
        weight: float,
    ) -> None:
        places, rows = candidates.align(postings.documents)
        worth = self._segment.worth(field)[candidates.documents[rows]]
        total[rows] += np.float32(weight) * worth * postings.frequencies[places]

    def holding(self, field: str, candidates: Candidates) -> Mask:
        """Return which candidates hold the leaf in `field`."""
        mask = np.zeros(len(candidates), dtype=bool)
        for part in self.parts:
            if part.field == field:
                mask[candidates.align(part.postings.documents)[1]] = True
        return mask

    def places(self, field: str, candidates: Candidates) -> tuple[Array, Array] | None:
        """Return (first words, last words) of all occurrences in `field`, each ascending.

        A place is the index of the candidate, shifted, and the position in it. None if none.
        """
        key = (id(self), field)
        if key not in candidates.places:
            candidates.places[key] = self._places(field, candidates)
        return candidates.places[key]

    def _places(self, field: str, candidates: Candidates) -> tuple[Array, Array] | None:
        starts = []
        ends = []
        for part in self.parts:
            if part.field == field:
                found, rows = candidates.align(part.postings.documents)
                keys = _keys(part.postings, found, rows)
                starts.append(keys)
                ends.append(keys + (part.words - 1))
        if not starts:
            return None
        if len(starts) == 1:
            return starts[0], ends[0]
        return np.sort(np.concatenate(starts)), np.sort(np.concatenate(ends))


def union(lists: list[Array], size: int) -> Array:
    """Return the documents (below `size`) in any of `lists`, ascending."""
    if len(lists) == 1:
        return lists[0]
    if sum(map(len, lists)) * _SPARSE < size:
        documents = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *lists]))
        return documents[np.diff(documents, prepend=-1) > 0]
    mask = np.zeros(size, dtype=bool)
    for documents in lists:
        mask[documents] = True
    return np.flatnonzero(mask)


def intersection(segment: SegmentView, lists: list[Array]) -> Array:
    """Return the documents in all of `lists`, ascending."""
    shortest, *others = sorted(lists, key=len)
    for documents in others:
        shortest = shortest[Candidates(segment, shortest).align(documents)[1]]
    return shortest


def _lists(segment: SegmentView, term: str) -> Iterator[tuple[str, PostingList]]:
    for field in segment.text_fields:
        if (postings := segment.postings(field, term)) is not None:
            yield field, postings


def _parts(segment: SegmentView, member: Synonym) -> Iterator[Part]:
    match member.node:
        case Term(term):
            for field, postings in _lists(segment, term):
                yield Part(field, member, postings, 1)
        case Phrase(terms):
            for field in segment.text_fields:
                lists = [segment.postings(field, term.term) for term in terms]
                found = [postings for postings in lists if postings is not None]
                if len(found) == len(lists) and len((p := _phrase(segment, found)).documents):
                    yield Part(field, member, p, len(terms))


def _phrase(segment: SegmentView, lists: list[PostingList]) -> PostingList:
    """Return the postings of where the terms of `lists` follow one another, by their first word."""
    documents = intersection(segment, [postings.documents for postings in lists])
    candidates = Candidates(segment, documents)
    keys = [
        _keys(postings, *candidates.align(postings.documents)) - distance
        for distance, postings in enumerate(lists)
    ]
    starts = reduce(_common, sorted(keys, key=len))
    rows, counts = np.unique(starts >> POSITION_BITS, return_counts=True)
    positions = starts & (2**POSITION_BITS - 1)
    return PostingList(documents[rows], counts, positions)


def _common(few: Array, many: Array) -> Array:
    """Return the keys in both, ascending."""
    if not len(many):
        return many
    places = np.minimum(np.searchsorted(many, few), len(many) - 1)
    common: Array = few[many[places] == few]
    return common


def _keys(postings: PostingList, found: Array, rows: Array) -> Array:
    """Return the places of the postings at the indexes `found`, named after their `rows`."""
    counts = postings.frequencies[found].astype(np.int64)
    ends = np.cumsum(postings.frequencies, dtype=np.int64)[found]
    done = np.cumsum(counts)
    total = int(done[-1]) if len(done) else 0
    picked = np.arange(total) + np.repeat(ends - done, counts)
    keys = np.repeat(rows.astype(np.int64) << POSITION_BITS, counts)
    keys += postings.positions[picked].astype(np.int64)
    return keys
