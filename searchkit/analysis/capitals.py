"""Names by their capitals: which doubtful words of a text are written like names."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from searchkit.analysis.tokens import Token

_LOWER_CASE_WORD = re.compile(r"(?<![^\W_])[a-z]{5}")


class Doubt(NamedTuple):
    """A capitalised token that may be a name: its place in the list, and its term then."""

    place: int
    name: str


def settle(text: str, tokens: list[Token], doubts: list[Doubt]) -> None:
    """Make names of the doubtful tokens that are written like names.

    A capital says nothing at the start of a sentence, unless the word has one elsewhere too, and
    nothing in a text that is all capitals or has one on every word.
    """
    if not tells_case(text):
        return
    names = {
        doubt.name
        for doubt in doubts
        if doubt.name.isupper() or inside_sentence(_gap(text, tokens, doubt.place))
    }
    for doubt in doubts:
        if doubt.name in names:
            tokens[doubt.place] = as_name(tokens, doubt)


def tells_case(text: str) -> bool:
    """Return whether capitals mean anything in `text`."""
    return bool(_LOWER_CASE_WORD.search(text))


def as_name(tokens: Sequence[Token], doubt: Doubt) -> Token:
    """Return the token that `doubt` is about, as a name."""
    token, name = tokens[doubt.place], doubt.name
    return token._replace(term=name, form=name if name.isupper() else token.form)


def _gap(text: str, tokens: list[Token], place: int) -> str:
    return text[tokens[place - 1].end : tokens[place].start] if place else ""


def inside_sentence(gap: str) -> bool:
    """Return whether what stands between two tokens, "" before the first, leaves them in one."""
    return bool(gap) and not gap.strip(" ,")
