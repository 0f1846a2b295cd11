"""What is asked of a search beside its words, checked, with the settings for what is not given."""

from collections.abc import Sequence
from dataclasses import field
from typing import get_args

from searchkit.arguments import check_flag, check_number, check_text, one_or_more, whole_number
from searchkit.engines.base import Collapse, FacetsWanted, Filters, Order, Sort
from searchkit.engines.ranking import Recency
from searchkit.errors import QueryError
from searchkit.paging import digest_of
from searchkit.query import Query
from searchkit.query.expansion import EXPANSIONS
from searchkit.settings import MOST_RECENCY, Settings
from searchkit.values import dataclass

DEEPEST_RANK = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a search beside its words; see `SearchIndex.search`."""

    filters: Filters = field(default_factory=Filters)
    offset: int = 0
    limit: int = 10
    cursor: str | None = None
    sort: Order = "relevance"
    recency: Recency | None = None
    collapse: Collapse = "off"
    facets: FacetsWanted = field(default_factory=FacetsWanted)
    fragments: bool = True
    tolerant: bool = True
    expand: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_flag("fragments", self.fragments)
        check_flag("tolerant", self.tolerant)

    def mark(self, query: Query, *, relaxed: bool) -> str:
        """Return what a cursor is marked with: the same for each page of one search.

        That is what was typed and asked, for what it means may change from page to page.
        """
        options = self.filters, self.sort, self.recency, self.collapse, self.expand
        return digest_of((query.syntax, relaxed, *options))


def wanted_ranks(offset: int, limit: int, cursor: str | None) -> tuple[int, int]:
    """Return offset and limit; QueryError unless so many hits after it, or a cursor, can be had."""
    offset, limit = whole_number("offset", offset), whole_number("limit", limit)
    if cursor is not None:
        check_text("cursor", cursor)
    if limit < 0 or offset < 0 or offset + limit > DEEPEST_RANK:
        raise QueryError(
            f"offset {offset} with limit {limit} is out of bounds: both must be 0 or more, "
            f"together at most {DEEPEST_RANK:,}; a cursor leads deeper"
        )
    if cursor is not None and offset:
        raise QueryError("a cursor goes on from where it is: give it without an offset")
    return offset, limit


def wanted_sort(sort: Sort) -> Sort:
    """Return `sort`; QueryError if there is no such order."""
    _check_choice("sort", sort, get_args(Sort))
    return sort


def wanted_recency(strength: float | None, settings: Settings) -> Recency:
    """Return how much newer documents are preferred; QueryError beyond 0 to MOST_RECENCY."""
    if strength is None:
        strength = settings.recency
    check_number("recency", strength)
    if not 0 <= strength <= MOST_RECENCY:
        raise QueryError(f"recency {strength} is out of bounds: 0 (off) to {MOST_RECENCY}")
    return Recency(float(strength), settings.recency_half_life)


def wanted_collapse(collapse: Collapse | None, settings: Settings) -> Collapse:
    """Return which of several copies is shown; QueryError if there is no such choice."""
    if collapse is None:
        return settings.collapse
    _check_choice("collapse", collapse, get_args(Collapse))
    return collapse


def wanted_expansions(expand: Sequence[str] | None, settings: Settings) -> tuple[str, ...]:
    """Return the rules that queries are expanded by; QueryError for one that there is not."""
    rules = settings.expand if expand is None else one_or_more("expand", expand)
    if unknown := [rule for rule in rules if rule not in EXPANSIONS]:
        raise QueryError(
            f"a query is not expanded by {unknown[0]!r}; there are {' and '.join(EXPANSIONS)}"
        )
    return rules


def _check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    check_text(name, value)
    if value not in choices:
        raise QueryError(f"there is no {name} {value!r}; there are {', '.join(choices)}")
