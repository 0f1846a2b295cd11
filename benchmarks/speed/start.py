"""How long the first query of a fresh process takes."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.speed.archives import records
from benchmarks.speed.builds import build_pipelines, searchkit_in
from benchmarks.speed.query_kinds import queries
from benchmarks.speed.workspace import Workspace

RUNS = 11
"""How often each is run; the median of all but the first counts."""

_LIBRARY = """
import sys, time
start = time.perf_counter()
from searchkit import SearchIndex, load_settings
imported = time.perf_counter()
settings = load_settings()
index = SearchIndex.open(settings.dir, settings)
index.search(sys.argv[1])
print(start, imported, time.perf_counter())
"""


def start(work: Workspace) -> dict[str, Any]:
    """Return the medians, in milliseconds, of what the first query of a process is made of."""
    work.built("pipelines", build_pipelines)
    folder = searchkit_in(work).resolve()
    settings = {"dir": str(folder / "searchkit"), "cache_dir": str(folder / "cache")}
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in settings.items()]
    # A directory of its own: beside one named searchkit, Python may take that for the package.
    here = folder / "start"
    here.mkdir(exist_ok=True)
    (here / "searchkit.toml").write_text("[index]\n" + "".join(lines))
    drawn = queries(records(work.archive, work.most), RUNS)["2 words"]
    taken: dict[str, list[float]] = {}
    for ours, _ in drawn:
        for name, milliseconds in _one_of_each(here, ours.text).items():
            taken.setdefault(name, []).append(milliseconds)
    medians = {name: round(statistics.median(times[1:]), 1) for name, times in taken.items()}
    return {"articles": work.articles, "runs": RUNS - 1, "milliseconds": medians}


def _one_of_each(folder: Path, text: str) -> dict[str, float]:
    began, printed, _ = _run(folder, "-c", _LIBRARY, text)
    # The clock is the same in all processes: it counts from when the machine was started.
    start, imported, answered = map(float, printed.split())
    seconds = {
        "Python alone": _taken(folder, "-c", "pass"),
        "`from searchkit import SearchIndex`": imported - start,
        "opening the index and the first query": answered - imported,
        "from the start of Python to the last hit, as a library": answered - began,
        "the whole process, `searchkit query`": _taken(folder, "-m", "searchkit", "query", text),
    }
    return {name: taken * 1000 for name, taken in seconds.items()}


def _taken(folder: Path, *arguments: str) -> float:
    began, _, ended = _run(folder, *arguments)
    return ended - began


def _run(folder: Path, *arguments: str) -> tuple[float, str, float]:
    """Run Python; return when it began, what it printed, and when it had ended, in seconds."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    ended = time.perf_counter()
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return began, done.stdout, ended
