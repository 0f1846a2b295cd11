"""The lines of a plain-text page that say when: datelines, and the times in a list."""

import re
from typing import NamedTuple

from searchkit.documents.dates import CLOCK, DAY_NAMES, MONTH
from searchkit.documents.page_bylines import byline, longest_name, name_beside_date, people_of
from searchkit.documents.page_words import fold, label_pattern, labels, noise_class, sections


class When(NamedTuple):
    """What a line says of a time; one such as "2 jam lalu" or "14:05 WIB" has no day.

    `label` is "dated" or "updated" behind a word such as Terbit or Diperbarui, "" elsewhere. `name`
    stands beside the date without a label: it may be that of the paper too.
    """

    has_day: bool
    in_capitals: bool
    has_zone: bool
    label: str
    people: dict[str, str]
    name: str = ""


_MARKET_DAY = r"(?:legi|pah?ing|pon|wage|kliwon)"  # of the Javanese week, as in Selasa Pahing
_DAY = (
    rf"(?:{DAY_NAMES}(?:\s+{_MARKET_DAY}\b)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
)
_LABEL = rf"(?:(?P<label>{label_pattern('dated', 'updated')})\s*:?\s*)?"
DATE = (
    rf"(?:{_DAY}\s*[,./(-]?\s*)?(?<!\d)"
    r"(?:\d{1,2}[\s/.-]+[a-z]{3,10}\.?[\s/.,-]+\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})(?:\s*\))?"
)
"""The pattern (no groups) of a date with or without the name of its day, in any case."""
_DATE = re.compile(rf"(?<!\w){_LABEL}{DATE}", re.IGNORECASE)
_CLOCK = re.compile(CLOCK, re.IGNORECASE)
_AGO = (
    r"(?:(?:\d{1,2}|an?|se)\s*(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun"
    r"|(?:second|sec|minute|min|hour|day|week|month|year)s?)\s+(?:yang\s+)?(?:lalu|ago)"
    r"|baru saja|just now|kemarin|yesterday|hari ini|today)"
)
_PAST = re.compile(r"\b(?:lalu|ago)\b", re.IGNORECASE)
_ZONE = r"(?:wib|wita|wit)"
_HOUR = r"(?:(?:pukul|jam)\s*:?\s*)?(?:[01]?\d|2[0-3])"
_DAYLESS = re.compile(
    rf"(?<!\w){_LABEL}(?:{_AGO}(?:{CLOCK})?"
    rf"|{_HOUR}(?::[0-5]\d(?::[0-5]\d)?(?:\s*[ap]m)?(?:\s*{_ZONE})?|\.[0-5]\d\s*{_ZONE}))"
    r"\s*\)?\s*(?:[|•·].*)?$",
    re.IGNORECASE,
)
_UPDATE_BEHIND = re.compile(rf"^(.*\d{{4}}.*?)\s+\W*{label_pattern('updated')}\b.*$", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_LONGEST, _LONGEST_DAYLESS = 200, 60
_BEHIND = re.compile(
    rf"\s+[-–—|•(]?\s*(?P<when>{_DATE.pattern}{CLOCK}|\d{{1,2}}\s*(?:menit|jam|min(?:ute)?s?|hours?)"
    rf"\s+(?:yang\s+)?(?:lalu|ago)|(?<=\()\d\d[:.]\d\d(?:\s+{_ZONE})?)\s*\)?$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\s(?:di|pada|on)$", re.IGNORECASE)
# June 3, 2024 in Daerah
_FILED = re.compile(r"\s*(?:in|di|dalam)\s+\S+(?:\s+\S+){0,7}$", re.IGNORECASE)
_BARS = "|•·"
_DASHES = "-–—"
_JOINTS = _BARS + "," + _DASHES
_MOST_WORDS_OF_A_PLACE = 2
_SITE = re.compile(r"\w\.[a-z]{2,4}\W*$", re.IGNORECASE)
_MOST_WORDS_WITHOUT_JOINT = 3
_MOST_WORDS_BEFORE, _MOST_WORDS_OF_A_NAME, _MOST_WORDS_AFTER = 6, 4, 14


def read_when(text: str) -> When | None:
    """Return what a line says of a time; None if it says something else, as a title with a date."""
    # Most lines are neither, and are told so without a look at every word.
    if len(text) <= _LONGEST and _YEAR.search(text) and (date := _DATE.search(text)):
        before, rest = text[: date.start()], text[date.end() :]
        clock = _CLOCK.match(rest)
        after = rest[clock.end() :] if clock else rest
        filed = bool(_people_before(before)) and _FILED.match(after) is not None
        counted = noise_class(fold(after)) != ""
        if _is_before(before, clock, counted) and (filed or counted or _is_after(after)):
            has_zone = bool(clock and clock["zone"])
            people = _people_before(before) | people_of(rest)
            name = name_beside_date(before, after)
            return When(True, date[0].isupper(), has_zone, _role(date["label"]), people, name)
    elif len(text) <= _LONGEST_DAYLESS and (moment := _DAYLESS.search(text)):
        before = text[: moment.start()]
        if not (_is_before(before, None) or (_PAST.search(moment[0]) and _is_place(before))):
            return None
        return When(False, False, False, _role(moment["label"]), {})
    return None


def is_clock(text: str) -> bool:
    """Return whether a line is nothing but the hour, as stands over each part of a live report."""
    return _CLOCK.fullmatch(text) is not None


def split_when(title: str) -> tuple[str, str]:
    """Return a headline, and the date and hour (or "2 jam lalu") behind it in its line; "" if none.

    A day without its hour may be of the headline: `Harga Emas Antam, 3 Juni 2024`.
    """
    behind = _BEHIND.search(title)
    return (title[: behind.start()], behind["when"]) if behind else (title, "")


def without_update(text: str) -> str:
    """Return a dateline without the date of an update behind its own."""
    return _UPDATE_BEHIND.sub(r"\1", text)


def _role(label: str | None) -> str:
    return labels().get(fold(label or ""), "")


def _is_before(before: str, clock: re.Match[str] | None, counted: bool = False) -> bool:
    """Return whether what stands before a date may begin a dateline: section, site or name.

    A title too may end in a date, as `Harga Emas Antam, 3 Juni 2024`, but hardly in a bare time,
    nor is one `counted`, as in `3 Juni 2024 2 komentar`.
    """
    folded = fold(before)
    if not folded or folded in sections() or noise_class(folded) == "more":
        return True
    if _people_before(before):
        return True
    joint, words = before.rstrip(" (")[-1:], len(folded.split())
    bare_time = clock is not None and re.match(r"\W*\d", clock[0]) is not None
    if joint not in _JOINTS:
        certain = clock is not None or counted
        return certain and 0 < longest_name(before) <= _MOST_WORDS_WITHOUT_JOINT
    if joint in _BARS or _SITE.search(before):
        return words <= _MOST_WORDS_BEFORE
    return bare_time and words <= _MOST_WORDS_OF_A_NAME


def _is_place(before: str) -> bool:
    """Return whether what stands before "2 jam lalu" is a short name and a dash: `Yogya - `."""
    dashed = before.rstrip()[-1:] in tuple(_DASHES)
    return dashed and len(fold(before).split()) <= _MOST_WORDS_OF_A_PLACE


def _people_before(before: str) -> dict[str, str]:
    return people_of(_PREPOSITION.sub("", before.strip(_JOINTS + " (")))


def _is_after(rest: str) -> bool:
    """Return whether nothing but bylines or an update follow a date, so that it is no sentence."""
    rest = rest.strip(" )")
    if not rest or rest.upper() in ("WIB", "WITA", "WIT") or byline(rest):
        return True
    if (later := read_when(rest)) and later.label == "updated":
        return True
    few = len(rest.split()) <= _MOST_WORDS_AFTER
    return rest[0] in _JOINTS + "(/" and few and not rest.endswith(".")
