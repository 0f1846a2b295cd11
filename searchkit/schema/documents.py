"""Documents of a schema: checked, made ready for an engine, stored, and given back as they came."""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from searchkit.analysis import Analyzer
from searchkit.analysis.offsets import with_offsets
from searchkit.documents.identity import title_key
from searchkit.engines.base import ARTICLE, LONGEST_ID, IndexedDocument
from searchkit.engines.fields import own_name, value_name
from searchkit.errors import SchemaError
from searchkit.indexing import digest_of
from searchkit.phrases import phrases_of
from searchkit.schema.declarations import Field, Keyword, Moment, Number, Schema, Stored, Text
from searchkit.schema.values import each, shown, to_keyword, to_moment, to_number

Values = dict[str, Any]
"""The values of a document by field, those that it has."""

# Whole numbers that JSON gives back as they were.
_LEAST, _MOST = -(2**63), 2**64 - 1
_ONE: dict[type[Field], tuple[type, ...]] = {
    Text: (str,),
    Keyword: (str, int, bool),
    Number: (int, float, Decimal),
    Moment: (date,),
}
_ASKED_FOR = {
    Text: "a str or a list or tuple of them",
    Keyword: "a str, an int, a bool or a list or tuple of them",
    Number: "an int, a float or a Decimal",
    Moment: "a date or a datetime",
    Stored: "a value that JSON can hold",
}


class Entry(NamedTuple):
    """A document as it is taken in: its id, its values, and the object that is stored of it."""

    id: str
    values: Values
    stored: dict[str, Any]


def read(schema: Schema, document: object) -> Entry:
    """Return a document, given as a mapping or as one of the schema's dataclass, as an entry.

    Raises SchemaError when it does not fit the schema; it names the document and the field.
    """
    given = _given(schema, document)
    document_id = given.pop(schema.id, None)
    if not isinstance(document_id, str) or not document_id:
        raise SchemaError(
            f"a document has the id {document_id!r} in {schema.id!r}; give each a str of its own"
        )
    if len(document_id) > LONGEST_ID:
        raise SchemaError(
            f"the id {document_id[:60]!r}... is longer than {LONGEST_ID:,} characters; give a "
            "shorter one"
        )
    for name, value in given.items():
        if name not in schema.fields:
            raise SchemaError(
                f"document {document_id!r} has a field {name!r}, which the schema has not; "
                f"declare it, as Stored() if it is only to be given back, or leave it out"
            )
        _check(document_id, name, schema.fields[name], value)
    stored = {"id": document_id, "fields": {name: _encoded(value) for name, value in given.items()}}
    try:
        digest = digest_of(stored)
    except UnicodeEncodeError as error:
        raise SchemaError(
            f"document {document_id!r} has half a surrogate pair in its text, which is no "
            "character; decode the text rightly, or leave it out"
        ) from error
    return Entry(document_id, given, stored | {"digest": digest})


def give_back(schema: Schema, stored: Mapping[str, Any]) -> Any:
    """Return a document as it was given, from the object stored of it.

    That is a dict, or an object of the schema's dataclass. Raises KeyError, TypeError or ValueError
    when `stored` was not made by `read`.
    """
    return given_back(schema, stored, values_of(stored))


def given_back(schema: Schema, stored: Mapping[str, Any], values: Values) -> Any:
    """Return a document as `give_back` does, of whose stored object `values` were read."""
    given = {schema.id: stored["id"]} | {n: values[n] for n in schema.fields if n in values}
    if schema.model is None:
        return given
    names = {field.name for field in fields(schema.model) if field.init}
    return schema.model(**{name: value for name, value in given.items() if name in names})


def values_of(stored: Mapping[str, Any]) -> Values:
    """Return the values of a stored document by field, those that were given."""
    return {name: _decoded(value) for name, value in stored["fields"].items()}


def texts_of(schema: Schema, values: Values) -> dict[str, str]:
    """Return the text of each text field of a document; several values are a line each."""
    return {name: "\n".join(each(values.get(name), _ONE[Text])) for name in schema.of_kind(Text)}


def indexed(
    schema: Schema, analyzer_of: Callable[[str], Analyzer], entry: Entry
) -> IndexedDocument:
    """Return a document as an engine takes it in; `analyzer_of` gives an analyzer by its name."""
    texts = texts_of(schema, entry.values)
    analyzers = {name: analyzer_of(text.analyzer) for name, text in schema.of_kind(Text).items()}
    tokens = {own_name(n): analyzers[n].analyze(text) for n, text in texts.items() if text}
    moment = next((n for n, field in schema.of_kind(Moment).items() if field.recency), None)
    dated = entry.values.get(moment) if moment else None
    return IndexedDocument(
        id=entry.id,
        kind=ARTICLE,
        tokens=tokens,
        keywords=_keywords(schema, entry, texts),
        moment=None if dated is None else to_moment(dated) // 1_000_000,
        stored=with_offsets(entry.stored, {own_name(n): t for n, t in texts.items()}, tokens),
        facets=_facets(schema, entry.values),
        numbers=_numbers(schema, entry.values),
    )


