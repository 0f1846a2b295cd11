"""`searchkit similar`: a translation of `SearchIndex.similar`."""

import click

from searchkit.cli import hits, records
from searchkit.cli.messages import say
from searchkit.cli.options import (
    Shared,
    format_option,
    index_dir_option,
    no_color_option,
    pass_shared,
)
from searchkit.cli.translated import command
from searchkit.engines.location import Location


@command("similar")
@click.argument("document_id", metavar="ID")
@index_dir_option
@click.option("--limit", default=10, metavar="N", help=say("query_limit"))
@click.option("--copies", is_flag=True, help=say("similar_copies"))
@format_option("table", "json", "jsonl")
@no_color_option
@pass_shared
def similar(
    shared: Shared,
    document_id: str,
    index_dir: Location | None,
    limit: int,
    copies: bool,
    form: str | None,
    no_color: bool,
) -> None:
    """Show the articles most like a document."""
    with shared.open_index(index_dir) as opened:
        page = opened.similar(document_id, limit=limit, copies=copies)
    match form:
        case "json" | "jsonl":
            records.print_page(page, form)
        case _ if not page.total:
            click.echo(say("similar_none"))
        case "table":
            hits.print_table(page, not no_color, "similar")
        case _:
            hits.print_page(page, not no_color, "similar")
