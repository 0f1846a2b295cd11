"""Whether the difference between two configurations is more than chance.

Both answered the same queries, so the differences query by query are what is looked at.

Sources: M. D. Smucker, J. Allan, B. Carterette, "A Comparison of Statistical Significance Tests for
Information Retrieval Evaluation", CIKM 2007: the randomisation test and the t-test agree and are to
be preferred to the sign and Wilcoxon tests. B. Efron, R. J. Tibshirani, "An Introduction to the
Bootstrap", 1993, chapter 13: percentile intervals.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchkit.errors import EvaluationError, ExtraMissing
from searchkit.evaluation.measures import MEASURES, Evaluation

RESAMPLES = 9_999
"""Random sign flips of the randomisation test: its smallest p is 2 / (RESAMPLES + 1)."""

BOOTSTRAP_RESAMPLES = 2_000
CONFIDENCE = 0.95
_BATCH = 200
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One measure of `system` beside that of `baseline`, over the same queries.

    `difference` is the mean of system minus baseline, `low` and `high` its bootstrap confidence
    interval of 95 %. `p_randomization` and `p_t_test` are two-sided; the latter is None where the
    differences do not vary. `wins`, `ties` and `losses` count queries, as the system sees it.
    """

    system: str
    baseline: str
    measure: str
    difference: float
    low: float
    high: float
    p_randomization: float
    p_t_test: float | None
    wins: int
    ties: int
    losses: int


def compare(system: Evaluation, baseline: Evaluation, seed: int = 0) -> list[Comparison]:
    """Return a comparison for every measure; the same `seed` gives the same numbers.

    Both must have been evaluated on the same queries in the same order; EvaluationError if not.
    """
    if list(system.run) != list(baseline.run):
        raise EvaluationError(f"{system.name} and {baseline.name} answered different queries")
    comparisons = []
    for name in MEASURES:
        differences = system.scores[name] - baseline.scores[name]
        low, high = mean_interval(differences, seed)
        comparisons.append(
            Comparison(
                system=system.name,
                baseline=baseline.name,
                measure=name,
                difference=float(differences.mean()),
                low=low,
                high=high,
                p_randomization=randomization_test(differences, seed),
                p_t_test=_t_test(differences),
                wins=int((differences > 0).sum()),
                ties=int((differences == 0).sum()),
                losses=int((differences < 0).sum()),
            )
        )
    return comparisons


def mean_interval(values: Values, seed: int = 0) -> tuple[float, float]:
    """Return the percentile bootstrap confidence interval of the mean, over queries.

    Of a single query, or of values that are all the same, both ends are the mean.
    """
    if len(values) < 2 or np.ptp(values) == 0:
        mean = float(values.mean())
        return mean, mean
    interval = (
        _stats()
        .bootstrap(
            (values,),
            np.mean,
            n_resamples=BOOTSTRAP_RESAMPLES,
            batch=_BATCH,
            confidence_level=CONFIDENCE,
            method="percentile",
            rng=np.random.default_rng(seed),
        )
        .confidence_interval
    )
    return float(interval.low), float(interval.high)


def randomization_test(differences: Values, seed: int = 0) -> float:
    """Return the two-sided p of Fisher's paired randomisation test of a mean difference of 0.

    Were both configurations alike, each difference could as well have the other sign. Exact when
    there are no more ways to set the signs than `RESAMPLES`, else by random signs. With one
    difference or none it is 1.
    """
    # A difference of 0 has no sign, and the sum orders outcomes as the mean does.
    differing = differences[differences != 0]
    if len(differing) < 2:
        return 1.0
    result = _stats().permutation_test(
        (differing,),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=_BATCH,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)


def _t_test(differences: Values) -> float | None:
    if len(differences) < 2 or np.ptp(differences) == 0:
        return None
    return float(_stats().ttest_1samp(differences, 0.0).pvalue)


def _stats() -> Any:
    try:
        import scipy.stats
    except ImportError as error:
        raise ExtraMissing("eval", error.name or "scipy") from None
    return scipy.stats
