"""Documents that scores are computed for, and how posting lists are laid beside them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from searchkit.engines.whoosh.postings import PostingList, counted_up, run_starts, starts_at
from searchkit.engines.whoosh.snapshot import Mask, Scores, SegmentView
from searchkit.engines.whoosh.tables import Array

if TYPE_CHECKING:
    from searchkit.engines.whoosh.lookups import Lookup

POSITION_BITS = 32
SPARSE = 16
"""How many times fewer documents are better treated one by one than all of the other side."""

# What is few enough to be looked up by binary search: so many, or so many times fewer than there
# are. To make a table by document costs its size, a search its depth for each document asked for.
_FEW, _DEPTH = 512, 8


class Found(NamedTuple):
    """Documents of a segment, ascending, and how lists of documents lie in them.

    `inside` are lists, by their id, of which every document found is one, with where it stands
    there; `around` are lists that hold no document that was not found.
    """

    documents: Array
    inside: Mapping[int, tuple[Array, Array]] = {}
    around: Mapping[int, Array] = {}

    def only(self, passing: Mask) -> "Found":
        """Return the documents that are `passing`, a mask by document."""
        rows = passing[self.documents].nonzero()[0]
        inside = {key: (of, places[rows]) for key, (of, places) in self.inside.items()}
        return Found(self.documents[rows], inside)


class Candidates:
    """Documents of a segment that scores are computed for, ascending."""

    def __init__(self, segment: SegmentView, found: Found | Array) -> None:
        self.segment = segment
        self._found = found if isinstance(found, Found) else Found(found)
        # Wide, whatever type a posting list had: larger numbers are compared with them.
        self.documents = self._found.documents.astype(np.int64, copy=False)
        self.everyone: Mask = segment.everyone[: len(self.documents)]
        self.places: dict[tuple[int, str], tuple[Array, Array]] = {}
        self.results: dict[Lookup, tuple[Mask, Scores]] = {}
        self._rows: Array | None = None

    def __len__(self) -> int:
        return len(self.documents)

    def are_within(self, documents: Array) -> bool:
        """Return whether all candidates are known to be among `documents`."""
        return documents is self._found.documents or id(documents) in self._found.inside

    def laid_out(self, documents: Array, values: Scores) -> Scores:
        """Return the values of `documents` by candidate, 0 for those that are not among them."""
        if documents is self._found.documents:
            return values
        if (known := self._found.inside.get(id(documents))) is not None:
            return values[known[1]]
        laid = np.zeros(len(self), dtype=np.float32)
        if id(documents) not in self._found.around:
            places, rows = self.align(documents)
            laid[rows] = values[places]
        elif len(documents) < _FEW:
            laid[self.documents.searchsorted(documents)] = values
        else:
            laid[self._rows_of(documents)] = values
        return laid

    def align(self, documents: Array, *, ascending: bool = True) -> tuple[Array, Array]:
        """Return where the two meet: (indexes into `documents`, indexes into the candidates)."""
        if not len(documents) or not len(self):
            nothing = np.empty(0, dtype=np.int64)
            return nothing, nothing
        if ascending and _are_few(self.documents, documents):
            return _searched(documents, self.documents)
        rows = self._rows_of(documents)
        places = (rows >= 0).nonzero()[0]
        return places, rows[places]

    def _rows_of(self, documents: Array) -> Array:
        """Return which candidate each document is, -1 for those that are none."""
        if self._rows is None:
            self._rows = np.empty(self.segment.size, dtype=np.int32)
            self._rows.fill(-1)
            self._rows[self.documents] = np.arange(len(self.documents), dtype=np.int32)
        return self._rows[documents]


def union(lists: list[Array], size: int) -> Found:
    """Return the documents (below `size`) in any of `lists`."""
    if len(lists) == 1:
        return Found(lists[0])
    if sum(map(len, lists)) * SPARSE < size:
        documents = np.concatenate([np.empty(0, dtype=np.int64), *lists])
        documents.sort()
        documents = documents[run_starts(documents)]
    else:
        mask = np.zeros(size, dtype=bool)
        for each in lists:
            mask[each] = True
        documents = mask.nonzero()[0]
    return Found(documents, around={id(each): each for each in lists})


def intersection(segment: SegmentView, lists: list[Array]) -> Found:
    """Return the documents in all of `lists`."""
    shortest, *others = sorted(lists, key=len)
    places = [(shortest, np.arange(len(shortest)))]
    documents = shortest
    for each in others:
        if _are_few(documents, each):
            there, rows = _searched(each, documents)
        else:
            there, rows = Candidates(segment, documents).align(each)
        if len(rows) < len(documents):
            documents = documents[rows]
            places = [(of, known[rows]) for of, known in places]
        places.append((each, there))
    return Found(documents, {id(of): (of, known) for of, known in places})


def _are_few(asked: Array, documents: Array) -> bool:
    """Return whether some documents are few enough to be looked up among `documents`."""
    return len(asked) < _FEW + len(documents) // _DEPTH


def _searched(documents: Array, asked: Array) -> tuple[Array, Array]:
    """Return where the two meet, both ascending: (indexes into `documents`, into `asked`)."""
    wanted = asked
    if documents.dtype != asked.dtype:
        wanted = np.minimum(asked, documents[-1:]).astype(documents.dtype)
    places = documents.searchsorted(wanted)
    rows = (documents.take(places, mode="clip") == asked).nonzero()[0]
    return places[rows], rows


def places_of(postings: PostingList, found: Array, rows: Array) -> Array:
    """Return the places of the postings at the indexes `found`, named after their `rows`.

    A place is the row, shifted by POSITION_BITS, and the position in the field.
    """
    counts = postings.frequencies[found].astype(np.int64)
    picked = counted_up(starts_at(postings.frequencies, found), counts)
    keys = np.repeat(rows.astype(np.int64) << POSITION_BITS, counts)
    keys += postings.positions[picked].astype(np.int64)
    return keys
