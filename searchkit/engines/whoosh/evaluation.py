"""Evaluates a query tree over a snapshot: which documents match, with what score.

A word's frequencies in the fields of a document are weighted and normalised by length, summed, and
then saturated once: BM25F, see `searchkit.engines.base.Ranking`. Phrases and synonyms are computed
as words are. Scores are computed for the documents only that can match.
"""

import math
from collections import Counter
from collections.abc import Iterator
from functools import reduce

import numpy as np

from searchkit.engines.whoosh.candidates import Candidates, intersection, union
from searchkit.engines.whoosh.occurrences import Occurrences
from searchkit.engines.whoosh.segment import UNDATED
from searchkit.engines.whoosh.snapshot import Mask, Scores, SegmentView, Snapshot
from searchkit.engines.whoosh.tables import Array
from searchkit.query import (
    AllOf,
    AnyOf,
    Boosted,
    DateRange,
    Everything,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    Without,
    leaves,
    walk,
)

# A share that is met exactly must not be missed for a rounded sum.
_ROUNDING = 1e-4
# Boosts within boosts must not pass what a score can hold, with room for sums.
_HIGHEST, _HIGHEST_BOOST = 1e30, 1e6


class Evaluation:
    """The scores of one query over all segments of a snapshot.

    Inverse document frequencies are over the whole index, so all leaves are looked up in all
    segments before any segment is scored. `leaves` are those that score, in order; `boosts` what
    each is multiplied by, the highest factor of several; `having` and `idf` also know those that
    are excluded or score nothing.
    """

    def __init__(self, snapshot: Snapshot, node: Node) -> None:
        self.snapshot = snapshot
        self.ranking = snapshot.ranking
        self.node = node
        self.boosts: dict[Leaf, float] = {}
        for leaf, boost in _boosted_leaves(node, 1.0):
            self.boosts[leaf] = max(boost, self.boosts.get(leaf, 0.0))
        self.leaves = [leaf for leaf, boost in self.boosts.items() if boost]
        met = Counter(each for each in walk(node) if isinstance(each, Leaf))
        self._repeated = {leaf for leaf, times in met.items() if times > 1}
        self._occurrences = [
            {leaf: Occurrences(snapshot, number, leaf) for leaf in met}
            for number in range(len(snapshot.segments))
        ]
        self.having = {leaf: self._documents_having(leaf) for leaf in met}
        self.idf = {leaf: self._inverse_document_frequency(leaf) for leaf in met}
        self._weights_by_node: dict[int, list[float]] = {}

    def worth(self, leaf: Leaf) -> float:
        """Return what a leaf counts in a closer look: its idf, boosted."""
        return self.idf[leaf] * self.boosts[leaf]

    def _documents_having(self, leaf: Leaf) -> int:
        return sum(len(by_leaf[leaf].documents) for by_leaf in self._occurrences)

    def _inverse_document_frequency(self, leaf: Leaf) -> float:
        having = self.having[leaf]
        return math.log(1 + (self.snapshot.size - having + 0.5) / (having + 0.5))

    def occurrences(self, number: int, leaf: Leaf) -> Occurrences:
        """Return where a leaf of the query occurs in a segment of the snapshot."""
        return self._occurrences[number][leaf]

    def candidates(self, number: int, passing: Mask) -> Candidates:
        """Return the documents of a segment that may match and are `passing`."""
        segment = self.snapshot.segments[number]
        documents = self._possible(number, segment, self.node)
        return Candidates(segment, documents[passing[documents]])

    def _possible(self, number: int, segment: SegmentView, node: Node) -> Array:
        match node:
            case Everything():
                return np.arange(segment.size)
            case Nothing():
                return np.empty(0, dtype=np.int64)
            case KeywordFilter(field, value):
                found = segment.postings(field, value)
                return np.empty(0, dtype=np.int64) if found is None else found.documents
            case DateRange():
                return np.flatnonzero(_dated(segment.moments, node))
            case Without(inner, _) | Boosted(inner, _):
                return self._possible(number, segment, inner)
            case AllOf(children):
                return intersection(
                    segment, [self._possible(number, segment, child) for child in children]
                )
            case AnyOf():
                if node.minimum <= 0 and node.share <= _ROUNDING:
                    return np.arange(segment.size)
                telling = [self._possible(number, segment, c) for c in self._telling(node)]
                return union(telling, segment.size)
        return self._occurrences[number][node].documents

    def scores(self, number: int, candidates: Candidates) -> tuple[Mask, Scores]:
        """Return by candidate of a segment: (whether it matches, its score)."""
        return self._evaluate(number, candidates, self.node)

    def matching(self, number: int, candidates: Candidates, node: Node) -> Mask:
        """Return which candidates of a segment match a node of the query."""
        return self._evaluate(number, candidates, node)[0]

    def _evaluate(self, number: int, candidates: Candidates, node: Node) -> tuple[Mask, Scores]:
        match node:
            case Everything() | Nothing() | KeywordFilter() | DateRange():
                mask = self._meets(number, candidates, node)
                return mask, np.zeros(len(candidates), np.float32)
            case AllOf() | AnyOf():
                return self._combine(number, candidates, node)
            case Without(inner, excluded):
                mask, scores = self._evaluate(number, candidates, inner)
                return mask & ~self._evaluate(number, candidates, excluded)[0], scores
            case Boosted(inner, factor):
                mask, scores = self._evaluate(number, candidates, inner)
                boosted = scores * np.float32(min(factor, _HIGHEST_BOOST))
                return mask, np.minimum(boosted, np.float32(_HIGHEST))
        if node not in candidates.results:
            frequency = self._occurrences[number][node].frequency(candidates)
            found = frequency > 0, self._leaf_score(number, candidates, node, frequency)
            if node not in self._repeated:
                return found
            candidates.results[node] = found
        return candidates.results[node]

    def _meets(
        self,
        number: int,
        candidates: Candidates,
        node: Everything | Nothing | KeywordFilter | DateRange,
    ) -> Mask:
        segment = self.snapshot.segments[number]
        match node:
            case KeywordFilter(field, value):
                return segment.holding(field, value)[candidates.documents]
            case DateRange():
                return _dated(segment.moments[candidates.documents], node)
        return np.full(len(candidates), isinstance(node, Everything))

    def _combine(
        self, number: int, candidates: Candidates, node: AllOf | AnyOf
    ) -> tuple[Mask, Scores]:
        results = [self._evaluate(number, candidates, child) for child in node.children]
        masks = [mask for mask, _ in results]
        if isinstance(node, AllOf):
            return reduce(np.logical_and, masks), reduce(np.add, (score for _, score in results))
        # A child that does not match counts for nothing, whatever words of it are there.
        total = reduce(np.add, (score * mask for mask, score in results))
        matching = reduce(np.add, (mask.astype(np.uint16) for mask in masks))
        share = self.share(node, masks)
        enough = (matching >= node.minimum) & (share >= np.float32(node.share - _ROUNDING))
        product: Scores = total * share ** np.float32(self.ranking.coverage)
        return enough, product

    def _weights(self, node: AnyOf) -> list[float]:
        """Return the weight of each child; what only chooses documents has none."""
        if id(node) not in self._weights_by_node:
            self._weights_by_node[id(node)] = [
                sum(self.idf[leaf] for leaf in leaves(child)) for child in node.children
            ]
        return self._weights_by_node[id(node)]

    def _telling(self, node: AnyOf) -> list[Node]:
        """Return the children of which every match has one: the others weigh too little alone."""
        weights = self._weights(node)
        room = (node.share - _ROUNDING) * sum(weights)
        telling = list(zip(weights, range(len(weights)), strict=True))
        for weight, _ in sorted(telling)[: len(telling) - 1]:
            room -= weight
            if room <= 0:
                break
            telling.remove(min(telling))
        return [node.children[index] for _, index in telling]

    def share(self, node: AnyOf, masks: list[Mask]) -> Scores:
        """Return the share of the query's weight, by idf, that each candidate has."""
        weights = self._weights(node)
        covered = reduce(
            np.add, (mask * np.float32(weight) for mask, weight in zip(masks, weights, strict=True))
        )
        share: Scores = covered / np.float32(max(sum(weights), 1e-9))
        return share

    def _leaf_score(
        self, number: int, candidates: Candidates, leaf: Leaf, frequency: Scores
    ) -> Scores:
        k1, idf = np.float32(self.ranking.k1), self.idf[leaf]
        score = frequency * np.float32(idf * (self.ranking.k1 + 1)) / (frequency + k1)
        if self.ranking.exact:
            exact = self._occurrences[number][leaf].exact(candidates)
            if exact is not None:
                score += exact * np.float32(self.ranking.exact * idf) / (exact + k1)
        return score


def _boosted_leaves(node: Node, boost: float) -> Iterator[tuple[Leaf, float]]:
    """Yield the leaves that are not excluded, each with the product of its boosts."""
    match node:
        case Everything() | Nothing() | KeywordFilter() | DateRange():
            return
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _boosted_leaves(child, boost)
        case Without(inner, _):
            yield from _boosted_leaves(inner, boost)
        case Boosted(inner, factor):
            yield from _boosted_leaves(inner, min(boost * factor, _HIGHEST))
        case _:
            yield node, boost


def _dated(moments: Array, node: DateRange) -> Mask:
    dated: Mask = moments != UNDATED
    if node.start is not None:
        dated &= moments >= node.start
    if node.end is not None:
        dated &= moments < node.end
    return dated
