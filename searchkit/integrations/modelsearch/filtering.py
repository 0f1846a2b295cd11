"""The filters of a queryset, as far as the index can answer them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models.expressions import Col
from django.db.models.functions import ExtractYear
from django.db.models.lookups import Lookup
from django.db.models.sql.where import AND, OR, NothingNode, WhereNode
from django.utils import timezone

from searchkit.integrations.modelsearch.layout import ID, Column, column_at
from searchkit.schema import (
    All,
    Between,
    Clause,
    Either,
    Every,
    Exists,
    Is,
    Keyword,
    Not,
    OneOf,
    StartsWith,
)

NOTHING = Not(All())
_TEXTS = {"CharField", "TextField", "SlugField", "URLField", "EmailField", "FilePathField"}


@dataclass(frozen=True)
class Filters:
    """What the index can say of the filters of a queryset.

    All objects that pass the filters match `clause`; if it is `exact`, no others do.
    """

    clause: Clause | None
    exact: bool


class _LeftToDatabase(Exception):
    """The index has not what a filter asks for."""


@dataclass
class FilterReader:
    """Reads the filters of a queryset; `path_of` gives the search fields that lead to a column."""

    queryset: Any
    path_of: Callable[[Any], list[Any]]
    _related: set[tuple[Any, ...]] = field(default_factory=set)

    def read(self) -> Filters:
        """Return what the index can say of the filters."""
        where, exact = self.queryset.query.where, True
        several = where.connector == AND and not where.negated
        clauses = []
        for part in where.children if several else [where]:
            try:
                clauses.append(self._node(part, negated=False))
            except _LeftToDatabase:
                exact = False
        return Filters(Every(tuple(clauses)) if clauses else None, exact)

    def _node(self, node: Any, negated: bool) -> Clause:
        match node:
            case NothingNode():
                return NOTHING
            case WhereNode(connector=str(connector)) if connector in (AND, OR):
                negated = negated or node.negated
                parts = tuple(self._node(child, negated) for child in node.children)
                joined = Every(parts) if connector == AND else Either(parts)
                return Not(joined) if node.negated else joined
            case Lookup(lhs=Col() as lhs):
                return self._lookup(lhs, node.lookup_name, node.rhs, negated)
            case Lookup(lhs=ExtractYear(lhs=Col() as lhs)):
                return self._year(lhs, node.lookup_name, node.rhs, node.lhs.tzinfo, negated)
        raise _LeftToDatabase

    def _lookup(self, lhs: Any, lookup: str, value: Any, negated: bool) -> Clause:
        if not _is_plain(lookup, value):
            raise _LeftToDatabase
        if lhs.target.primary_key and lhs.alias == self.queryset.query.base_table:
            return _of_key(lookup, value)
        column = self._column(lhs, negated)
        if isinstance(column.declared(), Keyword):
            return _of_keyword(column, lookup, value)
        return _of_amount(column, lookup, value)

    def _column(self, lhs: Any, negated: bool) -> Column:
        """Return the column of a filter.

        The values of related objects are in the index, but not which belong together. So what is
        asked of several of their fields at once is left to the database, and what none may have.
        """
        if lhs.target.attname.endswith("_ptr_id"):
            raise _LeftToDatabase  # modelsearch looks for no search field of these
        path = self.path_of(lhs)
        column = column_at(self.queryset.model, path)
        if column.many:
            related = tuple(path[:-1])
            if negated or related in self._related:
                raise _LeftToDatabase
            self._related.update(tuple(path[:end]) for end in range(len(path)))
        return column

    def _year(self, lhs: Any, lookup: str, value: Any, zone: Any, negated: bool) -> Clause:
        column = self._column(lhs, negated)
        if isinstance(column.declared(), Keyword) or not isinstance(value, int):
            raise _LeftToDatabase
        begin, end = (_first_of(year, column.kind, zone) for year in (value, value + 1))
        match lookup:
            case "exact":
                return Between(column.name, begin, end, high_included=False)
            case "gte":
                return Between(column.name, low=begin)
            case "gt":
                return Between(column.name, low=end)
            case "lt":
                return Between(column.name, high=begin, high_included=False)
            case "lte":
                return Between(column.name, high=end, high_included=False)
        raise _LeftToDatabase


def _of_key(lookup: str, value: Any) -> Clause:
    match lookup:
        case "exact":
            return Is(ID, str(value))
        case "in":
            return OneOf(ID, map(str, value))
    raise _LeftToDatabase


def _of_keyword(column: Column, lookup: str, value: Any) -> Clause:
    text = column.kind in _TEXTS and not column.is_key
    match lookup:
        case "exact" | "in":
            values = [column.indexed(one) for one in (value if lookup == "in" else [value])]
            if "" in values:
                raise _LeftToDatabase  # the index does not tell "" from no value
            return OneOf(column.name, values)
        case "startswith" if text and value:
            return StartsWith(column.name, str(value))
        case "isnull" if not (text or column.many):
            return _is_null(column, value)
    raise _LeftToDatabase


def _of_amount(column: Column, lookup: str, value: Any) -> Clause:
    name = column.name
    if lookup == "isnull":
        return _is_null(column, value)
    if lookup in ("in", "range"):
        values = [column.indexed(one) for one in value]
        return OneOf(name, values) if lookup == "in" else Between(name, values[0], values[1])
    end = column.indexed(value)
    match lookup:
        case "exact":
            return Is(name, end)
        case "gte" | "gt":
            return Between(name, low=end, low_included=lookup == "gte")
        case "lte" | "lt":
            return Between(name, high=end, high_included=lookup == "lte")
    raise _LeftToDatabase


def _is_plain(lookup: str, value: Any) -> bool:
    """Return whether a filter is by values, and by no subquery, other field, list or JSON."""
    if hasattr(value, "resolve_expression"):
        return False
    values = value if lookup in ("in", "range") else [value]
    return not any(
        hasattr(one, "resolve_expression") or isinstance(one, list | tuple | dict) for one in values
    )


def _is_null(column: Column, value: bool) -> Clause:
    return Not(Exists(column.name)) if value else Exists(column.name)


def _first_of(year: int, kind: str, zone: Any) -> date:
    if kind == "DateField":
        return date(year, 1, 1)
    zone = zone or (timezone.get_current_timezone() if settings.USE_TZ else None)
    return datetime(year, 1, 1, tzinfo=zone)
