"""The terminal: how wide, with which colours, and whether a link can be clicked in it."""

import os
import re
import sys
from collections.abc import Mapping

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from searchkit.results import Fragment

MARK = "bold red"
FACTS = "cyan"
QUIET = "dim"

# Terminals that know OSC 8, by the variables by which they can be told.
_LINKING_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"}
_LINKING_TERMS = {"alacritty", "foot", "foot-extra", "xterm-kitty", "xterm-ghostty", "wezterm"}
_LINKING_VARIABLES = ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "KITTY_WINDOW_ID")
_VTE_WITH_LINKS = 5000

# Control characters and those that turn the direction of writing: a page must not steer a terminal.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f]+")


def console(color: bool = True) -> Console:
    """Return a console on standard output that wraps to a terminal, and never in a pipe.

    There is colour on a terminal, or with FORCE_COLOR; none with `color` off, NO_COLOR or
    FORCE_COLOR=0. `soft_wrap` tells that lines are not wrapped.
    """
    forced = os.environ.get("FORCE_COLOR", "")
    plain = not color or os.environ.get("NO_COLOR") or forced in ("0", "false")
    made = Console(color_system=None if plain else "auto", highlight=False, emoji=False)
    made.soft_wrap = not _is_terminal()
    return made


def _is_terminal() -> bool:
    try:
        return sys.stdout.isatty()
    except ValueError:
        return False


def link_style(console: Console, url: str) -> Style:
    """Return the style that makes text a link to `url`, or one that does nothing."""
    works = console.color_system is not None and supports_links(os.environ, _is_terminal())
    return Style(link=url) if works and _WEB.fullmatch(url) else Style()


def supports_links(environment: Mapping[str, str], is_terminal: bool) -> bool:
    """Tell whether text can be made a link by OSC 8; FORCE_HYPERLINK (0 or 1) decides for itself.

    There is no way to ask a terminal, so those known to have it are told by their variables.
    """
    if forced := environment.get("FORCE_HYPERLINK"):
        return forced != "0"
    if not is_terminal:
        return False
    vte = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM") in _LINKING_PROGRAMS
        or environment.get("TERM") in _LINKING_TERMS
        or any(environment.get(name) for name in _LINKING_VARIABLES)
        or (vte.isascii() and vte.isdigit() and int(vte) >= _VTE_WITH_LINKS)
    )


def harmless(text: str) -> str:
    """Return `text`, of the same length, with what could steer a terminal made visible."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def marked(console: Console, fragment: Fragment, style: str = "") -> Text:
    """Return a fragment in one line, its marks coloured or, without colour, in guillemets."""
    if console.color_system is None:
        plain = fragment.marked("«", "»", harmless)
        return Text(" ".join(plain.split()), style)
    text = Text(re.sub(r"\s", " ", harmless(fragment.text)), style)
    for start, end in fragment.marks:
        text.stylize(MARK, start, end)
    return text


def print_indented(console: Console, text: Text, indent: int) -> None:
    """Print text whose lines are all set in by `indent` columns."""
    if console.soft_wrap:
        console.print(Text(" " * indent) + text)
    else:
        console.print(Padding(text, (0, 0, 0, indent), expand=False))
