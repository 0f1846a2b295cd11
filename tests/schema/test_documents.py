"""Documents of a schema are checked, and come back as they were given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.canonical import from_json, to_json
from searchkit.errors import SchemaError
from searchkit.schema import Identity, Keyword, Moment, Number, Schema, Stored, Text
from searchkit.schema.documents import give_back, read

SCHEMA = Schema(
    {
        "name": Text(title=True),
        "brand": Keyword(),
        "price": Number(),
        "added": Moment(),
        "extra": Stored(),
    },
    id="sku",
)
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
VALUES = WORDS | st.booleans() | st.integers(-(2**70), 2**70)
DOCUMENTS = st.fixed_dictionaries(
    {"sku": WORDS.filter(bool)},
    optional={
        "name": st.none() | WORDS | st.lists(WORDS, max_size=3) | st.tuples(WORDS, WORDS),
        "brand": VALUES | st.lists(VALUES) | st.tuples(VALUES, VALUES),
        "price": st.integers(-(2**70), 2**70)
        | st.floats(allow_nan=False)
        | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9),
        "added": st.dates() | st.datetimes(timezones=st.none() | st.just(UTC)),
        "extra": JSON,
    },
)


@given(DOCUMENTS)
def test_documents_come_back_as_they_were_given(document: dict[str, Any]) -> None:
    kept = from_json(to_json(read(SCHEMA, document).stored))
    found = give_back(SCHEMA, kept)
    assert found == document
    assert [type(found[name]) for name in document] == [type(value) for value in document.values()]
    assert list(found) == [name for name in ("sku", *SCHEMA.fields) if name in document]


@dataclass
class Product:
    sku: Annotated[str, Identity()]
    name: Annotated[str, Text(title=True)]
    added: Annotated[date | None, Moment()] = None


def test_objects_of_a_class_come_back_as_objects() -> None:
    schema = Schema.of(Product)
    product = Product("b1", "Kemeja batik", date(2024, 6, 1))
    assert give_back(schema, read(schema, product).stored) == product
    assert give_back(schema, read(schema, {"sku": "b2", "name": "Kain"}).stored) == Product(
        "b2", "Kain"
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"name": "Kemeja"}, "a document has the id None in 'sku'"),
        ({"sku": 7}, "a document has the id 7 in 'sku'"),
        ({"sku": ""}, "a document has the id '' in 'sku'"),
        ({"sku": "b1", "colour": "red"}, "document 'b1' has a field 'colour', which the schema"),
        ({"sku": "b1", "name": 7}, "'b1' has 7 in the field 'name', which is Text; give a str"),
        ({"sku": "b1", "name": ["a", 7]}, "'name', which is Text"),
        ({"sku": "b1", "brand": 1.5}, "'brand', which is Keyword; give a str, an int, a bool"),
        ({"sku": "b1", "price": "7"}, "'price', which is Number; give an int, a float"),
        ({"sku": "b1", "price": True}, "'price', which is Number"),
        ({"sku": "b1", "price": float("nan")}, "has no place among numbers"),
        ({"sku": "b1", "added": "2024"}, "'added', which is Moment; give a date or a datetime"),
        ({"sku": "b1", "extra": object()}, "'extra', which is Stored; give a value that JSON"),
        ({"sku": "b" * 1025}, "the id 'b+'... is longer than 1,024 characters; give a shorter"),
        ({"sku": "b1", "name": "\ud800"}, "document 'b1' has half a surrogate pair"),
        ("Kemeja", "'Kemeja' is no document; give a mapping of fields"),
    ],
)
def test_documents_that_do_not_fit(document: object, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        read(SCHEMA, document)


@pytest.mark.parametrize(
    "damage",
    [
        lambda stored: stored.pop("fields"),
        lambda stored: stored.update(fields={"price": {"decimal": "x", "date": "y"}}),
        lambda stored: stored.update(fields={"price": {"picture": "x"}}),
        lambda stored: stored.update(fields=7),
    ],
)
def test_damaged_documents_are_told_from_others(damage: Callable[[dict[str, Any]], None]) -> None:
    stored = dict(read(SCHEMA, {"sku": "b1", "price": Decimal("1.5")}).stored)
    damage(stored)
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        give_back(SCHEMA, stored)
