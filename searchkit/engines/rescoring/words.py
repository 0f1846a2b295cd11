"""The forward records of several candidates as one: which words are where."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from searchkit.engines.rescoring.records import (
    MISCOUNTED,
    MISNUMBERED,
    SEPARATOR,
    Array,
    Forward,
    taken_apart,
)
from searchkit.engines.rescoring.statistics import Candidate
from searchkit.errors import REBUILD, IndexDamaged

# To look for a text takes the time of reading all once; to take all apart that of thirty such.
_FEW = 30


class Met(NamedTuple):
    """Words that were looked for: numbers of texts, and numbers of the words that are so."""

    texts: Array
    words: Array


class Words:
    """The words of the records, numbered over all candidates.

    `numbers` are those of the words of all tokens, by candidate, field and position; `lengths` the
    numbers of tokens by candidate and field.
    """

    def __init__(self, candidates: Sequence[Candidate], fields: Sequence[str]) -> None:
        """Read the records; IndexDamaged, naming the document, if one is not sound."""
        records = [_taken_apart(candidate, fields) for candidate in candidates]
        self.lengths = np.array([each.lengths for each in records], dtype=np.int64).ravel()
        self._counts = np.array([each.words for each in records], dtype=np.int64)
        self._spelled = np.array([each.spelled for each in records], dtype=np.int64)
        self._text = b"".join(each.text for each in records) + SEPARATOR
        # Where each word begins: the terms of a record, then its forms.
        self._pieces = np.flatnonzero(np.frombuffer(self._text, np.uint8) == SEPARATOR[0])
        pieces = self._counts + self._spelled
        self._ends = np.cumsum(pieces)
        starts = np.cumsum([len(each.text) for each in records])
        found = np.diff(np.searchsorted(self._pieces, starts), prepend=0)
        _check(candidates, found != pieces, MISCOUNTED)
        sizes = [len(each.numbers) for each in records]
        numbers = np.concatenate([np.empty(0, np.uint16), *(each.numbers for each in records)])
        wrong = numbers >= np.repeat(self._counts, sizes)
        if wrong.any():
            rows = np.repeat(np.arange(len(records)), sizes)
            _check(candidates, np.bincount(rows[wrong], minlength=len(records)) > 0, MISNUMBERED)
        self.numbers = numbers + np.repeat(self._ends - pieces, sizes)

    def __len__(self) -> int:
        """All numbers of words are below this."""
        return len(self._pieces)

    def met(self, texts: Collection[bytes]) -> tuple[Met, Met]:
        """Return which words have one of `texts` for a term, and which have one for a form."""
        few = len(texts) <= _FEW
        found, pieces = self._looked_for(texts) if few else self._picked(texts)
        rows = np.searchsorted(self._ends, pieces, side="right")
        counts = self._counts[rows]
        places = pieces - (self._ends[rows] - counts - self._spelled[rows])
        term = places < counts
        form = ~term | (places >= self._spelled[rows])
        words = np.where(term, pieces, pieces - counts)
        return Met(found[term], words[term]), Met(found[form], words[form])

    def _looked_for(self, texts: Collection[bytes]) -> tuple[Array, Array]:
        """Return (number of a text, number of a piece) of all pieces that are in `texts`."""
        found: list[int] = []
        offsets: list[int] = []
        for number, text in enumerate(texts):
            piece = SEPARATOR + text + SEPARATOR
            offset = self._text.find(piece)
            while offset >= 0:
                found.append(number)
                offsets.append(offset)
                offset = self._text.find(piece, offset + 1)
        pieces = np.searchsorted(self._pieces, np.array(offsets, dtype=np.int64))
        return np.array(found, dtype=np.int64), pieces

    def _picked(self, texts: Collection[bytes]) -> tuple[Array, Array]:
        """Return the same, by taking the text apart."""
        known = {text: number for number, text in enumerate(texts)}
        pieces = self._text.split(SEPARATOR)[1:-1]
        met = [(known[piece], n) for n, piece in enumerate(pieces) if piece in known]
        table = np.array(met, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]


def _taken_apart(candidate: Candidate, fields: Sequence[str]) -> Forward:
    try:
        return taken_apart(candidate.record, fields)
    except ValueError as error:
        raise _damaged(candidate, str(error)) from None


def _check(candidates: Sequence[Candidate], wrong: Array, reason: str) -> None:
    if wrong.any():
        raise _damaged(candidates[int(np.argmax(wrong))], reason)


def _damaged(candidate: Candidate, reason: str) -> IndexDamaged:
    return IndexDamaged(f"the record of document {candidate.id} is damaged ({reason}); {REBUILD}")