def title_of(schema: Schema, texts: Mapping[str, str]) -> str:
    """Return what a document of these texts is called, in one line; "" if nothing."""
    return " ".join(texts[schema.title].split()) if schema.title else ""


def _keywords(schema: Schema, entry: Entry, texts: dict[str, str]) -> dict[str, tuple[str, ...]]:
    titled = any(text.title for text in schema.of_kind(Text).values())
    title = title_of(schema, texts) if titled else ""
    body = "\n".join(text for name, text in texts.items() if name != schema.title)
    keywords = {
        "id": (entry.id,),
        "kind": (ARTICLE,),
        "has": tuple(name for name in schema.fields if _has_value(entry.values.get(name))),
        "title": (title_key(title),) if title else (),
        "phrase": phrases_of({"headline": title, "body": body}) if title else (),
    }
    for name, field in schema.of_kind(Keyword).items():
        given = each(entry.values.get(name), _ONE[Keyword])
        keywords[own_name(name)] = _once(to_keyword(value, folded=field.folded) for value in given)
    for name, values in _counted_numbers(schema, entry.values).items():
        keywords[value_name(name)] = values
    return keywords


def _facets(schema: Schema, values: Values) -> dict[str, tuple[str, ...]]:
    found = {
        own_name(name): _once(
            " ".join(shown(value).split()) for value in each(values.get(name), _ONE[Keyword])
        )
        for name in schema.of_kind(Keyword)
    }
    return found | {value_name(n): v for n, v in _counted_numbers(schema, values).items()}


def _counted_numbers(schema: Schema, values: Values) -> dict[str, tuple[str, ...]]:
    return {
        name: (shown(values[name]),) if values.get(name) is not None else ()
        for name, field in schema.of_kind(Number).items()
        if field.facet
    }


def _numbers(schema: Schema, values: Values) -> dict[str, int]:
    found = {n: to_number(values[n]) for n in schema.of_kind(Number) if values.get(n) is not None}
    for name in schema.of_kind(Moment):
        if values.get(name) is not None:
            found[name] = to_moment(values[name])
    return {own_name(name): number for name, number in found.items()}


def _once(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))


def _has_value(value: object) -> bool:
    return value is not None and value != "" and value != [] and value != ()


def _given(schema: Schema, document: object) -> Values:
    if schema.model is not None and isinstance(document, schema.model):
        names = [schema.id, *schema.fields]
        return {name: getattr(document, name) for name in names}
    if isinstance(document, Mapping):
        return dict(document)
    expected = f"a {schema.model.__name__} or a mapping" if schema.model else "a mapping"
    raise SchemaError(f"{document!r:.200} is no document; give {expected} of fields")


def _check(document_id: str, name: str, field: Field, value: object) -> None:
    if value is None or _fits(field, value):
        return
    raise SchemaError(
        f"document {document_id!r} has {value!r:.100} in the field {name!r}, which is "
        f"{type(field).__name__}; give {_ASKED_FOR[type(field)]}"
    )


def _fits(field: Field, value: object) -> bool:
    if isinstance(field, Stored):
        try:
            return bool(orjson.loads(orjson.dumps(value)) == value)
        except (TypeError, ValueError):
            return False
    one = _ONE[type(field)]
    if isinstance(field, Number):
        if isinstance(value, bool) or not isinstance(value, one):
            return False
        to_number(value)  # type: ignore[arg-type]  # one of `one`
        return True
    if isinstance(value, one):
        return True
    return (
        isinstance(field, Text | Keyword)
        and isinstance(value, list | tuple)
        and all(isinstance(part, one) for part in value)
    )


def _encoded(value: Any) -> Any:
    """Return a value as JSON has it; no value of a field of its own is an object of one key."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, dict):
        return {"json": value}
    # Beyond these JSON readers make another number of it, or nothing.
    if isinstance(value, int) and not _LEAST <= value <= _MOST:
        return {"int": str(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, tuple):
        return {"tuple": [_encoded(part) for part in value]}
    if isinstance(value, list) and any(part != _encoded(part) for part in value):
        return {"list": [_encoded(part) for part in value]}
    return value


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "json": lambda value: value,
    "int": int,
    "float": float,
    "tuple": lambda parts: tuple(map(_decoded, parts)),
    "list": lambda parts: list(map(_decoded, parts)),
}


def _decoded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    return _DECODERS[kind](inner)
