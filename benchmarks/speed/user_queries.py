"""How fast searchkit and naive Whoosh answer what a person asks, with marked fragments."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.speed.archives import records
from benchmarks.speed.builds import build_pipelines, searchkit_in, whoosh_in
from benchmarks.speed.contenders import Answer, searchkit_search, whoosh_search
from benchmarks.speed.processes import Prepared
from benchmarks.speed.query_kinds import Ask, queries
from benchmarks.speed.timing import summed_up
from benchmarks.speed.token_engines import SEARCHKIT, WHOOSH
from benchmarks.speed.workspace import Workspace


def user_queries(work: Workspace, count: int) -> dict[str, Any]:
    """Return by kind of query, for searchkit and Whoosh, p50, p95 and the share that found any."""
    work.built("pipelines", build_pipelines)
    drawn = queries(records(work.archive, work.most), count)
    asked: dict[str, dict[str, list[Ask]]] = {}
    for kind, pairs in drawn.items():
        asked[kind] = {SEARCHKIT: [ours for ours, _ in pairs]}
        if of_them := [theirs for _, theirs in pairs if theirs is not None]:
            asked[kind][WHOOSH] = of_them
    searches = {
        SEARCHKIT: (searchkit_search, searchkit_in(work)),
        WHOOSH: (whoosh_search, whoosh_in(work)),
    }
    kinds = side_by_side(searches, asked)
    return {"articles": work.articles, "queries": count, "kinds": kinds}


def side_by_side(
    searches: Mapping[str, tuple[Callable[[Path], Answer], Path]],
    asked: Mapping[str, Mapping[str, list[Ask]]],
) -> dict[str, dict[str, dict[str, float]]]:
    """Return by kind of query the latencies of each that is asked, see `latencies`.

    Each of the `searches`, what prepares it and the folder of its index, has a process to itself.
    """
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(Prepared(ready, search, folder))
            for name, (search, folder) in searches.items()
        }
        return {
            kind: {name: processes[name].do(latencies, asks) for name, asks in by_name.items()}
            for kind, by_name in asked.items()
        }


def ready(prepare: Callable[[Path], Answer], folder: Path) -> Answer:
    """Return what answers from the index in `folder`, after a first query."""
    answer = prepare(folder)
    answer(Ask("pemanasan"))
    return answer


def latencies(answer: Answer, asks: Sequence[Ask]) -> dict[str, float]:
    """Ask each query once; return p50 and p95 in milliseconds, and the share that found any."""
    taken, found = [], 0
    for ask in asks:
        start = time.perf_counter()
        found += answer(ask) > 0
        taken.append((time.perf_counter() - start) * 1000)
    return summed_up(taken) | {"found": round(found / len(asks), 4)}
