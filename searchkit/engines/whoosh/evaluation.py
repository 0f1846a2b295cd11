"""Evaluates a query tree over a snapshot: which documents match, with what score.

A word's frequencies in the fields of a document are weighted and normalised by length, summed, and
then saturated once: BM25F, see `searchkit.engines.base.Ranking`. A phrase is a word whose
occurrences are found by intersecting positions.
"""

import math
from functools import reduce

import numpy as np

from searchkit.engines.base import TEXT_FIELDS
from searchkit.engines.whoosh.postings import PostingList
from searchkit.engines.whoosh.snapshot import Mask, Scores, SegmentView, Snapshot
from searchkit.engines.whoosh.tables import Array
from searchkit.engines.whoosh.writer import EXACT
from searchkit.query import (
    AllOf,
    AnyOf,
    Everything,
    Leaf,
    Node,
    Nothing,
    Phrase,
    Synonyms,
    Term,
    leaves,
)

_POSITION_BITS = 32


class Evaluation:
    """The scores of one query over all segments of a snapshot.

    Inverse document frequencies are over the whole index, so all leaves are looked up in all
    segments before any segment is scored.
    """

    def __init__(self, snapshot: Snapshot, node: Node) -> None:
        self._snapshot = snapshot
        self._node = node
        self._ranking = snapshot.ranking
        self._leaves = list(dict.fromkeys(leaves(node)))
        self._frequencies = [
            {leaf: self._leaf_frequency(segment, leaf) for leaf in self._leaves}
            for segment in snapshot.segments
        ]
        self._idf = {leaf: self._inverse_document_frequency(leaf) for leaf in self._leaves}

    def segment(self, number: int) -> tuple[Mask, Scores]:
        """Return (which documents match, their scores) for a segment of the snapshot."""
        segment = self._snapshot.segments[number]
        scores = {leaf: self._leaf_score(number, leaf) for leaf in self._leaves}
        return self._evaluate(segment, self._node, scores)

    def _evaluate(
        self, segment: SegmentView, node: Node, scores: dict[Leaf, Scores]
    ) -> tuple[Mask, Scores]:
        match node:
            case Everything():
                return np.ones(segment.size, bool), np.zeros(segment.size, np.float32)
            case Nothing():
                return np.zeros(segment.size, bool), np.zeros(segment.size, np.float32)
            case Term() | Phrase() | Synonyms():
                return scores[node] > 0, scores[node]
        results = [self._evaluate(segment, child, scores) for child in node.children]
        total = reduce(np.add, (score for _, score in results))
        if isinstance(node, AllOf):
            return reduce(np.logical_and, (mask for mask, _ in results)), total
        matching = reduce(np.add, (mask.astype(np.uint16) for mask, _ in results))
        return matching >= node.minimum, self._covered(node, results)

    def _covered(self, node: AnyOf, results: list[tuple[Mask, Scores]]) -> Scores:
        """Sum the scores, times the share of the query's weight that a document covers."""
        weights = [sum(self._idf[leaf] for leaf in leaves(child)) for child in node.children]
        total = reduce(np.add, (score for _, score in results))
        covered = reduce(
            np.add,
            (mask * np.float32(w) for (mask, _), w in zip(results, weights, strict=True)),
        )
        product: Scores = total * covered / max(sum(weights), 1e-9)
        return product

    def _leaf_score(self, number: int, leaf: Leaf) -> Scores:
        k1, idf = self._ranking.k1, self._idf[leaf]
        frequency = self._frequencies[number][leaf]
        score = frequency * np.float32(idf * (k1 + 1)) / (frequency + np.float32(k1))
        typed = leaf.members[0].node if isinstance(leaf, Synonyms) else leaf
        if isinstance(typed, Term) and self._ranking.exact:
            segment = self._snapshot.segments[number]
            exact = self._weighted(segment, EXACT + typed.form)
            score += exact * np.float32(self._ranking.exact * idf) / (exact + np.float32(k1))
        return score.astype(np.float32)

    def _inverse_document_frequency(self, leaf: Leaf) -> float:
        having = sum(int(np.count_nonzero(by_leaf[leaf])) for by_leaf in self._frequencies)
        return math.log(1 + (self._snapshot.size - having + 0.5) / (having + 0.5))

    def _leaf_frequency(self, segment: SegmentView, leaf: Leaf) -> Scores:
        if isinstance(leaf, Term):
            return self._weighted(segment, leaf.term)
        if isinstance(leaf, Synonyms):
            counted: Scores = reduce(
                np.add,
                (
                    self._leaf_frequency(segment, member.node) * np.float32(member.weight)
                    for member in leaf.members
                ),
            )
            return counted
        total = np.zeros(segment.size, dtype=np.float32)
        for field in TEXT_FIELDS:
            lists = [segment.postings(field, term.term) for term in leaf.terms]
            found = [postings for postings in lists if postings is not None]
            if len(found) == len(lists):
                documents, frequencies = phrase_postings(found)
                self._add(segment, field, total, documents, frequencies)
        return total

    def _weighted(self, segment: SegmentView, term: str) -> Scores:
        """Return the weighted, length-normalised frequency of `term` over all fields."""
        total = np.zeros(segment.size, dtype=np.float32)
        for field in TEXT_FIELDS:
            if (postings := segment.postings(field, term)) is not None:
                self._add(segment, field, total, postings.documents, postings.frequencies)
        return total

    def _add(
        self,
        segment: SegmentView,
        field: str,
        total: Scores,
        documents: Array,
        frequencies: Array,
    ) -> None:
        norm = self._snapshot.norm(segment, field)[documents]
        total[documents] += np.float32(self._ranking.weights[field]) * frequencies / norm


def phrase_postings(lists: list[PostingList]) -> tuple[Array, Array]:
    """Return (documents, frequencies) of where the terms of `lists` follow one another."""
    documents = reduce(np.intersect1d, (postings.documents for postings in lists))
    starts: Array | None = None
    for distance, postings in enumerate(lists):
        places = np.repeat(postings.documents, postings.frequencies)
        inside = np.isin(places, documents, assume_unique=False)
        keys = places[inside].astype(np.int64) << _POSITION_BITS
        keys += postings.positions[inside].astype(np.int64) - distance
        starts = keys if starts is None else np.intersect1d(starts, keys, assume_unique=True)
    assert starts is not None, "a phrase has at least one term"
    found, counts = np.unique(starts >> _POSITION_BITS, return_counts=True)
    return found, counts
