"""`searchkit index`: a translation of `SearchIndex.add`, and the report of what a run did."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from searchkit.cli.messages import say
from searchkit.cli.options import (
    GivenPath,
    Shared,
    index_dir_option,
    json_option,
    of_engine,
    pass_shared,
)
from searchkit.cli.records import print_json
from searchkit.cli.screen import harmless
from searchkit.cli.sources import choose_sources, progress_bar, read, samples_for
from searchkit.cli.terminal import console
from searchkit.cli.translated import command
from searchkit.documents import Limits
from searchkit.engines.location import Location
from searchkit.errors import EXIT_SKIPPED, SearchkitError
from searchkit.indexing import IndexReport
from searchkit.open_index import not_nothing
from searchkit.search_index import SearchIndex
from searchkit.settings import MOST_MB
from searchkit.watching import Watches

_MOST_SHOWN = 20
_FEW_SHOWN = 5
KINDS = ("article", "item")


@command("index")
@click.argument("sources", nargs=-1, metavar=say("index_metavar"), type=GivenPath(readable=False))
@index_dir_option
@json_option
@click.option("--engine", metavar=say("index_engine_metavar"), help=say("index_engine"))
@click.option("--rebuild", is_flag=True, help=say("index_rebuild"))
@click.option(
    "--max-page-mb",
    type=click.IntRange(1, MOST_MB),
    metavar="MB",
    help=say("index_max_page_mb"),
)
@pass_shared
def index(
    shared: Shared,
    sources: tuple[str, ...],
    index_dir: Location | None,
    as_json: bool,
    engine: str | None,
    rebuild: bool,
    max_page_mb: int | None,
) -> int:
    """Index pages, in one commit."""
    settings = shared.settings
    if max_page_mb:
        settings = replace(settings, max_page_mb=max_page_mb)
    limits = Limits(page_bytes=settings.page_bytes)
    chosen = choose_sources(sources, settings)
    if rebuild and chosen is None:
        raise click.UsageError(say("index_rebuild_no_source"))
    path = of_engine(shared.index_dir(index_dir), engine)
    opening = SearchIndex.rebuild if rebuild else SearchIndex.open_or_create
    with opening(path, settings) as opened:
        named = samples_for(opened) if chosen is None else chosen
        with progress_bar(named) as on_progress:
            pages = read(named, limits, on_progress)
            report = opened.add(not_nothing(pages, path) if rebuild else pages)
        waiting = _waiting(opened)
    if as_json:
        print_json(_report_json(report, path))
    else:
        _print_report(report, path)
        if waiting:
            click.echo(say("index_watches", names=harmless(", ".join(waiting))))
    return EXIT_SKIPPED if report.skipped_count else 0


def _waiting(index: SearchIndex) -> list[str]:
    """Return the names of the saved queries that have new hits."""
    try:
        return [name for name, hits in Watches(index).new().items() if hits]
    except SearchkitError as error:
        # The pages are indexed all the same.
        click.echo(f"{say('index_warning')}: {harmless(str(error))}", err=True)
        return []


def _report_json(report: IndexReport, path: Location) -> dict[str, Any]:
    return {
        "index": str(path),
        "added": dict(report.added),
        "updated": dict(report.updated),
        "unchanged": dict(report.unchanged),
        "skipped": [
            {"origin": s.origin, "line": s.line, "reason": s.reason} for s in report.skipped
        ],
        "skipped_count": report.skipped_count,
        "warnings": report.warnings,
        "warning_count": report.warning_count,
        "replaced": [{"origin": origin, "id": found} for origin, found in report.replaced],
        "replaced_count": report.replaced_count,
    }


def _print_report(report: IndexReport, path: Location) -> None:
    """Print what a run did; what was skipped or replaced goes to standard error, with why."""
    errors = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
    skipped = [str(each) for each in report.skipped]
    _print_details(errors, say("index_skipped"), skipped, report.skipped_count)
    _print_details(errors, say("index_warning"), report.warnings, report.warning_count)
    _print_replaced(errors, report)
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for name in ("added", "updated", "unchanged"):
        table.add_column(say(f"index_{name}"), justify="right")
    for kind in KINDS:
        counts = (report.added[kind], report.updated[kind], report.unchanged[kind])
        table.add_row(say(f"kind_{kind}"), *(say("number", count=count) for count in counts))
    screen = console()
    screen.print(table)
    last = say("index_path", path=harmless(str(path)))
    if not report.total and not skipped:
        last += f" {say('index_nothing')}"
    if skipped:
        last += f" {say('index_count_skipped', count=report.skipped_count)}"
    if report.replaced_count:
        last += f" {say('index_count_replaced', count=report.replaced_count)}"
    screen.print(Text(last), soft_wrap=True)


def _print_replaced(screen: Console, report: IndexReport) -> None:
    """Say which articles took the place of others: a few, since most are newer versions of them."""
    if not report.replaced_count:
        return
    places = [f"{origin} ({found})" for origin, found in report.replaced]
    _print_details(screen, say("index_replaced"), places, report.replaced_count, _FEW_SHOWN)
    screen.print(say("index_replaced_why", count=report.replaced_count))


def _print_details(
    screen: Console, label: str, lines: Sequence[str], count: int, most: int = _MOST_SHOWN
) -> None:
    for line in lines[:most]:
        screen.print(Text(f"{label}: {harmless(line)}"))
    if count > most:
        screen.print(f"{label}: {say('index_more', count=count - most)}")
