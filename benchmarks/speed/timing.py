"""Times queries, and sums up the times."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

Query = TypeVar("Query")


def fastest(
    answer: Callable[[Query], object], queries: Sequence[Query], rounds: int
) -> list[float]:
    """Return for each query the least of the milliseconds that it took in `rounds` rounds."""
    best = [float("inf")] * len(queries)
    for _ in range(rounds):
        for number, query in enumerate(queries):
            start = time.perf_counter()
            answer(query)
            best[number] = min(best[number], (time.perf_counter() - start) * 1000)
    return best


def summed_up(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the median as `p50` and the 95th percentile as `p95`, of one time or more."""
    ordered = sorted(milliseconds)
    p95 = statistics.quantiles(ordered, n=20)[-1] if len(ordered) > 1 else ordered[0]
    return {"p50": round(statistics.median(ordered), 4), "p95": round(p95, 4)}
