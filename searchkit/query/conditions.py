"""Conditions of a query: what a document must have been, whatever its words; they do not score."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from searchkit.analysis.normalization import fold_value
from searchkit.errors import QueryError
from searchkit.query import syntax
from searchkit.query.dates import Period, read_period
from searchkit.query.names import kind_names
from searchkit.query.syntax import Syntax
from searchkit.query.tree import AllOf, AnyOf, DateRange, Everything, KeywordFilter, Node, Without

_EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


def all_of(nodes: Sequence[Node]) -> Node:
    """Return what matches all of `nodes`, one or more; the one itself if there is but one."""
    once = tuple(dict.fromkeys(nodes))
    return once[0] if len(once) == 1 else AllOf(once)


def any_of(nodes: Sequence[Node]) -> Node:
    """Return what matches one of `nodes`, one or more; the one itself if there is but one."""
    once = tuple(dict.fromkeys(nodes))
    return once[0] if len(once) == 1 else AnyOf(once)


def date_range(node: syntax.Date | syntax.DateSpan, today: date, zone: tzinfo) -> DateRange:
    """Return the seconds that `node` means, seen from `today`, with days as they are in `zone`.

    An end that is not included leaves out all the days it means: `{2024 TO *]` begins in 2025.
    Raises QueryError for a date that is none, which no parsed query has.
    """
    if isinstance(node, syntax.Date):
        node = syntax.DateSpan(node.text, node.text)
    start = end = None
    if node.low:
        first, last = _period(node.low, today)
        start = _beginning(first, zone) if node.with_low else _ending(last, zone)
    if node.high:
        first, last = _period(node.high, today)
        end = _ending(last, zone) if node.with_high else _beginning(first, zone)
    return DateRange(start, end)


def _period(text: str, today: date) -> Period:
    period = read_period(text, today)
    if period is None:
        raise QueryError(f"{text!r} is no date; write 2024, 2024-06 or 2024-06-03")
    return period


def _beginning(day: date, zone: tzinfo) -> int:
    return int((datetime.combine(day, time(), zone) - _EPOCH).total_seconds())


def _ending(day: date, zone: tzinfo) -> int:
    if day == date.max:
        return _beginning(day, zone) + 24 * 60 * 60
    return _beginning(day + timedelta(days=1), zone)


def has_value(field: str, node: Syntax) -> Node | None:
    """Return the condition that `field` has the values of `node`; None if there is none in it.

    Values side by side mean any of them, for a document has one source and one kind.
    """
    match node:
        case syntax.Word(text) | syntax.Phrase(text):
            value = fold_value(text)
            value = kind_names().get(value, value) if field == "kind" else value
            return KeywordFilter(field, value) if value else None
        case syntax.Not(inner):
            excluded = has_value(field, inner)
            return None if excluded is None else Without(Everything(), excluded)
        case syntax.Boosted(inner) | syntax.Required(inner):
            return has_value(field, inner)
        case syntax.And(children) | syntax.Words(children) | syntax.Or(children):
            found = [has_value(field, child) for child in children]
            values = [value for value in found if value is not None]
            if not values:
                return None
            return all_of(values) if isinstance(node, syntax.And) else any_of(values)
    return Everything()
