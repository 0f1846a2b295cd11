"""Clauses: what is asked of documents of a schema, built by a program instead of typed.

    Typed  Words  Phrase                                     words of text fields: they score
    Is  OneOf  Between  StartsWith  Matches  Exists  All     conditions: they do not
    Every  Either  Not  Boost                                what holds others

Clauses are joined by `&` and `|` and turned around by `~`. Where a field is text, conditions on it
are of its words, and score.

>>> (Words("batik tulis") & Is("brand", "Danar Hadi")) | ~Exists("price")
Either((Every((Words('batik tulis'), Is('brand', 'Danar Hadi'))), Not(Exists('price'))))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal

from searchkit.arguments import (
    check_flag,
    check_number,
    check_text,
    check_type,
    in_order,
    one_or_more,
    whole_number,
)
from searchkit.schema.values import KeywordValue, MomentValue, NumberValue

Value = KeywordValue | NumberValue | MomentValue


@dataclass(frozen=True, slots=True, repr=False)
class Clause:
    """What documents must be; see the module for the kinds there are."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if check := _CHECKS.get(field.name):
                check(field.name, getattr(self, field.name))
            elif take := _TAKEN.get(field.name):
                object.__setattr__(self, field.name, take(field.name, getattr(self, field.name)))

    def __and__(self, other: "Clause") -> "Every":
        return Every((*_parts(Every, self), *_parts(Every, other)))

    def __or__(self, other: "Clause") -> "Either":
        return Either((*_parts(Either, self), *_parts(Either, other)))

    def __invert__(self) -> "Not":
        return Not(self)

    def __repr__(self) -> str:
        values = [(f, getattr(self, f.name)) for f in fields(self)]
        given = [
            repr(value) if number < 2 else f"{field.name}={value!r}"
            for number, (field, value) in enumerate(values)
            if number == 0 or value != field.default
        ]
        return f"{type(self).__name__}({', '.join(given)})"


@dataclass(frozen=True, slots=True, repr=False)
class Typed(Clause):
    """A query as people type them, in the query language; bare words are looked for in `fields`."""

    text: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Words(Clause):
    """Plain words, without operators or synonyms, in any of the text `fields`, () for all.

    All of them must stand in a document, or with the operator "or" one. With `prefix` each may be
    the beginning of a longer word as it is written; with `fuzzy` so many letters may differ, up to
    2. Without a word in `text` nothing is found.
    """

    text: str
    fields: tuple[str, ...] = ()
    operator: Literal["and", "or"] = "and"
    prefix: bool = False
    fuzzy: int = 0

    def __post_init__(self) -> None:
        Clause.__post_init__(self)
        check_flag("prefix", self.prefix)


@dataclass(frozen=True, slots=True, repr=False)
class Phrase(Clause):
    """Words one after another in one of the text `fields`, up to `slop` (0 to 100) words apart."""

    text: str
    fields: tuple[str, ...] = ()
    slop: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Is(Clause):
    """Documents that have a value, or the id, or in a text field all words of it.

    A date means the whole day of a moment. None, and "" of a keyword, mean documents without a
    value.
    """

    field: str
    value: Value | None


@dataclass(frozen=True, slots=True, repr=False)
class OneOf(Clause):
    """Documents that have one of these values; none when there are no values."""

    field: str
    values: tuple[Value | None, ...]

    def __init__(self, field: str, values: Iterable[Value | None]) -> None:
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "values", values)
        self.__post_init__()


@dataclass(frozen=True, slots=True, repr=False)
class Between(Clause):
    """Documents with a value from `low` to `high`, None for an open end; each end included or not.

    Of numbers, moments and keywords; keywords are compared character by character, as they are
    kept. Dates mean whole days. Documents without a value never match.
    """

    field: str
    low: Value | None = None
    high: Value | None = None
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class StartsWith(Clause):
    """Documents with a keyword, or in a text field a word, that begins so."""

    field: str
    prefix: str

    def __post_init__(self) -> None:
        Clause.__post_init__(self)
        check_text("prefix", self.prefix)


@dataclass(frozen=True, slots=True, repr=False)
class Matches(Clause):
    """Documents with a keyword, or in a text field words, of a pattern.

    In it `*` is any run of characters, also none, and `?` any one; after a backslash each stands
    for itself.
    """

    field: str
    pattern: str


@dataclass(frozen=True, slots=True, repr=False)
class Exists(Clause):
    """Documents that have a value in a field of any kind; "" and empty sequences are none."""

    field: str


@dataclass(frozen=True, slots=True, repr=False)
class All(Clause):
    """Every document."""


@dataclass(frozen=True, slots=True, repr=False)
class Every(Clause):
    """Documents that match every clause; all documents when there are none."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Either(Clause):
    """Documents that match one clause or more, whose scores add up; none without clauses."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Not(Clause):
    """Documents that do not match a clause."""

    clause: Clause


@dataclass(frozen=True, slots=True, repr=False)
class Boost(Clause):
    """What a clause matches, with `factor` (0 or more) times its score."""

    clause: Clause
    factor: float


def _check_clause(name: str, value: object) -> None:
    check_type(name, value, Clause, "a clause")


def _clauses(name: str, values: Any) -> tuple[Clause, ...]:
    return in_order(name, values, Clause, "a tuple or list of clauses")


def _values(name: str, values: Any) -> tuple[Value | None, ...]:
    if isinstance(values, str):
        return (values,)
    check_type(name, values, Iterable, "a list of values")
    return tuple(values)


_CHECKS: dict[str, Callable[[str, object], None]] = {
    **dict.fromkeys(("text", "field", "pattern"), check_text),
    **dict.fromkeys(("low_included", "high_included"), check_flag),
    "clause": _check_clause,
    "factor": check_number,
}
_TAKEN: dict[str, Callable[[str, Any], Any]] = {
    "fields": one_or_more,
    "clauses": _clauses,
    "values": _values,
    **dict.fromkeys(("fuzzy", "slop"), whole_number),
}
"""How the values of clauses are looked at, and taken, by their names."""


def _parts(kind: Any, clause: Clause) -> tuple[Clause, ...]:
    return clause.clauses if isinstance(clause, kind) else (clause,)
