"""Results as Markdown: the tables of docs/benchmarks.md."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.speed.builds import COLD, WARM
from benchmarks.speed.other_engines import KINDS, OPENSEARCH, TANTIVY, Other
from benchmarks.speed.token_engines import SEARCHKIT, TOKEN_ENGINES, WHOOSH

Results = Mapping[str, Any]
NONE = "-"


_HEADINGS = {
    "build": "Building an index",
    "engines": "Engines on the same tokens",
    "queries": "What a person types",
    "tantivy": "On tantivy",
    "opensearch": "On OpenSearch",
    "growth": "Growth",
    "start": "The first query of a process",
}


_MEMORY = ("peak_of_all", "own_of_all", "peak")
_SIZES = ("all processes", "their own", "the one that writes", "on disk")
"""The columns of what a build takes up: of memory, by their names in the results, and of disk."""


def rendered(results: Results, plots: Mapping[str, str] | None = None) -> str:
    """Return the tables of all parts that were measured, each under its heading.

    `plots` has by part the file of its plot, as the page is to name it.
    """
    parts = {
        "build": _builds,
        "engines": _engines,
        "queries": _user_queries,
        "tantivy": lambda found: _other_engine(found, TANTIVY),
        "opensearch": lambda found: _other_engine(found, OPENSEARCH),
        "growth": _growth,
        "start": _start,
    }
    blocks = list(_environment(results["environment"])) if "environment" in results else []
    if blocks and "opensearch" not in results:
        blocks.append("No server of OpenSearch was named: it is left out.")
    for name, render in parts.items():
        if name in results:
            blocks += [f"## {_HEADINGS[name]}", *render(results[name])]
            if plots and name in plots:
                blocks.append(f"![{_HEADINGS[name]}]({plots[name]})")
    blocks += _each_engine(results)
    return "\n\n".join(blocks) + "\n"


def _each_engine(results: Results) -> Iterator[str]:
    """Yield what searchkit costs on each of its engines, where more than one was measured."""
    builds = {WHOOSH: results.get("build", {}).get("pipelines", {}).get(f"{SEARCHKIT}, {WARM}")}
    asked = results.get("queries", {}).get("kinds", {})
    times = {WHOOSH: {kind: by[SEARCHKIT] for kind, by in asked.items() if SEARCHKIT in by}}
    for name, part, other in (
        ("tantivy", "tantivy", TANTIVY),
        ("OpenSearch", "opensearch", OPENSEARCH),
    ):
        found = results.get(part, {})
        builds[name] = found.get("builds", {}).get(other.ours)
        times[name] = found.get("kinds", {}).get(other.ours, {})
    names = [name for name, costs in builds.items() if costs and times[name]]
    if len(names) < 2:
        return
    articles = results["environment"]["articles"]
    yield "## searchkit on each engine"
    yield "With stems cached; p50 of the whole of a search, with fragments."
    rows = [
        ["articles a second", *(f"{articles / builds[n]['seconds']:,.0f}" for n in names)],
        ["on disk, an article", *(f"{builds[n]['disk'] * 1e6 / articles:,.0f} B" for n in names)],
    ]
    for kind in KINDS:
        cells = [milliseconds(times[n][kind]["p50"]) if kind in times[n] else NONE for n in names]
        rows.append([kind, *cells])
    yield table(("", *names), rows)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table: the first column to the left, the others to the right."""
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def milliseconds(value: float) -> str:
    """Return a time with two or three digits that count."""
    digits = next((n for n, least in enumerate((100, 1, 0.1)) if value >= least), 3)
    return f"{value:.{digits}f} ms"


def ratio(theirs: float, ours: float) -> str:
    """Return how many times as long the other takes."""
    return f"{theirs / ours:.1f}x" if ours else NONE


def _environment(found: Results) -> Iterator[str]:
    yield (
        f"{found['articles']:,} articles; {found['processor']}, {found['cores']} cores; Python "
        f"{found['python']}; " + ", ".join(f"{n} {v}" for n, v in found["versions"].items()) + "."
    )
    for name in found["missing"]:
        yield f"{name} is not installed here: it is left out."


