"""Time indexing and searching a JSONL archive, beside naive Whoosh with a PySastrawi filter.

    python benchmarks/index_speed.py news.jsonl.gz            # the tables of docs/benchmarks.md
    python benchmarks/index_speed.py news.jsonl.gz --docs 2000
    python benchmarks/index_speed.py news.jsonl.gz --keep DIR # build once, then queries only

Each contender runs in a process of its own, one after the other, on the same records (fields id,
title, body, and if they are there date, category, source): searchkit with an empty stem cache,
searchkit again with the stems kept from that, and Whoosh used as its documentation shows it, with
PySastrawi's own cached stemmer as the stem filter (`contenders.py`). Then each answers the same
queries, drawn from the headlines of the archive with a fixed seed (`query_kinds.py`). Peak memory
is that of the process, from the operating system.
"""

import argparse
import json
import multiprocessing
import platform
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from contenders import (
    Answer,
    analysis_speed,
    records,
    searchkit_build,
    searchkit_search,
    whoosh_build,
    whoosh_search,
)
from query_kinds import Ask, queries

NAIVE = "Whoosh + PySastrawi filter"
COMPLETE = "complete.json"


class Timing(NamedTuple):
    """The milliseconds of each query of a kind, and the share of them that found something."""

    taken: list[float]
    found: float

    def cells(self) -> str:
        """Return the cells of the table: p50, p95, found."""
        p95 = statistics.quantiles(self.taken, n=20)[-1]
        return f"{self.p50:.1f} ms | {p95:.1f} ms | {self.found:.0%}"

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.taken)


def measured(action: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Run `action` in a fresh process; return its result, seconds and peak memory in MB."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measure, args=(there, action, arguments))
    process.start()
    there.close()
    try:
        outcome: dict[str, Any] = here.recv()
    except EOFError:
        sys.exit(f"{action.__name__} failed")
    process.join()
    return outcome


def _measure(pipe: Any, action: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    start = time.perf_counter()
    result = action(*arguments)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send({"result": result, "seconds": seconds, "peak": peak})


def latencies(
    prepare: Callable[[Path], Answer], folder: Path, asked: dict[str, list[Ask]]
) -> dict[str, Timing]:
    """Return how long the queries of each kind took."""
    answer = prepare(folder)
    answer(Ask("pemanasan"))
    timings = {}
    for kind, asks in asked.items():
        taken, found = [], 0
        for ask in asks:
            start = time.perf_counter()
            found += answer(ask) > 0
            taken.append((time.perf_counter() - start) * 1000)
        timings[kind] = Timing(taken, found / len(asks))
    return timings


def build(archive: Path, most: int, folder: Path) -> dict[str, dict[str, Any]]:
    """Build the indexes `warm/searchkit` and `naive/whoosh` in `folder`; return what it took."""
    cold, warm, naive = (folder / name for name in ("cold", "warm", "naive"))
    for each in (cold, warm, naive):
        each.mkdir(parents=True)
    builds = {"searchkit, no stems cached": measured(searchkit_build, archive, most, cold)}
    (cold / "cache").rename(warm / "cache")
    shutil.rmtree(cold)
    builds["searchkit, stems cached"] = measured(searchkit_build, archive, most, warm)
    builds[NAIVE] = measured(whoosh_build, archive, most, naive)
    return builds


def built(archive: Path, most: int, count: int, folder: Path) -> dict[str, dict[str, Any]]:
    """Build unless `folder` has the indexes of as many articles; return {} if it has."""
    done = folder / COMPLETE
    if done.exists():
        if (there := json.loads(done.read_text())["articles"]) != count:
            sys.exit(f"{folder} has indexes of {there:,} articles, not {count:,}: name another")
        return {}
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is not empty and has no complete indexes: empty it or name another")
    builds = build(archive, most, folder)
    done.write_text(json.dumps({"articles": count}))
    return builds


def run(archive: Path, most: int, folder: Path, each_kind: int) -> None:
    """Build where needed, ask, and print the tables as Markdown."""
    count = sum(1 for _ in records(archive, most))
    try:
        drawn = queries(records(archive, most), each_kind)
    except ValueError as error:
        sys.exit(str(error))
    builds = built(archive, most, count, folder)
    warm, naive = folder / "warm", folder / "naive"
    print(f"{count:,} articles, Python {platform.python_version()}, {platform.machine()}\n")
    if builds:
        print_builds(count, builds)
        print()
    print_analysis(measured(analysis_speed, archive, most, warm)["result"])
    asked_of_us = {kind: [ours for ours, _ in pairs] for kind, pairs in drawn.items()}
    asked_of_them = {
        kind: asks
        for kind, pairs in drawn.items()
        if (asks := [theirs for _, theirs in pairs if theirs is not None])
    }
    ours = measured(latencies, searchkit_search, warm, asked_of_us)["result"]
    theirs = measured(latencies, whoosh_search, naive, asked_of_them)["result"]
    print_queries(ours, theirs)
    sizes = [
        sum(file.stat().st_size for file in index.iterdir()) / 1e6
        for index in (warm / "searchkit", naive / "whoosh")
    ]
    print("\nOn disk: searchkit {:.0f} MB, Whoosh {:.0f} MB.".format(*sizes))


def print_builds(count: int, builds: dict[str, dict[str, Any]]) -> None:
    """Print the table of builds."""
    naive = builds[NAIVE]["seconds"]
    print("| build | seconds | docs/s | against Whoosh | peak memory |\n|---|--:|--:|--:|--:|")
    for name, outcome in builds.items():
        seconds = outcome["seconds"]
        print(
            f"| {name} | {seconds:.1f} | {count / seconds:.0f} | {naive / seconds:.1f}x "
            f"| {outcome['peak']:.0f} MB |"
        )


def print_analysis(speeds: dict[str, float]) -> None:
    """Print the line on the analyzer alone."""
    told = ", ".join(f"{speed:,.0f} tokens/s with {state}" for state, speed in speeds.items())
    print(f"Analysis alone, on one core: {told}.\n")


def print_queries(ours: dict[str, Timing], theirs: dict[str, Timing]) -> None:
    """Print the table of queries."""
    print("| query | searchkit p50 | p95 | found | Whoosh p50 | p95 | found | p50 against Whoosh |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for kind, timing in ours.items():
        their = theirs.get(kind)
        cells, ratio = (
            (their.cells(), f"{their.p50 / timing.p50:.1f}x") if their else ("- | - | -", "-")
        )
        print(f"| {kind} | {timing.cells()} | {cells} | {ratio} |")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("archive", type=Path, help="JSONL, plain or gzipped")
    parser.add_argument("--docs", type=int, default=10**9, help="use only the first so many")
    parser.add_argument("--queries", type=int, default=200, help="how many of each kind (from 2)")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the indexes there; time queries only if kept"
    )
    options = parser.parse_args()
    if options.queries < 2:
        parser.error("--queries must be 2 or more")
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name) / "indexes"
        run(options.archive, options.docs, folder, options.queries)


if __name__ == "__main__":
    main()
