"""`searchkit migrate`: a translation of `SearchIndex.migrate`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from searchkit.cli.messages import say
from searchkit.cli.options import IndexPlace, Shared, json_option, named_as, of_engine, pass_shared
from searchkit.cli.records import print_json
from searchkit.cli.screen import harmless
from searchkit.cli.translated import command
from searchkit.engines.location import Location
from searchkit.engines.registry import engine_at
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings

if TYPE_CHECKING:
    from searchkit.document_index import DocumentIndex
    from searchkit.migrating import OnStep


@command("migrate")
@click.argument("source", metavar=say("migrate_source"), type=IndexPlace())
@click.argument("target", metavar=say("migrate_target"), type=IndexPlace())
@click.option("--engine", metavar=say("index_engine_metavar"), help=say("migrate_engine"))
@json_option
@pass_shared
def migrate(
    shared: Shared, source: Location, target: Location, engine: str | None, as_json: bool
) -> None:
    """Move an index to another place or engine."""
    target = of_engine(target, engine)
    with named_as(say("migrate_source")):
        migrate_index = _index_of(source, shared.settings).migrate
    with _progress_bar() as on_step, named_as(say("migrate_target")):
        report = migrate_index(source, target, shared.settings, on_step=on_step)
    total = sum(report.documents.values())
    if as_json:
        print_json(
            {
                "source": str(report.source),
                "target": str(report.target),
                "documents": dict(report.documents),
                "moved": report.moved,
                "checksum": report.checksum,
            }
        )
        return
    click.echo(
        say(
            "migrate_done",
            count=total,
            source=harmless(str(report.source)),
            target=harmless(str(report.target)),
            moved=report.moved,
            checksum=report.checksum[:16],
        )
    )


def _index_of(source: Location, settings: Settings) -> "type[SearchIndex | DocumentIndex]":
    manifest = engine_at(source, settings.engine)[1].manifest(source, settings)
    if manifest.schema is None:
        return SearchIndex
    # Imported late: an index of news has no need of it.
    from searchkit.document_index import DocumentIndex

    return DocumentIndex


@contextmanager
def _progress_bar() -> "Iterator[OnStep]":
    """Show a bar on a terminal, and nothing in a pipe; gives what to call with each step."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _step, _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda step, done, total: progress.update(
            task, description=say(f"migrate_{step}"), completed=done, total=total
        )
