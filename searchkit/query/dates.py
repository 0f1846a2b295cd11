"""Dates as people ask for them: `2024-06`, `3 Juni 2024`, `minggu ini`, `7 hari terakhir`.

Every expression means a stretch of whole days; weeks begin on Monday.

`dateparser`, the last resort for the dates of pages, is not asked: of `Juni 2024` and `bulan lalu`
it makes a day, of `minggu ini` and `7 hari terakhir` nothing, and to import it takes longer than a
search.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from searchkit.documents.dates import DAY_NAMES, MONTHS


class Period(NamedTuple):
    """The days from `first` to `last`, both included."""

    first: date
    last: date


LONGEST_DATE = 40
"""Characters of a date."""

_COUNT = r"[0-9]{1,4}|se"
_UNIT = r"hari|minggu|pekan|bulan|tahun|days?|weeks?|months?|years?"
_ONE_DAY = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1, "besok": -1, "tomorrow": -1}
_THIS = re.compile(rf"(?P<unit>{_UNIT})\s+ini|this\s+(?P<english>week|month|year)")
_BEFORE = re.compile(
    rf"(?P<unit>{_UNIT})\s+(?:lalu|kemarin|sebelumnya)"
    r"|(?:last|previous)\s+(?P<english>week|month|year)"
)
_LATEST = re.compile(
    rf"(?P<count>{_COUNT})\s*(?P<unit>{_UNIT})\s+(?:terakhir|belakangan)"
    rf"|(?:last|past)\s+(?P<number>{_COUNT})\s+(?P<english>{_UNIT})"
)
_AGO = re.compile(rf"(?P<count>{_COUNT})\s*(?P<unit>{_UNIT})\s+(?:yang\s+)?(?:lalu|ago)")
_YEAR = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:([0-9]{1,2})[-/.])?([0-9]{1,2})[-/.]([0-9]{4})")
_DAY_NAME = rf"(?:(?:{DAY_NAMES}|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s+)?"
_NAMED = re.compile(
    rf"(?:{_DAY_NAME}(?P<day>[0-9]{{1,2}})\s+)?(?P<month>[a-z]{{3,9}})\.?(?:\s+(?P<year>[0-9]{{4}}))?"
)
_MONTH_FIRST = re.compile(
    rf"{_DAY_NAME}(?P<month>[a-z]{{3,9}})\.?\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?"
    r"(?:,?\s+(?P<year>[0-9]{4}))?"
)
_UNITS = {"hari": "day", "minggu": "week", "pekan": "week", "bulan": "month", "tahun": "year"}


def read_period(text: str, today: date) -> Period | None:
    """Return the days that `text` means, seen from `today`; None if it is no date.

    Whether it is one never depends on `today`. A day or month without a year is the latest one
    that has begun. Stretches that reach beyond the calendar end with it.
    """
    text = " ".join(text.lower().split())
    if not text or len(text) > LONGEST_DATE:
        return None
    if text in _ONE_DAY:
        day = _days_before(today, _ONE_DAY[text])
        return Period(day, day)
    try:
        return _relative(text, today) or _calendar(text, today)
    except ValueError:  # no such day or month
        return None


def _relative(text: str, today: date) -> Period | None:
    if match := _THIS.fullmatch(text):
        return _around(today, _unit(match))
    if match := _BEFORE.fullmatch(text):
        unit = _unit(match)
        return _around(_back(today, 1, unit), unit)
    if match := _LATEST.fullmatch(text):
        count = match["count"] or match["number"]
        first = _back(today, 1 if count == "se" else int(count), _unit(match))
        return Period(min(_days_before(first, -1), today), today)
    if match := _AGO.fullmatch(text):
        day = _back(today, 1 if match["count"] == "se" else int(match["count"]), _unit(match))
        return Period(day, day)
    return None


def _unit(match: re.Match[str]) -> str:
    word = match.groupdict().get("english") or match["unit"]
    return _UNITS.get(word, word.removesuffix("s"))


def _around(day: date, unit: str) -> Period:
    """Return the week, month or year that `day` lies in."""
    match unit:
        case "week":
            monday = _days_before(day, day.weekday())
            return Period(monday, _days_before(monday, -6))
        case "month":
            return _month(day.year, day.month)
        case "year":
            return _year(day.year)
    return Period(day, day)


def _back(day: date, count: int, unit: str) -> date:
    """Return the day `count` units before `day`; of a shorter month, its last day."""
    if unit in ("day", "week"):
        return _days_before(day, count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "year" else 1)
    if months < 12:
        return date.min
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _days_before(day: date, count: int) -> date:
    try:
        return day - timedelta(days=count)
    except OverflowError:
        return date.min if count > 0 else date.max


def _calendar(text: str, today: date) -> Period | None:
    if match := _YEAR.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        named = _NAMED.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
        if not named or named["month"] not in MONTHS:
            return None
        return _named(named["day"], MONTHS[named["month"]], named["year"], today)
    if day:
        found = date(int(year), int(month), int(day))
        return Period(found, found)
    return _month(int(year), int(month)) if month else _year(int(year))


def _named(day: str | None, month: int, year: str | None, today: date) -> Period | None:
    if year:
        return _in_month(int(year), month, day)
    if day and not 1 <= int(day) <= monthrange(2024, month)[1]:
        return None
    # Eight years back there is a 29 February, even around 1900.
    for past in range(9):
        try:
            period = _in_month(max(today.year - past, 1), month, day)
        except ValueError:
            continue
        if period.first <= today:
            return period
    return Period(date.min, date.min)


def _in_month(year: int, month: int, day: str | None) -> Period:
    if day is None:
        return _month(year, month)
    found = date(year, month, int(day))
    return Period(found, found)


def _month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))
