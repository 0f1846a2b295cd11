"""How fast searchkit and naive Whoosh answer what a person asks, with marked fragments."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.speed.archives import records
from benchmarks.speed.builds import build_pipelines, searchkit_in, whoosh_in
from benchmarks.speed.contenders import Answer, searchkit_search, whoosh_search
from benchmarks.speed.processes import measured
from benchmarks.speed.query_kinds import Ask, queries
from benchmarks.speed.timing import summed_up
from benchmarks.speed.token_engines import SEARCHKIT, WHOOSH
from benchmarks.speed.workspace import Workspace


def user_queries(work: Workspace, count: int) -> dict[str, Any]:
    """Return by kind of query, for searchkit and Whoosh, p50, p95 and the share that found any."""
    work.built("pipelines", build_pipelines)
    drawn = queries(records(work.archive, work.most), count)
    of_us = {kind: [ours for ours, _ in pairs] for kind, pairs in drawn.items()}
    of_them = {
        kind: asks
        for kind, pairs in drawn.items()
        if (asks := [theirs for _, theirs in pairs if theirs is not None])
    }
    ours = measured(latencies, searchkit_search, searchkit_in(work), of_us).result
    theirs = measured(latencies, whoosh_search, whoosh_in(work), of_them).result
    kinds = {
        kind: {
            name: by_kind[kind]
            for name, by_kind in ((SEARCHKIT, ours), (WHOOSH, theirs))
            if kind in by_kind
        }
        for kind in drawn
    }
    return {"articles": work.articles, "queries": count, "kinds": kinds}


def latencies(
    prepare: Callable[[Path], Answer], folder: Path, asked: dict[str, list[Ask]]
) -> dict[str, dict[str, float]]:
    """Ask each query once, and sum up by kind."""
    answer = prepare(folder)
    answer(Ask("pemanasan"))
    by_kind = {}
    for kind, asks in asked.items():
        taken, found = [], 0
        for ask in asks:
            start = time.perf_counter()
            found += answer(ask) > 0
            taken.append((time.perf_counter() - start) * 1000)
        by_kind[kind] = summed_up(taken) | {"found": round(found / len(asks), 4)}
    return by_kind
