"""The command `searchkit` and the commands in it, each from a file of its own."""

from pathlib import Path

import click

from searchkit import __version__
from searchkit.cli.analyze import analyze
from searchkit.cli.backup import backup, restore
from searchkit.cli.check import check
from searchkit.cli.completion import completion
from searchkit.cli.delete import delete
from searchkit.cli.evaluation import evaluation
from searchkit.cli.explanation import explain
from searchkit.cli.export import export
from searchkit.cli.index import index
from searchkit.cli.messages import say
from searchkit.cli.optimize import optimize
from searchkit.cli.options import Shared
from searchkit.cli.query import query
from searchkit.cli.show import show
from searchkit.cli.similar import similar
from searchkit.cli.stats import stats
from searchkit.cli.suggest import suggest
from searchkit.cli.translated import Group
from searchkit.cli.watch import watch


@click.group(
    cls=Group,
    help=say("searchkit_help"),
    examples=say("searchkit_examples"),
    epilog=say("searchkit_exit_status"),
    subcommand_metavar=say("searchkit_metavar"),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message=f"searchkit {__version__}", help=say("help_version"))
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("option_config"),
)
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Full-text search for Indonesian news."""
    context.obj = Shared(config)
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


cli.add_command(index)
cli.add_command(query)
cli.add_command(suggest)
cli.add_command(show)
cli.add_command(similar)
cli.add_command(delete)
cli.add_command(optimize)
cli.add_command(check)
cli.add_command(export)
cli.add_command(backup)
cli.add_command(restore)
cli.add_command(stats)
cli.add_command(analyze)
cli.add_command(evaluation)
cli.add_command(explain)
cli.add_command(watch)
cli.add_command(completion)
