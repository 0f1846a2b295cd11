"""Options of `searchkit query` that narrow, order and count hits; facets as a table."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from searchkit.cli.messages import say, say_name
from searchkit.cli.screen import FACTS, QUIET, harmless
from searchkit.cli.screens import screen
from searchkit.engines.fields import FACET_FIELDS
from searchkit.filtering import days_of
from searchkit.results import ResultPage

Function = TypeVar("Function", bound=Callable[..., Any])

_WIDEST = 50


def _first_day(context: click.Context, parameter: click.Parameter, text: str | None) -> date | None:
    return None if text is None else _period(text)[0]


def _last_day(context: click.Context, parameter: click.Parameter, text: str | None) -> date | None:
    return None if text is None else _period(text)[1]


def _period(text: str) -> tuple[date, date]:
    period = days_of(text)
    if period is None:
        raise click.BadParameter(say("query_bad_date", text=harmless(text)))
    return period


def _months(
    context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(map(_month, texts))


def _month(text: str) -> str:
    """Return a month as documents have it: another spelling of one would find nothing."""
    first, last = days_of(text) or (None, None)
    if first and last and first.day == 1 and last == _last_of(first):
        return f"{first.year:04}-{first.month:02}"
    raise click.BadParameter(say("query_bad_month", text=harmless(text)))


def _last_of(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def _facets(context: click.Context, parameter: click.Parameter, text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _filter_option(name: str, **attributes: Any) -> Callable[[Function], Function]:
    metavar = say(f"query_{name}_metavar")
    help_text = say(f"query_{name}")
    return click.option(f"--{name}", multiple=True, metavar=metavar, help=help_text, **attributes)


def narrowing_options(function: Function) -> Function:
    """Add the options; their names are those of the arguments of `SearchIndex.search`."""
    options = (
        _filter_option("section"),
        _filter_option("source"),
        _filter_option("reporter"),
        _filter_option("month", callback=_months),
        click.option(
            "--since",
            metavar=say("query_date_metavar"),
            callback=_first_day,
            help=say("query_since"),
        ),
        click.option(
            "--until",
            metavar=say("query_date_metavar"),
            callback=_last_day,
            help=say("query_until"),
        ),
        click.option(
            "--sort",
            type=click.Choice(["relevance", "newest", "oldest"]),
            default="relevance",
            help=say("query_sort"),
        ),
        click.option("--cursor", metavar="CURSOR", help=say("query_cursor")),
        click.option(
            "--facets",
            metavar="NAME,...",
            default="",
            callback=_facets,
            help=say("query_facets", names=", ".join(FACET_FIELDS)),
        ),
        click.option("--multi-select", is_flag=True, help=say("query_multi_select")),
    )
    for option in reversed(options):
        function = option(function)
    return function


def print_facets(page: ResultPage, color: bool = True) -> None:
    """Print each facet under its name, a value a line with its count before it."""
    if not page.facets:
        return
    # Imported late: most pages have no facets.
    from rich.cells import cell_len, set_cell_size

    shown = screen(color)
    for name, counts in page.facets.items():
        shown.print()
        shown.print((say_name("facet", name), FACTS))
        if not counts:
            shown.print((f"  {say('facet_none')}", QUIET))
        numbers = [say("facet_count", count=each.count) for each in counts]
        width = max(map(len, numbers), default=0)
        for number, each in zip(numbers, counts, strict=True):
            value = harmless(each.value)
            if cell_len(value) > _WIDEST:
                value = set_cell_size(value, _WIDEST - 1) + "…"
            shown.print_whole((f"  {number:>{width}}  {value}", ""))