def _builds(found: Results) -> Iterator[str]:
    pipelines, articles = found["pipelines"], found["articles"]
    header = ("from text to index", "seconds", "CPU seconds", "docs/s", "against Whoosh")
    yield table((*header, *_SIZES), _pipeline_rows(pipelines, articles))
    told = ", ".join(
        f"{speed:,.0f} tokens/s with {how}" for how, speed in found["analysis"].items()
    )
    yield f"searchkit's analyzer alone, on one core: {told}."
    header = ("from the same tokens to index", "seconds", "CPU seconds", "docs/s", "against Whoosh")
    theirs = found["tokens"][WHOOSH]["seconds"]
    yield table(
        (*header, "memory", "on disk"),
        (
            (*_build_cells(name, costs, articles, theirs), *_sizes(costs, "peak_of_all"))
            for name, costs in found["tokens"].items()
        ),
    )


def _pipeline_rows(pipelines: Results, articles: int) -> Iterator[Sequence[str]]:
    for stems in (COLD, WARM):
        theirs = pipelines[f"{WHOOSH}, {stems}"]["seconds"]
        for name in (SEARCHKIT, WHOOSH):
            label = f"{name}, {stems}"
            costs = pipelines[label]
            cells = _build_cells(label, costs, articles, theirs)
            yield (*cells, *_sizes(costs, *_MEMORY))


def _build_cells(name: str, costs: Results, articles: int, theirs: float) -> Sequence[str]:
    seconds = costs["seconds"]
    return (
        name,
        f"{seconds:.1f}",
        f"{costs['cpu']:.1f}",
        f"{articles / seconds:,.0f}",
        ratio(theirs, seconds),
    )


def _sizes(costs: Results, *memory: str) -> Sequence[str]:
    # Results that were kept from earlier may lack some.
    names = (*memory, "disk")
    return [f"{costs[name]:,.0f} MB" if name in costs else NONE for name in names]


def _engines(found: Results) -> Iterator[str]:
    yield _number_of(found)
    kinds = found["kinds"]
    names = [name for name in TOKEN_ENGINES if any(name in by for by in kinds.values())]
    header = ["p50 (p95)", *names, "searchkit at first", "searchkit against Whoosh"]
    yield table(header, (_engine_row(kind, by, names) for kind, by in kinds.items()))
    yield "Of the ten best by Whoosh, how many each has:"
    others = [name for name in names if name != WHOOSH]
    header = ["top ten", *others, "searchkit, lengths left out"]
    yield table(header, _agreement_rows(found, others))


def _number_of(found: Results) -> str:
    return f"{found['queries']} queries of each kind."


def _engine_row(kind: str, by: Results, names: Sequence[str]) -> Sequence[str]:
    cells = [
        f"{milliseconds(by[n]['p50'])} ({milliseconds(by[n]['p95'])})" if n in by else NONE
        for n in names
    ]
    first = milliseconds(by[SEARCHKIT]["first"])
    return (kind, *cells, first, ratio(by[WHOOSH]["p50"], by[SEARCHKIT]["p50"]))


def _agreement_rows(found: Results, names: Sequence[str]) -> Iterator[Sequence[str]]:
    for kind, by in found["kinds"].items():
        cells = [f"{by[name]['same']:.1%}" if name in by else NONE for name in names]
        yield (kind, *cells, f"{found['exact'][kind]:.1%}")


def _user_queries(found: Results) -> Iterator[str]:
    yield _number_of(found)
    header = ("query", "searchkit p50", "p95", "found", "Whoosh p50", "p95", "found")
    yield table(
        (*header, "p50 against Whoosh"),
        (_user_row(kind, by) for kind, by in found["kinds"].items()),
    )


def _user_row(kind: str, by: Results) -> Sequence[str]:
    cells: list[str] = []
    for name in (SEARCHKIT, WHOOSH):
        if name in by:
            times = (milliseconds(by[name]["p50"]), milliseconds(by[name]["p95"]))
            cells += (*times, f"{by[name]['found']:.0%}")
        else:
            cells += [NONE] * 3
    last = ratio(by[WHOOSH]["p50"], by[SEARCHKIT]["p50"]) if WHOOSH in by else NONE
    return (kind, *cells, last)


