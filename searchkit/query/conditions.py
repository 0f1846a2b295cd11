"""Conditions of a query: what a document must have been, whatever its words; they do not score."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from searchkit.errors import QueryError
from searchkit.query import syntax
from searchkit.query.names import Numbers, Values
from searchkit.query.syntax import Syntax
from searchkit.query.tree import (
    AllOf,
    AnyOf,
    DateRange,
    Everything,
    HasValue,
    KeywordFilter,
    Node,
    NumberRange,
    Without,
)

if TYPE_CHECKING:
    from searchkit.query.dates import Period

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def _period(text: str, today: date) -> "Period":
    # Imported late: most queries have no date.
    from searchkit.query.dates import read_period

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


def moments(field: str, found: DateRange) -> NumberRange:
    """Return the range of a field of microseconds since 1970 that is one of seconds."""
    low = None if found.start is None else found.start * 1_000_000
    high = None if found.end is None else found.end * 1_000_000 - 1
    return NumberRange(field, low, high)


def number_range(node: syntax.Numbers, numbers: Numbers) -> Node:
    """Return the numbers of the index that `node` means.

    Raises QueryError for a number that is none, which no parsed query has.
    """
    low, high = (_number(end, numbers) if end else None for end in (node.low, node.high))
    low = low if low is None or node.with_low else low + 1
    high = high if high is None or node.with_high else high - 1
    return NumberRange(numbers.field, low, high)


def _number(text: str, numbers: Numbers) -> int:
    number = numbers.read(text)
    if number is None:
        raise QueryError(f"{text!r} is no number; write 100 or 99.5")
    return number


def has_value(values: Values, node: Syntax) -> Node | None:
    """Return the condition that a field has the values of `node`; None if there is none in it.

    Values side by side mean any of them, for a document has one source and one kind.
    """
    match node:
        case syntax.Word(text) | syntax.Phrase(text):
            value = values.read(text)
            return KeywordFilter(values.field, value) if value else None
        case syntax.Wildcard(pattern) if values.matching:
            return values.matching(pattern)
        case syntax.All():
            return values.matching("*") if values.matching else HasValue((values.field,))
        case syntax.Not(inner):
            excluded = has_value(values, inner)
            return None if excluded is None else Without(Everything(), excluded)
        case syntax.Boosted(inner) | syntax.Required(inner):
            return has_value(values, inner)
        case syntax.And(children) | syntax.Words(children) | syntax.Or(children):
            found = [has_value(values, child) for child in children]
            conditions = [condition for condition in found if condition is not None]
            if not conditions:
                return None
            if isinstance(node, syntax.Words):
                return _values_side_by_side(conditions)
            return all_of(conditions) if isinstance(node, syntax.And) else any_of(conditions)
    return Everything()


def _values_side_by_side(conditions: Sequence[Node]) -> Node:
    """Return what has any of the values and none of those that are excluded."""
    excluded = [each for each in conditions if isinstance(each, Without)]
    wanted = [each for each in conditions if not isinstance(each, Without)]
    return all_of([any_of(wanted), *excluded] if wanted else excluded)
