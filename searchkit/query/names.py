"""The words of the query language: names of fields, of kinds and of operators; and its quotes."""

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache

from searchkit.analysis.normalization import fold_value
from searchkit.query.tree import Node
from searchkit.shipped import shipped_text
from searchkit.values import dataclass

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

QUOTES = '"“”„«»'
"""Any of them opens a phrase, any closes it."""

NEWS_TEXTS = {
    "title": ("headline", "sidebar"),
    "body": ("body", "teaser"),
    "section": ("section",),
    "reporter": ("reporter",),
    "tags": ("tags",),
}
"""The text fields of an index of news by the field of the language."""


@dataclass(frozen=True, slots=True)
class Values:
    """A field of whole values: the keyword field of the index, and how a typed value is kept there.

    With `choices` there are no others. `matching` gives what matches a pattern with `*` and `?`;
    None where patterns are not looked for.
    """

    field: str
    read: Callable[[str], str] = fold_value
    choices: tuple[str, ...] = ()
    matching: Callable[[str], Node] | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """A field of numbers: that of the index, and `read`, which gives the number that stands for
    what was typed, in the order of what it means; None for what is no number."""

    field: str
    read: Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class QueryFields:
    """The fields that a query can name.

    `spellings` gives the name of a field by each way to write it, in small letters; the others say
    by name what a field is: `texts`, the text fields of the index that are looked in; `values`;
    `numbers`; `moments`, the field of the index that has the microseconds since 1970, None for the
    date of the document itself. `has_digits` allows for names of more than letters.
    """

    spellings: Mapping[str, str]
    texts: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Values]
    moments: Mapping[str, str | None]
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    has_digits: bool = False


@cache
def news_fields() -> QueryFields:
    """Return the fields of an index of news."""
    kinds = kind_names()
    return QueryFields(
        spellings=field_names(),
        texts=NEWS_TEXTS,
        values={
            "source": Values("source"),
            "list": Values("list"),
            "kind": Values("kind", _kind_of, tuple(dict.fromkeys(kinds.values()))),
        },
        moments={"date": None},
    )


def _kind_of(text: str) -> str:
    value = fold_value(text)
    return kind_names().get(value, value)


@cache
def field_names() -> dict[str, str]:
    """Return the English name of a field by every name it has, from `data/fields.txt`."""
    return _read("field")


@cache
def kind_names() -> dict[str, str]:
    """Return the kind of document by every name it has, from `data/fields.txt`."""
    return _read("kind")


def _read(what: str) -> dict[str, str]:
    text = shipped_text("searchkit.query", "data/fields.txt")
    names: dict[str, str] = {}
    for line in text.splitlines():
        head, _, spellings = line.partition(":")
        if head.startswith(f"{what} "):
            names.update(dict.fromkeys(spellings.split(), head.split()[1]))
    return names
