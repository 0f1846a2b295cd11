"""`searchkit check`: a translation of `SearchIndex.check` and `SearchIndex.repair`."""

from typing import Any

import click
from rich.table import Table
from rich.text import Text

from searchkit.checking import CheckReport
from searchkit.cli.messages import say
from searchkit.cli.options import Shared, index_dir_option, json_option, pass_shared
from searchkit.cli.records import print_json
from searchkit.cli.screen import harmless
from searchkit.cli.terminal import console
from searchkit.cli.translated import command
from searchkit.engines.location import Location
from searchkit.errors import EXIT_SKIPPED, IndexDamaged, exit_status
from searchkit.repairing import RepairReport
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings


@command("check")
@index_dir_option
@click.option("--repair", is_flag=True, help=say("check_repair"))
@json_option
@pass_shared
def check(shared: Shared, index_dir: Location | None, repair: bool, as_json: bool) -> int:
    """Read all of the index and tell what is wrong with it, or mend it."""
    path = shared.index_dir(index_dir)
    report = SearchIndex.check(path, shared.settings)
    bad = report.damaged or report.outdated
    if not as_json:
        _print_report(report, advise=not repair)
    repaired = _repaired(path, shared.settings, report) if repair and bad else None
    if as_json:
        print_json(_report_json(report) | {"repair": repaired and _repair_json(repaired)})
    elif repaired:
        _print_repair(repaired)
    if repaired:
        return EXIT_SKIPPED if repaired.lost or repaired.uncertain else 0
    return exit_status(IndexDamaged("")) if bad else 0


def _repaired(path: Location, settings: Settings, report: CheckReport) -> RepairReport:
    if report.schema is not None:
        # Imported late: an index of news has no need of it.
        from searchkit.document_index import DocumentIndex

        return DocumentIndex.repair(path, settings=settings)
    return SearchIndex.repair(path, settings)


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


def _repair_json(report: RepairReport) -> dict[str, Any]:
    return {"saved": report.saved, "lost": list(report.lost), "uncertain": report.uncertain}


def _print_report(report: CheckReport, advise: bool) -> None:
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
        return
    if advise:
        click.echo(say("check_advice"))


def _print_repair(report: RepairReport) -> None:
    for document_id in report.lost:
        click.echo(say("check_lost", id=harmless(document_id) or "?"))
    click.echo(say("check_repaired", path=harmless(str(report.path)), count=report.saved))
    if report.lost:
        click.echo(say("check_count_lost", count=len(report.lost)))
    if report.uncertain:
        click.echo(say("check_uncertain"))
