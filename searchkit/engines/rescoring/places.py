"""Where words and phrases stand in the candidates.

A place is one number: the run (candidate and field), shifted by POSITION_BITS, and the position in
it. So all fields of all candidates are computed with at once.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from searchkit.engines.following import loose, tight
from searchkit.engines.rescoring.records import Array
from searchkit.engines.rescoring.statistics import Candidate
from searchkit.engines.rescoring.words import Met, Words
from searchkit.query import Phrase, Synonym, Term

POSITION_BITS = 32

_NOWHERE = np.empty(0, dtype=np.int64)


class Spans(NamedTuple):
    """Occurrences: the places of their first and last words, each ascending, and their weights.

    Weights are those of the synonyms by which they occur, in the order of the first words.
    """

    starts: Array
    ends: Array
    weights: Array


class Tokens:
    """The tokens of the candidates, of which `words` can be looked up.

    `fields` are the text fields of the index. A run has the number of its candidate times how many
    these are, plus that of its field; `lengths` are by run.
    """

    def __init__(
        self, candidates: Sequence[Candidate], words: Iterable[Term], fields: Sequence[str]
    ) -> None:
        """Read the records; IndexDamaged, naming the document, if one is not sound."""
        asked = list(words)
        texts = dict.fromkeys(_bytes(text) for word in asked for text in (word.term, word.form))
        read = Words(candidates, fields)
        self.lengths = read.lengths
        self._ends = np.cumsum(self.lengths)
        self._shifts = np.arange(len(self.lengths)) << POSITION_BITS
        self._shifts -= self._ends - self.lengths
        by_term, by_form = read.met(texts)
        self._by_term = dict(zip(texts, self._places(read, by_term, len(texts)), strict=True))
        self._by_form = dict(zip(texts, self._places(read, by_form, len(texts)), strict=True))

    def _places(self, read: Words, met: Met, texts: int) -> list[Array]:
        """Return the places of each text."""
        text_of_word = np.full(len(read), -1, dtype=np.int32)
        text_of_word[met.words] = met.texts
        text_of_token = text_of_word[read.numbers]
        hits = np.flatnonzero(text_of_token >= 0)
        runs = np.searchsorted(self._ends, hits, side="right")
        places, found = hits + self._shifts[runs], text_of_token[hits]
        return [places[found == number] for number in range(texts)]

    def places(self, word: Term, *, exact: bool) -> Array:
        """Return where words of the stem stand, or with `exact` where the very form stands."""
        if exact:
            return self._by_form[_bytes(word.form)]
        return self._by_term[_bytes(word.term)]

    def spans(self, members: Iterable[Synonym]) -> Spans:
        """Return where any of `members` occurs: once for each by which it does."""
        starts, ends, weights = [_NOWHERE], [_NOWHERE], [np.empty(0)]
        for member in members:
            match member.node:
                case Term() as word:
                    first = last = self.places(word, exact=word.exact)
                case Phrase(words, slop, exact):
                    places = [self.places(word, exact=exact) for word in words]
                    first, last = loose(places, slop) if slop else tight(places)
            if len(first):
                starts.append(first)
                ends.append(last)
                weights.append(np.full(len(first), member.weight))
        if len(starts) == 2:
            return Spans(starts[1], ends[1], weights[1])
        joined = np.concatenate(starts)
        order = np.argsort(joined, kind="stable")
        return Spans(joined[order], np.sort(np.concatenate(ends)), np.concatenate(weights)[order])


def _bytes(word: str) -> bytes:
    return word.encode("utf-8", "replace")
