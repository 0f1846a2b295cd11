"""Schemas: which fields the documents of an index have, and what may be done with each."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

from searchkit.analysis import Analyzers
from searchkit.arguments import check_type
from searchkit.errors import SchemaError

INDONESIAN = "indonesian"
"""The analyzer of a text field that names none."""

_NAME = re.compile(r"[^\W\d_]\w{0,63}")


@dataclass(frozen=True, slots=True)
class Text:
    """Text that is analysed, and searched by its words: a str, or a sequence of them.

    `weight` (0 to 100) is what a word counts in this field beside others; it may be changed without
    building the index anew. `analyzer` names how words are found, see
    `searchkit.analysis.analyzer_names`. A `title` is what a document is called: shown whole in
    hits, offered as a completion.
    """

    kind: ClassVar[str] = "text"
    weight: float = 1.0
    analyzer: str = INDONESIAN
    title: bool = False


@dataclass(frozen=True, slots=True)
class Keyword:
    """Whole values, to filter, count and order by: a str, an int, a bool, or a sequence of them.

    Values are compared `folded`, without regard to case, accents and blanks, unless told not to be.
    """

    kind: ClassVar[str] = "keyword"
    folded: bool = True


@dataclass(frozen=True, slots=True)
class Number:
    """A number, for ranges and orders: an int, a float or a Decimal; compared to 15 digits.

    A `facet` is counted by value as well, for which more is kept.
    """

    kind: ClassVar[str] = "number"
    facet: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time, for ranges and orders: a date or a datetime, to the microsecond.

    A time without a zone is Jakarta's, a date the beginning of that day there. By the field of
    `recency`, one of a schema at most, newer documents are preferred as the settings say.
    """

    kind: ClassVar[str] = "moment"
    recency: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """Any value that JSON can hold, which is only given back."""

    kind: ClassVar[str] = "stored"


@dataclass(frozen=True, slots=True)
class Identity:
    """Marks the field of a document class that holds its id, a str."""


Field = Text | Keyword | Number | Moment | Stored
_Kind = TypeVar("_Kind", bound=Field)
_KINDS: dict[str, type[Field]] = {
    kind.kind: kind for kind in (Text, Keyword, Number, Moment, Stored)
}

_OPTIONS = {bool: "True or False", str: "the name of an analyzer"}
"""What an option of a field is, by the type of its default."""


