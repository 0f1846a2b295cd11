"""Values from one to another, as typed after the name of a field: `[low TO high]`, `>=low`, `low`.

A part of scanning that few queries need, so it is imported when a field has dates or numbers.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from searchkit.query.dates import read_period
from searchkit.query.names import OPERATORS, QUOTES

_RANGE = re.compile(r"([\[{])([^\[\]{}]{0,100})([\]}])")
_RANGE_WORD = re.compile(r"\s(?:to|sampai|hingga|s\.d\.)\s", re.IGNORECASE)
_COMPARISON = re.compile(r"(>=|<=|>|<)?\s?")
_ENCLOSED = re.compile(rf"[{QUOTES}]([^{QUOTES}]{{0,100}})[{QUOTES}]|\(([^(){QUOTES}]{{0,100}})\)")
_WORD = re.compile(rf"\s{{0,9}}[^\s(){QUOTES}^]{{1,100}}")
_MOST_WORDS = 4
"""Of a date without quotes: `Kamis, 20 Juni 2024`, `2 minggu yang lalu`."""
_COUNTING = re.compile(
    r"(?!(?i:january|february|march|may|june|july|august|october|december)\b)"
    rf"([^\W\d_]+\.?\s+[0-9]{{1,2}})\s+(?!(?:{'|'.join(filter(str.isalpha, OPERATORS))})\s)"
    r"[^\W\d_]+(?![\w:])"
)
"""A month, then a number that belongs to the word behind it: only in English the day comes last."""
_ANY_DAY = date(2024, 1, 1)
"""Whether something is a date does not depend on today."""

_Ends = tuple[str, str, bool, bool]


class Span(NamedTuple):
    """Values from one to another: (low, high, with low, with high), as typed; where they stop.

    `single` when one value was typed that is both ends.
    """

    ends: _Ends
    stop: int
    single: bool = False


def span_at(text: str, i: int, is_value: Callable[[str], bool]) -> Span | None:
    """Return the values from one to another that stand at `i`; None when there are none."""
    if match := _RANGE.match(text, i):
        ends = _RANGE_WORD.split(f" {match[2]} ")
        if len(ends) == 2:
            low, high = (_unquoted(end) for end in ends)
            if all(end == "" or is_value(end) for end in (low, high)):
                # An open end is included: there is nothing to leave out.
                with_low, with_high = match[1] == "[" or not low, match[3] == "]" or not high
                return Span((low, high, with_low, with_high), match.end())
    comparison = _COMPARISON.match(text, i)
    assert comparison is not None, "the pattern matches nothing too"
    for value, stop in _values_at(text, comparison.end()):
        if (value == "" and not comparison[1]) or (value and is_value(value)):
            return Span(_ends(comparison[1], value), stop, not comparison[1])
    return None


def _values_at(text: str, i: int) -> Iterator[tuple[str, int]]:
    """Yield what may be the value at `i`, and where it stops: the most words first."""
    if match := _ENCLOSED.match(text, i):
        yield _unquoted(match[match.lastindex or 0]), match.end()
        return
    stops: list[int] = []
    while len(stops) < _MOST_WORDS and (word := _WORD.match(text, stops[-1] if stops else i)):
        stops.append(word.end())
    counting = _COUNTING.match(text, i)
    for stop in reversed(stops):
        if counting and counting.end(1) == stop:
            continue
        value = text[i:stop]
        plain = value.rstrip(",;")
        yield _unquoted(plain), stop - len(value) + len(plain)


def is_date(value: str) -> bool:
    """Return whether `value` is a date as people write them."""
    return read_period(value, _ANY_DAY) is not None


def _unquoted(value: str) -> str:
    value = " ".join(value.strip().strip(QUOTES).split())
    return "" if value == "*" else value


def _ends(comparison: str | None, value: str) -> _Ends:
    match comparison:
        case ">" | ">=":
            return value, "", comparison == ">=", True
        case "<" | "<=":
            return "", value, True, comparison == "<="
    return value, value, True, True
