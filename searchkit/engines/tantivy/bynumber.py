"""Matches by a number of theirs."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from tantivy import Query

from searchkit.engines.base import ByNumber, Position
from searchkit.engines.tantivy.matching import Matching
from searchkit.engines.tantivy.schema import number_field
from searchkit.engines.tantivy.scored import Row, Scorer
from searchkit.engines.tantivy.snapshot import Hit, Snapshot, both, exists, unscored, without

# Ids looked through at first, to find how many come before one.
_FEW = 1000


class ByFieldNumber:
    """What a query finds by a number, those without it last; equals by id. `total` is how many."""

    def __init__(self, snapshot: Snapshot, shown: Matching, scorer: Scorer, sort: ByNumber) -> None:
        self._snapshot = snapshot
        self._query = unscored(shown.query)
        self._scorer = scorer
        self._field = number_field(sort.field)
        self._descending = sort.descending
        self.total = shown.count

    def rows(self, start: int, end: int) -> Sequence[Row]:
        """Return the matches of rank `start` up to `end`."""
        end = min(end, self.total)
        if start >= end:
            return []
        hits = self._snapshot.sorted(self._query, self._field, end, descending=self._descending)
        found = list(self._by_level(hits, start, end))
        rows = self._scorer.rows([hit for _, hit in found])
        return [row._replace(moment=n) for row, (n, _) in zip(rows, found, strict=True)]

    def after(self, position: Position) -> int:
        """Return the rank of the first match that comes after `position`."""
        level = self._level(position.moment)
        return self._before(position.moment) + self._up_to(level, position.id)

    def _by_level(
        self, hits: Sequence[Hit], start: int, end: int
    ) -> Iterator[tuple[int | None, Hit]]:
        """Yield (number, match) of rank `start` up to `end`; `hits` are those up to `end`.

        Which of the matches of one number are in `hits` is left to chance, where not all are.
        """
        at = 0
        for value, run in groupby(hits, key=lambda hit: hit[0]):
            level = list(run)
            number = None if value is None else int(value)
            following = at + len(level)
            if start <= at and (following < end or end == self.total):
                found = sorted(level, key=self._snapshot.id) if len(level) > 1 else level
            else:
                first = max(start - at, 0)
                query, most = self._level(number), max(len(level) - first, 0)
                found = self._snapshot.sorted(query, "id", most, first)
            yield from ((number, hit) for hit in found)
            at = following

    def _level(self, number: int | None) -> Query:
        """Return a query for the matches of this number."""
        if number is None:
            return without(self._query, exists(self._field))
        return both(self._query, self._snapshot.within(self._field, number, number))

    def _before(self, number: int | None) -> int:
        """Return how many matches come before all that have this number."""
        if number is None:
            ahead = exists(self._field)
        elif self._descending:
            ahead = self._snapshot.within(self._field, number + 1, None)
        else:
            ahead = self._snapshot.within(self._field, None, number - 1)
        return self._snapshot.count(both(self._query, ahead))

    def _up_to(self, level: Query, document_id: str) -> int:
        """Return how many matches of a level have this id or one before it."""
        limit = _FEW
        while True:
            hits = self._snapshot.sorted(level, "id", limit)
            if len(hits) < limit or str(hits[-1][0]) > document_id:
                return bisect_right(hits, document_id, key=lambda hit: str(hit[0]))
            limit *= 4