class Schema:
    """The fields of a kind of documents, by name, and what their id is called.

    A name begins with a letter, has letters, digits and underscores, and differs from the others by
    more than capitals. SchemaError is raised for a schema that cannot be.

    >>> Schema({"name": Text(title=True), "price": Number()}, id="sku").id
    'sku'
    """

    def __init__(self, declared: Mapping[str, Field], *, id: str = "id") -> None:  # noqa: A002
        check_type("declared", declared, Mapping, "the fields of documents by name, in a dict")
        self.id = id
        self.fields: Mapping[str, Field] = dict(declared)
        self.model: type[Any] | None = None
        self._check()

    @classmethod
    def of(cls, declared: "Schema | type[Any]") -> "Schema":
        """Return a schema as it is, or that of a dataclass whose fields are annotated.

        >>> @dataclass
        ... class Product:
        ...     sku: Annotated[str, Identity()]
        ...     name: Annotated[str, Text(title=True)]
        >>> list(Schema.of(Product).fields)
        ['name']
        """
        if isinstance(declared, Schema):
            return declared
        if not (isinstance(declared, type) and is_dataclass(declared)):
            raise SchemaError(f"{declared!r} is no schema; give a Schema or a dataclass")
        hints = get_type_hints(declared, include_extras=True)
        marks = {field.name: _mark(hints[field.name]) for field in fields(declared)}
        for name, mark in marks.items():
            if mark is None:
                raise SchemaError(
                    f"the field {name!r} of {declared.__name__} is not declared; write it as "
                    "Annotated[str, Text()] or of another kind, or as Annotated[..., Stored()]"
                )
        ids = [name for name, mark in marks.items() if isinstance(mark, Identity)]
        if len(ids) != 1:
            raise SchemaError(
                f"{declared.__name__} has {len(ids)} fields for its id; mark one as "
                "Annotated[str, Identity()]"
            )
        schema = cls({n: mark for n, mark in marks.items() if isinstance(mark, Field)}, id=ids[0])
        schema.model = declared
        return schema

    def of_kind(self, kind: type[_Kind]) -> dict[str, _Kind]:
        """Return the fields of one kind, by name, in the order declared."""
        return {name: field for name, field in self.fields.items() if isinstance(field, kind)}

    @property
    def title(self) -> str | None:
        """The name of the text field by which a document is shown; None without text fields."""
        texts = self.of_kind(Text)
        return next((name for name, text in texts.items() if text.title), next(iter(texts), None))

    @property
    def main_analyzer(self) -> str:
        """The name of the analyzer by which queries are read: that of the first text field."""
        return next((text.analyzer for text in self.of_kind(Text).values()), "plain")

    def to_data(self) -> dict[str, Any]:
        """Return the schema as an object of JSON, as it is kept with an index."""
        return {
            "id": self.id,
            "fields": {n: {"kind": f.kind} | asdict(f) for n, f in self.fields.items()},
        }

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> "Schema":
        """Return the schema that `to_data` made `data` of; SchemaError if it is none."""
        try:
            declared = {}
            for name, properties in data["fields"].items():
                values = dict(properties)
                declared[name] = _KINDS[values.pop("kind")](**values)
            return cls(declared, id=data["id"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SchemaError(f"{data!r} is not the schema of an index") from error

    def _check(self) -> None:
        if not self.fields:
            raise SchemaError("a schema needs a field; declare one, as in {'name': Text()}")
        names: Iterable[Any] = [self.id, *self.fields]
        seen: dict[str, str] = {}
        for name in names:
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise SchemaError(
                    f"{name!r} cannot be the name of a field; begin with a letter, go on with "
                    "letters, digits and underscores, 64 at most"
                )
            if other := seen.get(name.casefold()):
                raise SchemaError(f"the fields {other!r} and {name!r} differ by no more than case")
            seen[name.casefold()] = name
        for name, field in self.fields.items():
            _check_field(name, field)
        if sum(moment.recency for moment in self.of_kind(Moment).values()) > 1:
            raise SchemaError("two fields are of recency; newer documents are preferred by one")


def same_structure(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two schemas, as data, build the same index: weights make no difference."""
    return _without_weights(one) == _without_weights(other)


def fingerprint_of_schema(schema: Schema, analyzers: Analyzers) -> str:
    """Return the fingerprints of all analyzers of a schema, each once."""
    texts = schema.of_kind(Text).values()
    names = sorted({schema.main_analyzer, *(text.analyzer for text in texts)})
    return "+".join(analyzers.named(name).fingerprint for name in names)


def _without_weights(data: Mapping[str, Any]) -> dict[str, Any]:
    fields = {n: {k: v for k, v in f.items() if k != "weight"} for n, f in data["fields"].items()}
    return {"id": data["id"], "fields": fields}


def _check_field(name: str, field: object) -> None:
    if not isinstance(field, Field):
        raise SchemaError(
            f"the field {name!r} is declared by {field!r}; declare it by Text(), Keyword(), "
            "Number(), Moment() or Stored()"
        )
    if isinstance(field, Text) and not (
        isinstance(field.weight, int | float) and 0 <= field.weight <= 100
    ):
        raise SchemaError(f"the weight of {name!r} is {field.weight!r}; it is 0 to 100")
    for option in fields(field):
        value, kind = getattr(field, option.name), type(option.default)
        if kind in _OPTIONS and not isinstance(value, kind):
            raise SchemaError(
                f"{option.name} of {name!r} is {value!r:.100}; it is {_OPTIONS[kind]}"
            )


def _mark(hint: Any) -> Field | Identity | None:
    """Return what an annotation declares a field to be; None if it says nothing of that."""
    if get_origin(hint) is not Annotated:
        return None
    marks = [mark() if mark in _MARKS else mark for mark in get_args(hint)[1:]]
    return next((mark for mark in marks if isinstance(mark, Field | Identity)), None)


_MARKS = (Text, Keyword, Number, Moment, Stored, Identity)
