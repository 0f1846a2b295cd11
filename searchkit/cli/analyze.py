"""`searchkit analyze`: a translation of the analyzer."""

from collections.abc import Sequence
from contextlib import closing

import click
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from searchkit.analysis import Analyzers, Token
from searchkit.cli.messages import say
from searchkit.cli.options import Shared, bom_option, check_bom, format_option, pass_shared
from searchkit.cli.records import print_csv, print_json
from searchkit.cli.screen import harmless
from searchkit.cli.terminal import console
from searchkit.cli.translated import command

_NUMBERS = ("position", "start", "end")
_COLUMNS = ("position", "surface", "form", "term", "start", "end")


@command("analyze")
@click.argument("text", nargs=-1, required=True, metavar=say("query_metavar"))
@format_option("json", "jsonl", "csv")
@bom_option
@pass_shared
def analyze(shared: Shared, text: tuple[str, ...], form: str | None, bom: bool) -> None:
    """Show the tokens of a text: spelling, folded form, stem and offsets."""
    check_bom(bom, form)
    with closing(Analyzers(shared.settings)) as analyzers:
        tokens = analyzers.named(shared.settings.analyzer).analyze(" ".join(text))
    match form:
        case "json":
            print_json([token._asdict() for token in tokens])
        case "jsonl":
            for token in tokens:
                print_json(token._asdict())
        case "csv":
            rows = [[getattr(token, name) for name in _COLUMNS] for token in tokens]
            print_csv(_COLUMNS, rows, bom)
        case _:
            _print_tokens(tokens)


def _print_tokens(tokens: Sequence[Token]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in _COLUMNS:
        side: JustifyMethod = "right" if name in _NUMBERS else "left"
        table.add_column(say(f"analyze_{name}"), justify=side, overflow="fold")
    for token in tokens:
        table.add_row(*(Text(harmless(str(getattr(token, name)))) for name in _COLUMNS))
    console().print(table)
