"""Writing what people typed into the query language, so that it stays text, and reading it back."""

import re
from datetime import date
from typing import Any

from searchkit.integrations.haystack.layout import comparable
from searchkit.query.names import OPERATORS, QUOTES

_MARKS = frozenset("\\()^~*?:&|" + QUOTES)
_BEGINNINGS = "+-!="
_BARE = re.compile(r"\w[\w.]*")


def cleaned(text: str) -> str:
    """Return the words of a text, with each mark and operator of the query language made text."""
    return " ".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    if word in OPERATORS or word[0] in _BEGINNINGS:
        return f"\\{word[0]}" + _escaped(word[1:])
    return _escaped(word)


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in _MARKS else sign for sign in text)


def bare(text: str) -> str:
    """Return a text without the backslashes that `cleaned` has put into it."""
    return re.sub(r"\\(.)", r"\1", text)


def in_quotes(text: str) -> str:
    """Return a text as a phrase of the query language."""
    return '"' + "".join(f"\\{sign}" if sign in f"\\{QUOTES}" else sign for sign in text) + '"'


def operand(value: Any) -> str:
    """Return a value as one operand: numbers and plain words as they are, the rest in quotes."""
    if isinstance(value, date):
        text = comparable(value).isoformat().removesuffix("T00:00:00")
        return in_quotes(text) if "T" in text else text
    text = str(value)
    return text if _BARE.fullmatch(text) and text not in OPERATORS else in_quotes(text)
