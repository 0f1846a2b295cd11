"""Measure searchkit beside others, all on the same articles, in one run.

    python -m benchmarks.speed news.jsonl.gz                 # all parts
    python -m benchmarks.speed news.jsonl.gz --docs 2000 --most 16000    # small, in minutes
    python -m benchmarks.speed news.jsonl.gz --page docs/benchmarks.md --plots docs/plots
    python -m tests.opensearch.cluster --nodes 1 -- python -m benchmarks.speed news.jsonl.gz
    python -m benchmarks.speed --json results.json --page docs/benchmarks.md   # render again

Every measurement runs in a process of its own, one after the other. docs/benchmarks.md says what
the parts measure. Results are printed as Markdown; with --json they are kept, and a later run
replaces the parts that it measures.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.speed.builds import builds
from benchmarks.speed.engines import engines
from benchmarks.speed.growth import SIZES, growth
from benchmarks.speed.other_engines import opensearch_engine, tantivy_engine
from benchmarks.speed.plots import write_plots
from benchmarks.speed.report import rendered
from benchmarks.speed.start import start
from benchmarks.speed.token_engines import TOKEN_ENGINES, installed
from benchmarks.speed.user_queries import user_queries
from benchmarks.speed.workspace import Workspace

PARTS = ("build", "engines", "queries", "tantivy", "opensearch", "growth", "start")
SERVER_NAMED = "SEARCHKIT_TEST_OPENSEARCH"
"""The environment variable by which `python -m tests.opensearch.cluster` names its nodes."""

RULE = "\n---\n"
"""What stands before the tables in the page."""

_PACKAGES = ("whoosh3", "PySastrawi", "numpy", "tantivy", "opensearch-py", "bm25s")


def measure(work: Workspace, options: argparse.Namespace, results: dict[str, Any]) -> None:
    """Measure the parts asked for, and put them into `results`, which are kept after each."""
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "build": lambda: builds(work),
        "engines": lambda: engines(work, options.queries),
        "queries": lambda: user_queries(work, options.queries),
        "tantivy": lambda: tantivy_engine(work, options.queries, options.generated),
        "opensearch": lambda: opensearch_engine(work, options.queries, options.opensearch),
        "growth": lambda: growth(work.folder, options.most, options.queries),
        "start": lambda: start(work),
    }
    results["environment"] = environment(work.articles)
    for name in options.only:
        if name == "tantivy" and "tantivy" not in installed():
            print("tantivy is not installed: that part is left out", file=sys.stderr)
            continue
        if name == "opensearch" and not options.opensearch:
            print("no server of OpenSearch is named: that part is left out", file=sys.stderr)
            continue
        print(f"measuring: {name}", file=sys.stderr)
        try:
            results[name] = parts[name]()
        except ValueError as error:
            sys.exit(f"{name} cannot be measured: {error}")
        if options.json:
            options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def environment(articles: int) -> dict[str, Any]:
    """Return what the numbers depend on, and which engines are not installed."""
    import sqlite3

    versions = {"SQLite": sqlite3.sqlite_version}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "articles": articles,
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": versions,
        "missing": [name for name in TOKEN_ENGINES if name not in installed()],
    }


def write_page(page: Path, tables: str) -> None:
    """Put `tables` in place of what stands below the rule of a page."""
    text = page.read_text(encoding="utf-8")
    head, rule, _ = text.partition(RULE)
    if not rule:
        sys.exit(f"{page} has no line --- that the tables would stand below")
    page.write_text(f"{head}{RULE}\n{tables}", encoding="utf-8")


def main() -> None:
    """Read the command line and run."""
    options = _options()
    results: dict[str, Any] = {}
    if options.json and options.json.exists():
        results = json.loads(options.json.read_text(encoding="utf-8"))
    if options.archive:
        with tempfile.TemporaryDirectory() as name:
            folder = options.keep or Path(name)
            measure(Workspace(folder, options.archive, options.docs), options, results)
    plots = _plots(results, options.plots) if options.plots else []
    beside = options.page.parent if options.page else Path()
    tables = rendered(results, {path.stem: os.path.relpath(path, beside) for path in plots})
    print(tables, end="")
    if options.page:
        write_page(options.page, tables)


def _plots(results: dict[str, Any], folder: Path) -> list[Path]:
    try:
        return write_plots(results, folder)
    except ImportError:
        print("matplotlib is not installed: no plots are written", file=sys.stderr)
        return []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=(__doc__ or "").partition("\n")[0]
    )
    add = parser.add_argument
    add("archive", type=Path, nargs="?", help="JSONL, plain or gzipped; none: only render --json")
    add("--only", type=_parts, default=PARTS, help=f"parts, separated by commas: {','.join(PARTS)}")
    add("--docs", type=int, default=10**9, help="use only the first so many articles")
    add("--queries", type=int, default=100, help="how many of each kind (from 2)")
    add("--most", type=int, default=SIZES[-1], help="grow to so many articles")
    add("--generated", type=int, default=0, metavar="N", help="on tantivy, also N made-up articles")
    server = os.environ.get(SERVER_NAMED)
    add("--opensearch", metavar="HOST:PORT", default=server, help=f"a server, else {SERVER_NAMED}")
    add("--keep", type=Path, metavar="DIR", help="keep indexes there; what is there is not rebuilt")
    add("--json", type=Path, metavar="FILE", help="keep results there")
    add("--page", type=Path, help="write the tables into this page, below its line ---")
    add("--plots", type=Path, metavar="DIR", help="write plots there")
    options = parser.parse_args()
    if options.queries < 2:
        parser.error("--queries must be 2 or more")
    if options.generated < 0:
        parser.error("--generated must be 0 or more")
    if options.most < SIZES[0]:
        parser.error(f"--most must be {SIZES[0]} or more")
    if options.archive and not options.archive.is_file():
        parser.error(f"{options.archive} is not a file")
    if not options.archive and not (options.json and options.json.exists()):
        parser.error("name an archive to measure, or the --json of results to render")
    return options


def _parts(text: str) -> list[str]:
    wanted = text.split(",")
    if unknown := set(wanted) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(sorted(unknown))}")
    return [part for part in PARTS if part in wanted]


if __name__ == "__main__":
    main()
