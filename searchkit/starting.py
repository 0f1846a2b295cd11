"""Ctrl-C while the command `searchkit` is being imported: it ends at once, without a traceback.

The package is imported before the first line of the command, so it is the package that has to see
to it: as its first import this module does, if the process is the command as far as can be told
from its name. A program has its Ctrl-C as ever, at the latest when the package is imported.
"""

import signal
import sys
from pathlib import PurePath


def end_at_once() -> bool:
    """Let Ctrl-C end the process at once; return whether that is new. Nothing in a thread."""
    # What is interrupted while it is imported has nothing to put in order, or to say.
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return False
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    except ValueError:
        return False
    return True


def imported() -> None:
    """Have Ctrl-C raise KeyboardInterrupt again: the package is imported."""
    if _CHANGED:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_command() -> bool:
    name = sys.argv[0] if sys.argv else ""
    # Python writes -m there until it has found the module to run, in this package or another.
    return "searchkit" in sys.orig_argv if name == "-m" else PurePath(name).stem == "searchkit"


_CHANGED = _is_command() and end_at_once()
