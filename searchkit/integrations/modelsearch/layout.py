"""What the search fields of models are in an index: its schema, and the documents in it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from modelsearch.backends.base import get_model_root
from modelsearch.index import (
    AutocompleteField,
    FilterField,
    RelatedFields,
    SearchField,
    get_indexed_models,
)

from searchkit.cached import cached_property
from searchkit.schema import Field, Keyword, Moment, Number, Schema, Text

ID = "pk"
"""The id of a document is the primary key of its object, as text."""

MODELS = "models"
"""The keyword field that names the model of an object, and the models it descends from."""

Value = str | int | float | Decimal | date
Model = Any
"""A class of models; Django comes without types."""

_LONGEST_NAME = 64
_NUMBERS = {
    "DecimalField",
    "FloatField",
    "IntegerField",
    "SmallIntegerField",
    "BigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "PositiveBigIntegerField",
}
_TIMES = {"TimeField", "DurationField"}  # which are kept as microseconds
_MOMENTS = {"DateField", "DateTimeField"}


@dataclass(frozen=True)
class Column:
    """A search field as a field of the schema.

    `path` leads to it from the model: any number of RelatedFields, then the search field itself,
    which is one of `owner`. An object has several values in it if it is `many`.
    """

    path: tuple[Any, ...]
    owner: Model
    many: bool

    @property
    def field(self) -> Any:
        """The search field."""
        return self.path[-1]

    @property
    def kind(self) -> str:
        """The name by which Django knows the type of the values, such as "DateField"."""
        return str(self.field.get_type(self.owner))

    @cached_property
    def is_several(self) -> bool:
        """Whether a document has a list of values in it."""
        return self.many or isinstance(self.declared(), Text)

    @property
    def is_key(self) -> bool:
        """Whether the values are primary keys, which are compared but not put in order."""
        found = _model_field(self)
        return found is not None and bool(found.is_relation or found.primary_key)

    @property
    def is_counted(self) -> bool:
        """Whether the index counts the values."""
        return isinstance(self.declared(), Keyword | Number) and self.kind not in _TIMES

    def is_one_of(self, names: Sequence[str]) -> bool:
        """Return whether it is, without relations, a search field of one of these names."""
        return len(self.path) == 1 and self.field.field_name in names

    def declared(self, analyzer: str = "plain") -> Field:
        """Return the field as it is declared in the schema."""
        match self.field:
            case SearchField(boost=boost):
                return Text(weight=1.0 if boost is None else float(boost), analyzer=analyzer)
            case AutocompleteField():
                return Text(analyzer="plain")
        if not (self.many or self.is_key):
            if self.kind in _NUMBERS | _TIMES:
                return Number(facet=self.kind in _NUMBERS)
            if self.kind in _MOMENTS:
                return Moment()
        return Keyword(folded=False)

    @cached_property
    def name(self) -> str:
        """The name in the schema; fields of several models that are alike have one together."""
        match self.field:
            case SearchField(boost=boost):
                kind = "text" if boost is None else f"text_{float(boost):g}".replace(".", "_")
            case AutocompleteField():
                kind = "autocomplete"
            case _:
                kind = type(self.declared()).__name__.lower()
        name = "__".join([kind, *(field.field_name for field in self.path)])
        if len(name) <= _LONGEST_NAME:
            return name
        digest = hashlib.sha256(name.encode()).hexdigest()[:12]
        return f"{name[: _LONGEST_NAME - len(digest) - 1]}_{digest}"

    def values(self, obj: models.Model) -> list[Value]:
        """Return the values of an object in this field, as they are indexed."""
        found: list[Any] = [obj]
        for related in self.path[:-1]:
            found = [each for one in found for each in _each(related.get_value(one))]
        found = [value for one in found for value in _each(self.field.get_value(one))]
        if isinstance(self.field, FilterField):
            return [self.indexed(value) for value in found]
        return [str(value) for value in found]

    def indexed(self, value: Any) -> Value:
        """Return a value of an object, or of a filter, as it is indexed."""
        if isinstance(value, models.Model):
            value = value.pk
        elif not self.is_key:
            value = self.read(value)
        kind = type(self.declared())
        if kind is Moment:
            return cast(date, value)
        if kind is Keyword:
            return _keyword(value)
        if isinstance(value, time):
            value = datetime.combine(datetime.min, value) - datetime.min
        return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value

    def read(self, value: Any) -> Any:
        """Return a value as Django has it, from one that was typed, or is in the index."""
        field = _model_field(self) or getattr(models, self.kind, models.TextField)()
        while field.is_relation:
            field = field.target_field
        return field.to_python(value) if hasattr(field, "to_python") else value


@cache
def columns(model: Model) -> tuple[Column, ...]:
    """Return the columns of all search fields of a model, also of those in RelatedFields."""
    return tuple(_columns(model, model.get_search_fields(), (), False))


def _columns(
    model: Model, fields: Iterable[Any], path: tuple[Any, ...], many: bool
) -> Iterator[Column]:
    for field in fields:
        if not isinstance(field, RelatedFields):
            yield column(model, (*path, field), many)
        elif related := field.get_field(model).related_model:
            more = many or _is_many(field.get_field(model))
            yield from _columns(related, field.fields, (*path, field), more)


def column(owner: Model, path: Sequence[Any], many: bool = False) -> Column:
    """Return the column at the end of a path, whose last field is one of `owner`."""
    found = Column(tuple(path), owner, False)
    own = _model_field(found)
    return Column(found.path, owner, many or (own is not None and _is_many(own)))


def column_at(model: Model, path: Sequence[Any]) -> Column:
    """Return the column at the end of a path that begins at `model`."""
    many = False
    for related in path[:-1]:
        field = related.get_field(model)
        many, model = many or _is_many(field), field.related_model
    return column(model, path, many)


def family(root: Model) -> list[Model]:
    """Return the indexed models with this root model, which have an index together."""
    return [model for model in get_indexed_models() if get_model_root(model) is root]


@cache
def schema_of(root: Model, analyzer: str) -> Schema:
    """Return the schema of the index of a root model."""
    declared: dict[str, Field] = {MODELS: Keyword(folded=False)}
    for model in family(root):
        declared |= {column.name: column.declared(analyzer) for column in columns(model)}
    return Schema(declared, id=ID)


def document_of(model: Model, obj: models.Model) -> dict[str, Any]:
    """Return an object as a document of the schema of its root model."""
    document: dict[str, Any] = {ID: str(obj.pk), MODELS: labels(model)}
    for column in columns(model):
        values = column.values(obj)
        document[column.name] = values if column.is_several else next(iter(values), None)
    return document


@cache
def labels(model: Model) -> list[str]:
    """Return the names of a model and of the indexed models that it descends from."""
    kin = family(get_model_root(model))
    return [base._meta.label for base in model.__mro__ if base in kin]


def _model_field(column: Column) -> Any:
    """Return the field of the model that a search field is of; None if that is no field."""
    try:
        return column.field.get_field(column.owner)
    except FieldDoesNotExist:
        return None


def _is_many(field: Any) -> bool:
    several = field.many_to_many or field.one_to_many
    return bool(several) or field.get_internal_type() == "ArrayField"


def _each(value: Any) -> list[Any]:
    """Return what an object has in a field, which may be nothing, one value or several."""
    if value is None:
        return []
    if isinstance(value, models.Manager | models.QuerySet):
        return list(value.all())
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _keyword(value: Any) -> str:
    """Return a value as a keyword; those that Django holds to be equal have the same."""
    match value:
        case bool():
            return str(int(value))
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    return str(value)
