"""Evaluates a query tree over a snapshot: which documents match, with what score.

A word's frequencies in the fields of a document are weighted and normalised by length, summed, and
then saturated once: BM25F, see `searchkit.engines.base.Ranking`. Phrases and synonyms are computed
as words are. Scores are computed for the documents only that can match.
"""

import math
from functools import reduce

import numpy as np

from searchkit.engines.whoosh.occurrences import Candidates, Occurrences, intersection, union
from searchkit.engines.whoosh.snapshot import Mask, Scores, SegmentView, Snapshot
from searchkit.engines.whoosh.tables import Array
from searchkit.query import AllOf, AnyOf, Everything, Leaf, Node, Nothing, leaves

# A share that is met exactly must not be missed for a rounded sum.
_ROUNDING = 1e-4


class Evaluation:
    """The scores of one query over all segments of a snapshot.

    Inverse document frequencies are over the whole index, so all leaves are looked up in all
    segments before any segment is scored.
    """

    def __init__(self, snapshot: Snapshot, node: Node) -> None:
        self.snapshot = snapshot
        self.ranking = snapshot.ranking
        self.leaves = list(dict.fromkeys(leaves(node)))
        self.node = node
        self._occurrences = [
            {leaf: Occurrences(segment, leaf) for leaf in self.leaves}
            for segment in snapshot.segments
        ]
        self.having = {leaf: self._documents_having(leaf) for leaf in self.leaves}
        self.idf = {leaf: self._inverse_document_frequency(leaf) for leaf in self.leaves}

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
            case AllOf(children):
                return intersection(
                    segment, [self._possible(number, segment, child) for child in children]
                )
            case AnyOf():
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
            case Everything():
                return np.ones(len(candidates), bool), np.zeros(len(candidates), np.float32)
            case Nothing():
                return np.zeros(len(candidates), bool), np.zeros(len(candidates), np.float32)
            case AllOf() | AnyOf():
                return self._combine(number, candidates, node)
        frequency = self._occurrences[number][node].frequency(candidates)
        return frequency > 0, self._leaf_score(number, candidates, node, frequency)

    def _combine(
        self, number: int, candidates: Candidates, node: AllOf | AnyOf
    ) -> tuple[Mask, Scores]:
        results = [self._evaluate(number, candidates, child) for child in node.children]
        masks = [mask for mask, _ in results]
        total = reduce(np.add, (score for _, score in results))
        if isinstance(node, AllOf):
            return reduce(np.logical_and, masks), total
        matching = reduce(np.add, (mask.astype(np.uint16) for mask in masks))
        share = self.share(node, masks)
        enough = (matching >= node.minimum) & (share >= np.float32(node.share - _ROUNDING))
        product: Scores = total * share ** np.float32(self.ranking.coverage)
        return enough, product

    def _weights(self, node: AnyOf) -> list[float]:
        return [sum(self.idf[leaf] for leaf in leaves(child)) for child in node.children]

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
