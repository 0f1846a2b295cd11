"""What searchkit costs on other engines: beside naive Whoosh, and beside each engine alone."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.speed.archives import records
from benchmarks.speed.builds import WARM, build_pipelines, searchkit_in
from benchmarks.speed.contenders import (
    Answer,
    searchkit_build,
    searchkit_search,
    searchkit_search_without_fragments,
)
from benchmarks.speed.generated import write_articles
from benchmarks.speed.growth import ask_generated, drawn
from benchmarks.speed.processes import measured
from benchmarks.speed.query_kinds import Ask, queries
from benchmarks.speed.raw_opensearch import (
    Host,
    raw_opensearch_build,
    raw_opensearch_search,
)
from benchmarks.speed.raw_tantivy import raw_tantivy_build, raw_tantivy_search
from benchmarks.speed.user_queries import side_by_side
from benchmarks.speed.workspace import Costs, Workspace, megabytes

WITHOUT_FRAGMENTS = "without fragments"

KINDS = ("1 word", "2 words", "3 words", "5 words", 'phrase `"a b"`', "`a AND b`", "`a OR b`")
"""Kinds of query that all read alike."""


class Other(NamedTuple):
    """An engine of searchkit's, by its name there, and how it is used without searchkit."""

    engine: str
    ours: str
    alone: str
    build: Callable[[Path, int, Path], None]
    search: Callable[[Path], Answer]


TANTIVY = Other(
    engine="tantivy",
    ours="searchkit on tantivy",
    alone="tantivy-py alone",
    build=raw_tantivy_build,
    search=raw_tantivy_search,
)
OPENSEARCH = Other(
    engine="opensearch",
    ours="searchkit on OpenSearch",
    alone="opensearch-py alone",
    build=raw_opensearch_build,
    search=raw_opensearch_search,
)


def tantivy_engine(work: Workspace, count: int, generated: int) -> dict[str, Any]:
    """Return the costs of builds and, by kind of query, p50 and p95 with fragments.

    With `generated`, also of an index of so many articles that are made up.
    """
    work.built("pipelines", build_pipelines)
    costs = work.built("tantivy engine", build_with_tantivy)
    times = answered(TANTIVY, work.folder / "tantivy engine", asked_of(work, count))
    found = _found(work, count, costs, times)
    if generated:
        found["generated"] = of_generated(work.folder, generated, count)
    return found


def build_with_tantivy(work: Workspace, folder: Path) -> Costs:
    """Build with searchkit on tantivy, its stems cached, and with tantivy-py alone."""
    ours, alone = built(TANTIVY, work, folder)
    ours["disk"] = megabytes(folder / TANTIVY.ours / "searchkit")
    alone["disk"] = megabytes(folder / TANTIVY.alone)
    return {TANTIVY.ours: ours, TANTIVY.alone: alone}


def opensearch_engine(work: Workspace, count: int, hosts: str) -> dict[str, Any]:
    """Return the same of OpenSearch, at `hosts` (HOST:PORT, with commas between several).

    Its indexes are made anew and removed. All queries are asked once before they are timed: Java
    compiles what runs often.
    """
    work.built("pipelines", build_pipelines)
    asked = asked_of(work, count)
    with (
        tempfile.TemporaryDirectory(dir=work.folder) as name,
        Host(hosts) as server,
    ):
        folder = Path(name)
        for each in (OPENSEARCH.ours, OPENSEARCH.alone):
            server.is_of(folder / each)
        costs = dict(
            zip(
                (OPENSEARCH.ours, OPENSEARCH.alone),
                built(OPENSEARCH, work, folder, server.seconds),
                strict=True,
            )
        )
        for each, size in zip(costs, server.megabytes(), strict=True):
            costs[each]["disk"] = size
        answered(OPENSEARCH, folder, asked)
        return _found(work, count, costs, answered(OPENSEARCH, folder, asked))


def asked_of(work: Workspace, count: int) -> dict[str, list[Ask]]:
    """Return by kind so many queries."""
    by_kind = queries(records(work.archive, work.most), count)
    return {kind: [ours for ours, _ in by_kind[kind]] for kind in KINDS}


def built(
    other: Other, work: Workspace, folder: Path, used: Callable[[], float] = lambda: 0.0
) -> list[dict[str, float]]:
    """Build with searchkit on an engine, its stems cached, and with the engine alone: both costs.

    `used` tells the CPU seconds that something else, which works for them, has used so far.
    """
    for name in (other.ours, other.alone):
        (folder / name).mkdir(exist_ok=True)
    shutil.copytree(searchkit_in(work) / "cache", folder / other.ours / "cache")
    costs = []
    for name, action, more in (
        (other.ours, searchkit_build, [other.engine]),
        (other.alone, other.build, []),
    ):
        before = used()
        outcome = measured(action, work.archive, work.most, folder / name, *more)
        costs.append(outcome.costs | {"cpu": outcome.costs["cpu"] + used() - before})
    return costs


def answered(
    other: Other, folder: Path, asked: dict[str, list[Ask]]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return p50 and p95 by kind of query, of the engine alone, with searchkit, and so without."""
    searches = {
        other.alone: (other.search, folder / other.alone),
        other.ours: (searchkit_search, folder / other.ours),
        WITHOUT_FRAGMENTS: (searchkit_search_without_fragments, folder / other.ours),
    }
    times = side_by_side(
        searches, {kind: dict.fromkeys(searches, asks) for kind, asks in asked.items()}
    )
    return {name: {kind: times[kind][name] for kind in asked} for name in searches}


def _found(work: Workspace, count: int, costs: Costs, times: dict[str, Any]) -> dict[str, Any]:
    whoosh = f"Whoosh, {WARM}"
    return {
        "articles": work.articles,
        "queries": count,
        "builds": {whoosh: work.built("pipelines", build_pipelines)[whoosh], **costs},
        "kinds": times,
    }


def of_generated(folder: Path, size: int, count: int) -> dict[str, Any]:
    """Return what it costs to build and to ask an index of so many articles that are made up.

    It is built on tantivy below `folder`, and removed.
    """
    print(f"tantivy: {size:,} articles", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        archive = place / "articles.jsonl"
        measured(write_articles, archive, size)
        build = measured(searchkit_build, archive, size, place, "tantivy")
        asking = measured(ask_generated, place, drawn(count))
        return {
            "articles": size,
            "build": build.costs | {"disk": megabytes(place / "searchkit")},
            "memory": asking.peak,
            "kinds": asking.result,
        }
