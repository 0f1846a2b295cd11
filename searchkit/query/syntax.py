"""What was typed: the syntax tree of a query, before any word of it is analysed.

    Syntax = All | Word | Wildcard | Fuzzy | Phrase                        what stands alone
           | Date | DateSpan | Numbers
           | Field | Boosted | Not | Required | Words | And | Or           what holds others

`searchkit.query.parsing` makes it from text, `searchkit.query.printing` makes text of it again, and
`searchkit.query.lowering` makes of it the tree that engines evaluate. The parser gives trees in
normal form, and so do the functions at the end: no list of one, no negation of a negation, a
required word only directly within `Words`. Two queries of one meaning that differ by blanks,
spelling of operators or needless parentheses have equal trees.
"""

from collections.abc import Sequence

from searchkit.values import dataclass


@dataclass(frozen=True, slots=True)
class All:
    """`*`, or nothing typed: every document."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text without blanks, escapes resolved; `exact` for `=word`, the very spelling.

    The analyzer may find several words in it (`Rusia-Ukraina`), or none (`?!`).
    """

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word with `*` (any characters) and `?` (one); after a backslash each stands for itself."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """`word~1`: words that differ from it by up to `edits` (1 or 2) letters."""

    text: str
    edits: int = 1


@dataclass(frozen=True, slots=True)
class Phrase:
    """`"text"`: its words one after another, `slop` words apart at most; `exact` for `="text"`."""

    text: str
    slop: int = 0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """`date:text`: a day, month, year or stretch of days, as typed, such as `minggu ini`."""

    text: str
    field: str = "date"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """`date:[low TO high]`: dates as typed, "" for an open end, each end included or not."""

    low: str
    high: str
    with_low: bool = True
    with_high: bool = True
    field: str = "date"


@dataclass(frozen=True, slots=True)
class Numbers:
    """`name:[low TO high]`: numbers as typed, "" for an open end; of `name:1` both ends are it."""

    field: str
    low: str
    high: str
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """`name:node`: what must match in one field; `name` is the English one."""

    name: str
    node: "Syntax"


@dataclass(frozen=True, slots=True)
class Boosted:
    """`node^factor`: what counts `factor` times as much."""

    node: "Syntax"
    factor: float


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT node`, `-node`: what must not match."""

    node: "Syntax"


@dataclass(frozen=True, slots=True)
class Required:
    """`+node`: what must match even where other words of the list may fail."""

    node: "Syntax"


@dataclass(frozen=True, slots=True)
class Words:
    """Two or more one after another with no operator between: they should all match."""

    children: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class And:
    """Two or more that must all match."""

    children: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more of which one must match."""

    children: tuple["Syntax", ...]


Syntax = (
    All
    | Word
    | Wildcard
    | Fuzzy
    | Phrase
    | Date
    | DateSpan
    | Numbers
    | Field
    | Boosted
    | Not
    | Required
    | Words
    | And
    | Or
)


def bare(node: Syntax) -> Syntax:
    """Return `node` without a `+`, where that says nothing."""
    return node.node if isinstance(node, Required) else node


def negated(node: Syntax) -> Syntax:
    """Return the negation of `node`; of a negation, what it negates."""
    return node.node if isinstance(node, Not) else Not(bare(node))


def required(node: Syntax) -> Syntax:
    """Return `node` with a `+`; a negation is required as it is."""
    return node if isinstance(node, Not | Required) else Required(node)


def boosted(node: Syntax, factor: float) -> Syntax:
    """Return `node` worth `factor` times as much, in thousandths; by 1 it is left as it is."""
    factor = round(factor, 3)
    return bare(node) if factor == 1 else Boosted(bare(node), factor)


def joined(kind: type[Words] | type[And] | type[Or], nodes: Sequence[Syntax]) -> Syntax | None:
    """Return `nodes` as one node: None for none of them, the one if there is but one."""
    if len(nodes) == 1:
        return bare(nodes[0])
    if kind is not Words:
        nodes = [bare(node) for node in nodes]
    return kind(tuple(nodes)) if nodes else None


Unit = tuple[str, bool]
"""A character of a word, and whether it is a wildcard."""


def units_of(pattern: str) -> list[Unit]:
    """Return the characters of a `Wildcard` pattern, each with whether it is a wildcard."""
    units: list[Unit] = []
    chars = iter(pattern)
    for char in chars:
        units.append((next(chars, char), False) if char == "\\" else (char, char in "*?"))
    return units
