"""Plots of evaluations: the measures with their confidence, and who gains by how much."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from searchkit.arguments import path_of
from searchkit.errors import EvaluationError, ExtraMissing
from searchkit.evaluation.measures import MEASURES, Evaluation
from searchkit.evaluation.significance import mean_interval

FORMATS = (".png", ".svg", ".pdf")

DIFFERENCES_OF = "nDCG@10"
"""The measure whose differences are drawn query by query."""

# Okabe and Ito's colours, which also people who see fewer colours can tell apart.
_COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999")


def check_plot_name(path: Path) -> None:
    """Raise EvaluationError unless the name of `path` ends as one of `FORMATS`."""
    if path.suffix.lower() not in FORMATS:
        raise EvaluationError(f"{path}: a plot is named .png, .svg or .pdf")


def write_plot(path: str | Path, evaluations: Sequence[Evaluation], seed: int = 0) -> None:
    """Write a plot of `evaluations`, as the ending of `path` says.

    Bars are means, whiskers their 95 % bootstrap intervals. With several, a second panel has the
    differences of the last to each of the others, query by query: losses left, gains right. Raises
    EvaluationError when the file cannot be written, ExtraMissing without matplotlib.
    """
    path = path_of("path", path)
    check_plot_name(path)
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ExtraMissing("eval", error.name or "matplotlib") from None
    panels = 2 if len(evaluations) > 1 else 1
    figure = Figure(figsize=(8, 4.2 * panels), layout="constrained")
    axes = figure.subplots(panels, squeeze=False)[:, 0]
    _bars(axes[0], evaluations, seed)
    if panels == 2:
        _differences(axes[1], evaluations)
    try:
        # The same numbers give the same file: no date, no random names of parts in it.
        with rc_context({"svg.hashsalt": "searchkit"}):
            figure.savefig(path, dpi=150, metadata=_without_date(path))
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}") from error


def _bars(axes: Any, evaluations: Sequence[Evaluation], seed: int) -> None:
    places = np.arange(len(MEASURES))
    width = 0.8 / len(evaluations)
    for number, evaluation in enumerate(evaluations):
        means = np.array([evaluation.mean(measure) for measure in MEASURES])
        ends = np.array([mean_interval(evaluation.scores[m], seed) for m in MEASURES])
        # A resample's mean may lie a rounding error on the wrong side of the mean.
        reach = np.maximum(np.abs(ends.T - means), 0)
        at = places + (number - (len(evaluations) - 1) / 2) * width
        color = _COLORS[number % len(_COLORS)]
        axes.bar(at, means, width * 0.92, label=_shown(evaluation.name), color=color)
        axes.errorbar(at, means, yerr=reach, fmt="none", ecolor="black", capsize=2, linewidth=1)
        for x, mean, top in zip(at, means, ends.max(axis=1), strict=True):
            turned = 90 if len(evaluations) > 2 else 0
            axes.text(x, top + 0.015, f"{mean:.3f}", ha="center", fontsize=7, rotation=turned)
    queries = len(evaluations[0].run)
    axes.set_xticks(places, MEASURES)
    axes.set_ylim(0, 1.08)
    axes.set_ylabel("mean over queries")
    axes.set_title(f"{queries:,} queries; whiskers: 95 % bootstrap intervals", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    if len(evaluations) > 1:
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _differences(axes: Any, evaluations: Sequence[Evaluation]) -> None:
    *baselines, system = evaluations
    for number, baseline in enumerate(baselines):
        differences = np.sort(system.scores[DIFFERENCES_OF] - baseline.scores[DIFFERENCES_OF])
        differences = differences[differences != 0]
        queries = np.arange(len(differences)) - int((differences < 0).sum())
        label = f"against {_shown(baseline.name)}"
        color = _COLORS[number % len(_COLORS)]
        axes.step(queries, differences, where="post", label=label, color=color)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_ylim(-1.05, 1.05)
    axes.set_xlabel("queries that lose, left of 0, and that gain, right of it; ties are left out")
    axes.set_ylabel(f"difference in {DIFFERENCES_OF}")
    title = f"{_shown(system.name)} query by query: above 0 it is the better one"
    axes.set_title(title, fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _shown(name: str) -> str:
    """Return a name, which may be any path, as Matplotlib writes it: no formula, only letters."""
    return name.encode("utf-8", "replace").decode().replace("$", r"\$")


def _without_date(path: Path) -> dict[str, None]:
    """Return the metadata that leave the date out of a file of that kind."""
    return {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower(), {})
