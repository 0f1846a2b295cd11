"""`searchkit check`: a translation of `SearchIndex.check`."""

from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from searchkit.checking import CheckReport
from searchkit.cli.messages import say
from searchkit.cli.options import Shared, index_dir_option, json_option, pass_shared
from searchkit.cli.records import print_json
from searchkit.cli.terminal import console, harmless
from searchkit.cli.translated import command
from searchkit.errors import IndexDamaged, exit_status
from searchkit.search_index import SearchIndex


@command("check")
@index_dir_option
@json_option
@pass_shared
def check(shared: Shared, index_dir: Path | None, as_json: bool) -> int:
    """Read all of the index and tell what is wrong with it."""
    path = shared.index_dir(index_dir)
    report = SearchIndex.check(path, shared.settings)
    if as_json:
        print_json(_report_json(report))
    else:
        _print_report(report)
    return exit_status(IndexDamaged("")) if report.damaged or report.outdated else 0


def _report_json(report: CheckReport) -> dict[str, Any]:
    return {
        "index": str(report.path),
        "damaged": report.damaged,
        "outdated": report.outdated,
        "documents": report.documents,
        "bytes": report.size,
        "findings": [
            {"kind": each.kind, "file": each.file, "what": each.what} for each in report.findings
        ],
    }


def _print_report(report: CheckReport) -> None:
    if report.findings:
        table = Table(box=None, show_header=False, pad_edge=False)
        for _ in range(3):
            table.add_column(overflow="fold")
        for each in report.findings:
            kind = say(f"check_{each.kind}")
            table.add_row(*(Text(harmless(text)) for text in (kind, each.file, each.what)))
        console().print(table)
    path = harmless(str(report.path))
    if report.damaged:
        click.echo(say("check_is_damaged", path=path))
    elif report.outdated:
        click.echo(say("check_is_outdated", path=path))
    else:
        size = report.size / 1e6
        click.echo(say("check_is_sound", path=path, count=report.documents, size=size))
