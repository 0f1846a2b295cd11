"""What `searchkit eval` prints, for people, for documents and for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.console import JustifyMethod
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from searchkit.cli.messages import say
from searchkit.cli.terminal import console
from searchkit.evaluation import (
    CONFIGURATIONS,
    MEASURES,
    Comparison,
    Evaluation,
    FloorResult,
    JudgedQueries,
    mean_interval,
)

_WIDEST = 1000


def evaluation_json(
    judged: JudgedQueries,
    evaluations: Sequence[Evaluation],
    comparisons: Sequence[Comparison],
    seed: int,
) -> dict[str, Any]:
    """Return the JSON object of evaluations, the system last, and its comparisons."""
    return {
        "queries": len(judged.texts),
        "relevant_documents": len(judged.relevant),
        "seed": seed,
        "configurations": [_configuration_json(each, seed) for each in evaluations],
        "comparisons": [asdict(each) for each in comparisons],
    }


def _configuration_json(evaluation: Evaluation, seed: int) -> dict[str, Any]:
    measures = {}
    for name in MEASURES:
        low, high = mean_interval(evaluation.scores[name], seed)
        measures[name] = {"mean": evaluation.mean(name), "low": low, "high": high}
    return {
        "name": evaluation.name,
        "analyzer": evaluation.analyzer or None,
        "milliseconds": round(evaluation.milliseconds, 2) or None,
        "measures": measures,
    }


def per_query_json(
    judged: JudgedQueries, evaluations: Sequence[Evaluation]
) -> list[dict[str, Any]]:
    """Return for each query its text and the measures of each configuration."""
    return [
        {
            "id": query_id,
            "text": text,
            "measures": {
                each.name: {name: float(each.scores[name][number]) for name in MEASURES}
                for each in evaluations
            },
        }
        for number, (query_id, text) in enumerate(judged.texts.items())
    ]


def floors_json(results: Sequence[FloorResult]) -> list[dict[str, Any]]:
    """Return the JSON list of checked floors."""
    return [
        {
            "set": result.set.name,
            "status": result.status,
            "reason": result.reason or None,
            "measures": {
                name: {
                    "floor": floor,
                    "measured": result.evaluation.mean(name) if result.evaluation else None,
                }
                for name, floor in result.set.floors.items()
            },
        }
        for result in results
    ]


def print_warnings(warnings: Sequence[str]) -> None:
    """Print warnings to standard error."""
    for warning in warnings:
        click.echo(f"{say('index_warning')}: {warning}", err=True)


def print_evaluation(
    judged: JudgedQueries, evaluations: Sequence[Evaluation], seed: int, markdown: bool
) -> None:
    """Print the measures: of one configuration with intervals, of several side by side."""
    queries, documents = len(judged.texts), len(judged.relevant)
    counted = (say("eval_queries", count=queries), say("eval_relevant", count=documents))
    click.echo(f"{', '.join(counted)}\n")
    if len(evaluations) == 1:
        _print_one(evaluations[0], seed, markdown)
        return
    rows = [[each.name, *(_value(each.mean(name)) for name in MEASURES)] for each in evaluations]
    _print_table([say("eval_configuration"), *MEASURES], rows, markdown)
    if not markdown:
        for each in evaluations:
            if each.name in CONFIGURATIONS:
                click.echo(f"  {each.name}: {CONFIGURATIONS[each.name].description}")


def _print_one(evaluation: Evaluation, seed: int, markdown: bool) -> None:
    rows = []
    for name in MEASURES:
        low, high = mean_interval(evaluation.scores[name], seed)
        rows.append(
            [
                name,
                _value(evaluation.mean(name)),
                say("eval_range", low=_value(low), high=_value(high)),
            ]
        )
    _print_table(_heads("measure", "mean", "interval"), rows, markdown)
    speed = say("eval_speed", name=evaluation.name, ms=evaluation.milliseconds)
    click.echo(f"\n{speed}")


def print_comparisons(comparisons: Sequence[Comparison], markdown: bool) -> None:
    """Print the differences of the system to each baseline, with their significance."""
    if not comparisons:
        return
    header = _heads("measure", "difference", "interval", "p", "p_t_test", "wins")
    for baseline in dict.fromkeys(each.baseline for each in comparisons):
        rows = [
            [
                each.measure,
                _gain(each.difference),
                say("eval_range", low=_gain(each.low), high=_gain(each.high)),
                _p(each.p_randomization),
                _p(each.p_t_test),
                "/".join(say("number", count=n) for n in (each.wins, each.ties, each.losses)),
            ]
            for each in comparisons
            if each.baseline == baseline
        ]
        against = say("eval_against", system=comparisons[0].system, baseline=baseline)
        click.echo(f"\n{against}\n")
        _print_table(header, rows, markdown)
    click.echo(f"\n{say('eval_p_explained')}")


def print_floors(results: Sequence[FloorResult], markdown: bool) -> None:
    """Print what was measured beside the floors, and what could not be measured."""
    rows = []
    for result in results:
        for name, floor in result.set.floors.items() if result.evaluation else ():
            verdict = say("eval_below" if name in result.below else "eval_met")
            measured = _value(result.evaluation.mean(name)) if result.evaluation else ""
            rows.append([result.set.name, name, measured, _value(floor), verdict])
    if rows:
        header = [*_heads("set", "measure", "measured", "floor"), ""]
        _print_table(header, rows, markdown, text_columns=2)
    for result in results:
        if not result.evaluation:
            label = say("index_skipped" if result.status == "absent" else "eval_not_comparable")
            click.echo(f"{label}: {result.set.name}: {result.reason}")


def _value(value: float) -> str:
    return say("eval_value", value=value)


def _gain(value: float) -> str:
    return say("eval_gain", value=value)


def _heads(*names: str) -> list[str]:
    return [say(f"eval_{name}") for name in names]


def _p(value: float | None) -> str:
    if value is None:
        return "-"
    return say("eval_p_low") if value < 0.001 else say("eval_p_value", value=value)


def _print_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], markdown: bool, text_columns: int = 1
) -> None:
    """Print rows under a header, the first `text_columns` to the left, numbers to the right."""
    if markdown:
        rule = ["---"] * text_columns + ["--:"] * (len(header) - text_columns)
        for cells in (header, rule, *rows):
            click.echo(f"| {' | '.join(cells)} |")
        return
    table = Table(box=None, pad_edge=False)
    for number, name in enumerate(header):
        side: JustifyMethod = "left" if number < text_columns else "right"
        table.add_column(name, justify=side, no_wrap=number > 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    shown = console()
    # Where a terminal is too narrow, it breaks the lines itself: a number must not be cut.
    wide = shown.options.update(width=_WIDEST)
    shown.width = max(shown.width, Measurement.get(shown, wide, table).maximum)
    shown.print(table)
