"""Which words of a list fit a pattern: computed over all of them at once, in linear time.

Nothing here backtracks, so that no pattern can be made that takes long: a piece of text between two
`*` is looked for once, from the left, and where it is first met is as good as any later place.
"""

from collections.abc import Sequence

import numpy as np

from searchkit.engines.whoosh.tables import Array


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
        first, *others = pattern.split("*")
        shortest = len(pattern) - len(others)
        rows = np.flatnonzero(self._lengths >= shortest if others else self._lengths == shortest)
        rows = rows[_stands(first, self._text, self._starts[rows])]
        if not others:
            return rows
        *middle, last = others
        ends = self._starts[rows] + self._lengths[rows] - len(last)
        rows = rows[_stands(last, self._text, ends)]
        pieces = [piece for piece in middle if piece]
        if not pieces or not len(rows):
            return rows
        text, starts, lengths = self._only(rows)
        at, ends = starts + len(first), starts + lengths - len(last)
        for piece in pieces:
            met = _everywhere(piece, text)
            if not len(met):
                return rows[:0]
            places = np.searchsorted(met, at)
            at = met[np.minimum(places, len(met) - 1)] + len(piece)
            fits = (places < len(met)) & (at <= ends)
            rows, at, ends = rows[fits], at[fits], ends[fits]
        return rows

    def near(self, word: str, edits: int) -> tuple[Array, Array]:
        """Return (indexes, distances) of the words that are at most `edits` edits away, ascending.

        The distance is that of optimal string alignment, in which two neighbours that change places
        are one edit and no part is edited twice.
        """
        # Imported late: few searches need it.
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        rows = np.flatnonzero(np.abs(self._lengths - len(word)) <= edits)
        distances = cdist(
            [word],
            [self.words[row] for row in rows.tolist()],
            scorer=OSA.distance,
            score_cutoff=edits,
            dtype=np.uint8,
        )[0]
        near = np.flatnonzero(distances <= edits)
        return rows[near], distances[near].astype(np.int64)

    def _only(self, rows: Array) -> tuple[Array, Array, Array]:
        """Return (text, starts, lengths) of some of the words; the whole text if most are there."""
        lengths, starts = self._lengths[rows], self._starts[rows]
        total = int(lengths.sum())
        if total * 4 > len(self._text):
            return self._text, starts, lengths
        here = np.cumsum(lengths) - lengths
        return self._text[np.arange(total) + np.repeat(starts - here, lengths)], here, lengths


def _stands(piece: str, text: Array, places: Array) -> Array:
    """Return whether `piece` stands at each place, all of which have room for it."""
    fits = np.ones(len(places), dtype=bool)
    for offset, char in enumerate(piece):
        if char != "?":
            fits &= text[places + offset] == ord(char)
    return fits


def _everywhere(piece: str, text: Array) -> Array:
    """Return all places of `text` where `piece` stands, ascending."""
    room = len(text) - len(piece) + 1
    told = [(offset, char) for offset, char in enumerate(piece) if char != "?"]
    if not told or room < 1:
        return np.arange(max(room, 0))
    (offset, char), *others = told
    places = np.flatnonzero(text[offset : offset + room] == ord(char))
    for offset, char in others:
        places = places[text[places + offset] == ord(char)]
    return places
