"""What hits are printed on: a terminal, or a pipe, for which nothing of rich is imported."""

import os
import re
import sys
from typing import Protocol

from searchkit.results import Fragment

MARK = "bold red"
FACTS = "cyan"
QUIET = "dim"

Piece = tuple[str, str]
"""A text with its style, as rich names it; "" for none."""

_TAB = 8

# Control characters and those that turn the direction of writing: a page must not steer a terminal.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Screen(Protocol):
    """Prints lines of pieces; `width` is that of a terminal, None where lines have no end."""

    width: int | None

    def print(self, *pieces: Piece, indent: int = 0) -> None:
        """Print a paragraph, all of it set in by `indent` columns."""

    def print_hanging(self, *pieces: Piece, indent: int) -> None:
        """Print a paragraph whose lines after the first are set in."""

    def print_whole(self, *pieces: Piece) -> None:
        """Print a line that is not broken, however long."""

    def print_cut(self, *pieces: Piece) -> None:
        """Print lines, each cut to the width."""

    def print_address(self, text: str, url: str, indent: int) -> None:
        """Print a quiet line and a URL, never broken, below it where it does not fit beside."""

    def marked(self, fragment: Fragment, style: str = "") -> list[Piece]:
        """Return a fragment in one line, its marks coloured or, without colour, in guillemets."""


class Pipe:
    """Standard output that is no terminal: lines as long as they are, without colours.

    What comes out is what rich would print there.
    """

    width: int | None = None

    def print(self, *pieces: Piece, indent: int = 0) -> None:
        """Print a paragraph; see `Screen`."""
        text = " " * indent + "".join(text for text, _ in pieces)
        if "\t" in text:
            # Imported late: hardly any text has a tab, which is as wide as the letters before it.
            from rich.text import Text

            expanded = Text(text)
            expanded.expand_tabs(_TAB)
            text = expanded.plain
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def print_hanging(self, *pieces: Piece, indent: int) -> None:
        """Print a paragraph; see `Screen`."""
        self.print(*pieces)

    def print_whole(self, *pieces: Piece) -> None:
        """Print a line; see `Screen`."""
        self.print(*pieces)

    def print_cut(self, *pieces: Piece) -> None:
        """Print lines as they are; see `Screen`."""
        self.print(*pieces)

    def print_address(self, text: str, url: str, indent: int) -> None:
        """Print a line and a URL beside it; see `Screen`."""
        self.print((f"{text}  {harmless(url)}" if url else text, QUIET), indent=indent)

    def marked(self, fragment: Fragment, style: str = "") -> list[Piece]:
        """Return a fragment with guillemets; see `Screen`."""
        return [(in_guillemets(fragment), style)]


def is_colourless() -> bool:
    """Return whether the environment asks for no colours."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("FORCE_COLOR") in ("0", "false")


def is_terminal() -> bool:
    """Return whether standard output is a terminal."""
    try:
        return sys.stdout.isatty()
    except (AttributeError, ValueError):
        return False


def in_guillemets(fragment: Fragment) -> str:
    """Return a fragment in one line, its marks in guillemets."""
    return " ".join(fragment.marked("«", "»", harmless).split())


def harmless(text: str) -> str:
    """Return `text`, of the same length, with what could steer a terminal made visible."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)
