"""The forward records of several candidates as one: which words are where."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from searchkit.engines.rescoring.records import (
    MISCOUNTED,
    MISNUMBERED,
    SEPARATOR,
    Array,
    Together,
    UnsoundRecord,
    check,
    taken_apart,
)
from searchkit.engines.rescoring.statistics import Candidate
from searchkit.errors import REBUILD, IndexDamaged

# Bytes by which a word is known among others, its end with it, before it is read whole.
_HEAD = 8
# To look for a text takes the time of comparing all heads; to take all apart that of sixty such.
_FEW = 60


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
        try:
            self._take_in(taken_apart([each.record for each in candidates], fields))
        except UnsoundRecord as error:
            name = candidates[error.row].id
            raise IndexDamaged(
                f"the record of document {name} is damaged ({error}); {REBUILD}"
            ) from None

    def _take_in(self, read: Together) -> None:
        """Number the words of records; UnsoundRecord if one has not the words that it says."""
        self.lengths = read.lengths.ravel()
        self._counts, self._spelled = read.words, read.spelled
        self._text = read.text + SEPARATOR + bytes(_HEAD)
        # Where each word begins: the terms of a record, then its forms.
        self._pieces = np.flatnonzero(np.frombuffer(self._text, np.uint8) == SEPARATOR[0])
        pieces = self._counts + self._spelled
        self._ends = np.cumsum(pieces)
        found = np.diff(np.searchsorted(self._pieces, read.ends), prepend=0)
        check(found != pieces, MISCOUNTED)
        check(_highest(read.numbers, read.counts) >= self._counts, MISNUMBERED)
        self.numbers = read.numbers + np.repeat(self._ends - pieces, read.counts)

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
        # At each byte a view begins of the eight from there on.
        size = len(self._text) - _HEAD + 1
        heads = np.ndarray((size,), "<u8", self._text, strides=(1,)).take(self._pieces[:-1] + 1)
        met = [self._being(text, heads) for text in texts]
        numbers = np.repeat(np.arange(len(met)), [len(pieces) for pieces in met])
        return numbers, np.concatenate([np.empty(0, np.int64), *met])

    def _picked(self, texts: Collection[bytes]) -> tuple[Array, Array]:
        """Return the same, by taking the text apart."""
        known = {text: number for number, text in enumerate(texts)}
        pieces = self._text.split(SEPARATOR)[1:-1]
        met = [(known[piece], n) for n, piece in enumerate(pieces) if piece in known]
        table = np.array(met, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def _being(self, text: bytes, heads: Array) -> Array:
        """Return the numbers of the pieces that are `text`; `heads` are what they begin with."""
        whole = text + SEPARATOR
        head = whole[:_HEAD]
        mask = np.uint64(2 ** (8 * len(head)) - 1)
        pieces = np.flatnonzero((heads & mask) == np.uint64(int.from_bytes(head, "little")))
        if len(whole) <= _HEAD:
            return pieces
        begun = (self._text.startswith(whole, start + 1) for start in self._pieces[pieces].tolist())
        same: Array = pieces[np.fromiter(begun, dtype=bool, count=len(pieces))]
        return same


def _highest(numbers: Array, counts: Array) -> Array:
    """Return the highest number of each record, -1 where it has none."""
    highest = np.full(len(counts), -1, dtype=np.int64)
    some = np.flatnonzero(counts)
    if len(some):
        starts = np.cumsum(counts)[some] - counts[some]
        highest[some] = np.maximum.reduceat(numbers, starts)
    return highest
