"""What an index tells of a document: where words stand in it, as snippets need to know."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from searchkit.analysis.offsets import Offsets, read
from searchkit.analysis.tokens import Token


class Words(NamedTuple):
    """Words by what is looked at: tokens of these `terms`, and tokens of these `forms`."""

    terms: frozenset[str]
    forms: frozenset[str]


class Occurrences(NamedTuple):
    """Where words stand in a text: the positions, ascending, of each that does.

    By the terms and by the forms that were asked for.
    """

    terms: Mapping[str, Sequence[int]]
    forms: Mapping[str, Sequence[int]]

    def tokens(self, offsets: Offsets) -> list[Token] | None:
        """Return a token for each occurrence, with the term or the form that was asked for.

        All else but where it stands is left empty. None if the text ends before one of them.
        """
        asked = [(term, "", place) for term, places in self.terms.items() for place in places]
        asked += [("", form, place) for form, places in self.forms.items() for place in places]
        spans = offsets.spans([place for _, _, place in asked])
        if spans is None:
            return None
        return [
            Token(term, form, "", start, end, place)
            for (term, form, place), (start, end) in zip(asked, spans, strict=True)
        ]


Positions = Callable[[str, Words], Occurrences]
"""Tells, for a text field of a document, where words stand in it."""


class Located(NamedTuple):
    """What an index tells of a document, so that its texts need not be looked through.

    Where words stand, and the offsets of its tokens by text field, as
    `searchkit.analysis.offsets` writes them; a field may be left out.
    """

    positions: Positions
    offsets: Mapping[str, str]

    def tokens(self, field: str, text: str, words: Words) -> list[Token] | None:
        """Return the tokens of `words` in the text of a field, None if they cannot be told.

        See `Occurrences.tokens`.
        """
        occurrences = self.positions(field, words)
        if not any(occurrences):
            return []
        offsets = read(self.offsets.get(field, ""), len(text))
        return occurrences.tokens(offsets) if offsets else None
