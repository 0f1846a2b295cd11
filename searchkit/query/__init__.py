"""Queries: the tree that engines evaluate and the parser that makes it from typed text."""

from searchkit.query.parser import Query, parse_query
from searchkit.query.tree import (
    AllOf,
    AnyOf,
    Everything,
    Leaf,
    Node,
    Nothing,
    Phrase,
    Synonym,
    Synonyms,
    Term,
    leaves,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "Everything",
    "Leaf",
    "Node",
    "Nothing",
    "Phrase",
    "Query",
    "Synonym",
    "Synonyms",
    "Term",
    "leaves",
    "parse_query",
]
