"""Dates as people ask for them: `2024-06`, `3 Juni 2024`, `minggu ini`, `7 hari terakhir`.

Every expression means a stretch of whole days. Weeks begin on Monday. `dateparser` is asked only
for written-out days that nothing here knows: of `Juni 2024` it makes one day of that month, and of
`minggu ini` none at all.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from searchkit.documents.dates import MONTHS, NoSuchDate, parse_published


class Period(NamedTuple):
    """The days from `first` to `last`, both included."""

    first: date
    last: date


LONGEST_DATE = 40
"""Characters of a date."""

_FEW = r"(?P<count>\d{1,4}|se)"
_UNIT = r"(?P<unit>hari|minggu|pekan|bulan|tahun|days?|weeks?|months?|years?)"
_ONE_DAY = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1, "besok": -1, "tomorrow": -1}
_THIS = re.compile(rf"{_UNIT}\s+ini|this\s+(?P<english>week|month|year)")
_BEFORE = re.compile(
    rf"{_UNIT}\s+(?:lalu|kemarin|sebelumnya)|(?:last|previous)\s+(?P<english>week|month|year)"
)
_LATEST = re.compile(
    rf"{_FEW}\s*{_UNIT}\s+(?:terakhir|belakangan)|(?:last|past)\s+{_FEW.replace('count', 'number')}"
    rf"\s+{_UNIT.replace('unit', 'english')}"
)
_AGO = re.compile(rf"{_FEW}\s*{_UNIT}\s+(?:yang\s+)?(?:lalu|ago)")
_YEAR = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:([0-9]{1,2})[-/.])?([0-9]{1,2})[-/.]([0-9]{4})")
_NAMED = re.compile(r"(?:([0-9]{1,2})\s+)?([a-z]{3,9})\.?(?:\s+([0-9]{4}))?")
_WRITTEN_OUT = re.compile(r"[\w\s,./:+'’|-]*[^\W\d_][\w\s,./:+'’|-]*")
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
        return _relative(text, today) or _calendar(text, today) or _written_out(text)
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
    elif (match := _NAMED.fullmatch(text)) and match[2] in MONTHS:
        return _named(match[1], MONTHS[match[2]], match[3], today)
    else:
        return None
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


def _written_out(text: str) -> Period | None:
    if not _WRITTEN_OUT.fullmatch(text) or not re.search(r"[0-9]{4}", text):
        return None
    try:
        moment = parse_published(text)
    except NoSuchDate:
        return None
    return Period(moment.date(), moment.date()) if moment else None
