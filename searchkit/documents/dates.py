"""Dates as Indonesian news pages write them.

`KAMIS, 20 JUNI 2024 | 11:34 WIB`, `11/12/2023, 11:30 WIB`, `Jum'at, 5 Agt 2022 13.05`,
`June 3, 2024 2:05 PM`, ISO 8601, RFC 2822 and seconds since 1970 are read here, since they are what
nearly every page has; anything else is given to `dateparser`. Numbers between slashes are day
first, as Indonesia writes them, unless only the other reading exists. WIB, WITA and WIT are the
three zones of Indonesia; a page that names none is taken to mean WIB, the zone of nearly all
newsrooms.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from searchkit.zones import WIB, WIT, WITA

ZONES: dict[str, tzinfo] = {
    "WIB": WIB,
    "WITA": WITA,
    "WIT": WIT,
    "GMT": ZoneInfo("UTC"),
    "UTC": ZoneInfo("UTC"),
    "Z": ZoneInfo("UTC"),
}

# Full names and the short forms met on news pages, by month number; old spellings included.
_MONTH_NAMES = (
    ("januari", "jan", "january"),
    ("februari", "pebruari", "feb", "peb", "february"),
    ("maret", "mar", "mrt", "march"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("agustus", "agu", "ags", "agt", "agust", "aug", "august"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "oct", "october"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "des", "dec", "december"),
)
MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, 1) for name in names}
"""The number of a month by its names, lower case, Indonesian and English."""
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
"""The pattern of a month's name, in any case."""
DAY_NAMES = r"(?:senin|selasa|rabu|kamis|jum['’`]?at|sabtu|minggu|ahad)"
_HALF = r"(?P<half>[ap])\.?m\b\.?"
_TIME = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?!\d)(?:[:.](?P<second>\d{2}))?(?:\.\d+)?"
    rf"(?:\s*{_HALF})?"
)
_ZONE = (
    r"(?P<zone>(?:GMT|UTC)\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)"
    r"|(?:WITA|WIT|WIB|GMT|UTC|Z)\b|[+-]\d{2}:?\d{2})"
)
CLOCK = rf"[\s|,/•·–—\-T@()]*(?:(?:pukul|jam|pkl\.?|at)\s*:?\s*)?{_TIME}(?:\s*\(?{_ZONE})?"
"""A time as it follows a date, with what joins the two; the group `zone` is its zone."""
_CLOCK = f"(?:{CLOCK})?"
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})[\s+\-]+(?P<month>{MONTH})[\s+\-,]+(?P<year>\d{{4}}){_CLOCK}",
    re.IGNORECASE,
)
_ISO = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_CLOCK}", re.IGNORECASE
)
_NUMERIC = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<sep>[/.\-])(?P<month>\d{{1,2}})(?P=sep)(?P<year>\d{{4}}){_CLOCK}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{MONTH})\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(?P<year>\d{{4}})\b{_CLOCK}",
    re.IGNORECASE,
)
_FORMS = (_ISO, _NAMED, _NUMERIC, _MONTH_FIRST)
_HALF_DAY = re.compile(rf"\d\s*{_HALF}", re.IGNORECASE)
_SECONDS_SINCE_1970 = re.compile(r"1\d{9}(?P<thousandths>\d{3})?")  # of 2001 to 2033
_LOOKED_AT = 200


class NoSuchDate(ValueError):
    """A date that is written like one but does not exist, such as 31 Februari 2024."""


def parse_published(text: str) -> datetime | None:
    """Return the first date and time in `text`, always with a time zone; None if there is none.

    A date without a time is midnight. Raises `NoSuchDate` for a date or time that is not in the
    calendar or on the clock.
    """
    text = re.sub(r"\s+", " ", text[:_LOOKED_AT]).strip()
    if re.fullmatch(r".(\|.)+", text):  # one scraper joins the letters with bars: J|u|m|a|t
        text = text.replace("|", "")
    if not re.search(r"\d", text):
        return None
    if since := _SECONDS_SINCE_1970.fullmatch(text):
        return datetime.fromtimestamp(int(text) / (1000 if since["thousandths"] else 1), UTC)
    # Nearly every record's date is ISO 8601 and nothing else.
    if first := _ISO.match(text) or _first_date(text):
        return _build(first)
    # RFC 2822 has no halves of the day: its parser would pass over them.
    rfc2822 = None if _HALF_DAY.search(text) else _rfc2822(text)
    return rfc2822 or _anything_else(text)


def _first_date(text: str) -> re.Match[str] | None:
    found = filter(None, (form.search(text) for form in _FORMS))
    return min(found, key=re.Match.start, default=None)


def _build(match: re.Match[str]) -> datetime:
    part = match.groupdict()
    month_text = part["month"].lower().rstrip(".")
    day, year = int(part["day"]), int(part["year"])
    month = MONTHS.get(month_text) or int(month_text)
    if "sep" in part and month > 12 >= day:
        day, month = month, day
    hour, minute, second = (int(part[unit] or 0) for unit in ("hour", "minute", "second"))
    if part["half"] and hour <= 12:  # 14:05 PM is written too
        hour = hour % 12 + 12 * (part["half"] in "pP")
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_zone(part["zone"]))
    except ValueError:
        raise NoSuchDate(f"there is no date {match[0].strip()!r}") from None


def _zone(name: str | None) -> tzinfo:
    if not name:
        return WIB
    if known := ZONES.get(name.upper()):
        return known
    ahead, digits = "-" not in name, "".join(filter(str.isdigit, name))
    hours, minutes = (digits, 0) if len(digits) <= 2 else (digits[:-2], digits[-2:])  # GMT+7
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(offset if ahead else -offset)


def _rfc2822(text: str) -> datetime | None:
    # Imported late, as all that a program which only searches has no use for.
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)


def _anything_else(text: str) -> datetime | None:
    # Imported late: it takes longer to import than most pages take to read.
    import dateparser

    # Relative dates ("3 hari lalu") are left out: they mean the day of the crawl, not of reading.
    settings = {
        "DATE_ORDER": "DMY",
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
    }
    moment: datetime | None = dateparser.parse(text, languages=["id", "en"], settings=settings)
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)
