"""Matches by date."""

from collections.abc import Sequence
from typing import Literal

from tantivy import Query

from searchkit.engines.base import ARTICLE, Position
from searchkit.engines.tantivy.matching import Matching
from searchkit.engines.tantivy.schema import sort_keys
from searchkit.engines.tantivy.scored import Row, Scorer
from searchkit.engines.tantivy.snapshot import Hit, Snapshot, both, unscored, without

_UNDATED = 2**62

Key = tuple[int, str]


class ByDate:
    """What a query finds, the newest or the oldest first; undated ones come last.

    They are found by a number, the date and the beginning of the id; those whose numbers are equal
    are then put in order by themselves. `total` is how many there are.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        query: Query,
        total: int,
        scorer: Scorer,
        sort: Literal["newest", "oldest"],
    ) -> None:
        self._snapshot = snapshot
        self._query = unscored(query)
        self._scorer = scorer
        self._sort = sort
        self.total = total

    def rows(self, start: int, end: int) -> Sequence[Row]:
        """Return the matches of rank `start` up to `end`."""
        hits = self._snapshot.ordered(self._query, self._sort, min(end, self.total))
        if len(hits) <= start:
            return []
        first, last = int(hits[start][0]), int(hits[-1][0])
        before = sum(value < first for value, _ in hits)
        level = [hit for hit in hits if first <= hit[0] < last] + self._level(last)
        wanted = sorted((self._key(hit), n) for n, hit in enumerate(level))
        chosen = [level[n] for _, n in wanted[start - before : end - before]]
        return self._scorer.rows(chosen)

    def after(self, position: Position) -> int:
        """Return the rank of the first match that comes after `position`."""
        newest, oldest = sort_keys(position.moment, position.id)
        number = newest if self._sort == "newest" else oldest
        ahead = self.total - self._snapshot.count(
            both(self._query, self._snapshot.between(self._sort, number))
        )
        key = self._key_of(position.moment, position.id)
        return ahead + sum(self._key(hit) <= key for hit in self._level(number))

    def _level(self, number: int) -> list[Hit]:
        """Return the matches that are found by this number."""
        return self._snapshot.all_hits(
            both(self._query, self._snapshot.between(self._sort, number, number))
        )

    def _key(self, hit: Hit) -> Key:
        return self._key_of(self._snapshot.numbers("moment", [hit])[0], self._snapshot.id(hit))

    def _key_of(self, moment: int | None, document_id: str) -> Key:
        if moment is None:
            return _UNDATED, document_id
        return -moment if self._sort == "newest" else moment, document_id


class ByKind:
    """What conditions alone find, the newest first: all articles score 1, and all items 0."""

    def __init__(self, snapshot: Snapshot, shown: Matching, scorer: Scorer) -> None:
        article = unscored(snapshot.term("kw_kind", ARTICLE))
        articles = both(shown.query, article)
        count = snapshot.count(articles)
        self.total = shown.count
        self._articles = ByDate(snapshot, articles, count, scorer, "newest")
        items = without(shown.query, article)
        self._items = ByDate(snapshot, items, self.total - count, scorer, "newest")

    def rows(self, start: int, end: int) -> Sequence[Row]:
        """Return the matches of rank `start` up to `end`."""
        first = self._articles.total
        return [
            *self._articles.rows(start, end),
            *self._items.rows(max(start - first, 0), max(end - first, 0)),
        ]

    def after(self, position: Position) -> int:
        """Return the rank of the first match that comes after `position`."""
        if position.score >= 1:
            return self._articles.after(position)
        return self._articles.total + self._items.after(position)
