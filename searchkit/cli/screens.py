"""The choice of what hits are printed on."""

import os

from searchkit.cli.screen import Pipe, Screen, is_colourless, is_terminal


def screen(color: bool = True) -> Screen:
    """Return what to print on; `color` off, NO_COLOR or FORCE_COLOR=0 are for no colours.

    FORCE_COLOR gives a pipe colours, too.
    """
    coloured = color and not is_colourless()
    forced = os.environ.get("FORCE_COLOR") or os.environ.get("TTY_COMPATIBLE") == "1"
    if not is_terminal() and not (coloured and forced):
        return Pipe()
    # Imported late, with rich: nothing that a pipe is told has need of it.
    from searchkit.cli.terminal import Terminal

    return Terminal(color)
