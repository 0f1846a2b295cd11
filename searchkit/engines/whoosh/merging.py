"""Merges the posting lists of several sources, in bounded memory.

A source is the terms of a segment. All are read a slice at a time, from one key to another, so that
memory does not grow with the index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from searchkit.engines.whoosh.postings import PostingLists, counted_up, starts_of
from searchkit.engines.whoosh.tables import Array
from searchkit.engines.whoosh.terms import TermsReader

# What a posting or a position takes while it is merged, and a key.
_NUMBER_BYTES = 100
_KEY_BYTES = 500


@dataclass(frozen=True, slots=True)
class Source:
    """Terms to merge; `numbers` are by document the new numbers, ascending, -1 for deleted."""

    terms: TermsReader
    numbers: Array


def merged(sources: Sequence[Source], memory_bytes: int) -> Iterator[PostingLists]:
    """Yield the lists of all sources in ascending order of keys, in about that much memory.

    The documents of a source must all be numbered after those of the sources before it.
    """
    slices = [_Slices(source, memory_bytes // max(len(sources), 1)) for source in sources]
    while reached := [each.reach() for each in slices if not each.at_end]:
        bounds = [key for key in reached if key is not None]
        end = min(bounds) if bounds else None
        joined = _joined([each.take(end) for each in slices if not each.at_end])
        if joined.keys:
            yield joined


class _Slices:
    """Reads a source from key to key."""

    def __init__(self, source: Source, memory_bytes: int) -> None:
        self._source = source
        self._memory = memory_bytes
        self._count = source.terms.count
        self._row = 0

    @property
    def at_end(self) -> bool:
        """Whether all has been read."""
        return self._row == self._count

    def reach(self) -> bytes | None:
        """Return the last key up to which memory allows to read; None if it allows all."""
        most = self._row + self._memory // _KEY_BYTES + 1
        numbers = self._source.terms.sizes(slice(self._row, most))
        sizes = np.cumsum(numbers * _NUMBER_BYTES + _KEY_BYTES)
        row = self._row + int(np.searchsorted(sizes, self._memory, side="right"))
        if row == self._count:
            return None
        return self._source.terms.key(max(row - 1, self._row))

    def take(self, end: bytes | None) -> PostingLists:
        """Read up to the key `end`, itself included, or all for None; lists may be empty."""
        terms, start = self._source.terms, self._row
        self._row = self._count if end is None else max(start, terms.first_after(end))
        lists, numbers = terms.lists(start, self._row), self._source.numbers
        if len(lists.documents) and int(lists.documents.max()) >= len(numbers):
            raise terms.damaged("a list has documents that are not there")
        return _renumbered(lists, numbers)


def _renumbered(lists: PostingLists, numbers: Array) -> PostingLists:
    documents = numbers[lists.documents]
    kept = documents >= 0
    if kept.all():
        return lists._replace(documents=documents.astype(np.uint32))
    of_list = np.repeat(np.arange(len(lists.keys)), lists.lengths)
    counted = np.where(np.repeat(lists.occurrences, lists.lengths), lists.frequencies, 0)
    return PostingLists(
        keys=lists.keys,
        lengths=np.bincount(of_list[kept], minlength=len(lists.keys)),
        occurrences=np.bincount(of_list[kept], counted[kept], len(lists.keys)).astype(np.int64),
        documents=documents[kept].astype(np.uint32),
        frequencies=lists.frequencies[kept],
        positions=lists.positions[np.repeat(kept, counted)],
    )


def _joined(parts: Sequence[PostingLists]) -> PostingLists:
    """Return the lists of all parts; those of one key become one, in the order of the parts."""
    all_keys = [key for part in parts for key in part.keys]
    columns = [np.concatenate(column) for column in list(zip(*parts, strict=True))[1:]]
    lengths, occurrences, documents, frequencies, positions = columns
    used = [key for key, length in zip(all_keys, lengths.tolist(), strict=True) if length]
    keys = sorted(set(used))
    rank = dict(zip(keys, range(len(keys)), strict=True))
    # Lists that have become empty move nothing, wherever they stand.
    of_list = np.array([rank.get(key, 0) for key in all_keys], dtype=np.int64)
    order = np.argsort(of_list, kind="stable")
    postings = _moved(order, lengths)
    return PostingLists(
        keys=keys,
        lengths=_added_up(of_list, lengths, len(keys)),
        occurrences=_added_up(of_list, occurrences, len(keys)),
        documents=documents[postings],
        frequencies=frequencies[postings],
        positions=positions[_moved(order, occurrences)],
    )


def _moved(order: Array, lengths: Array) -> Array:
    """Return where each number comes from when the lists are put in that order."""
    return counted_up(starts_of(lengths)[order], lengths[order])


def _added_up(of_list: Array, counts: Array, most: int) -> Array:
    return np.bincount(of_list, counts, minlength=most)[:most].astype(np.int64)
