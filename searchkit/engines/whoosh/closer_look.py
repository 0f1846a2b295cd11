"""What a second, closer look at the best documents adds to their scores.

Three things that frequencies do not tell: whether neighbouring words of the query stand near each
other, how early in the body its words are met, and whether one headline has them all. All only add,
and the documents looked at do not depend on the page asked for, so that pages put together stay the
whole.
"""

from itertools import pairwise

import numpy as np

from searchkit.engines.whoosh.candidates import POSITION_BITS, Candidates
from searchkit.engines.whoosh.evaluation import Evaluation
from searchkit.engines.whoosh.postings import run_starts
from searchkit.engines.whoosh.snapshot import Scores
from searchkit.engines.whoosh.tables import Array
from searchkit.query import Leaf, is_number


def proximity(evaluation: Evaluation, number: int, candidates: Candidates) -> dict[int, Scores]:
    """Return by pair of neighbouring leaves (index of the first) what their nearness is worth.

    A pair counts, each time it occurs, 1 when its words follow one another, else the inverse of
    their squared distance, in either order; then as a word of the rarer one's kind would.
    """
    ranking = evaluation.ranking
    found: dict[int, Scores] = {}
    if not ranking.proximity or len(evaluation.leaves) < 2 or not len(candidates):
        return found
    k1 = np.float32(ranking.k1)
    segment = evaluation.snapshot.segments[number]
    leaves = [evaluation.lookup(leaf).occurrences[number] for leaf in evaluation.leaves]
    for field in segment.text_fields:
        for pair, (first, second) in enumerate(pairwise(leaves)):
            if first.is_in(field) and second.is_in(field):
                places = first.places(field, candidates), second.places(field, candidates)
                near = _nearness(*places, ranking.window, len(candidates))
                near *= segment.worth(field)[candidates.documents]
                found[pair] = found[pair] + near if pair in found else near
    for pair, frequency in found.items():
        most = ranking.proximity * pair_worth(evaluation, pair)
        found[pair] = frequency * np.float32(most * (ranking.k1 + 1)) / (frequency + k1)
    return found


def pair_worth(evaluation: Evaluation, pair: int) -> float:
    """Return what a pair of neighbouring leaves counts: what the lesser one does, more of a number.

    What a number says depends on the word beside it: pasal 340, 5 juta.
    """
    both = evaluation.leaves[pair : pair + 2]
    worth = min(map(evaluation.worth, both))
    return worth * evaluation.ranking.numbers if any(map(is_number, both)) else worth


def _nearness(
    first: tuple[Array, Array], second: tuple[Array, Array], window: int, count: int
) -> Scores:
    """Return by candidate the sum, over occurrences of `second`, of how near a `first` is."""
    (first_starts, first_ends), (starts, ends) = first, second
    if not len(first_starts) or not len(starts):
        return np.zeros(count, dtype=np.float32)
    before = np.searchsorted(first_ends, starts) - 1
    after = np.searchsorted(first_starts, ends, side="right")
    ahead = starts - first_ends[np.maximum(before, 0)]
    ahead[before < 0] = window + 1
    behind = first_starts[np.minimum(after, len(first_starts) - 1)] - ends
    behind[after == len(first_starts)] = window + 1
    # A pair in the order of the query is at its best next to each other; the other way round it
    # counts as if a word stood between.
    distance = np.minimum(ahead, behind + 1)
    near = np.flatnonzero(distance <= window)
    gains = 1.0 / distance[near].astype(np.float64) ** 2
    sums = np.bincount(starts[near] >> POSITION_BITS, weights=gains, minlength=count)
    return sums.astype(np.float32)


def headline(evaluation: Evaluation, number: int, candidates: Candidates) -> Scores:
    """Return by candidate the bonus of a headline that has all leaves of the query."""
    worth = evaluation.ranking.headline * sum(map(evaluation.worth, evaluation.leaves))
    held = np.zeros(len(candidates), dtype=bool)
    if not worth or len(evaluation.leaves) < 2:
        return held.astype(np.float32)
    for field in evaluation.ranking.titles:
        whole = np.ones(len(candidates), dtype=bool)
        for leaf in evaluation.leaves:
            whole &= evaluation.lookup(leaf).occurrences[number].holding(field, candidates)
            if not whole.any():
                break
        held |= whole
    return held * np.float32(worth)


def lead(evaluation: Evaluation, number: int, candidates: Candidates) -> dict[Leaf, Scores]:
    """Return by leaf and candidate the bonus of standing in the headline or early in the body.

    News says first what it is about: a word counts by where in the body it is first met, half as
    much every `lead_half` words; in the headline it counts in full.
    """
    ranking = evaluation.ranking
    found: dict[Leaf, Scores] = {}
    if not ranking.lead or not len(candidates):
        return found
    for leaf in evaluation.leaves:
        occurrences = evaluation.lookup(leaf).occurrences[number]
        earliness = occurrences.holding("headline", candidates).astype(np.float32)
        if occurrences.is_in("body"):
            places, _ = occurrences.places("body", candidates)
            holding = places >> POSITION_BITS
            first = run_starts(holding)
            rows, depth = holding[first], places[first] & (2**POSITION_BITS - 1)
            early = np.exp2(-depth / ranking.lead_half).astype(np.float32)
            earliness[rows] = np.maximum(earliness[rows], early)
        found[leaf] = earliness * np.float32(ranking.lead * evaluation.worth(leaf))
    return found
