"""Which words of a list a pattern means, computed over all of them at once, in linear time.

What a pattern means is told by `searchkit.query.patterns`.
"""

from collections.abc import Sequence

import numpy as np

from searchkit.engines.whoosh.postings import counted_up, starts_of
from searchkit.engines.whoosh.tables import Array
from searchkit.query.patterns import distances, runs


class Words:
    """Words, as one array of code points; `starts` and `ends` are offsets into it, by word."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        data = "".join(words).encode("utf-32-le", "surrogatepass")
        self._text: Array = np.frombuffer(data, dtype="<u4")
        self._lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        self._starts = np.cumsum(self._lengths) - self._lengths

    def fitting(self, pattern: str) -> Array:
        """Return the indexes, ascending, of words that fit: `*` is any run, `?` any character."""
        first, *others = runs(pattern)
        shortest = len(first) + sum(map(len, others))
        rows = np.flatnonzero(self._lengths >= shortest if others else self._lengths == shortest)
        rows = rows[_stands(first, self._text, self._starts[rows])]
        if not others:
            return rows
        *middle, last = others
        ends = self._starts[rows] + self._lengths[rows] - len(last)
        rows = rows[_stands(last, self._text, ends)]
        if not middle or not len(rows):
            return rows
        text, starts, lengths = self._only(rows)
        at, ends = starts + len(first), starts + lengths - len(last)
        for run in middle:
            met = _everywhere(run, text)
            if not len(met):
                return rows[:0]
            places = np.searchsorted(met, at)
            at = met[np.minimum(places, len(met) - 1)] + len(run)
            fits = (places < len(met)) & (at <= ends)
            rows, at, ends = rows[fits], at[fits], ends[fits]
        return rows

    def near(self, word: str, edits: int) -> tuple[Array, Array]:
        """Return (indexes, distances) of the words at most `edits` edits away, ascending."""
        rows = np.flatnonzero(np.abs(self._lengths - len(word)) <= edits)
        far = distances(word, [self.words[row] for row in rows.tolist()], edits)
        near = np.flatnonzero(far <= edits)
        return rows[near], far[near].astype(np.int64)

    def _only(self, rows: Array) -> tuple[Array, Array, Array]:
        """Return (text, starts, lengths) of some of the words; the whole text if most are there."""
        lengths, starts = self._lengths[rows], self._starts[rows]
        total = int(lengths.sum())
        if total * 4 > len(self._text):
            return self._text, starts, lengths
        return self._text[counted_up(starts, lengths)], starts_of(lengths), lengths


def _stands(run: str, text: Array, places: Array) -> Array:
    """Return whether `run` stands at each place, all of which have room for it."""
    fits = np.ones(len(places), dtype=bool)
    for offset, char in enumerate(run):
        if char != "?":
            fits &= text[places + offset] == ord(char)
    return fits


def _everywhere(run: str, text: Array) -> Array:
    """Return all places of `text` where `run` stands, ascending."""
    room = len(text) - len(run) + 1
    told = [(offset, char) for offset, char in enumerate(run) if char != "?"]
    if not told or room < 1:
        return np.arange(max(room, 0))
    (offset, char), *others = told
    places = np.flatnonzero(text[offset : offset + room] == ord(char))
    for offset, char in others:
        places = places[text[places + offset] == ord(char)]
    return places
