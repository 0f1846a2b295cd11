"""Dates as a newspaper reader expects them, in Indonesian and English."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from searchkit.wording.catalogue import Catalogue
from searchkit.zones import WIB, WIT, WITA

# Not by strftime: its names follow the locale of the process, which the language may not.
_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_AGO = Catalogue("searchkit.wording", "dates")
_ZONES = {zone.utcoffset(None): zone.tzname(None) for zone in (WIB, WITA, WIT)}


def format_moment(moment: datetime, into: str, now: datetime | None = None) -> str:
    """Return `moment` as people read it: `Kamis, 20 Juni 2024 11.34 WIB`.

    Of today, `2 jam lalu (11.34 WIB)`. Midnight stands for a date without a time, as it does in
    `parse_published`. `into` is the language, `now` the time of the clock unless given.
    """
    timed = _is_timed(moment)
    moment = local(moment)
    now = (now or datetime.now(WIB)).astimezone(moment.tzinfo)
    if moment.date() == now.date() and moment <= now:
        ago = _ago(int((now - moment).total_seconds()), into)
        return f"{ago} ({_clock(moment, into)})" if timed else _AGO.say("today", into)
    day = f"{_DAYS[into][moment.weekday()]}, {format_date(moment, into)}"
    if not timed:
        return day
    return f"{day}{' ' if into == 'id' else ', '}{_clock(moment, into)}"


def format_date(moment: date, into: str) -> str:
    """Return the day of `moment` in words: `20 Juni 2024`, in English `20 June 2024`."""
    if isinstance(moment, datetime):
        moment = local(moment)
    return f"{moment.day} {format_month(moment.year, moment.month, into)}"


def format_month(year: int, month: int, into: str) -> str:
    """Return a month in words: `Juni 2024`; `month` is 1 to 12."""
    return f"{_MONTHS[into][month - 1]} {year}"


def format_day(moment: datetime, into: str) -> str:
    """Return the day of `moment` in ten characters: `20/06/2024`, in English `2024-06-20`."""
    moment = local(moment)
    return f"{moment:%d/%m/%Y}" if into == "id" else f"{moment:%Y-%m-%d}"


def local(moment: datetime) -> datetime:
    """Return a time as readers in Indonesia have it: in a zone of Indonesia.

    That is the one in which it was written, else that of Jakarta, by which dates are also searched
    for. A date without a time stays that day wherever it was written.
    """
    moment = moment if moment.tzinfo else moment.replace(tzinfo=WIB)
    if moment.utcoffset() in _ZONES or not _is_timed(moment):
        return moment
    with suppress(OverflowError):  # on the first or last day of the calendar
        moment = moment.astimezone(WIB)
    return moment


def _is_timed(moment: datetime) -> bool:
    return bool(moment.hour or moment.minute or moment.second)


def _ago(seconds: int, into: str) -> str:
    if seconds < 60:
        return _AGO.say("just_now", into)
    if seconds < 3600:
        return _AGO.say("minutes_ago", into, count=seconds // 60)
    return _AGO.say("hours_ago", into, count=seconds // 3600)


def _clock(moment: datetime, into: str) -> str:
    clock = f"{moment:%H.%M}" if into == "id" else f"{moment:%H:%M}"
    offset = moment.utcoffset() or timedelta()
    return f"{clock} {_ZONES.get(offset) or moment.strftime('UTC%z')}"
