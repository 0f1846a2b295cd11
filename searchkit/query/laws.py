"""Numbers of laws and rulings: UU 11/2020 and UU Nomor 11 Tahun 2020 are one."""

import re
from collections.abc import Sequence
from functools import cache

from searchkit.shipped import shipped_lines

_NUMBER = re.compile(r"[0-9]{1,4}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BEFORE = ("nomor", "no")

OF_THE_YEAR = "tahun"
"""What stands between the number and the year of a law, when it is not a slash."""


def law_numbers(forms: Sequence[str]) -> dict[int, int]:
    """Return where the numbers of laws begin and end among the folded words of a query.

    One is `11 2020` or `11 tahun 2020`, after the word for a law; with `nomor` or `no` before it,
    which belongs to it, after any word. {} for most queries.
    """
    found: dict[int, int] = {}
    for year, form in enumerate(forms):
        if not _YEAR.fullmatch(form):
            continue
        number = year - 2 if forms[year - 1] == OF_THE_YEAR else year - 1
        if number <= 0 or not _NUMBER.fullmatch(forms[number]):
            continue
        if forms[number - 1] in _BEFORE:
            found[number - 1] = year + 1
        elif _is_law(forms[number - 1]):
            found[number] = year + 1
    return found


def said_otherwise(forms: Sequence[str], *, whole: bool) -> list[str]:
    """Return the ways to say the number of a law, these words, which are one of them.

    Unless they are the `whole` of what stands between other words, the short ones are enough: they
    are part of the others.
    """
    year = forms[-1]
    number = forms[-3] if forms[-2] == OF_THE_YEAR else forms[-2]
    short = [f"{number} {year}", f"{number} {OF_THE_YEAR} {year}"]
    return [*short, *(f"{word} {said}" for word in _BEFORE for said in short)] if whole else short


def _is_law(form: str) -> bool:
    words, beginnings = listed_laws()
    return form in words or form.startswith(beginnings)


@cache
def listed_laws() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words for laws and rulings of `data/laws.txt`, and how others of them begin."""
    words = " ".join(shipped_lines("searchkit.query", "data/laws.txt")).split()
    beginnings = tuple(word.removesuffix("*") for word in words if word.endswith("*"))
    return frozenset(words), beginnings
