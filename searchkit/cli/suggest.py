"""`searchkit suggest`: a translation of `SearchIndex.suggest`."""

import click

from searchkit.cli.messages import say
from searchkit.cli.options import Shared, index_dir_option, json_option, pass_shared
from searchkit.cli.records import print_json
from searchkit.cli.screen import harmless
from searchkit.cli.translated import command
from searchkit.engines.location import Location


@command("suggest")
@click.argument("prefix", nargs=-1, required=True, metavar=say("suggest_metavar"))
@index_dir_option
@click.option("--limit", default=8, metavar="N", help=say("suggest_limit"))
@json_option
@pass_shared
def suggest(
    shared: Shared, prefix: tuple[str, ...], index_dir: Location | None, limit: int, as_json: bool
) -> None:
    """Print completions, one a line or as a JSON list."""
    with shared.open_index(index_dir) as opened:
        found = opened.suggest(" ".join(prefix), limit)
    if as_json:
        print_json(found)
    else:
        for completion in found:
            click.echo(harmless(completion))
