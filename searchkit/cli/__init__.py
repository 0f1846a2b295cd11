"""The command line: a translation of `searchkit.SearchIndex`, without search logic of its own."""

import gc
import logging
import os
import signal
import sys

import click

from searchkit.cli.commands import cli
from searchkit.cli.messages import say
from searchkit.cli.signals import Terminated, raise_on_signals
from searchkit.cli.translated import complain
from searchkit.errors import SearchkitError, exit_status

EXIT_INTERNAL = 70
EXIT_SIGNAL = 128
"""Plus the number of the signal, as shells have it: 130 after Ctrl-C, 143 after SIGTERM."""


def main() -> None:
    """Run the command line; every error ends in a message and an exit status, see `errors`."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter must not end a search.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    debug = bool(os.environ.get("SEARCHKIT_DEBUG"))
    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL)
    raise_on_signals()
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.Exit as end:
        status = end.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        ended = error.__cause__ or error
        number = ended.number if isinstance(ended, Terminated) else signal.SIGINT
        status = _fail(say("error_interrupted"), EXIT_SIGNAL + number)
    except click.ClickException as error:
        complain(error)
        status = error.exit_code
    except SearchkitError as error:
        status = _fail(str(error), exit_status(error))
    except BrokenPipeError:
        # The reader of the pipe (`head`) has what it wanted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        if debug:
            raise
        status = _fail(
            say("error_internal", name=type(error).__name__, error=error),
            EXIT_INTERNAL,
        )
    # Python would look through all that is left for cycles, which the end of the process frees.
    gc.freeze()
    sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str, status: int) -> int:
    click.echo(say("error", message=message), err=True)
    return status
