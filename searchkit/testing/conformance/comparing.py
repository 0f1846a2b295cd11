"""Compares what an engine has found with what the reference engine has."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest

from searchkit.engines.base import Engine, IndexedDocument, Match, Matches
from searchkit.testing.reference import ORDERS, Shown

NEAR = 1e-5
"""Scores that differ less, in relation to themselves, may be in either order."""


def assert_agrees(
    engine: Engine, found: Matches, expected: Matches, documents: Iterable[IndexedDocument]
) -> None:
    """Compare all matches by relevance: which they are, their order, copies, facets and weights.

    The order is that of the reference's scores, but where they are near; where the engine itself
    gives two the same score, they are by date, then by id. Where more match than the engine
    rescores, which they are and how many of each facet is all that is compared.
    """
    assert found.total == expected.total == len(found.matches)
    scores = {match.id: match.score for match in expected.matches}
    ids = [match.id for match in found.matches]
    assert sorted(ids) == sorted(scores)
    assert found.facets == expected.facets
    rescored = engine.capabilities.rescored
    if rescored is not None and found.total > rescored:
        return
    assert {m.id: m.score for m in found.matches} == pytest.approx(scores, rel=1e-4)
    for above, below in pairwise(ids):
        assert scores[above] >= scores[below] * (1 - NEAR), (above, below)
    copies = {match.id: match.copies for match in expected.matches}
    assert {match.id: match.copies for match in found.matches} == copies
    assert_ties_broken(found.matches, {each.id: each for each in documents})
    weights = {leaf: found.weights[leaf] for leaf in expected.weights}
    assert weights == pytest.approx(dict(expected.weights), rel=1e-4)


def assert_ties_broken(matches: Iterable[Match], documents: Mapping[str, IndexedDocument]) -> None:
    """Check that matches of the same score are by date, newer first, then by id."""
    by_relevance = ORDERS["relevance"]
    for above, below in pairwise(matches):
        if above.score == below.score:
            pair = [Shown(documents[each.id], each.score) for each in (above, below)]
            assert by_relevance(pair[0]) < by_relevance(pair[1]), (above.id, below.id)
