"""The command line: a translation of `searchkit.SearchIndex`, without search logic of its own."""

import errno
import gc
import logging
import os
import signal
import sys

import click

from searchkit.cli.commands import cli
from searchkit.cli.messages import say
from searchkit.cli.signals import Terminated, end_on_signals, raise_on_signals
from searchkit.cli.streams import drop_output, open_streams
from searchkit.cli.translated import complain
from searchkit.errors import OutputNotWritable, SearchkitError, exit_status

EXIT_INTERNAL = 70
EXIT_SIGNAL = 128
"""Plus the number of the signal, as shells have it: 130 after Ctrl-C, 143 after SIGTERM."""


def main() -> None:
    """Run the command line; every error ends in a message and an exit status, see `errors`."""
    open_streams()
    debug = bool(os.environ.get("SEARCHKIT_DEBUG"))
    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL)
    try:
        raise_on_signals()
        status = cli.main(standalone_mode=False)
        # What is left to write is written now, where it can be told that it cannot be.
        sys.stdout.flush()
        end_on_signals()
    except (Exception, KeyboardInterrupt) as error:
        end_on_signals()
        status = _status_of(error)
        if status == EXIT_INTERNAL and debug:
            raise
    # Python would look through all that is left for cycles, which the end of the process frees.
    gc.freeze()
    sys.exit(status if isinstance(status, int) else 0)


def _status_of(error: BaseException) -> int:
    """Say what ended a command; return the exit status."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.Abort() | KeyboardInterrupt():
            ended = error.__cause__ or error
            number = ended.number if isinstance(ended, Terminated) else signal.SIGINT
            return _fail(say("error_interrupted"), EXIT_SIGNAL + number)
        case click.ClickException():
            complain(error)
            return error.exit_code
        case SearchkitError():
            return _fail(str(error), exit_status(error))
        case BrokenPipeError():
            drop_output()
            return 0
        case OSError(errno=errno.ENOSPC | errno.EIO | errno.EFBIG):
            drop_output()
            unwritten = OutputNotWritable(say("error_output", reason=error.strerror))
            return _fail(str(unwritten), exit_status(unwritten))
    return _fail(
        say("error_internal", name=type(error).__name__, error=error),
        EXIT_INTERNAL,
    )


def _fail(message: str, status: int) -> int:
    click.echo(say("error", message=message), err=True)
    return status
