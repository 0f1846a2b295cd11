"""One search: what is found, its pages, and its facets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from searchkit.engines.base import (
    ByNumber,
    Collapse,
    FacetsWanted,
    Filters,
    Match,
    Order,
    Position,
)
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.tantivy.bydate import ByDate, ByKind
from searchkit.engines.tantivy.bynumber import ByFieldNumber
from searchkit.engines.tantivy.collapsing import Collapsed
from searchkit.engines.tantivy.facets import counted
from searchkit.engines.tantivy.page import matches_of
from searchkit.engines.tantivy.queries import Translation
from searchkit.engines.tantivy.relevance import ByRelevance
from searchkit.engines.tantivy.scored import Scorer
from searchkit.query import Leaf, boosts
from searchkit.results import FacetCount


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for beside the words of a query."""

    filters: Filters
    recency: Recency
    collapse: Collapse
    sort: Order

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others."""
        values = tuple(sorted(self.filters.values.items()))
        times = self.filters.since, self.filters.until
        return values, times, self.recency, self.collapse, self.sort


class Page(NamedTuple):
    """A part of what is found; see `searchkit.engines.base.Matches`."""

    matches: tuple[Match, ...]
    before: int
    last: Position | None


class Search:
    """What a query finds in a commit, for one thread at a time; `total` is how many are shown."""

    def __init__(
        self, translation: Translation, asked: Asked, ranking: Ranking, window: int
    ) -> None:
        self._translation = translation
        self._asked = asked
        self._snapshot = translation.snapshot
        query = translation.filtered(asked.filters)
        self._collapsed = Collapsed(self._snapshot, query, asked.collapse)
        scorer = Scorer(translation, self._collapsed, ranking, asked.recency)
        self._order = self._ordered(scorer, window)
        self.total = self._order.total

    def _ordered(
        self, scorer: Scorer, window: int
    ) -> ByRelevance | ByKind | ByDate | ByFieldNumber:
        shown, sort = self._collapsed.shown, self._asked.sort
        if isinstance(sort, ByNumber):
            return ByFieldNumber(self._snapshot, shown, scorer, sort)
        if sort != "relevance":
            return ByDate(self._snapshot, shown.query, shown.count, scorer, sort)
        if any(boosts(self._translation.node).values()):
            return ByRelevance(shown, scorer, window)
        return ByKind(self._snapshot, shown, scorer)

    @property
    def weights(self) -> Mapping[Leaf, float]:
        """How rare each leaf is."""
        statistics = self._translation.statistics
        return {leaf: statistics.idf(leaf) for leaf in statistics.having}

    def page(self, offset: int, limit: int, after: Position | None) -> Page:
        """Return the matches from rank `offset`, or those after a position."""
        start = offset if after is None else self._order.after(after)
        rows = self._order.rows(start, start + limit)
        last = None
        if rows and start + len(rows) < self.total:
            row = rows[-1]
            last = Position(row.score, row.moment, row.id, self._snapshot.name)
        matches = matches_of(self._snapshot, rows, self._collapsed.copies)
        return Page(tuple(matches), start, last)

    def facets(self, wanted: FacetsWanted) -> Mapping[str, tuple[FacetCount, ...]]:
        """Return the facets of what is shown."""
        return counted(
            self._snapshot,
            wanted,
            self._asked.filters,
            self._collapsed.shown.query,
            lambda filters: (
                Collapsed(
                    self._snapshot, self._translation.filtered(filters), self._asked.collapse
                ).shown.query
            ),
        )
