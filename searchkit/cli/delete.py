"""`searchkit delete`: a translation of `SearchIndex.delete`."""

import click

from searchkit.cli.messages import say
from searchkit.cli.options import Shared, index_dir_option, pass_shared
from searchkit.cli.translated import command
from searchkit.engines.location import Location


@command("delete")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@index_dir_option
@pass_shared
def delete(shared: Shared, ids: tuple[str, ...], index_dir: Location | None) -> None:
    """Delete documents by their ids: all of them, or none if one is not there."""
    with shared.open_index(index_dir) as opened:
        opened.delete(*ids)
    click.echo(say("delete_done", count=len(set(ids))))
