"""`searchkit completion`: the script by which a shell completes the command line."""

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from searchkit.cli.translated import command

_NAME = "searchkit"
_VARIABLE = "_SEARCHKIT_COMPLETE"
_SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@command("completion")
@click.argument("shell", type=click.Choice(list(_SHELLS)), metavar="bash|zsh|fish")
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    root = context.find_root().command
    click.echo(_SHELLS[shell](root, {}, _NAME, _VARIABLE).source())
