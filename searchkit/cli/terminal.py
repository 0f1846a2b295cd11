"""The terminal: how wide, with which colours, and whether a link can be clicked in it."""

import os
import re
from collections.abc import Mapping

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from searchkit.cli.screen import (
    MARK,
    QUIET,
    Piece,
    harmless,
    in_guillemets,
    is_colourless,
    is_terminal,
)
from searchkit.results import Fragment

# Terminals that know OSC 8, by the variables by which they can be told.
_LINKING_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"}
_LINKING_TERMS = {"alacritty", "foot", "foot-extra", "xterm-kitty", "xterm-ghostty", "wezterm"}
_LINKING_VARIABLES = ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "KITTY_WINDOW_ID")
_VTE_WITH_LINKS = 5000

_ENDLESS = 1_000_000
"""The width of what has no end, in columns: rich folds tables to some width."""

_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f]+")


class _Console(Console):
    """A console that leaves it to the command what is done when the reader of a pipe is gone."""

    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError that is being handled: rich would end with status 1."""
        raise


def console(color: bool = True) -> Console:
    """Return a console on standard output that wraps to a terminal, and never in a pipe.

    There is colour on a terminal, or with FORCE_COLOR; none with `color` off, NO_COLOR or
    FORCE_COLOR=0. `soft_wrap` tells that lines are not wrapped.
    """
    plain = not color or is_colourless()
    made = _Console(color_system=None if plain else "auto", highlight=False, emoji=False)
    made.soft_wrap = not is_terminal()
    if made.soft_wrap:
        made.width = _ENDLESS
    return made


def link_style(console: Console, url: str) -> Style:
    """Return the style that makes text a link to `url`, or one that does nothing."""
    works = console.color_system is not None and supports_links(os.environ, is_terminal())
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


def marked(console: Console, fragment: Fragment, style: str = "") -> Text:
    """Return a fragment in one line, its marks coloured or, without colour, in guillemets."""
    return Text.assemble(*_pieces(console, fragment, style))


def _pieces(console: Console, fragment: Fragment, style: str) -> list[Piece]:
    if console.color_system is None:
        return [(in_guillemets(fragment), style)]
    text = re.sub(r"\s", " ", harmless(fragment.text))
    pieces: list[Piece] = []
    done = 0
    for start, end in fragment.marks:
        pieces += [(text[done:start], style), (text[start:end], f"{style} {MARK}".strip())]
        done = end
    return [*pieces, (text[done:], style)]


def print_indented(console: Console, text: Text, indent: int) -> None:
    """Print text whose lines are all set in by `indent` columns."""
    if console.soft_wrap:
        console.print(Text(" " * indent) + text)
    else:
        console.print(Padding(text, (0, 0, 0, indent), expand=False))


class Terminal:
    """A terminal that hits are printed on, or a pipe with forced colours; see `screen.Screen`."""

    def __init__(self, color: bool) -> None:
        self._console = console(color)
        self.width = None if self._console.soft_wrap else self._console.width

    def print(self, *pieces: Piece, indent: int = 0) -> None:
        """Print a paragraph; see `screen.Screen`."""
        text = Text.assemble(*pieces)
        if indent:
            print_indented(self._console, text, indent)
        else:
            self._console.print(text)

    def print_hanging(self, *pieces: Piece, indent: int) -> None:
        """Print a paragraph whose lines after the first are set in; see `screen.Screen`."""
        text = Text.assemble(*pieces)
        if self.width is None:
            self._console.print(text)
            return
        first, rest = text[:indent], text[indent:]
        for number, line in enumerate(rest.wrap(self._console, max(1, self.width - indent))):
            line.rstrip()
            begin = Text(" " * indent) if number else first
            self._console.print(begin + line, soft_wrap=True)

    def print_whole(self, *pieces: Piece) -> None:
        """Print a line that is not broken; see `screen.Screen`."""
        self._console.print(Text.assemble(*pieces), soft_wrap=True)

    def print_cut(self, *pieces: Piece) -> None:
        """Print lines, each cut to the width; see `screen.Screen`."""
        for line in Text.assemble(*pieces).split("\n"):
            if self.width is not None:
                line.truncate(self.width, overflow="ellipsis")
            self._console.print(line, no_wrap=True, soft_wrap=True)

    def print_address(self, text: str, url: str, indent: int) -> None:
        """Print a quiet line and a URL; see `screen.Screen`."""
        line = Text(text, QUIET)
        shown = Text(harmless(url), Style.parse(QUIET) + link_style(self._console, url))
        beside = indent + line.cell_len + 2 + shown.cell_len
        if url and (self.width is None or beside <= self.width):
            line, shown = line + Text("  ") + shown, Text()
        print_indented(self._console, line, indent)
        if shown:
            self._console.print(Text(" " * indent) + shown, soft_wrap=True)

    def marked(self, fragment: Fragment, style: str = "") -> list[Piece]:
        """Return a fragment with its marks; see `screen.Screen`."""
        return _pieces(self._console, fragment, style)
