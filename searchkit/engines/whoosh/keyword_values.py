"""The values of a keyword field and the documents that have them, and their posting lists."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice

import numpy as np

from searchkit.engines.marks import Marks
from searchkit.engines.whoosh.postings import PostingLists, term_key
from searchkit.engines.whoosh.tables import TEXT, Array

_VALUES = 2**13
"""Values that are numbered at a time, and whose lists are made at a time."""

_HEAD = 16
"""Bytes by which values are ordered as two numbers."""


@dataclass(slots=True)
class KeywordValues:
    """A keyword field: pairs of a value, numbered, and a document; the last ones are `fresh`.

    The different values stand one after another in `text`, up to `ends`; `numbers` knows them by
    their hashes, as there are many and a dictionary of strings takes four times the room.
    """

    text: bytearray = field(default_factory=bytearray)
    ends: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    numbers: Marks = field(default_factory=Marks)
    values: "array[int]" = field(default_factory=lambda: array("I"))
    documents: "array[int]" = field(default_factory=lambda: array("I"))
    fresh: list[str] = field(default_factory=list)

    def add(self, document: int, values: set[str]) -> int:
        """Add the values of a document; return how many new ones have been numbered now."""
        self.fresh.extend(values)
        self.documents.extend([document] * len(values))
        return self._settle() if len(self.fresh) >= _VALUES else 0

    def _settle(self) -> int:
        """Number the fresh values; return how many of them are new."""
        hashes = np.fromiter(map(hash, self.fresh), np.int64, len(self.fresh)).view(np.uint64)
        marks, first, same = np.unique(hashes, return_index=True, return_inverse=True)
        numbers = self.numbers.find(marks)
        new = np.flatnonzero(numbers < 0)
        numbers[new] = np.arange(len(new)) + len(self.ends) - 1
        texts = [self.fresh[place].encode(*TEXT) for place in first[new].tolist()]
        self.text += b"".join(texts)
        self.ends.extend(islice(accumulate(map(len, texts), initial=self.ends[-1]), 1, None))
        self.numbers.update(marks[new], numbers[new])
        self.values.frombytes(numbers[same].astype(np.uint32).tobytes())
        self.fresh.clear()
        return len(new)

    def lists(self, name: str) -> Iterator[PostingLists]:
        """Yield the lists of the field `name`, some at a time, in ascending order of values."""
        self._settle()
        self.text += bytes(_HEAD)  # so that there are as many bytes from any place on
        text, beginning = bytes(self.text), term_key(name, "")
        self.text.clear()
        borders = np.array(self.ends, dtype=np.int64)
        starts, ends = borders[:-1], borders[1:]
        ascending = _alphabetical(text, starts, ends)
        rank = np.empty(len(ascending), dtype=np.uint32)
        rank[ascending] = np.arange(len(ascending), dtype=np.uint32)
        of_value = rank[np.frombuffer(self.values, dtype=np.uint32)]
        lengths = np.bincount(of_value, minlength=len(rank))
        order = np.argsort(of_value, kind="stable")
        documents = np.frombuffer(self.documents, dtype=np.uint32)[order]
        last = lengths.cumsum()
        del rank, of_value, order
        for first in range(0, len(ascending), _VALUES):
            some = slice(first, first + _VALUES)
            places = zip(
                starts[ascending[some]].tolist(), ends[ascending[some]].tolist(), strict=True
            )
            those = documents[last[first] - lengths[first] : last[some][-1]]
            yield PostingLists(
                keys=[beginning + text[start:end] for start, end in places],
                before=np.zeros_like(lengths[some]),
                lengths=lengths[some],
                occurrences=np.zeros_like(lengths[some]),
                documents=those,
                frequencies=np.ones_like(those),
                positions=np.empty(0, dtype=np.uint32),
            )


def _alphabetical(text: bytes, starts: Array, ends: Array) -> Array:
    """Return the order of strings of bytes, which stand in `text` from `starts` to `ends`.

    Behind the last one there must be sixteen more bytes. They are sorted by their first sixteen as
    two numbers, and those that have the same ones by what follows: as long as most differ early, no
    string is made of any.
    """
    # The eight bytes from any place on, as a number: those behind a string are shifted out.
    numbers = np.ndarray(len(text) - 7, ">u8", text, strides=(1,))
    heads = np.zeros((2, len(starts)), dtype=np.uint64)
    for head, first in zip(heads, (0, 8), strict=True):
        there = np.flatnonzero(ends - starts > first)
        beyond = np.maximum(8 - (ends - starts)[there] + first, 0).astype(np.uint64) * np.uint64(8)
        head[there] = numbers[starts[there] + first] >> beyond << beyond
    order = np.lexsort((heads[1], heads[0]))
    heads = heads[:, order]
    differ = (heads[:, 1:] != heads[:, :-1]).any(axis=0)
    borders = np.flatnonzero(np.concatenate(([True], differ, [True])))
    alike = np.flatnonzero(np.diff(borders) > 1)
    for first, end in zip(borders[alike].tolist(), borders[alike + 1].tolist(), strict=True):
        some = order[first:end].tolist()
        order[first:end] = sorted(some, key=lambda n: text[starts[n] : ends[n]])
    return order
