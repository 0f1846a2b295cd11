"""The engine-neutral form of a query: what must match, in terms of the analyzer.

Node = Everything | Nothing | Term | Phrase | AllOf | AnyOf
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
class AllOf:
    """Matches documents that match every child."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Matches documents that match at least `minimum` children; more children rank higher."""

    children: tuple["Node", ...]
    minimum: int = 1


Node = Everything | Nothing | Term | Phrase | AllOf | AnyOf


def leaves(node: Node) -> Iterator[Term | Phrase]:
    """Yield the terms and phrases of a query from left to right."""
    match node:
        case Term() | Phrase():
            yield node
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from leaves(child)
