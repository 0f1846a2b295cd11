"""Merges the posting lists of several sources, in bounded memory.

A source is the terms of a segment. All are read a slice at a time, from one key to another, and
a list too long for that in parts, so that memory does not grow with the index.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from searchkit.engines.marks import Marks
from searchkit.engines.whoosh.postings import (
    LongList,
    PostingList,
    PostingLists,
    counted_up,
    starts_of,
)
from searchkit.engines.whoosh.spools import pieces_of
from searchkit.engines.whoosh.tables import Array
from searchkit.engines.whoosh.terms import TermsReader
from searchkit.errors import IndexDamaged

# What a posting or a position takes while it is merged, and a key.
_NUMBER_BYTES = 100
_KEY_BYTES = 500

_WORTH_SHARING = 8
"""Occurrences of a term; to know the lists of rarer ones costs more than to repeat them."""


@dataclass(frozen=True, slots=True)
class Source:
    """Terms to merge; `numbers` are by document the new numbers, ascending, -1 for deleted."""

    terms: TermsReader
    numbers: Array


def merged(sources: Sequence[Source], memory_bytes: int) -> Iterator[PostingLists | LongList]:
    """Yield the lists of all sources in ascending order of keys, in about that much memory.

    The documents of a source must all be numbered after those of the sources before it.
    """
    slices = [_Slices(source, memory_bytes // max(len(sources), 1)) for source in sources]
    known = _Known()
    while reached := [each.reach() for each in slices if not each.at_end]:
        end = min((each for each in reached if each is not None), default=None)
        taken = [each.take(end) for each in slices if not each.at_end]
        if any(each.lists.keys for each in taken):
            joined = _joined(taken, known)
            if joined.keys:
                yield joined
        elif end is None or end.included:
            raise slices[0].damaged("its terms are not in order")
        if end is not None and not end.included:
            yield from _one(end.key, [each for each in slices if each.key == end.key], known)


class _Slice(NamedTuple):
    """Lists of a source, and by list a mark: equal ones are of one list in the file."""

    lists: PostingLists
    marks: Array


class _Reach(NamedTuple):
    """A key up to which to read, and whether that is `included`: not if it is too long for memory.

    Of two with one key that one is less.
    """

    key: bytes
    included: bool


class _Slices:
    """Reads a source from key to key."""

    def __init__(self, source: Source, memory_bytes: int) -> None:
        self._source = source
        self._memory = memory_bytes
        self._count = source.terms.count
        self._row = 0
        self._salt = np.uint64(int.from_bytes(os.urandom(8)))

    @property
    def at_end(self) -> bool:
        """Whether all has been read."""
        return self._row == self._count

    @property
    def key(self) -> bytes | None:
        """The key of the list that is next; None at the end."""
        return None if self.at_end else self._source.terms.key(self._row)

    def reach(self) -> _Reach | None:
        """Return how far memory allows to read; None if it allows all."""
        most = self._row + self._memory // _KEY_BYTES + 1
        numbers = self._source.terms.sizes(slice(self._row, most))
        sizes = np.cumsum(numbers * _NUMBER_BYTES + _KEY_BYTES)
        row = self._row + int(np.searchsorted(sizes, self._memory, side="right"))
        if row == self._count:
            return None
        return _Reach(self._source.terms.key(max(row - 1, self._row)), row > self._row)

    def take(self, end: _Reach | None) -> _Slice:
        """Read as far as `end`, or all for None; lists may be empty."""
        terms, start = self._source.terms, self._row
        self._row = self._count
        if end is not None:
            after = end.key + b"\0" if end.included else end.key
            self._row = max(start, terms.first_from(after))
        lists = terms.lists(start, self._row)
        return _Slice(_renumbered(lists, self._numbered(lists.documents)), self._marks(start))

    def take_one(self) -> tuple[Callable[[], Iterator[PostingList]], Array]:
        """Read the next list; return what gives it in parts, renumbered, and its mark."""
        row, self._row = self._row, self._row + 1
        postings = self._source.terms.posting_list_at(row)
        return partial(self._parts, postings), self._marks(row)

    def _marks(self, start: int) -> Array:
        return _mixed(self._source.terms.offsets(start, self._row) ^ self._salt)

    def _parts(self, postings: PostingList) -> Iterator[PostingList]:
        documents, frequencies, positions = postings
        at = 0
        for some, counts in zip(pieces_of(documents), pieces_of(frequencies), strict=True):
            renumbered = self._numbered(some)
            kept = renumbered >= 0
            those = positions[:0]
            if len(positions):
                start, at = at, at + int(counts.sum(dtype=np.int64))
                if at > len(positions):
                    raise self.damaged("a list has not as many positions as it should")
                those = positions[start:at][np.repeat(kept, counts)]
            yield PostingList(renumbered[kept], counts[kept], those)

    def _numbered(self, documents: Array) -> Array:
        numbers = self._source.numbers
        if len(documents) and int(documents.max()) >= len(numbers):
            raise self.damaged("a list has documents that are not there")
        renumbered: Array = numbers[documents]
        return renumbered

    def damaged(self, reason: str) -> IndexDamaged:
        """Return the error to raise when the source cannot be what was written."""
        return self._source.terms.damaged(reason)


class _Known:
    """Knows which lists have been given, by their marks: those worth it, large ones."""

    def __init__(self) -> None:
        self._rows = Marks()
        self._count = 0

    def before(self, marks: Array, occurrences: Array) -> Array:
        """Return by list how many before it the one of its mark was given, 0 for none."""
        rows = np.flatnonzero(occurrences >= _WORTH_SHARING)
        marks, first, same = np.unique(marks[rows], return_index=True, return_inverse=True)
        earlier = self._rows.find(marks)
        new = earlier < 0
        earlier[new] = self._count + rows[first[new]]
        self._rows.update(marks[new], earlier[new])
        before = np.zeros(len(occurrences), dtype=np.int64)
        before[rows] = self._count + rows - earlier[same]
        self._count += len(occurrences)
        return before


def _renumbered(lists: PostingLists, documents: Array) -> PostingLists:
    """Return lists with `documents` in the place of theirs, less those that are -1."""
    kept = documents >= 0
    if kept.all():
        return lists._replace(documents=documents.astype(np.uint32))
    of_list = np.repeat(np.arange(len(lists.keys)), lists.lengths)
    counted = np.where(np.repeat(lists.occurrences, lists.lengths), lists.frequencies, 0)
    return lists._replace(
        lengths=np.bincount(of_list[kept], minlength=len(lists.keys)),
        occurrences=np.bincount(of_list[kept], counted[kept], len(lists.keys)).astype(np.int64),
        documents=documents[kept].astype(np.uint32),
        frequencies=lists.frequencies[kept],
        positions=lists.positions[np.repeat(kept, counted)],
    )


def _joined(parts: Sequence[_Slice], known: _Known) -> PostingLists:
    """Return the lists of all parts; those of one key become one, in the order of the parts."""
    all_keys = [key for part in parts for key in part.lists.keys]
    columns = [np.concatenate(c) for c in list(zip(*(p.lists for p in parts), strict=True))[2:]]
    lengths, occurrences, documents, frequencies, positions = columns
    # Lists that have become empty are left out.
    kept = lengths.nonzero()[0]
    named = [all_keys[n] for n in kept.tolist()]
    keys = sorted(set(named))
    rank = dict(zip(keys, range(len(keys)), strict=True))
    of_list = np.array([rank[key] for key in named], dtype=np.int64)
    joined = [_added_up(of_list, counts[kept], len(keys)) for counts in (lengths, occurrences)]
    # What was one list in every part is one again: of equal lists all parts are.
    marks = np.zeros(len(keys), dtype=np.uint64)
    np.add.at(marks, of_list, np.concatenate([part.marks for part in parts])[kept])
    before = known.before(marks, joined[1])
    own = before == 0
    order = np.argsort(of_list, kind="stable")
    order = kept[order[own[of_list[order]]]]
    postings = _moved(order, lengths)
    return PostingLists(
        keys=keys,
        before=before,
        lengths=joined[0] * own,
        occurrences=joined[1] * own,
        documents=documents[postings],
        frequencies=frequencies[postings],
        positions=positions[_moved(order, occurrences)],
    )


def _one(key: bytes, slices: Sequence[_Slices], known: _Known) -> Iterator[PostingLists | LongList]:
    """Yield the list of a key that is the next one of these slices, if anything is left of it."""
    taken = [each.take_one() for each in slices]
    long = LongList(key, lambda: chain.from_iterable(parts() for parts, _ in taken))
    if not any(len(part.documents) for part in long.parts()):
        return
    mark = np.add.reduce(np.concatenate([marks for _, marks in taken]), keepdims=True)
    before = known.before(mark, np.array([_WORTH_SHARING]))
    if before.any():
        none = np.empty(0, dtype=np.uint32)
        yield PostingLists([key], before, np.zeros_like(before), np.zeros_like(before), *[none] * 3)
    else:
        yield long


def _moved(order: Array, lengths: Array) -> Array:
    """Return where each number comes from when the lists are put in that order."""
    return counted_up(starts_of(lengths)[order], lengths[order])


def _added_up(of_list: Array, counts: Array, most: int) -> Array:
    return np.bincount(of_list, counts, minlength=most).astype(np.int64)


def _mixed(values: Array) -> Array:
    """Return the values mixed: the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014)."""
    mixed: Array = values ^ values >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed
