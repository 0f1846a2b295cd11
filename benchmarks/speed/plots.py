"""Results as plots, SVG files that stay small."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.speed.token_engines import TOKEN_ENGINES

# Okabe and Ito's colours, which also people who see fewer colours can tell apart.
_COLORS = ("#E69F00", "#0072B2", "#009E73", "#CC79A7", "#999999")


def write_plots(results: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write a plot of each part that was measured and has one; return their paths.

    The same results give the same files. Raises ImportError without matplotlib.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in (("build", _builds), ("engines", _engines), ("growth", _growth)):
        if name not in results:
            continue
        figure = Figure(figsize=(8, 4.2), layout="constrained")
        draw(figure, results[name])
        path = folder / f"{name}.svg"
        with rc_context({"svg.hashsalt": "searchkit", "svg.fonttype": "none"}):
            figure.savefig(path, metadata={"Date": None})
        written.append(path)
    return written


def _builds(figure: Any, found: Mapping[str, Any]) -> None:
    left, right = figure.subplots(1, 2)
    for axes, part, title in (
        (left, "pipelines", "from text"),
        (right, "tokens", "from the same tokens"),
    ):
        speeds = {name: found["articles"] / c["seconds"] for name, c in found[part].items()}
        names = list(reversed(speeds))
        colors = [_COLORS[1] if name.startswith("searchkit") else _COLORS[4] for name in names]
        bars = axes.barh(names, [speeds[name] for name in names], color=colors)
        axes.bar_label(bars, fmt="{:,.0f}", padding=3, fontsize=8)
        axes.margins(x=0.2)
        axes.set_title(title, fontsize=10)
        _plain(axes, "articles a second")


def _engines(figure: Any, found: Mapping[str, Any]) -> None:
    axes = figure.subplots()
    kinds = found["kinds"]
    for name, color in zip(TOKEN_ENGINES, cycle(_COLORS), strict=False):
        there = [place for place, by in enumerate(kinds.values()) if name in by]
        times = [by[name]["p50"] for by in kinds.values() if name in by]
        if times:
            axes.plot(there, times, "o", color=color, label=name)
    axes.set_xticks(range(len(kinds)), list(kinds), rotation=40, ha="right", fontsize=8)
    axes.set_yscale("log")
    axes.set_ylabel("p50, ms")
    axes.grid(axis="y", alpha=0.3)
    _plain(axes, "")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _growth(figure: Any, found: Mapping[str, Any]) -> None:
    rows: Sequence[Mapping[str, Any]] = found["rows"]
    sizes = [row["articles"] for row in rows]
    panels = figure.subplots(1, 2, sharey=True)
    for axes, what in zip(panels, ("ranking", "search"), strict=True):
        for kind, color in zip(rows[0]["kinds"], cycle(_COLORS), strict=False):
            times = [row["kinds"][kind][what]["p50"] for row in rows]
            axes.plot(sizes, times, "o-", color=color, label=kind)
        last = max(row["kinds"][kind][what]["p50"] for kind in rows[-1]["kinds"] for row in rows)
        straight = [last * size / sizes[-1] for size in sizes]
        axes.plot(sizes, straight, ":", color="black", label="in proportion")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_title({"ranking": "ranking alone", "search": "with fragments"}[what], fontsize=10)
        axes.grid(alpha=0.3)
        _plain(axes, "articles")
    panels[0].set_ylabel("p50, ms")
    panels[1].legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _plain(axes: Any, label: str) -> None:
    axes.set_xlabel(label)
    axes.spines[["top", "right"]].set_visible(False)
