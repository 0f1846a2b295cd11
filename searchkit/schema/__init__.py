"""Schemas: documents of any fields, and what can be asked of them; see `searchkit.DocumentIndex`.

Schema  Text  Keyword  Number  Moment  Stored  Identity       what documents are made of
Typed  Words  Phrase  Is  OneOf  Between  StartsWith          clauses: what is asked of them
Matches  Exists  All  Every  Either  Not  Boost
"""

from searchkit.schema.clauses import (
    All,
    Between,
    Boost,
    Clause,
    Either,
    Every,
    Exists,
    Is,
    Matches,
    Not,
    OneOf,
    Phrase,
    StartsWith,
    Typed,
    Words,
)
from searchkit.schema.declarations import (
    Field,
    Identity,
    Keyword,
    Moment,
    Number,
    Schema,
    Stored,
    Text,
)
from searchkit.schema.results import DocumentHit, DocumentPage

__all__ = [
    "All",
    "Between",
    "Boost",
    "Clause",
    "DocumentHit",
    "DocumentPage",
    "Either",
    "Every",
    "Exists",
    "Field",
    "Identity",
    "Is",
    "Keyword",
    "Matches",
    "Moment",
    "Not",
    "Number",
    "OneOf",
    "Phrase",
    "Schema",
    "StartsWith",
    "Stored",
    "Text",
    "Typed",
    "Words",
]
