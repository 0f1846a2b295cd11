"""`searchkit export`: a translation of `SearchIndex.export`."""

import sys

import click

from searchkit.cli.messages import say
from searchkit.cli.options import GivenPath, Shared, index_dir_option, pass_shared
from searchkit.cli.translated import command
from searchkit.engines.location import Location


@command("export")
@click.argument("file", default="-", metavar=say("export_metavar"), type=GivenPath(readable=False))
@index_dir_option
@pass_shared
def export(shared: Shared, file: str, index_dir: Location | None) -> None:
    """Write all documents as JSON lines."""
    with shared.open_index(index_dir) as opened:
        if file != "-":
            count = opened.export(file)
            click.echo(say("export_done", count=count, path=file), err=True)
            return
        for line in opened.export_lines():
            sys.stdout.buffer.write(line.encode())
        sys.stdout.buffer.flush()
