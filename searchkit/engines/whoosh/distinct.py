"""Strings by numbers: the words and values of a segment that is being built, in little memory."""

from collections.abc import Sequence

import numpy as np

from searchkit.engines.marks import Marks
from searchkit.engines.whoosh.sorting import PADDING
from searchkit.engines.whoosh.spools import Spools
from searchkit.engines.whoosh.tables import TEXT, Array


class DistinctStrings:
    """Numbers different strings from 0 as they are met, those of one call in any order.

    The strings go to a spool; in memory are their hashes, of twelve bytes each with its number: a
    dictionary of as many takes ten times the room.
    """

    def __init__(self, spools: Spools) -> None:
        self._text = spools.new("B")
        self._sizes = spools.new("I")
        self._numbers = Marks()

    def __len__(self) -> int:
        return len(self._sizes)

    def numbers(self, strings: Sequence[str]) -> Array:
        """Return the numbers of `strings`, which those that are new are given: many at a time."""
        hashes = np.fromiter(map(hash, strings), np.int64, len(strings)).view(np.uint64)
        marks, first, same = np.unique(hashes, return_index=True, return_inverse=True)
        numbers = self._numbers.find(marks)
        new = np.flatnonzero(numbers < 0)
        numbers[new] = np.arange(len(new)) + len(self)
        numbers = numbers.astype(np.uint32)
        texts = [strings[place].encode(*TEXT) for place in first[new].tolist()]
        self._text.extend(b"".join(texts))
        self._sizes.extend(np.fromiter(map(len, texts), np.uint32, len(texts)))
        self._numbers.update(marks[new], numbers[new])
        return numbers[same]

    def text(self) -> tuple[Array, Array]:
        """Return the bytes of all, by number one after another, and where each begins and ends.

        PADDING bytes follow the last one. No more can be numbered.
        """
        self._text.extend(bytes(PADDING))
        self._numbers = Marks()  # what is made of the strings takes as much room
        text = self._text.values()
        ends = np.zeros(len(self) + 1, dtype=np.min_scalar_type(len(text)))
        np.cumsum(self._sizes.values(), out=ends[1:])
        return text, ends
