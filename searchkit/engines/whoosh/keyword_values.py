"""The values of a keyword field and the documents that have them, and their posting lists."""

from array import array
from collections.abc import Iterator

import numpy as np

from searchkit.engines.whoosh.distinct import DistinctStrings
from searchkit.engines.whoosh.postings import PostingLists, term_key
from searchkit.engines.whoosh.sorting import alphabetical
from searchkit.engines.whoosh.spools import Spools

_VALUES = 2**13
"""Values that are numbered at a time, and whose lists are made at a time."""


class KeywordValues:
    """A keyword field: pairs of a value, numbered, and a document; the last values are fresh."""

    def __init__(self, spools: Spools) -> None:
        self.distinct = DistinctStrings(spools)
        self._values = spools.new("I")
        self._documents = spools.new("I")
        self._fresh: list[str] = []

    def add(self, document: int, values: set[str]) -> None:
        """Add the values of a document."""
        self._fresh.extend(values)
        self._documents.extend(array("I", [document]) * len(values))
        if len(self._fresh) >= _VALUES:
            self._settle()

    def _settle(self) -> None:
        """Number the fresh values."""
        self._values.extend(self.distinct.numbers(self._fresh))
        self._fresh.clear()

    def lists(self, name: str) -> Iterator[PostingLists]:
        """Yield the lists of the field `name`, some at a time, in ascending order of values."""
        self._settle()
        text, borders = self.distinct.text()
        beginning, bytes_of = term_key(name, ""), text.data
        starts, ends = borders[:-1], borders[1:]
        ascending, _ = alphabetical(text, starts, ends)
        rank = np.empty(len(ascending), dtype=np.uint32)
        rank[ascending] = np.arange(len(ascending), dtype=np.uint32)
        of_value = rank[self._values.values()]
        lengths = np.bincount(of_value, minlength=len(rank))
        pairs = of_value.astype(np.uint64) << np.uint64(32) | self._documents.values()
        pairs.sort()
        documents = pairs.astype(np.uint32)
        last = lengths.cumsum()
        del rank, of_value, pairs
        for first in range(0, len(ascending), _VALUES):
            some = slice(first, first + _VALUES)
            places = zip(
                starts[ascending[some]].tolist(), ends[ascending[some]].tolist(), strict=True
            )
            those = documents[last[first] - lengths[first] : last[some][-1]]
            yield PostingLists(
                keys=[beginning + bytes_of[start:end] for start, end in places],
                before=np.zeros_like(lengths[some]),
                lengths=lengths[some],
                occurrences=np.zeros_like(lengths[some]),
                documents=those,
                frequencies=np.ones_like(those),
                positions=np.empty(0, dtype=np.uint32),
            )
