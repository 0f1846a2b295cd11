"""Numbers under the marks of strings, in a few bytes each: for the many ids of a long run.

A mark is 64 bits, by a hash whose key is chosen anew for every process: nobody can make two ids
that share one, and by chance two of a million do once in thirty million runs.
"""

import hashlib
import os
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

_KEY = os.urandom(16)


def mark_of(text: str) -> int:
    """Return the mark of a text, below 2**64."""
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8, key=_KEY).digest(), "little")


class Marks:
    """A map from marks to numbers (below 2**63): eight bytes an entry, and those of its number.

    A few tables, ascending, each much longer than the next, which two are made into one for.
    """

    def __init__(self) -> None:
        self._tables: list[tuple[Array, Array]] = []

    def __bool__(self) -> bool:
        return bool(self._tables)

    def update(self, marks: Array, numbers: Array) -> None:
        """Put numbers under different marks, in place of those that were there."""
        while self._tables and len(self._tables[-1][0]) <= 2 * len(marks):
            older, their_numbers = self._tables.pop()
            kept = ~np.isin(older, marks)
            marks = np.concatenate((older[kept], marks))
            numbers = np.concatenate((their_numbers[kept], numbers))
        if len(marks):
            order = np.argsort(marks, kind="stable")
            self._tables.append((marks[order], numbers[order]))

    def find(self, marks: Array) -> Array:
        """Return the numbers under marks, -1 where there is none."""
        found = np.full(len(marks), -1, dtype=np.int64)
        for known, numbers in self._tables:
            places = np.minimum(np.searchsorted(known, marks), len(known) - 1)
            there = known[places] == marks
            found[there] = numbers[places[there]]
        return found

    def get(self, mark: int) -> int | None:
        """Return the number under a mark; None if there is none."""
        for known, numbers in reversed(self._tables):
            place = int(known.searchsorted(np.uint64(mark)))
            if place < len(known) and int(known[place]) == mark:
                return int(numbers[place])
        return None
