"""Counting hits by span of time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from haystack.exceptions import SearchBackendError

from searchkit.integrations.haystack.layout import comparable
from searchkit.schema import Between, Clause

Span = tuple[datetime, datetime]
MOST_SPANS = 100_000


def spans(details: Mapping[str, Any]) -> list[Span]:
    """Return the spans of a date facet, ascending, each from its start up to before its end.

    They are as the clocks of TIME_ZONE show them; the last one ends at `end_date`.
    SearchBackendError if they would be more than `MOST_SPANS`.
    """
    start, end = comparable(details["start_date"]), comparable(details["end_date"])
    gap = {f"{details['gap_by']}s": details.get("gap_amount") or 1}
    made: list[Span] = []
    here = start
    while here < end:
        if len(made) == MOST_SPANS:
            raise SearchBackendError(f"more than {MOST_SPANS:,} spans of time; take a longer gap")
        # Always from the start: a month after 31 January, and one more, is 31 March again.
        steps: dict[str, Any] = {unit: n * (len(made) + 1) for unit, n in gap.items()}
        there = min(start + relativedelta(**steps), end)
        made.append((here, there))
        here = there
    return made


def by_span(
    name: str, among: Sequence[Span], count: Callable[[Clause], int]
) -> list[tuple[Span, int]]:
    """Return the spans with hits and how many they have, in order of time.

    `count` counts the hits that a clause leaves. Spans without hits are passed over together.
    """
    if not among:
        return []
    within = Between(name, among[0][0], among[-1][1], high_included=False)
    found = count(within)
    if not found:
        return []
    if len(among) == 1:
        return [(among[0], found)]
    half = len(among) // 2
    return by_span(name, among[:half], count) + by_span(name, among[half:], count)
