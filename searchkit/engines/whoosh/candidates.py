"""Documents that scores are computed for, and how posting lists are laid beside them."""

from functools import cached_property

import numpy as np

from searchkit.engines.whoosh.postings import PostingList, counted_up, starts_of
from searchkit.engines.whoosh.snapshot import Mask, Scores, SegmentView
from searchkit.engines.whoosh.tables import Array
from searchkit.query import Leaf

POSITION_BITS = 32
# A table by document costs its size; a binary search costs its depth for each document asked for.
_SPARSE = 16


class Candidates:
    """Documents of a segment that scores are computed for, ascending."""

    def __init__(self, segment: SegmentView, documents: Array) -> None:
        self.segment = segment
        # Wide, whatever type a posting list had: larger numbers are compared with them.
        self.documents = documents.astype(np.int64)
        self.places: dict[tuple[int, str], tuple[Array, Array] | None] = {}
        self.results: dict[Leaf, tuple[Mask, Scores]] = {}

    def __len__(self) -> int:
        return len(self.documents)

    @cached_property
    def _rows(self) -> Array:
        rows = np.full(self.segment.size, -1, dtype=np.int32)
        rows[self.documents] = np.arange(len(self.documents), dtype=np.int32)
        return rows

    def align(self, documents: Array, *, ascending: bool = True) -> tuple[Array, Array]:
        """Return where the two meet: (indexes into `documents`, indexes into the candidates)."""
        if not len(documents) or not len(self):
            nothing = np.empty(0, dtype=np.int64)
            return nothing, nothing
        if ascending and len(self) * _SPARSE < len(documents):
            asked = np.minimum(self.documents, int(documents[-1])).astype(documents.dtype)
            places = np.searchsorted(documents, asked)
            rows = np.flatnonzero(documents[places] == self.documents)
            return places[rows], rows
        rows = self._rows[documents]
        places = (rows >= 0).nonzero()[0]
        return places, rows[places]


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


def places_of(postings: PostingList, found: Array, rows: Array) -> Array:
    """Return the places of the postings at the indexes `found`, named after their `rows`.

    A place is the row, shifted by POSITION_BITS, and the position in the field.
    """
    counts = postings.frequencies[found].astype(np.int64)
    picked = counted_up(starts_of(postings.frequencies)[found], counts)
    keys = np.repeat(rows.astype(np.int64) << POSITION_BITS, counts)
    keys += postings.positions[picked].astype(np.int64)
    return keys
