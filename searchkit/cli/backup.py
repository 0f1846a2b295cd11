"""`searchkit backup` and `searchkit restore`: translations of their namesakes in `SearchIndex`."""

from pathlib import Path

import click

from searchkit.cli.messages import say
from searchkit.cli.options import GivenPath, Shared, index_dir_option, json_option, pass_shared
from searchkit.cli.records import print_json
from searchkit.cli.screen import harmless
from searchkit.cli.translated import command
from searchkit.copying import CopyReport
from searchkit.engines.location import Location
from searchkit.search_index import SearchIndex

_FOLDER = GivenPath(path_type=Path)


@command("backup")
@click.argument("target", metavar=say("backup_metavar"), type=_FOLDER)
@index_dir_option
@json_option
@pass_shared
def backup(shared: Shared, target: Path, index_dir: Location | None, as_json: bool) -> None:
    """Copy the index to another directory."""
    path = shared.index_dir(index_dir)
    _report(SearchIndex.backup(path, target, shared.settings), as_json)


@command("restore")
@click.argument("source", metavar=say("restore_metavar"), type=_FOLDER)
@index_dir_option
@click.option("--replace", is_flag=True, help=say("restore_replace"))
@json_option
@pass_shared
def restore(
    shared: Shared, source: Path, index_dir: Location | None, replace: bool, as_json: bool
) -> None:
    """Put a backup in the place of the index."""
    path = shared.index_dir(index_dir)
    _report(SearchIndex.restore(path, source, shared.settings, replace=replace), as_json)


def _report(report: CopyReport, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "source": str(report.source),
                "target": str(report.target),
                "documents": report.documents,
                "files": report.files,
                "bytes": report.size,
                "kept": report.kept,
            }
        )
        return
    click.echo(
        say(
            "backup_done",
            count=report.documents,
            source=harmless(str(report.source)),
            target=harmless(str(report.target)),
            size=report.size / 1e6,
            kept=report.kept,
        )
    )
