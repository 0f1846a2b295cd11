"""What scores are computed from beside the tokens of the candidates."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from searchkit.engines.fields import TEXT_FIELDS
from searchkit.query import (
    Fuzzy,
    InFields,
    Leaf,
    Node,
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Wildcard,
    walk,
)
from searchkit.query.patterns import Pattern

Unwrapped = Term | Phrase | Synonyms | Prefix | Wildcard | Fuzzy


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that an engine has found: its id, its kind, its date and its forward record.

    `moment` is in seconds since 1970, None when undated. `keywords`, the values by keyword field,
    are needed for those fields only that a condition of the query is about; so are `numbers`, by
    number field, of the fields that the document has one in.
    """

    id: str
    kind: str
    moment: int | None
    record: bytes
    keywords: Mapping[str, Collection[str]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Figures of the whole index.

    `documents` is how many there are; `having` in how many each of `needed_leaves` occurs, in any
    of the fields that it is looked for in; `averages`, by text field, the mean number of tokens of
    the documents that have it; `newest` the latest date (seconds since 1970, None if none has one).
    `expansions` has, for each leaf of which `pattern_of` is not None, what `expand` returns.
    `fields` are the text fields, in the order of the records.

    Deleted documents may be counted, in all of them alike.
    """

    documents: int
    having: Mapping[Leaf, int]
    averages: Mapping[str, float]
    newest: int | None
    expansions: Mapping[Leaf, tuple[Synonym, ...]] = field(default_factory=dict)
    fields: tuple[str, ...] = TEXT_FIELDS

    def idf(self, leaf: Leaf) -> float:
        """Return the inverse document frequency of a leaf."""
        having = self.having[leaf]
        return math.log(1 + (max(self.documents - having, 0) + 0.5) / (having + 0.5))

    def members(self, leaf: Leaf) -> tuple[Synonym, ...]:
        """Return the words and phrases that a leaf stands for, the typed one first."""
        return members_of(leaf, self.expansions)


def members_of(leaf: Leaf, expansions: Mapping[Leaf, tuple[Synonym, ...]]) -> tuple[Synonym, ...]:
    """Return the words and phrases that a leaf stands for; those of a pattern are looked up."""
    bare, _ = within(leaf)
    match bare:
        case Synonyms(members):
            return members
        case Term() | Phrase():
            return (Synonym(bare, "typed"),)
    return expansions[leaf]


def within(leaf: Leaf, fields: tuple[str, ...] = TEXT_FIELDS) -> tuple[Unwrapped, tuple[str, ...]]:
    """Return a leaf without the `InFields` around it, and which of the text `fields` to look in."""
    while isinstance(leaf, InFields):
        fields = tuple(field for field in fields if field in leaf.fields)
        leaf = leaf.leaf
    return leaf, fields


def pattern_of(leaf: Leaf) -> Pattern | None:
    """Return the pattern that a leaf is, without the fields around it; None if it is none."""
    bare, _ = within(leaf)
    return bare if isinstance(bare, Prefix | Wildcard | Fuzzy) else None


def needed_leaves(node: Node) -> list[Leaf]:
    """Return the leaves of a query of which `Statistics.having` must tell: excluded ones, too."""
    return list(dict.fromkeys(each for each in walk(node) if isinstance(each, Leaf)))
