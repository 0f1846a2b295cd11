import itertools
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit import EvaluationError, ExtraMissing
from searchkit.evaluation import MEASURES, Comparison, Evaluation, compare, mean_interval
from searchkit.evaluation.significance import randomization_test


def evaluation(name: str, scores: list[float], prefix: str = "q") -> Evaluation:
    """An evaluation with the same scores for every measure."""
    return Evaluation(
        name=name,
        run={f"{prefix}{number}": [] for number in range(len(scores))},
        scores=dict.fromkeys(MEASURES, np.array(scores)),
    )


def first(system: list[float], baseline: list[float]) -> Comparison:
    return compare(evaluation("new", system), evaluation("old", baseline))[0]


def test_exact_p_of_few_differences() -> None:
    # Of the 16 ways to set four signs, two are as extreme as all of one sign: 2/16.
    assert randomization_test(np.array([0.1, 0.2, 0.3, 0.4])) == pytest.approx(2 / 16)
    assert randomization_test(np.array([-0.1, -0.2, -0.3, -0.4, 0, 0])) == pytest.approx(2 / 16)
    assert randomization_test(np.array([0.5, 0, 0])) == 1
    assert randomization_test(np.zeros(7)) == 1


# Whole numbers: sums are compared exactly, in whatever order they are added up.
@given(st.lists(st.integers(-5, 5).filter(bool), min_size=2, max_size=8))
def test_exact_p_is_that_of_all_signs(differences: list[int]) -> None:
    sums = [
        sum(sign * d for sign, d in zip(signs, differences, strict=True))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    total = sum(differences)
    above = sum(s >= total for s in sums) / len(sums)
    below = sum(s <= total for s in sums) / len(sums)
    found = randomization_test(np.array(differences, dtype=float))
    assert found == pytest.approx(min(1.0, 2 * min(above, below)))


def test_a_clear_difference_and_none() -> None:
    chance = np.random.default_rng(7)
    base = chance.random(400) * 0.5
    noise = chance.normal(0, 0.1, 400)
    better = first((base + 0.1 + noise).tolist(), base.tolist())
    assert better.p_randomization < 0.001
    assert better.p_t_test is not None
    assert better.p_t_test < 0.001
    assert better.low < better.difference < better.high
    assert better.low > 0
    assert better.wins + better.ties + better.losses == 400
    same = first((base + noise - noise.mean()).tolist(), base.tolist())
    assert same.p_randomization > 0.9
    assert same.low < 0 < same.high


def test_tests_agree_as_smucker_found() -> None:
    differences = np.random.default_rng(3).normal(0.02, 0.2, 300)
    found = first(differences.tolist(), [0.0] * 300)
    assert found.p_t_test == pytest.approx(found.p_randomization, abs=0.02)
    half = 1.96 * differences.std(ddof=1) / np.sqrt(300)
    assert found.high - found.low == pytest.approx(2 * half, rel=0.1)


def test_wins_and_losses_are_those_of_the_system() -> None:
    found = first([1, 0.5, 0, 0], [0, 0.5, 1, 1])
    assert (found.system, found.baseline) == ("new", "old")
    assert (found.wins, found.ties, found.losses) == (1, 1, 2)
    assert found.difference == pytest.approx(-0.25)
    other = first([0, 0.5, 1, 1], [1, 0.5, 0, 0])
    assert other.difference == -found.difference
    assert other.p_randomization == found.p_randomization


def test_differences_that_do_not_vary() -> None:
    found = first([0.5, 0.5], [0.5, 0.5])
    assert (found.low, found.high, found.p_randomization, found.p_t_test) == (0, 0, 1, None)
    assert first([1.0], [0.0]).p_t_test is None
    assert mean_interval(np.array([0.3])) == (0.3, 0.3)


def test_the_seed_decides() -> None:
    values = np.random.default_rng(1).random(50)
    assert mean_interval(values, 1) == mean_interval(values, 1)
    assert mean_interval(values, 1) != mean_interval(values, 2)


def test_every_measure_is_compared() -> None:
    found = compare(evaluation("a", [1, 0, 1]), evaluation("b", [0, 0, 1]))
    assert tuple(each.measure for each in found) == MEASURES


def test_other_queries_cannot_be_compared() -> None:
    with pytest.raises(EvaluationError, match="a and b answered different queries"):
        compare(evaluation("a", [1, 0]), evaluation("b", [1, 0], prefix="z"))


def test_missing_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.delitem(sys.modules, "scipy.stats", raising=False)
    with pytest.raises(ExtraMissing, match="this needs scipy"):
        mean_interval(np.array([0.1, 0.2]))
