"""The engine-neutral form of a query: what must match, in terms of the analyzer.

Node = Everything | Nothing | Leaf | AllOf | AnyOf, where Leaf = Term | Phrase | Synonyms
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Matches no document: what is left of a query without a word in it."""


@dataclass(frozen=True, slots=True)
class Term:
    """Matches documents holding a word of stem `term`; `form` is the word's folded spelling.

    Documents that hold the very form rank above those that hold another word of the stem.
    """

    term: str
    form: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Matches documents holding words of these stems one after another in one field."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Synonym:
    """One way to say a thing: a word or a phrase, the rule that brought it in, what it is worth.

    `rule` is "typed" for what the query itself says, else the name of the list it comes from, such
    as "abbreviation"; `weight` (0 to 1) is what an occurrence counts beside a typed one.
    """

    node: Term | Phrase
    rule: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Matches documents holding any of `members`, the typed one first, as if all were one word.

    Their occurrences are added up, so that a document which uses two of them is no better for it
    than one which uses one of them twice.
    """

    members: tuple[Synonym, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Matches documents that match every child."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Matches documents that match at least `minimum` children; more children rank higher.

    Those children must also make up `share` (0 to 1) of the weight of all, by inverse document
    frequency, so that rare words cannot be missing where only common ones are left.
    """

    children: tuple["Node", ...]
    minimum: int = 1
    share: float = 0.0


Leaf = Term | Phrase | Synonyms
Node = Everything | Nothing | Leaf | AllOf | AnyOf


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the terms, phrases and synonyms of a query from left to right."""
    match node:
        case Term() | Phrase() | Synonyms():
            yield node
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from leaves(child)
