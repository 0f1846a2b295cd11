"""The facets of a page of results, as what there is to choose and to let go."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from searchkit.analysis.normalization import fold_value
from searchkit.filtering import MOST_VALUES
from searchkit.results import FacetCount, ResultPage
from searchkit.web.language import Wording
from searchkit.web.page_query import FACETS, PageQuery
from searchkit.wording.dates import format_date, format_month

FACET_LIMIT = MOST_VALUES
"""Values of a facet that are counted: of months every one, so that quiet ones are not left out."""

SHOWN = 60
"""Values of a facet that are shown, the commonest."""

OPEN = 8
"""Values of a facet that are shown before the rest is asked for."""

MOST_MONTHS = 24
"""Up to so many more months are shown each by itself, more of them by their years."""

_MONTH = re.compile(r"(\d{4})-(0?[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value of a facet, with the query that chooses it or, when chosen, lets it go.

    `count` is None when so few hits have it that it was not counted.
    """

    label: str
    count: int | None
    chosen: bool
    query: PageQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A facet: its chosen values and the commonest or latest, and the rest of those counted."""

    name: str
    values: list[FacetValue]
    rest: list[FacetValue]


def facets(page: ResultPage, query: PageQuery, say: Wording) -> list[Facet]:
    """Return the facets that there is something to choose of."""
    made = [
        _facet(name, counts, query, say)
        for name, counts in ((name, page.facets.get(name, ())) for name in FACETS[query.kind])
        if len(counts) > 1 or name in query.chosen
    ]
    return [facet for facet in made if facet.values]


def _facet(name: str, counts: Sequence[FacetCount], query: PageQuery, say: Wording) -> Facet:
    chosen = {fold_value(value): value for value in query.chosen.get(name, ())}
    counted = {fold_value(each.value): each for each in counts if each.value}
    order = list(counted)
    order = sorted(order, reverse=True) if name == "month" else order[:SHOWN]
    keys = [*chosen, *(key for key in order if key not in chosen)]
    values = []
    for key in keys:
        value = counted[key].value if key in counted else chosen[key]
        count = counted[key].count if key in counted else None
        label = month_name(value, say) if name == "month" else value
        on = key in chosen
        values.append(
            FacetValue(label=label, count=count, chosen=on, query=query.toggled(name, value))
        )
    shown = max(OPEN, len(chosen))
    rest = values[shown:]
    if name == "month" and len(rest) > MOST_MONTHS:
        rest = _years(keys[shown:], counts, query)
    return Facet(name=name, values=values[:shown], rest=rest)


def _years(
    months: Sequence[str], counts: Sequence[FacetCount], query: PageQuery
) -> list[FacetValue]:
    """Return the years of `months`, whole ones: each narrows the query to its days."""
    totals: Counter[str] = Counter()
    for each in counts:
        totals[each.value[:4]] += each.count
    others = {name: values for name, values in query.chosen.items() if name != "month"}
    made = []
    for year in sorted({month[:4] for month in months}, reverse=True):
        first, last = date(int(year), 1, 1), date(int(year), 12, 31)
        since = max(first, query.since) if query.since else first
        until = min(last, query.until) if query.until else last
        narrowed = query.having(chosen=others, since=since, until=until)
        made.append(FacetValue(label=year, count=totals[year], chosen=False, query=narrowed))
    return made


def month_name(value: str, say: Wording) -> str:
    """Return a month such as "2024-06" in words; what is none as it is."""
    known = _MONTH.fullmatch(value)
    return format_month(int(known[1]), int(known[2]), say.language) if known else value


def chips(query: PageQuery, say: Wording) -> list[tuple[str, str, PageQuery]]:
    """Return what narrows a query: kind of filter, value, and the query without it."""
    made = [
        (name, month_name(value, say) if name == "month" else value, query.toggled(name, value))
        for name, values in query.chosen.items()
        for value in values
    ]
    for name, day in (("since", query.since), ("until", query.until)):
        if day:
            made.append((name, format_date(day, say.language), query.having(**{name: None})))
    return made
