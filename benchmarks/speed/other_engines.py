"""What searchkit costs on tantivy: beside naive Whoosh, and beside tantivy-py alone."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.speed.archives import records
from benchmarks.speed.builds import WARM, build_pipelines, searchkit_in
from benchmarks.speed.contenders import (
    searchkit_build,
    searchkit_search,
    searchkit_search_without_fragments,
)
from benchmarks.speed.generated import write_articles
from benchmarks.speed.growth import ask_generated, drawn
from benchmarks.speed.processes import measured
from benchmarks.speed.query_kinds import queries
from benchmarks.speed.raw_tantivy import raw_tantivy_build, raw_tantivy_search
from benchmarks.speed.user_queries import latencies
from benchmarks.speed.workspace import Costs, Workspace, megabytes

OURS, WITHOUT_FRAGMENTS, RAW = "searchkit on tantivy", "without fragments", "tantivy-py alone"

KINDS = ("1 word", "2 words", "3 words", "5 words", 'phrase `"a b"`', "`a AND b`", "`a OR b`")
"""Kinds of query that both read alike."""


def tantivy_engine(work: Workspace, count: int, generated: int) -> dict[str, Any]:
    """Return the costs of builds and, by kind of query, p50 and p95 with fragments.

    With `generated`, also of an index of so many articles that are made up.
    """
    pipelines = work.built("pipelines", build_pipelines)
    costs = work.built("tantivy engine", build_with_tantivy)
    by_kind = queries(records(work.archive, work.most), count)
    asked = {kind: [ours for ours, _ in by_kind[kind]] for kind in KINDS}
    folder = work.folder / "tantivy engine"
    found: dict[str, Any] = {
        "articles": work.articles,
        "queries": count,
        "builds": {f"Whoosh, {WARM}": pipelines[f"Whoosh, {WARM}"], **costs},
        "kinds": {
            name: measured(latencies, search, folder / place, asked).result
            for name, search, place in (
                (RAW, raw_tantivy_search, RAW),
                (OURS, searchkit_search, OURS),
                (WITHOUT_FRAGMENTS, searchkit_search_without_fragments, OURS),
            )
        },
    }
    if generated:
        found["generated"] = of_generated(work.folder, generated, count)
    return found


def build_with_tantivy(work: Workspace, folder: Path) -> Costs:
    """Build with searchkit on tantivy, its stems cached, and with tantivy-py alone."""
    costs: Costs = {}
    for name in (OURS, RAW):
        (folder / name).mkdir()
    shutil.copytree(searchkit_in(work) / "cache", folder / OURS / "cache")
    ours = measured(searchkit_build, work.archive, work.most, folder / OURS, "tantivy")
    costs[OURS] = ours.costs | {"disk": megabytes(folder / OURS / "searchkit")}
    raw = measured(raw_tantivy_build, work.archive, work.most, folder / RAW)
    costs[RAW] = raw.costs | {"disk": megabytes(folder / RAW)}
    return costs


def of_generated(folder: Path, size: int, count: int) -> dict[str, Any]:
    """Return what it costs to build and to ask an index of so many articles that are made up.

    It is built below `folder`, and removed.
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
