"""What an analyzer makes of a text: tokens."""

from typing import NamedTuple, Protocol

LONGEST_TERM = 64
"""Characters kept of a term: longer runs are data, not words."""


class Token(NamedTuple):
    """A word of a text and what it is indexed under.

    `term` is the stem, `form` the folded surface form (both are in capitals for an abbreviation
    that is another word without them, such as AS), `surface` the original spelling with
    `text[start:end] == surface`; `position` counts words from 0.
    """

    term: str
    form: str
    surface: str
    start: int
    end: int
    position: int


class Analyzer(Protocol):
    """Turns text into tokens."""

    @property
    def fingerprint(self) -> str:
        """A name that changes whenever any text's tokens may change."""

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order."""

    def alternatives(self, term: str, form: str) -> tuple[str, ...]:
        """Return the other terms that a word of this form may stand under in other contexts."""
