"""What an analyzer makes of a text: tokens."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, overload, runtime_checkable

import numpy as np

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


class TokenTable:
    """Words, each a pair of a term and a form, numbered from 0 as they are first met.

    It only grows. `terms` and `forms` are by number.
    """

    def __init__(self) -> None:
        self.terms: list[str] = []
        self.forms: list[str] = []
        # Few forms have several terms: of most words no pair need be kept.
        self._numbers: dict[str, int] = {}
        self._others: dict[tuple[str, str], int] = {}

    def number(self, term: str, form: str) -> int:
        """Return the number of a word, which it is given if it is new."""
        new = len(self.terms)
        number = self._numbers.setdefault(form, new)
        if number != new and self.terms[number] != term:
            number = self._others.setdefault((term, form), new)
        if number == new:
            self.terms.append(term)
            # Most words are their own terms: there is one string of them then.
            self.forms.append(term if term == form else form)
        return number

    def extend(self, terms: Sequence[str], forms: Sequence[str]) -> None:
        """Take over the next words of another table, whose numbers this one is to have."""
        self.terms += terms
        self.forms += [t if t == f else f for t, f in zip(terms, forms, strict=True)]

    def beginning(self, count: int) -> "TokenTable":
        """Return a table of the first `count` words, under the numbers that they have here."""
        table = TokenTable()
        for term, form in zip(self.terms[:count], self.forms[:count], strict=True):
            table.number(term, form)
        return table

    def since(self, number: int) -> tuple[list[str], list[str]]:
        """Return the terms and the forms of the words from `number` on, as many of both.

        A word that another thread is adding has no form yet: it is left out, no text so far has it.
        """
        forms = self.forms[number:]
        return self.terms[number : number + len(forms)], forms

    def __len__(self) -> int:
        return len(self.terms)


class TokenColumns(Sequence[Token]):
    """The tokens of a text by the numbers of their words: what engines need.

    `numbers`, by position, are of words in `table`, which many texts share. A token taken out has
    its form for a surface, at 0: where it stands is said by `offsets` (see
    `searchkit.analysis.offsets`), for who has made the columns; they are not sent to another
    process.
    """

    def __init__(
        self,
        table: TokenTable,
        numbers: "np.ndarray[Any, np.dtype[np.uint32]]",
        offsets: str = "",
    ) -> None:
        self.table = table
        self.numbers = numbers
        self.offsets = offsets

    @classmethod
    def of(cls, tokens: Sequence[Token], table: TokenTable | None = None) -> "TokenColumns":
        """Return the columns of `tokens`, themselves if they are columns.

        Their words are numbered by `table`, or by one of their own.
        """
        if isinstance(tokens, cls):
            return tokens
        table = TokenTable() if table is None else table
        numbers = [table.number(token.term, token.form) for token in tokens]
        return cls(table, np.array(numbers, dtype=np.uint32))

    @property
    def terms(self) -> list[str]:
        """The terms by position."""
        return [self.table.terms[number] for number in self.numbers.tolist()]

    @property
    def forms(self) -> list[str]:
        """The forms by position."""
        return [self.table.forms[number] for number in self.numbers.tolist()]

    def __reduce__(self) -> tuple[object, ...]:
        # An array by itself takes ten times as long to send from process to process.
        return _columns, (self.table, self.numbers.tobytes())

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> Token: ...

    @overload
    def __getitem__(self, place: slice) -> list[Token]: ...

    def __getitem__(self, place: int | slice) -> Token | list[Token]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        position = range(len(self))[place]
        number = int(self.numbers[position])
        form = self.table.forms[number]
        return Token(self.table.terms[number], form, form, 0, 0, position)


def _columns(table: TokenTable, numbers: bytes) -> TokenColumns:
    return TokenColumns(table, np.frombuffer(numbers, dtype=np.uint32))


@runtime_checkable
class Analyzer(Protocol):
    """Turns text into tokens; used from several threads at a time.

    Terms and forms are not empty, have no white space in them, and no more than LONGEST_TERM
    characters. Tokens are in the order of the text, their offsets never go backward, and positions
    count up from 0. `searchkit.testing.AnalyzerConformance` tests all that.

    One whose tokens have other forms than their spelling may say so by `respelled`, a mapping of
    folded spellings to these forms, so that patterns find the words as they are spelled.

    An analyzer that keeps something on disk may have the methods `preload`, called before a large
    run, `save`, called when a text or many have been analysed, and `close`. Those that are there
    are called, without arguments, for an analyzer that was named, not for one that was given.
    """

    @property
    def fingerprint(self) -> str:
        """A name that changes whenever any text's tokens may change."""

    @property
    def stop_words(self) -> frozenset[str]:
        """Forms too common to be asked for: a query is of its other words, if it has any."""

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens of `text` in order."""

    def alternatives(self, term: str, form: str) -> tuple[str, ...]:
        """Return the other terms that a word of this form may stand under in other contexts."""
