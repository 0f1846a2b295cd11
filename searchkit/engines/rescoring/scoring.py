"""The scores of candidates, as docs/ranking.md has the formulas.

Each step is computed for all candidates at once: BM25F over the fields, the share of the query that
is there, the closer look, recency, and articles above items.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from searchkit.engines.base import ARTICLE
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.rescoring.places import POSITION_BITS, Spans, Tokens
from searchkit.engines.rescoring.records import Array
from searchkit.engines.rescoring.statistics import Candidate, Statistics, needed_leaves, within
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
    Phrase,
    Synonym,
    Term,
    Unscored,
    Without,
    boosts,
    is_number,
    leaves,
)

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Scores = np.ndarray[Any, np.dtype[np.float64]]

DAY = 24 * 60 * 60

# A share that is met exactly must not be missed for a rounded sum.
_ROUNDING = 1e-4


class Scored(NamedTuple):
    """By candidate: whether it matches, and its final score (meaningless where it does not)."""

    matches: Mask
    scores: np.ndarray[Any, np.dtype[np.float32]]


def score(
    candidates: Sequence[Candidate],
    node: Node,
    statistics: Statistics,
    ranking: Ranking,
    recency: Recency | None = None,
) -> Scored:
    """Return which of `candidates` match, and their scores; `recency` stands for the ranking's.

    Those of the highest scores, `ranking.reranked` of them, are looked at closely. Raises
    IndexDamaged when a forward record is not sound.
    """
    scoring = Scoring(candidates, node, statistics, ranking)
    matches, relevance = scoring.evaluate(node)
    factors = scoring.recency_factors(recency or ranking.recency)
    final = scoring.on_one_scale(relevance * factors)
    closely = np.flatnonzero(matches)
    if len(closely) > ranking.reranked:
        moments = scoring.moments[closely]
        best = np.lexsort((closely, -moments, -final[closely].astype(np.float32)))
        closely = closely[best[: ranking.reranked]]
    if scoring.leaves and len(closely):
        bonus = np.zeros(len(candidates))
        bonus[closely] = scoring.bonus()[closely]
        final = scoring.on_one_scale((relevance + bonus) * factors)
    return Scored(matches, final.astype(np.float32))


def holding(
    candidates: Sequence[Candidate],
    words: Term | Phrase,
    asked: Sequence[str] = TEXT_FIELDS,
    fields: Sequence[str] = TEXT_FIELDS,
) -> Mask:
    """Return which candidates have a word or phrase in one of the fields `asked`.

    `fields` are all text fields of the index. Raises as `score` does.
    """
    tokens = Tokens(candidates, [words] if isinstance(words, Term) else words.terms, fields)
    held = np.zeros((len(candidates), len(fields)), dtype=bool)
    held.ravel()[tokens.spans([Synonym(words, "typed")]).starts >> POSITION_BITS] = True
    return np.asarray(held[:, [fields.index(field) for field in asked]].any(axis=1))


class Scoring:
    """What the score of each candidate is made of.

    `leaves` are those that score, in order; `boosts` what each is multiplied by, the highest factor
    of several; `fields` the text fields of the index.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        node: Node,
        statistics: Statistics,
        ranking: Ranking,
    ) -> None:
        self.candidates = candidates
        self.statistics = statistics
        self.ranking = ranking
        self.fields = statistics.fields
        self.boosts = boosts(node)
        self.leaves = [leaf for leaf, boost in self.boosts.items() if boost]
        asked = needed_leaves(node)
        self.idf = {leaf: statistics.idf(leaf) for leaf in asked}
        self.tokens = Tokens(
            candidates, (word for leaf in asked for word in _words(statistics, leaf)), self.fields
        )
        self.moments = np.array([_moment(each) for each in candidates], dtype=np.float64)
        self.worth = self._worth()
        self._spans: dict[Leaf, Spans] = {}
        self._results: dict[Leaf, tuple[Mask, Scores]] = {}

    def _worth(self) -> Array:
        """Return by run what an occurrence counts: the weight of its field over the norm."""
        ranking, averages = self.ranking, self.statistics.averages
        weights = np.array([ranking.weights[field] for field in self.fields])
        b = np.array([ranking.b.get(field, ranking.default_b) for field in self.fields])
        usual = np.array([max(averages.get(field, 0.0), 1.0) for field in self.fields])
        lengths = self.tokens.lengths.reshape(len(self.candidates), len(self.fields))
        norms = 1 - b + b * lengths / usual
        worth: Array = (weights / norms).ravel()
        return worth

    # What matches, and what it is worth

    def evaluate(self, node: Node) -> tuple[Mask, Scores]:
        """Return by candidate (whether it matches `node`, its score before the closer look)."""
        match node:
            case _ if isinstance(node, Unscored):
                return self._meeting(node), np.zeros(len(self.candidates))
            case AllOf(children):
                results = [self.evaluate(child) for child in children]
                matching = reduce(np.logical_and, (mask for mask, _ in results))
                return matching, reduce(np.add, (found for _, found in results))
            case AnyOf():
                return self._any(node)
            case Without(inner, excluded):
                mask, scores = self.evaluate(inner)
                return mask & ~self.evaluate(excluded)[0], scores
            case Boosted(inner, factor):
                mask, scores = self.evaluate(inner)
                return mask, np.minimum(scores * min(factor, HIGHEST_FACTOR), HIGHEST_BOOST)
        if node not in self._results:
            frequency = self.frequency(node)
            self._results[node] = frequency > 0, self._leaf_score(node, frequency)
        return self._results[node]

    def _meeting(self, node: Everything | Nothing | Condition) -> Mask:
        match node:
            case KeywordFilter(field, value):
                found = [value in each.keywords.get(field, ()) for each in self.candidates]
                return np.array(found, dtype=bool)
            case HasValue(fields):
                asked = [field in fields for field in self.fields]
                lengths = self.tokens.lengths.reshape(len(self.candidates), len(self.fields))
                valued = [any(map(each.keywords.get, fields)) for each in self.candidates]
                return lengths[:, asked].any(axis=1) | np.array(valued, dtype=bool)
            case DateRange(start, end):
                mask: Mask = np.isfinite(self.moments)
                if start is not None:
                    mask &= self.moments >= start
                if end is not None:
                    mask &= self.moments < end
                return mask
            case NumberRange(field, low, high):
                numbers = (each.numbers.get(field) for each in self.candidates)
                return np.array([_lies(number, low, high) for number in numbers], dtype=bool)
        return np.full(len(self.candidates), isinstance(node, Everything))

    def _any(self, node: AnyOf) -> tuple[Mask, Scores]:
        results = [self.evaluate(child) for child in node.children]
        masks = [mask for mask, _ in results]
        # A child that does not match counts for nothing, whatever words of it are there.
        total = reduce(np.add, (found * mask for mask, found in results))
        matching = reduce(np.add, (mask.astype(np.int64) for mask in masks))
        share = self.share(node, masks)
        enough = (matching >= node.minimum) & (share >= node.share - _ROUNDING)
        product: Scores = total * share**self.ranking.coverage
        return enough, product

    def share(self, node: AnyOf, masks: Sequence[Mask]) -> Scores:
        """Return the share of the weight of `node`, by idf, that each candidate has."""
        weights = [sum(self.idf[leaf] for leaf in leaves(child)) for child in node.children]
        covered = reduce(
            np.add, (mask * weight for mask, weight in zip(masks, weights, strict=True))
        )
        share: Scores = np.minimum(covered / max(sum(weights), 1e-9), 1.0)
        return share

    def frequency(self, leaf: Leaf) -> Scores:
        """Return by candidate the frequency of a leaf: weighted, normalised, over all fields."""
        spans = self.spans(leaf)
        return self._by_candidate(spans.starts, spans.weights)

    def exact(self, leaf: Leaf) -> Scores | None:
        """Return the same for the typed form alone; None where all or none has that form."""
        typed = self.statistics.members(leaf)[0].node if self.statistics.members(leaf) else None
        if not isinstance(typed, Term) or typed.exact:
            return None
        places = self.tokens.places(typed, exact=True)
        places = places[self._in_fields(leaf, places)]
        return self._by_candidate(places, np.ones(len(places)))

    def spans(self, leaf: Leaf) -> Spans:
        """Return where a leaf occurs in the fields that it is looked for in."""
        if leaf not in self._spans:
            spans = self.tokens.spans(self.statistics.members(leaf))
            if within(leaf, self.fields)[1] != self.fields:
                here = self._in_fields(leaf, spans.starts)
                ends = spans.ends[self._in_fields(leaf, spans.ends)]
                spans = Spans(spans.starts[here], ends, spans.weights[here])
            self._spans[leaf] = spans
        return self._spans[leaf]

    def _in_fields(self, leaf: Leaf, places: Array) -> Mask:
        asked = within(leaf, self.fields)[1]
        allowed = np.array([field in asked for field in self.fields], dtype=bool)
        mask: Mask = allowed[(places >> POSITION_BITS) % len(self.fields)]
        return mask

    def _by_candidate(self, places: Array, counts: Array) -> Scores:
        """Return the sums by candidate of what occurs at `places`, each worth what its run is."""
        runs = places >> POSITION_BITS
        weights = counts * self.worth[runs]
        sums: Array = np.bincount(runs // len(self.fields), weights, minlength=len(self.candidates))
        return sums

    def _leaf_score(self, leaf: Leaf, frequency: Scores) -> Scores:
        k1, idf = self.ranking.k1, self.idf[leaf]
        found = idf * (k1 + 1) * frequency / (frequency + k1)
        if self.ranking.exact:
            exact = self.exact(leaf)
            if exact is not None:
                found += self.ranking.exact * idf * exact / (exact + k1)
        return found

    # The closer look

    def bonus(self) -> Scores:
        """Return by candidate what the closer look adds."""
        total = self.headline()
        for found in (*self.lead().values(), *self.proximity().values()):
            total += found
        return total

    def leaf_worth(self, leaf: Leaf) -> float:
        """Return what a leaf counts in the closer look: its idf, boosted."""
        return self.idf[leaf] * self.boosts[leaf]

    def pair_worth(self, pair: int) -> float:
        """Return what a pair of neighbours counts: what the lesser one does, more of a number."""
        both = self.leaves[pair : pair + 2]
        worth = min(map(self.leaf_worth, both))
        return worth * self.ranking.numbers if any(map(is_number, both)) else worth

    def lead(self) -> dict[Leaf, Scores]:
        """Return by leaf and candidate the bonus of standing in the headline or early in a body."""
        if not self.ranking.lead:
            return {}
        headline, body = map(self._number, ("headline", "body"))
        fields, found = len(self.fields), {}
        for leaf in self.leaves:
            starts = self.spans(leaf).starts
            runs = starts >> POSITION_BITS
            early = np.zeros(len(self.candidates))
            early[runs[runs % fields == headline] // fields] = 1.0
            places = starts[runs % fields == body]
            depths = places & (2**POSITION_BITS - 1)
            rows = places >> POSITION_BITS
            np.maximum.at(early, rows // fields, np.exp2(-depths / self.ranking.lead_half))
            found[leaf] = early * (self.ranking.lead * self.leaf_worth(leaf))
        return found

    def proximity(self) -> dict[int, Scores]:
        """Return by pair of neighbouring leaves (index of the first) what their nearness adds."""
        k1, found = self.ranking.k1, {}
        if not self.ranking.proximity:
            return {}
        for pair, (first, second) in enumerate(pairwise(self.leaves)):
            near, gains = _nearness(self.spans(first), self.spans(second), self.ranking.window)
            frequency = self._by_candidate(near, gains)
            most = self.ranking.proximity * self.pair_worth(pair) * (k1 + 1)
            found[pair] = most * frequency / (frequency + k1)
        return found

    def headline(self) -> Scores:
        """Return by candidate the bonus of a headline that has all leaves, of two or more."""
        held = np.zeros(len(self.candidates), dtype=bool)
        worth = self.ranking.headline * sum(map(self.leaf_worth, self.leaves))
        if len(self.leaves) > 1 and worth:
            whole = np.ones((len(self.candidates), len(self.fields)), dtype=bool)
            for leaf in self.leaves:
                there = np.zeros(whole.size, dtype=bool)
                there[self.spans(leaf).starts >> POSITION_BITS] = True
                whole &= there.reshape(whole.shape)
            for field in self.ranking.titles:
                if field in self.fields:
                    held |= whole[:, self._number(field)]
        return held * worth

    def _number(self, field: str) -> int:
        """Return the number of a text field, -1 if the index has no such field."""
        return self.fields.index(field) if field in self.fields else -1

    # From a score to the final one

    def recency_factors(self, recency: Recency) -> Scores:
        """Return by candidate what scores are multiplied by; see `searchkit.engines.ranking`."""
        now = self.statistics.newest if recency.now is None else recency.now
        factors = np.ones(len(self.candidates))
        if recency.strength and now is not None:
            dated = np.isfinite(self.moments)
            ages = np.maximum(now - self.moments[dated], 0) / DAY
            factors[dated] += recency.strength * np.exp2(-ages / recency.half_life)
        return factors

    def on_one_scale(self, scores: Scores) -> Scores:
        """Put articles at 1 and above and items below 1, each in the order of their scores."""
        articles = np.array([each.kind == ARTICLE for each in self.candidates], dtype=bool)
        return np.where(articles, 1 + scores, scores / (1 + scores))


def _lies(number: int | None, low: int | None, high: int | None) -> bool:
    """Return whether there is a number, and it is neither below nor above."""
    if number is None:
        return False
    return (low is None or number >= low) and (high is None or number <= high)


def _moment(candidate: Candidate) -> float:
    return -np.inf if candidate.moment is None else candidate.moment


def _words(statistics: Statistics, leaf: Leaf) -> Iterator[Term]:
    """Yield the words to look up of a leaf."""
    for member in statistics.members(leaf):
        match member.node:
            case Term() as word:
                yield word
            case Phrase(words):
                yield from words


def _nearness(first: Spans, second: Spans, window: int) -> tuple[Array, Array]:
    """Return (places of `second` that have a `first` near, how near it is).

    A place counts 1 when its words follow one another, else the inverse of their squared distance.
    """
    if not len(first.starts) or not len(second.starts):
        return second.starts[:0], np.empty(0)
    starts, ends = second.starts, second.ends
    before = np.searchsorted(first.ends, starts) - 1
    after = np.searchsorted(first.starts, ends, side="right")
    ahead = starts - first.ends[np.maximum(before, 0)]
    ahead[before < 0] = window + 1
    behind = first.starts[np.minimum(after, len(first.starts) - 1)] - ends
    behind[after == len(first.starts)] = window + 1
    # A pair in the order of the query is at its best next to each other; the other way round it
    # counts as if a word stood between.
    distance = np.minimum(ahead, behind + 1)
    near = np.flatnonzero(distance <= window)
    return starts[near], 1.0 / distance[near].astype(np.float64) ** 2
