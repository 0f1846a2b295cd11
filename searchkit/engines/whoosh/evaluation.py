"""Evaluates a query tree over a snapshot: which documents match, with what score.

A word's frequencies in the fields of a document are weighted and normalised by length, summed, and
then saturated once: BM25F, see `searchkit.engines.ranking.Ranking`. Phrases and synonyms are
computed as words are. Scores are computed for the documents only that can match.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from searchkit.cached import cached_property
from searchkit.engines.whoosh.candidates import Candidates, Found, intersection, union
from searchkit.engines.whoosh.lookups import Lookup
from searchkit.engines.whoosh.segment import UNDATED
from searchkit.engines.whoosh.snapshot import Mask, Scores, SegmentView, Snapshot
from searchkit.engines.whoosh.tables import Array
from searchkit.query import (
    HIGHEST_BOOST,
    HIGHEST_FACTOR,
    AllOf,
    AnyOf,
    Boosted,
    Condition,
    DateRange,
    Everything,
    HasValue,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    NumberRange,
    Unscored,
    Without,
    boosts,
    leaves,
    walk,
)

# A share that is met exactly must not be missed for a rounded sum.
_ROUNDING = 1e-4
_HIGHEST = np.float32(HIGHEST_BOOST)


class Evaluation:
    """The scores of one query over all segments of a snapshot.

    Inverse document frequencies are over the whole index, so all leaves are looked up in all
    segments before any segment is scored; those that are excluded or score nothing, too.
    """

    def __init__(self, snapshot: Snapshot, node: Node) -> None:
        self.snapshot = snapshot
        self.ranking = snapshot.ranking
        self.node = node
        # By identity, as hashing a leaf takes longer than much of what is done with it.
        self._by_node: dict[int, Lookup] = {}
        self._lookups: dict[Leaf, Lookup] = {}
        self._repeated: set[Lookup] = set()
        for each in walk(node):
            if isinstance(each, Leaf):
                count = len(self._lookups)
                lookup = self._lookups.setdefault(each, snapshot.lookups.of(each))
                if len(self._lookups) == count:
                    self._repeated.add(lookup)
                self._by_node[id(each)] = lookup
        self._weights_by_node: dict[int, list[float]] = {}

    @cached_property
    def boosts(self) -> dict[Leaf, float]:
        """What each leaf that is not excluded is multiplied by, the highest factor of several."""
        return boosts(self.node)

    @cached_property
    def leaves(self) -> list[Leaf]:
        """The leaves that score, in order."""
        return [leaf for leaf, boost in self.boosts.items() if boost]

    @property
    def idf(self) -> dict[Leaf, float]:
        """The inverse document frequency of each leaf."""
        return {leaf: lookup.idf for leaf, lookup in self._lookups.items()}

    def lookup(self, leaf: Leaf) -> Lookup:
        """Return a leaf of the query, that very object, looked up."""
        return self._by_node[id(leaf)]

    def worth(self, leaf: Leaf) -> float:
        """Return what a leaf counts in a closer look: its idf, boosted."""
        return self._by_node[id(leaf)].idf * self.boosts[leaf]

    def candidates(self, number: int, passing: Mask | None) -> Candidates:
        """Return the documents of a segment that may match and are `passing`, None for all."""
        segment = self.snapshot.segments[number]
        found = self._possible(number, segment, self.node)
        return Candidates(segment, found if passing is None else found.only(passing))

    def _possible(self, number: int, segment: SegmentView, node: Node) -> Found:
        # Leaves first, then what is around them, for so are most nodes.
        if (lookup := self._by_node.get(id(node))) is not None:
            return lookup.occurrences[number].found
        match node:
            case Without() | Boosted():
                return self._possible(number, segment, node.node)
            case AllOf():
                lists = [self._possible(number, segment, each).documents for each in node.children]
                return intersection(segment, lists)
            case AnyOf():
                if node.minimum <= 0 and node.share <= _ROUNDING:
                    return Found(np.arange(segment.size))
                telling = self._telling(node)
                lists = [self._possible(number, segment, child).documents for child in telling]
                return union(lists, segment.size)
            case KeywordFilter(field, value):
                postings = segment.postings(field, value)
                return Found(np.empty(0, np.int64) if postings is None else postings.documents)
            case HasValue() | DateRange() | NumberRange():
                return Found(_chosen(segment, node, slice(None)).nonzero()[0])
            case Everything():
                return Found(np.arange(segment.size))
            case Nothing():
                return Found(np.empty(0, dtype=np.int64))
        raise AssertionError("unreachable: what is left are leaves")

    def evaluate(self, number: int, candidates: Candidates, node: Node) -> tuple[Mask, Scores]:
        """Return by candidate of a segment: (whether it matches a node of the query, its score).

        Both may be read-only.
        """
        if (lookup := self._by_node.get(id(node))) is not None:
            return self._of_leaf(number, candidates, lookup)
        match node:
            case AllOf() | AnyOf():
                return self._combine(number, candidates, node)
            case Without(inner, excluded):
                mask, scores = self.evaluate(number, candidates, inner)
                return mask & ~self.evaluate(number, candidates, excluded)[0], scores
            case Boosted():
                mask, scores = self.evaluate(number, candidates, node.node)
                boosted: Scores = scores * min(node.factor, HIGHEST_FACTOR)
                if id(node.node) not in self._by_node:  # of a leaf alone it is not that high
                    np.minimum(boosted, _HIGHEST, out=boosted)
                return mask, boosted
            case _ if isinstance(node, Unscored):
                mask = self._meets(number, candidates, node)
                return mask, np.zeros(len(candidates), np.float32)
        raise AssertionError("unreachable: what is left are leaves")

    def _of_leaf(self, number: int, candidates: Candidates, lookup: Lookup) -> tuple[Mask, Scores]:
        if lookup not in self._repeated:
            return lookup.results(number, candidates)
        if lookup not in candidates.results:
            candidates.results[lookup] = lookup.results(number, candidates)
        return candidates.results[lookup]

    def _meets(
        self,
        number: int,
        candidates: Candidates,
        node: Everything | Nothing | Condition,
    ) -> Mask:
        segment = self.snapshot.segments[number]
        match node:
            case KeywordFilter(field, value):
                return segment.holding(field, value)[candidates.documents]
            case HasValue() | DateRange() | NumberRange():
                return _chosen(segment, node, candidates.documents)
        return np.full(len(candidates), isinstance(node, Everything))

    def _combine(
        self, number: int, candidates: Candidates, node: AllOf | AnyOf
    ) -> tuple[Mask, Scores]:
        results = [self.evaluate(number, candidates, child) for child in node.children]
        masks = [mask for mask, _ in results]
        if isinstance(node, AllOf):
            telling = [mask for mask in masks if mask is not candidates.everyone]
            mask = reduce(np.logical_and, telling) if telling else candidates.everyone
            return mask, reduce(np.add, (score for _, score in results))
        # A child that does not match counts for nothing, whatever words of it are there.
        total: Scores = reduce(np.add, (score * mask for mask, score in results))
        if node.minimum == 1:
            enough: Mask = reduce(np.logical_or, masks)
        else:
            enough = reduce(np.add, (mask.astype(np.uint16) for mask in masks)) >= node.minimum
        if node.share or self.ranking.coverage:
            share = self.share(node, masks)
            enough = enough & (share >= np.float32(node.share - _ROUNDING))
            total *= share ** np.float32(self.ranking.coverage)
        return enough, total

    def _weights(self, node: AnyOf) -> list[float]:
        """Return the weight of each child; what only chooses documents has none."""
        if id(node) not in self._weights_by_node:
            self._weights_by_node[id(node)] = [
                sum(self._by_node[id(leaf)].idf for leaf in leaves(child))
                for child in node.children
            ]
        return self._weights_by_node[id(node)]

    def _telling(self, node: AnyOf) -> Sequence[Node]:
        """Return the children of which every match has one: the others weigh too little alone."""
        if node.share <= _ROUNDING:
            return node.children
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


def _chosen(
    segment: SegmentView, node: HasValue | DateRange | NumberRange, documents: Array | slice
) -> Mask:
    """Return which of some documents a condition chooses."""
    if isinstance(node, HasValue):
        return segment.having(node.fields)[documents]
    numbers, low, high = _range(segment, node)
    return _within(numbers[documents], low, high)


def _range(
    segment: SegmentView, node: DateRange | NumberRange
) -> tuple[Array, int | None, int | None]:
    """Return the numbers by document that a range is of, and its ends, both included."""
    if isinstance(node, NumberRange):
        return segment.numbers(node.field), node.low, node.high
    return segment.moments, node.start, None if node.end is None else node.end - 1


def _within(numbers: Array, low: int | None, high: int | None) -> Mask:
    mask: Mask = numbers != UNDATED
    if low is not None:
        mask &= numbers >= low
    if high is not None:
        mask &= numbers <= high
    return mask
