"""`searchkit stats`: a translation of `SearchIndex.stats`."""

from typing import Any

from rich.table import Table
from rich.text import Text

from searchkit.cli.messages import say, say_name
from searchkit.cli.options import (
    Shared,
    bom_option,
    check_bom,
    format_option,
    index_dir_option,
    pass_shared,
)
from searchkit.cli.records import print_csv, print_json
from searchkit.cli.screen import FACTS, harmless
from searchkit.cli.terminal import console
from searchkit.cli.translated import command
from searchkit.engines.location import Location
from searchkit.objects import stats_object
from searchkit.upkeep import Stats


@command("stats")
@index_dir_option
@format_option("json", "csv")
@bom_option
@pass_shared
def stats(shared: Shared, index_dir: Location | None, form: str | None, bom: bool) -> None:
    """Show how much is in the index."""
    check_bom(bom, form)
    with shared.open_index(index_dir) as opened:
        counted = opened.stats()
    match form:
        case "json":
            print_json(_stats_json(counted))
        case "csv":
            print_csv(("name", "value"), _flat(_stats_json(counted)), bom)
        case _:
            _print_stats(counted)


def _stats_json(stats: Stats) -> dict[str, Any]:
    return {"index": str(stats.location)} | stats_object(stats)


def _flat(values: dict[str, Any]) -> list[tuple[str, object]]:
    """Return (name, value), a name within another written `documents.article`."""
    rows: list[tuple[str, object]] = []
    for name, value in values.items():
        if isinstance(value, dict):
            rows += [(f"{name}.{inner}", number) for inner, number in value.items()]
        else:
            rows.append((name, value))
    return rows


def _print_stats(stats: Stats) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style=FACTS)
    table.add_column(overflow="fold")
    rows = [
        (say("stats_index"), f"{harmless(str(stats.location))} ({stats.engine})"),
        (say("stats_analyzer"), stats.analyzer),
    ]
    for kind in ("article", "item"):
        count = stats.size.documents.get(kind, 0)
        rows.append((say(f"kind_{kind}"), say("number", count=count)))
    for field, count in stats.size.terms.items():
        if count:
            label = say("stats_stems", field=say_name("block", field))
            rows.append((label, say("number", count=count)))
    rows.append((say("stats_segments"), say("number", count=stats.size.segments)))
    rows.append((say("stats_disk"), say("stats_megabytes", size=stats.size.disk_bytes / 1e6)))
    for name, value in rows:
        table.add_row(name, Text(value))
    console().print(table)
