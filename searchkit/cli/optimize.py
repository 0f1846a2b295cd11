"""`searchkit optimize`: a translation of `SearchIndex.optimize`."""

import click

from searchkit.cli.messages import say
from searchkit.cli.options import Shared, index_dir_option, pass_shared
from searchkit.cli.translated import command
from searchkit.engines.location import Location


@command("optimize")
@index_dir_option
@pass_shared
def optimize(shared: Shared, index_dir: Location | None) -> None:
    """Bring the index into its smallest and fastest form."""
    with shared.open_index(index_dir) as opened:
        before = opened.stats().size
        opened.optimize()
        after = opened.stats().size
    if before.generation == after.generation:
        click.echo(say("optimize_nothing"))
        return
    was, became = before.disk_bytes / 1e6, after.disk_bytes / 1e6
    click.echo(say("optimize_done", count=before.segments, before=was, after=became))
