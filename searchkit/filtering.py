"""What people filter by, as engines are told it: folded values, and days of Jakarta as seconds."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from searchkit.analysis.normalization import fold_value
from searchkit.arguments import check_flag, check_type, one_or_more, whole_number
from searchkit.engines.base import (
    ARTICLE,
    ITEM,
    FacetsWanted,
    Filters,
)
from searchkit.engines.fields import FACET_FIELDS
from searchkit.errors import QueryError
from searchkit.query.lowering import JAKARTA

if TYPE_CHECKING:
    from searchkit.query.dates import Period

Values = str | Iterable[str] | None
"""One value, or several of which one is enough; None or none of them for any."""

MOST_VALUES = 1000
"""How many values of a facet can be asked for."""


def read_filters(
    values: Mapping[str, Values], since: date | datetime | None, until: date | datetime | None
) -> Filters:
    """Return the filters of `values` by facet field, and of two dates, both of them included.

    A date is a whole day in Jakarta; a time without a zone is Jakarta's, and is included to the
    second. Case, accents and spaces of values do not matter. Raises QueryError for a kind that
    there is not, and when `since` is after `until`.
    """
    for name, day in (("since", since), ("until", until)):
        check_type(name, day, date | None, "a date or a datetime")
    start = None if since is None else _first_second(since)
    end = None if until is None else _first_second(_next(until))
    if start is not None and end is not None and start >= end:
        raise QueryError(f"since {since} is after until {until}; nothing can be in between")
    folded = {field: _folded(field, given) for field, given in values.items() if given is not None}
    return Filters({field: wanted for field, wanted in folded.items() if wanted}, start, end)


def wanted_facets(fields: Iterable[str], most: int, multi_select: bool) -> FacetsWanted:
    """Return the facets to count; QueryError for one that there is not, or too many values."""
    fields = tuple(dict.fromkeys(one_or_more("facets", fields)))
    most = whole_number("facet_limit", most)
    check_flag("multi_select", multi_select)
    for field in fields:
        if field not in FACET_FIELDS:
            raise QueryError(f"there is no facet {field!r}; there are {', '.join(FACET_FIELDS)}")
    if not 1 <= most <= MOST_VALUES:
        raise QueryError(f"facet_limit {most} is out of bounds: 1 to {MOST_VALUES:,}")
    return FacetsWanted(fields, most, multi_select)


def days_of(text: str) -> "Period | None":
    """Return the days that `text` means to a person in Jakarta now; None if it is no date."""
    # Imported late: most queries have no date.
    from searchkit.query.dates import read_period

    return read_period(text, datetime.now(JAKARTA).date())


def zoned(moment: datetime) -> datetime:
    """Return `moment` with a time zone: Jakarta's when it has none."""
    return moment if moment.tzinfo else moment.replace(tzinfo=JAKARTA)


def month_of(moment: datetime) -> str:
    """Return the month of a time, such as "2024-06", as it is in Jakarta."""
    with suppress(OverflowError):  # on the first or last day of the calendar
        moment = moment.astimezone(JAKARTA)
    return f"{moment.year:04}-{moment.month:02}"


def _folded(field: str, given: str | Iterable[str]) -> frozenset[str]:
    values = [fold_value(value) for value in one_or_more(field, given)]
    for value in values:
        if field == "kind" and value not in (ARTICLE, ITEM):
            raise QueryError(f"there is no kind {value!r}; there are {ARTICLE!r} and {ITEM!r}")
    return frozenset(values)


def _next(until: date | datetime) -> date | datetime:
    """Return the day or second after `until`; the last there is if there is none."""
    step = timedelta(seconds=1) if isinstance(until, datetime) else timedelta(days=1)
    try:
        return until + step
    except OverflowError:
        return datetime.combine(until, time.max) if not isinstance(until, datetime) else until


def _first_second(day: date | datetime) -> int:
    if not isinstance(day, datetime):
        day = datetime.combine(day, time())
    if day.tzinfo is None:
        day = day.replace(tzinfo=JAKARTA)
    return int(day.timestamp() // 1)
