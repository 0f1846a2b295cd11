"""Queries: the tree that engines evaluate and the parser that makes it from typed text."""

from searchkit.query.parser import Query, parse_query
from searchkit.query.tree import AllOf, AnyOf, Everything, Node, Nothing, Phrase, Term, leaves

__all__ = [
    "AllOf",
    "AnyOf",
    "Everything",
    "Node",
    "Nothing",
    "Phrase",
    "Query",
    "Term",
    "leaves",
    "parse_query",
]
