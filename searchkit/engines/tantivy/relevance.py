"""Matches in the order of relevance.

tantivy finds the candidates, best first by its own BM25 and articles before items. They are taken
a window at a time: the documents of the first are scored as docs/ranking.md says, those of the next
only when a page reaches so far. A window never rises above the one before, so that no document is
met twice or missed: the scores of a later one are scaled to stay below. What scores nothing is not
put in order here; see `searchkit.engines.tantivy.bydate.ByKind`.
"""

from bisect import bisect_right
from collections.abc import Sequence

from searchkit.engines.base import Position
from searchkit.engines.tantivy.matching import Matching
from searchkit.engines.tantivy.scored import Row, Scorer, scaled

_UNDATED = 2**62

Key = tuple[float, int, str]


class ByRelevance:
    """What a query finds, best first; `total` is how many there are."""

    def __init__(self, shown: Matching, scorer: Scorer, window: int) -> None:
        self._scorer = scorer
        self._rows: list[Row] = []
        self._ranks: dict[str, int] = {}
        self._windows = shown.windows(window)
        self.total = shown.count

    def rows(self, start: int, end: int) -> Sequence[Row]:
        """Return the matches of rank `start` up to `end`."""
        while len(self._rows) < end and self._one_more():
            pass
        return self._rows[start:end]

    def after(self, position: Position) -> int:
        """Return the rank of the first match that comes after `position`.

        Windows whose scores are all 0 are in no order together, so it is looked up by its id.
        """
        while position.id not in self._ranks and self._reaches(position.score) and self._one_more():
            pass
        rank = self._ranks.get(position.id)
        if rank is not None:
            return rank + 1
        return bisect_right(self._rows, -position.score, key=lambda row: -row.score)

    def _reaches(self, score: float) -> bool:
        """Return whether the next window may have a match of this score."""
        return not self._rows or self._rows[-1].score >= score

    def _one_more(self) -> bool:
        """Take one more window; return whether there was one."""
        hits = next(self._windows, None)
        if hits is None:
            return False
        rows = self._scorer.rows(hits)
        if self._rows:
            rows = scaled(rows, self._rows[-1].score)
        for row in sorted(rows, key=_key_of):
            self._ranks[row.id] = len(self._rows)
            self._rows.append(row)
        return True


def _key_of(row: Row) -> Key:
    return -row.score, _UNDATED if row.moment is None else -row.moment, row.id
