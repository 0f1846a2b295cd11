"""Matches in the order of relevance.

tantivy finds the candidates, best first by its own BM25 and articles before items. They are taken
a window at a time: the documents of the first are scored as docs/ranking.md says, those of the next
only when a page reaches so far. A window never rises above the one before, so that no document is
met twice or missed: the scores of a later one are scaled to stay below.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from tantivy import Query

from searchkit.engines.base import Position
from searchkit.engines.tantivy.scored import Row, Scorer, scaled
from searchkit.engines.tantivy.snapshot import Hit, Snapshot, both, term, unscored

_UNDATED = 2**62

Key = tuple[float, int, str]


class ByRelevance:
    """What a query finds, best first; `total` is how many there are."""

    def __init__(self, snapshot: Snapshot, query: Query, scorer: Scorer, window: int) -> None:
        self._snapshot = snapshot
        self._scorer = scorer
        self._window = window
        self._rows: list[Row] = []
        kinds = [kind for kind, count in snapshot.kinds.items() if count]
        queries = [query]
        if len(kinds) > 1:
            queries = [both(query, unscored(term("kw_kind", kind))) for kind in kinds]
        first = [(each, *snapshot.hits(each, window)) for each in queries]
        self.total = sum(count for _, count, _ in first)
        self._windows = self._further(first)

    def rows(self, start: int, end: int) -> Sequence[Row]:
        """Return the matches of rank `start` up to `end`."""
        while len(self._rows) < end and self._one_more():
            pass
        return self._rows[start:end]

    def after(self, position: Position) -> int:
        """Return the rank of the first match that comes after `position`."""
        key = _key(position.score, position.moment, position.id)
        while (not self._rows or _key_of(self._rows[-1]) <= key) and self._one_more():
            pass
        return bisect_right(self._rows, key, key=_key_of)

    def _further(self, first: list[tuple[Query, int, list[Hit]]]) -> Iterator[list[Hit]]:
        """Yield window after window."""
        for query, count, hits in first:
            found = 0
            while hits:
                yield hits
                found += len(hits)
                hits = self._snapshot.hits(query, self._window, found)[1] if found < count else []

    def _one_more(self) -> bool:
        """Take one more window; return whether there was one."""
        hits = next(self._windows, None)
        if hits is None:
            return False
        rows = self._scorer.rows(hits)
        if self._rows:
            rows = scaled(rows, self._rows[-1].score)
        self._rows += sorted(rows, key=_key_of)
        return True


def _key_of(row: Row) -> Key:
    return _key(row.score, row.moment, row.id)


def _key(score: float, moment: int | None, document_id: str) -> Key:
    return -score, _UNDATED if moment is None else -moment, document_id
