"""The command `searchkit` and the commands in it, each from a file of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from searchkit.cli.messages import say
from searchkit.cli.options import GivenPath, Shared
from searchkit.cli.streams import drop_output
from searchkit.cli.translated import Group

_COMMANDS = {
    "index": "index",
    "query": "query",
    "suggest": "suggest",
    "show": "show",
    "similar": "similar",
    "delete": "delete",
    "optimize": "optimize",
    "check": "check",
    "export": "export",
    "export-site": "export_site",
    "backup": "backup",
    "restore": "backup:restore",
    "migrate": "migrate",
    "stats": "stats",
    "analyze": "analyze",
    "eval": "evaluation",
    "explain": "explanation:explain",
    "watch": "watch",
    "mcp": "mcp",
    "serve": "serve",
    "completion": "completion",
}
"""The commands by their names: the module of `searchkit.cli` that has each."""


class Commands(Group):
    """The group of all commands, each imported when it is asked for: `query` is not to wait."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Return the context of a command line, whose help may have been asked for."""
        with _reader_may_leave():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; return what it returns."""
        with _reader_may_leave():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, as the help lists them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name; None if there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"searchkit.cli.{module}"), name or module)
        return command


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """End well when the reader of a pipe (`head`) has what it wanted: click would end with 1."""
    try:
        yield
    except BrokenPipeError:
        drop_output()
        raise click.exceptions.Exit(0) from None


@click.group(
    cls=Commands,
    help=say("searchkit_help"),
    examples=say("searchkit_examples"),
    statuses=say("searchkit_exit_status"),
    subcommand_metavar=say("searchkit_metavar"),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(
    package_name="searchkit", message="searchkit %(version)s", help=say("help_version")
)
@click.option(
    "--config",
    metavar="FILE",
    type=GivenPath(path_type=Path, dir_okay=False),
    help=say("option_config"),
)
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Full-text search for Indonesian news."""
    context.obj = Shared(config)
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
