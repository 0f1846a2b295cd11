"""Queries: what a person types, as a syntax tree, and the tree that engines evaluate.

    text --parse--> Syntax (what was typed) --lower--> Node (what must match)

`parse_query` does both. `to_text` prints a syntax tree.
"""

from searchkit.query.lowering import Expand, Quoted, lower
from searchkit.query.parser import Query, parse_query
from searchkit.query.parsing import Note, Parsed, parse
from searchkit.query.printing import to_text
from searchkit.query.syntax import Syntax
from searchkit.query.tree import (
    HIGHEST_BOOST,
    HIGHEST_FACTOR,
    MOST_EXPANSIONS,
    AllOf,
    AnyOf,
    Boosted,
    Condition,
    DateRange,
    Everything,
    Fuzzy,
    HasValue,
    InFields,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    NumberRange,
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Unscored,
    Wildcard,
    Without,
    boosts,
    distinct_leaves,
    is_number,
    leaves,
    typed_form,
    walk,
)

__all__ = [
    "HIGHEST_BOOST",
    "HIGHEST_FACTOR",
    "MOST_EXPANSIONS",
    "AllOf",
    "AnyOf",
    "Boosted",
    "Condition",
    "DateRange",
    "Everything",
    "Expand",
    "Fuzzy",
    "HasValue",
    "InFields",
    "KeywordFilter",
    "Leaf",
    "Node",
    "Note",
    "Nothing",
    "NumberRange",
    "Parsed",
    "Phrase",
    "Prefix",
    "Query",
    "Quoted",
    "Synonym",
    "Synonyms",
    "Syntax",
    "Term",
    "Unscored",
    "Wildcard",
    "Without",
    "boosts",
    "distinct_leaves",
    "is_number",
    "leaves",
    "lower",
    "parse",
    "parse_query",
    "to_text",
    "typed_form",
    "walk",
]
