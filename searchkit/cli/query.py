"""`searchkit query`: a translation of `SearchIndex.search`."""

from contextlib import suppress
from typing import Any, Literal

import click
from click.shell_completion import CompletionItem

from searchkit.cli.messages import say
from searchkit.cli.narrowing import narrowing_options, print_facets
from searchkit.cli.options import (
    Shared,
    bom_option,
    check_bom,
    format_option,
    index_dir_option,
    no_color_option,
    pass_shared,
)
from searchkit.cli.translated import command
from searchkit.engines.location import Location
from searchkit.errors import SearchkitError
from searchkit.results import ResultPage
from searchkit.settings import MOST_RECENCY


def _list_names(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the lists of the index that begin with what was typed, to complete `--list`."""
    config = context.parent.params.get("config") if context.parent else None
    index_dir = context.params.get("index_dir")
    with suppress(SearchkitError), Shared(config).open_index(index_dir) as opened:
        return [CompletionItem(name) for name in opened.list_names(incomplete)]
    return []


@command("query")
@click.argument("text", nargs=-1, metavar=say("query_metavar"))
@index_dir_option
@click.option("--limit", default=10, metavar="N", help=say("query_limit"))
@click.option("--offset", default=0, metavar="N", help=say("query_offset"))
@click.option("--kind", type=click.Choice(["article", "item"]), help=say("query_kind"))
@click.option(
    "--list",
    "list_name",
    multiple=True,
    metavar=say("query_list_metavar"),
    shell_complete=_list_names,
    help=say("query_list"),
)
@narrowing_options
@click.option("--no-abbreviations", is_flag=True, help=say("query_no_abbreviations"))
@click.option("--no-synonyms", is_flag=True, help=say("query_no_synonyms"))
@click.option(
    "--recency",
    type=click.FloatRange(0, MOST_RECENCY),
    metavar=f"0-{MOST_RECENCY:g}",
    help=say("query_recency"),
)
@click.option(
    "--collapse", type=click.Choice(["newest", "fullest", "off"]), help=say("query_collapse")
)
@click.option("--exact-spelling", is_flag=True, help=say("query_exact_spelling"))
@format_option("table", "json", "jsonl", "csv")
@bom_option
@no_color_option
@pass_shared
def query(
    shared: Shared,
    /,
    text: tuple[str, ...],
    index_dir: Location | None,
    limit: int,
    offset: int,
    kind: str | None,
    list_name: tuple[str, ...],
    no_abbreviations: bool,
    no_synonyms: bool,
    recency: float | None,
    collapse: Literal["newest", "fullest", "off"] | None,
    exact_spelling: bool,
    form: str | None,
    bom: bool,
    no_color: bool,
    **narrowing: Any,
) -> None:
    """Search for the words of the arguments."""
    if not text:
        raise click.UsageError(say("query_no_text"))
    if narrowing["multi_select"] and not narrowing["facets"]:
        raise click.UsageError(say("query_multi_select_alone"))
    check_bom(bom, form)
    off = {"abbreviation": no_abbreviations, "synonym": no_synonyms}
    with shared.open_index(index_dir) as opened:
        page = opened.search(
            " ".join(text),
            limit=limit,
            offset=offset,
            kind=kind,
            list_name=list_name,
            expand=[rule for rule in shared.settings.expand if not off[rule]],
            recency=recency,
            collapse=collapse,
            tolerant=False if exact_spelling else None,
            **narrowing,
        )
    _print(page, form, bom, color=not no_color)


def _print(page: ResultPage, form: str | None, bom: bool, color: bool) -> None:
    # Imported late: what prints for people takes its time, and what prints for programs as well.
    if form in ("csv", "json", "jsonl"):
        from searchkit.cli import records

        if form == "csv":
            records.print_csv(records.HIT_COLUMNS, map(records.hit_row, page.hits), bom)
        else:
            records.print_page(page, form)
        return
    from searchkit.cli import hits

    (hits.print_table if form == "table" else hits.print_page)(page, color)
    print_facets(page, color)
