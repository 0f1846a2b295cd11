"""Schemas: declared by hand, by a class, and kept with an index."""

from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from searchkit.errors import SchemaError
from searchkit.schema import Field, Identity, Keyword, Moment, Number, Schema, Stored, Text
from searchkit.schema.declarations import same_structure

FIELDS: dict[str, Field] = {
    "name": Text(weight=3, title=True),
    "brand": Keyword(folded=False),
    "price": Number(facet=True),
    "added": Moment(recency=True),
    "extra": Stored(),
}


@dataclass
class Product:
    sku: Annotated[str, Identity()]
    name: Annotated[str, Text(title=True)]
    brand: Annotated[str | None, "a note", Keyword] = None


def test_a_schema_is_kept_as_data() -> None:
    schema = Schema(FIELDS, id="sku")
    kept = Schema.of_data(schema.to_data())
    assert (kept.id, kept.fields) == (schema.id, FIELDS)


def test_a_class_declares_its_fields() -> None:
    schema = Schema.of(Product)
    assert schema.id == "sku"
    assert schema.fields == {"name": Text(title=True), "brand": Keyword()}
    assert schema.model is Product
    assert Schema.of(schema) is schema


def test_documents_are_shown_by_their_title_or_first_text() -> None:
    assert Schema({"a": Text(), "b": Text(title=True)}).title == "b"
    assert Schema({"a": Keyword(), "b": Text()}).title == "b"
    assert Schema({"a": Keyword()}).title is None


def test_weights_are_no_part_of_what_an_index_is() -> None:
    one = Schema({"name": Text(weight=3)}).to_data()
    assert same_structure(one, Schema({"name": Text()}).to_data())
    assert not same_structure(one, Schema({"name": Text(analyzer="plain")}).to_data())
    assert not same_structure(one, Schema({"name": Text()}, id="sku").to_data())
    assert not same_structure(one, Schema({"name": Text(), "more": Text()}).to_data())


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({}, "a schema needs a field"),
        ({"_name": Text()}, "'_name' cannot be the name of a field"),
        ({"nama barang": Text()}, "'nama barang' cannot be the name"),
        ({"name": Text(), "NAME": Text()}, "'name' and 'NAME' differ by no more than case"),
        ({"ID": Text()}, "'id' and 'ID' differ by no more than case"),
        ({"name": str}, "the field 'name' is declared by <class 'str'>"),
        ({"name": Text(weight=-1)}, "the weight of 'name' is -1; it is 0 to 100"),
        ({"a": Moment(True), "b": Moment(True)}, "two fields are of recency"),
    ],
)
def test_schemas_that_cannot_be(declared: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        Schema(declared)


@dataclass
class Undeclared:
    sku: Annotated[str, Identity()]
    name: str


@dataclass
class Nameless:
    name: Annotated[str, Text()]


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (Undeclared, "the field 'name' of Undeclared is not declared"),
        (Nameless, "Nameless has 0 fields for its id"),
        (dict, "is no schema; give a Schema or a dataclass"),
    ],
)
def test_classes_that_declare_no_schema(declared: type[Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        Schema.of(declared)


@pytest.mark.parametrize(
    "data",
    [
        {"id": "id"},
        {"id": "id", "fields": {"a": {"kind": "picture"}}},
        {"id": "id", "fields": {"a": {"kind": "text", "colour": "red"}}},
        {"id": "id", "fields": {"a": "text"}},
        {"id": "id", "fields": []},
    ],
)
def test_data_that_is_no_schema(data: dict[str, Any]) -> None:
    with pytest.raises(SchemaError, match="is not the schema of an index"):
        Schema.of_data(data)
