"""`searchkit export-site`: a translation of `SearchIndex.export_site`."""

from pathlib import Path
from shlex import quote

import click

from searchkit.cli.messages import say
from searchkit.cli.options import GivenPath, Shared, index_dir_option, json_option, pass_shared
from searchkit.cli.records import print_json
from searchkit.cli.screen import harmless
from searchkit.cli.translated import command
from searchkit.engines.location import Location


@command("export-site")
@click.argument("folder", metavar=say("export_site_metavar"), type=GivenPath(path_type=Path))
@click.option("--title", default="", metavar=say("export_site_name"), help=say("export_site_title"))
@index_dir_option
@json_option
@pass_shared
def export_site(
    shared: Shared, folder: Path, title: str, index_dir: Location | None, as_json: bool
) -> None:
    """Write the archive as a static site that searches in the browser."""
    with shared.open_index(index_dir) as opened:
        report = opened.export_site(folder, title=title)
    if as_json:
        print_json(
            {
                "folder": str(report.folder),
                "documents": dict(report.documents),
                "files": report.files,
                "bytes": report.size,
            }
        )
        return
    count = sum(report.documents.values())
    path = harmless(str(report.folder))
    click.echo(say("export_site_done", count=count, path=path, size=report.size / 1e6), err=True)
    click.echo(say("export_site_try", path=quote(path)), err=True)
