"""The standard streams of a command: what it may count on, and what becomes of them at its end."""

import os
import sys


def open_streams() -> None:
    """Have all three: in the place of one that is closed, one with nothing in it.

    What a terminal cannot show is replaced: a letter must not end a search.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def drop_output() -> None:
    """Let what has not been written yet go nowhere, when there is nobody or no room to take it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
