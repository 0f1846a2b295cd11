"""The words of the query language: names of fields, of kinds and of operators."""

from functools import cache
from importlib.resources import files

OPERATORS = {
    "AND": "AND",
    "DAN": "AND",
    "&&": "AND",
    "OR": "OR",
    "ATAU": "OR",
    "||": "OR",
    "NOT": "NOT",
    "BUKAN": "NOT",
}
"""What operators are called, in capitals only, and which they are."""

KEYWORD_NAMES = frozenset({"source", "list", "kind"})
"""Fields of whole values; all others but `date` are text."""


@cache
def field_names() -> dict[str, str]:
    """Return the English name of a field by every name it has, from `data/fields.txt`."""
    return _read("field")


@cache
def kind_names() -> dict[str, str]:
    """Return the kind of document by every name it has, from `data/fields.txt`."""
    return _read("kind")


def _read(what: str) -> dict[str, str]:
    text = files("searchkit.query").joinpath("data/fields.txt").read_text("utf-8")
    names: dict[str, str] = {}
    for line in text.splitlines():
        head, _, spellings = line.partition(":")
        if head.startswith(f"{what} "):
            names.update(dict.fromkeys(spellings.split(), head.split()[1]))
    return names
