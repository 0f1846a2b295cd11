"""What an analyzer makes of a text: tokens."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, overload

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


class TokenColumns(Sequence[Token]):
    """The tokens of a text as two columns, for those who ask for no offsets: engines.

    `terms` and `forms` are by position. A token taken out has its form for a surface, at 0.
    """

    def __init__(self, terms: list[str], forms: list[str]) -> None:
        self.terms = terms
        self.forms = forms

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "TokenColumns":
        """Return the columns of `tokens`, themselves if they are columns."""
        if isinstance(tokens, cls):
            return tokens
        return cls([token.term for token in tokens], [token.form for token in tokens])

    def __reduce__(self) -> tuple[object, ...]:
        # Two strings are sent from process to process much faster than hundreds; no word holds a
        # line break.
        return _columns, ("\n".join(self.terms), "\n".join(self.forms))

    def __len__(self) -> int:
        return len(self.terms)

    @overload
    def __getitem__(self, place: int) -> Token: ...

    @overload
    def __getitem__(self, place: slice) -> list[Token]: ...

    def __getitem__(self, place: int | slice) -> Token | list[Token]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        number = range(len(self))[place]
        form = self.forms[number]
        return Token(self.terms[number], form, form, 0, 0, number)


def _columns(terms: str, forms: str) -> TokenColumns:
    return TokenColumns(terms.split("\n"), forms.split("\n")) if terms else TokenColumns([], [])


class Analyzer(Protocol):
    """Turns text into tokens."""

    @property
    def fingerprint(self) -> str:
        """A name that changes whenever any text's tokens may change."""

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order."""

    def alternatives(self, term: str, form: str) -> tuple[str, ...]:
        """Return the other terms that a word of this form may stand under in other contexts."""
