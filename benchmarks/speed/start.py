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
print((imported - start) * 1000, (time.perf_counter() - imported) * 1000)
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
    nothing, _ = _run(folder, "-c", "pass")
    library, printed = _run(folder, "-c", _LIBRARY, text)
    imported, answered = map(float, printed.split())
    command, _ = _run(folder, "-m", "searchkit", "query", text)
    return {
        "Python alone": nothing,
        "`from searchkit import SearchIndex`": imported,
        "opening the index and the first query": answered,
        "the whole process, as a library": library,
        "the whole process, `searchkit query`": command,
    }


def _run(folder: Path, *arguments: str) -> tuple[float, str]:
    """Run Python; return the milliseconds it took and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    taken = (time.perf_counter() - began) * 1000
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return taken, done.stdout
