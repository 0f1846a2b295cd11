"""What it costs to build an index: from text, and by engine from the same tokens."""

import shutil
from pathlib import Path
from typing import Any

from benchmarks.speed.archives import write_tokens
from benchmarks.speed.contenders import (
    analysis_speed,
    know_all_words,
    searchkit_build,
    whoosh_build,
)
from benchmarks.speed.processes import measured
from benchmarks.speed.token_engines import installed
from benchmarks.speed.workspace import Costs, Workspace, megabytes

COLD, WARM = "no stems cached", "stems cached"

TURNS = 2
"""How often all are built, one after another: minutes in which the machine is slow fall on one turn
alone.
"""


def builds(work: Workspace) -> dict[str, Any]:
    """Return the costs of all builds, and tokens a second of the analyzer."""
    pipelines = work.built("pipelines", build_pipelines)
    return {
        "articles": work.articles,
        "pipelines": pipelines,
        "tokens": work.built("tokens", build_from_tokens),
        "analysis": measured(analysis_speed, work.archive, work.most, searchkit_in(work)).result,
    }


def searchkit_in(work: Workspace) -> Path:
    """Return the folder of searchkit's index and its cache of stems."""
    return work.folder / "pipelines" / f"searchkit, {WARM}"


def whoosh_in(work: Workspace) -> Path:
    """Return the folder of naive Whoosh's index."""
    return work.folder / "pipelines" / f"Whoosh, {WARM}"


def build_pipelines(work: Workspace, folder: Path) -> Costs:
    """Build with searchkit and with naive Whoosh, each without and with known stems."""
    costs: Costs = {}
    for _ in range(TURNS):
        for name, action, before in (
            (f"searchkit, {COLD}", searchkit_build, None),
            (f"searchkit, {WARM}", searchkit_build, None),
            (f"Whoosh, {COLD}", whoosh_build, None),
            (f"Whoosh, {WARM}", whoosh_build, know_all_words),
        ):
            into = _emptied(folder / name)
            if name == f"searchkit, {WARM}":
                shutil.copytree(folder / f"searchkit, {COLD}" / "cache", into / "cache")
            outcome = measured(action, work.archive, work.most, into, before=before)
            index = into / ("searchkit" if action is searchkit_build else "whoosh")
            once = outcome.costs | {"disk": megabytes(index)}
            costs[name] = faster(costs.get(name, once), once)
    for name in ("searchkit", "Whoosh"):
        shutil.rmtree(folder / f"{name}, {COLD}")
    return costs


def build_from_tokens(work: Workspace, folder: Path) -> Costs:
    """Build with every engine from the terms that searchkit's analyzer makes of the bodies."""
    tokens = tokens_in(work)
    cache = searchkit_in(work) / "cache"
    measured(write_tokens, work.archive, work.most, tokens, cache)
    costs: Costs = {}
    for _ in range(TURNS):
        for name, engine in installed().items():
            into = _emptied(folder / name)
            once = measured(engine.build, tokens, into).costs | {"disk": megabytes(into)}
            costs[name] = faster(costs.get(name, once), once)
    return costs


def faster(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    """Return the costs of the faster of two builds, but the most memory and disk of both."""
    seconds = min((each["seconds"], each["cpu"]) for each in (one, other))
    most = {name: max(one[name], other[name]) for name in one}
    return most | dict(zip(("seconds", "cpu"), seconds, strict=True))


def _emptied(folder: Path) -> Path:
    """Return the folder, new and empty."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    return folder


def tokens_in(work: Workspace) -> Path:
    """Return the file of tokens."""
    return work.folder / "tokens" / "tokens.txt"