def _other_engine(found: Results, other: Other) -> Iterator[str]:
    builds, articles = found["builds"], found["articles"]
    header = ("from text to index", "seconds", "CPU seconds", "docs/s", "against Whoosh")
    theirs = next(iter(builds.values()))["seconds"]
    yield table(
        (*header, *_SIZES),
        (
            (
                *_build_cells(name, c, articles, theirs),
                *_sizes(c, *_MEMORY),
            )
            for name, c in builds.items()
        ),
    )
    yield _number_of(found)
    kinds = found["kinds"]
    client = other.alone.removesuffix(" alone")
    header = ("p50 (p95), with fragments", *kinds, f"times as long as {client}")
    yield table(header, (_other_row(kind, kinds, other) for kind in kinds[other.alone]))
    if "generated" in found:
        yield from _generated(found["generated"])


def _other_row(kind: str, kinds: Results, other: Other) -> Sequence[str]:
    times = [by[kind] for by in kinds.values()]
    cells = [f"{milliseconds(each['p50'])} ({milliseconds(each['p95'])})" for each in times]
    return (kind, *cells, ratio(kinds[other.ours][kind]["p50"], kinds[other.alone][kind]["p50"]))


def _generated(found: Results) -> Iterator[str]:
    build, articles = found["build"], found["articles"]
    yield (
        f"{articles:,} articles that are made up: built in {build['seconds']:,.0f} s "
        f"({articles / build['seconds']:,.0f} a second, {build['cpu']:,.0f} CPU seconds), "
        f"{build['peak_of_all']:,.0f} MB at most in all processes and {build['peak']:,.0f} MB in "
        f"the one that writes, {build['disk']:,.0f} MB on disk; searched with "
        f"{found['memory']:,.0f} MB."
    )
    yield table(
        ("query", "hits", "ranking alone, p50 (p95)", "with fragments, p50 (p95)"),
        (
            (
                kind,
                f"{by['hits']:,.0f}",
                *(
                    f"{milliseconds(by[what]['p50'])} ({milliseconds(by[what]['p95'])})"
                    for what in ("ranking", "search")
                ),
            )
            for kind, by in found["kinds"].items()
        ),
    )


def _growth(found: Results) -> Iterator[str]:
    header = ("articles", "seconds", "docs/s", *_SIZES)
    yield table(
        header,
        (
            (
                f"{row['articles']:,}",
                f"{row['build']['seconds']:.1f}",
                f"{row['articles'] / row['build']['seconds']:,.0f}",
                *_sizes(row["build"], *_MEMORY),
            )
            for row in found["rows"]
        ),
    )
    yield _number_of(found)
    for what, told in (("ranking", "ranking alone"), ("search", "with fragments")):
        yield table(*_growth_table(found, what, told))


def _growth_table(
    found: Results, what: str, told: str
) -> tuple[Sequence[str], list[Sequence[str]]]:
    rows, exponents = found["rows"], found["exponents"]
    sizes = [f"{row['articles']:,}" for row in rows]
    header = (f"p50, {told}", *sizes, "first to last", "exponent", "hits, first to last")
    body: list[Sequence[str]] = []
    for kind in rows[0]["kinds"]:
        times = [row["kinds"][kind][what]["p50"] for row in rows]
        slope = f"{exponents[kind][what]:.2f}" if exponents else NONE
        cells = map(milliseconds, times)
        hits = " to ".join(f"{rows[place]['kinds'][kind]['hits']:,.0f}" for place in (0, -1))
        body.append((kind, *cells, f"{times[-1] / times[0]:.1f}x", slope, hits))
    return header, body


def _start(found: Results) -> Iterator[str]:
    yield table(
        (f"median of {found['runs']}", "time"),
        ((name, milliseconds(value)) for name, value in found["milliseconds"].items()),
    )
