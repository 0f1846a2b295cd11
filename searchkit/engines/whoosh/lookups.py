"""Leaves of queries, looked up in all segments of a snapshot, and what they score.

What a word scores in a document depends on nothing but the word and the commit. So the words asked
for lately are kept with their scores, and only laid beside the candidates of later queries.
"""

import math
import weakref
from typing import NamedTuple

import numpy as np

from searchkit.engines.whoosh.candidates import SPARSE, Candidates
from searchkit.engines.whoosh.occurrences import Occurrences
from searchkit.engines.whoosh.snapshot import Mask, Scores, Snapshot
from searchkit.forking import lock_held_at_fork
from searchkit.query import InFields, Leaf, Term

# Documents of all words kept, each 12 bytes with its score, and what a word takes up besides.
_MOST_KEPT, _LEAST_KEPT = 2**22, 128


class _Whole(NamedTuple):
    """The scores of all documents of a segment that hold a leaf, and whether none of them is 0."""

    scores: Scores
    positive: bool


class Lookup:
    """A leaf in all segments of a snapshot, by number of the segment in `occurrences`.

    `having` is the number of documents that hold it, deleted ones included, `idf` its inverse
    document frequency over the whole index.
    """

    def __init__(self, snapshot: Snapshot, leaf: Leaf) -> None:
        self._ranking = snapshot.ranking
        numbers = range(len(snapshot.segments))
        self.occurrences = [Occurrences(snapshot, number, leaf) for number in numbers]
        self.having = sum(len(found.documents) for found in self.occurrences)
        self.idf = math.log(1 + (snapshot.size - self.having + 0.5) / (self.having + 0.5))
        self._whole: list[_Whole | None] = [None] * len(self.occurrences)
        self._asked = 0

    def results(self, number: int, candidates: Candidates) -> tuple[Mask, Scores]:
        """Return by candidate of a segment whether the leaf matches, and its score: 0 if not.

        The first is `candidates.everyone` itself where all are known to match.
        """
        documents = self.occurrences[number].documents
        whole = self._whole[number]
        if whole is None:
            self._asked += 1
            if len(candidates) * SPARSE < len(documents) and self._asked <= len(self._whole):
                scores = self._score(number, candidates)
                return scores > 0, scores
            # Asked for again, it will be once more.
            whole = self._whole[number] = self._score_whole(number)
        scores = candidates.laid_out(documents, whole.scores)
        if whole.positive and candidates.are_within(documents):
            return candidates.everyone, scores
        return scores > 0, scores

    def _score_whole(self, number: int) -> _Whole:
        found = self.occurrences[number]
        scores = self._score(number, Candidates(found.segment, found.documents))
        # They may be given out as they are, and be kept.
        scores.flags.writeable = False
        return _Whole(scores, bool((scores > 0).all()))

    def _score(self, number: int, candidates: Candidates) -> Scores:
        found = self.occurrences[number]
        k1 = np.float32(self._ranking.k1)
        frequency = found.frequency(candidates)
        score = frequency * np.float32(self.idf * (self._ranking.k1 + 1)) / (frequency + k1)
        if self._ranking.exact:
            exact = found.exact(candidates)
            if exact is not None:
                score += exact * np.float32(self._ranking.exact * self.idf) / (exact + k1)
        return score


class Lookups:
    """The leaves looked up in a snapshot, which holds this; words asked for lately are kept."""

    def __init__(self, snapshot: Snapshot) -> None:
        # Not held: its mapped files are let go of when nobody needs it any more, and not only
        # when cycles are looked for.
        self._snapshot = weakref.proxy(snapshot)
        self._keeping = lock_held_at_fork()
        self._kept: dict[Leaf, Lookup] = {}
        self._size = 0

    def of(self, leaf: Leaf) -> Lookup:
        """Return a leaf looked up."""
        known = self._kept.get(leaf)
        if known is not None:
            return known
        lookup = Lookup(self._snapshot, leaf)
        if isinstance(leaf, Term) or (isinstance(leaf, InFields) and isinstance(leaf.leaf, Term)):
            with self._keeping:
                self._keep(leaf, lookup)
        return lookup

    def _keep(self, leaf: Leaf, lookup: Lookup) -> None:
        if leaf in self._kept:  # another thread was faster
            return
        self._kept[leaf] = lookup
        self._size += lookup.having + _LEAST_KEPT
        while self._size > _MOST_KEPT:
            oldest = self._kept.pop(next(iter(self._kept)))
            self._size -= oldest.having + _LEAST_KEPT
