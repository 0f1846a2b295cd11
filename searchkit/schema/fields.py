"""The fields of a schema, as the query language names them and as an engine ranks them."""

from collections.abc import Callable
from functools import partial

from searchkit.engines.fields import own_name
from searchkit.engines.ranking import Ranking
from searchkit.query import Node
from searchkit.query.names import Numbers, QueryFields, Values
from searchkit.schema.declarations import Keyword, Moment, Number, Schema, Text
from searchkit.schema.values import read_number, to_keyword

_LENGTH = 0.6  # how strongly a long text that is no title is held against a document


def query_fields(schema: Schema, matching: Callable[[str, str], Node]) -> QueryFields:
    """Return the fields that a query in the query language can name.

    `matching` gives what matches a keyword field's name and a pattern.
    """
    keywords = schema.of_kind(Keyword)
    values = {
        name: Values(
            own_name(name),
            partial(to_keyword, folded=field.folded),
            matching=partial(matching, name),
        )
        for name, field in keywords.items()
    }
    texts = {name: (own_name(name),) for name in schema.of_kind(Text)}
    numbers = {name: Numbers(own_name(name), read_number) for name in schema.of_kind(Number)}
    moments: dict[str, str | None] = {name: own_name(name) for name in schema.of_kind(Moment)}
    values[schema.id] = Values("id", str)
    known = (*texts, *values, *numbers, *moments)
    return QueryFields(
        spellings={name.lower(): name for name in known},
        texts=texts,
        values=values,
        moments=moments,
        numbers=numbers,
        has_digits=True,
    )


def ranking(schema: Schema) -> Ranking:
    """Return how documents of a schema are ranked: by the weights of its text fields."""
    texts = schema.of_kind(Text)
    return Ranking(
        weights={own_name(name): float(text.weight) for name, text in texts.items()},
        b={own_name(name): _LENGTH for name, text in texts.items() if not text.title},
        lead=0,
        titles=tuple(own_name(name) for name, text in texts.items() if text.title),
    )
