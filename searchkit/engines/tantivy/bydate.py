"""Matches by date."""

from collections.abc import Sequence
from typing import Literal

from searchkit.engines.base import Position
from searchkit.engines.tantivy.matching import Matching
from searchkit.engines.tantivy.schema import sort_keys
from searchkit.engines.tantivy.scored import Row, Scorer
from searchkit.engines.tantivy.snapshot import Hit, Snapshot, both, unscored

_UNDATED = 2**62

Key = tuple[int, str]


class ByDate:
    """What a query finds, the newest or the oldest first; undated ones come last.

    They are found by a number, the date and the beginning of the id; those whose numbers are equal
    are then put in order by themselves. `total` is how many there are.
    """

    def __init__(
        self, snapshot: Snapshot, shown: Matching, scorer: Scorer, sort: Literal["newest", "oldest"]
    ) -> None:
        self._snapshot = snapshot
        self._query = unscored(shown.query)
        self._scorer = scorer
        self._sort = sort
        self.total = shown.count

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
