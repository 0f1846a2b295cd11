"""Numbers, amounts and dates written in digits, brought to one form.

5.600.000 and 5600000 are one number, 5,6, 5,60 and 5.6 another, 11:34 and 11.34 a time; 3/6 and
3/6/2024 or 3/6/24 are 3 Juni and 3 Juni 2024, as Indonesian news writes dates. 2023/2024,
2023-2024 and 2023/24 are two numbers, as are amounts and times with a hyphen between them; 2-0 is
one. The signs beside numbers are words: 50% is 50 persen.
"""

import re
from collections.abc import Iterator

from searchkit.analysis.normalization import HYPHENS, fold

MONTHS = (
    *("januari", "februari", "maret", "april", "mei", "juni"),
    *("juli", "agustus", "september", "oktober", "november", "desember"),
)
DATE_SIGNS = frozenset(f"/{HYPHENS}")
"""What stands between the parts of a date in digits."""

_DATE = re.compile(r"(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])(?:/((?:19|20)?\d\d))?")
_DASHED_DATE = re.compile(rf"(\d\d?)[{HYPHENS}](0?[1-9]|1[0-2])[{HYPHENS}]((?:19|20)\d\d)")
_THIS_CENTURY = 69
"""The years of two digits below this are of 2000 on, as POSIX has it."""
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?")
_FRACTION = re.compile(r"(\d+)[.,:](\d+)")
_SEASON = re.compile(rf"((?:19|20)\d\d)[/{HYPHENS}](\d\d)")
_PART = re.compile(r"[^/]+")
_RANGED = r"(?:(?:19|20)\d\d|\d+(?:[.,:]\d+)+)"
_RANGE = re.compile(rf"{_RANGED}(?:[{HYPHENS}]{_RANGED})+")
_ENDS = re.compile(rf"[^{HYPHENS}]+")
_SIGNS = {"%": "persen", "us$": "usd"}
_AN = re.compile(rf"[{HYPHENS}]?an$", re.IGNORECASE)


def number_terms(raw: str) -> Iterator[tuple[str, int, int]]:
    """Yield (term, start, end) for each token of a number as the tokenizer found it."""
    if date := _DATE.fullmatch(raw) or _DASHED_DATE.fullmatch(raw):
        day, month, year = date.groups()
        yield str(int(day)), *date.span(1)
        yield MONTHS[int(month) - 1], *date.span(2)
        if year:
            yield _in_full(year), *date.span(3)
        return
    if (season := _SEASON.fullmatch(raw)) and int(season[2]) == (int(season[1]) + 1) % 100:
        yield _number(season[1]), *season.span(1)
        yield str(int(season[1]) + 1), *season.span(2)
        return
    raw = _AN.sub("", raw)
    for part in _PART.finditer(raw):
        if _RANGE.fullmatch(part[0]):
            for end in _ENDS.finditer(raw, *part.span()):
                yield _number(end[0]), *end.span()
        else:
            yield _number(part[0]), *part.span()


def _in_full(year: str) -> str:
    """Return a year of two digits with its century: 2023 of 23, 1998 of 98."""
    if len(year) != 2:
        return year
    return f"{20 if int(year) < _THIS_CENTURY else 19}{year}"


def _number(raw: str) -> str:
    number = fold(raw).strip(".,:/-")
    if number in _SIGNS:
        return _SIGNS[number]
    if _THOUSANDS.fullmatch(number):
        thousands, decimals = (".", ",") if "." in number.split(",")[0] else (",", ".")
        whole, _, fraction = number.replace(thousands, "").partition(decimals)
        fraction = fraction.rstrip("0")
        return f"{whole},{fraction}" if fraction else whole
    if fraction_match := _FRACTION.fullmatch(number):
        whole, fraction = fraction_match.groups()
        # A zero at the end says something in a time, 10.30, and in thousands after English, 5,000.
        fraction = fraction.rstrip("0") if "," in number and len(fraction) != 3 else fraction
        return f"{whole},{fraction}" if fraction else whole
    if len(number) == 2 and number.isdigit():
        return number.lstrip("0") or "0"
    return number
