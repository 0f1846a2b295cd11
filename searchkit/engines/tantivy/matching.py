"""The matches of a query: all at once where they are few, else as they are asked for."""

from collections.abc import Iterator, Sequence

import numpy as np
from tantivy import Query

from searchkit.engines.tantivy.snapshot import (
    Array,
    Hit,
    Snapshot,
    both,
    unscored,
    without,
)

# Matches up to which to fetch them all is quicker than to ask several times.
_FEW = 4000


class Matching:
    """What a query finds, best first by tantivy's BM25; `count` is how many there are."""

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        self._snapshot = snapshot
        self._query = query
        self.count, self._hits = snapshot.hits(query, _FEW)
        self._all = len(self._hits) == self.count
        self._hidden: frozenset[int] = frozenset()

    @property
    def query(self) -> Query:
        """A query for these matches."""
        if not self._hidden:
            return self._query
        return without(self._query, self._snapshot.among("number", list(self._hidden)))

    def having(self, field: str, numbers: Array) -> tuple[list[Hit], Array]:
        """Return the matches whose number in a field is one of `numbers`, and these numbers.

        `numbers` are ascending.
        """
        if not len(numbers) or not self.count:
            return [], numbers[:0]
        hits = self._hits
        if not self._all:
            asked = unscored(self._snapshot.among(field, numbers.tolist()))
            hits = self._snapshot.all_hits(both(self._query, asked))
        found = self._snapshot.array(field, hits)
        places = np.minimum(np.searchsorted(numbers, found), len(numbers) - 1)
        there = np.flatnonzero(numbers[places] == found)
        return [hits[place] for place in there.tolist()], found[there]

    def hide(self, numbers: Sequence[int]) -> None:
        """Leave out the matches of these numbers, of which each is one."""
        self._hidden = frozenset(numbers)
        self.count -= len(self._hidden)
        if self._all:
            self._hits = self._shown(self._hits)

    def windows(self, size: int) -> Iterator[list[Hit]]:
        """Yield all matches, articles before items, `size` at a time or fewer; of a kind each."""
        kinds = [kind for kind, count in self._snapshot.kinds.items() if count]
        if self._all:
            for hits in self._by_kind() if len(kinds) > 1 else [self._hits]:
                for start in range(0, len(hits), size):
                    yield hits[start : start + size]
            return
        for kind in kinds:
            query = self._query
            if len(kinds) > 1:
                query = both(query, unscored(self._snapshot.term("kw_kind", kind)))
            start = 0
            while hits := self._snapshot.hits(query, size, start)[1]:
                yield self._shown(hits)
                start += len(hits)

    def _shown(self, hits: list[Hit]) -> list[Hit]:
        """Return hits without those that are hidden."""
        if not self._hidden:
            return hits
        numbers = self._snapshot.numbers("number", hits)
        hidden = self._hidden
        return [hit for hit, number in zip(hits, numbers, strict=True) if number not in hidden]

    def _by_kind(self) -> tuple[list[Hit], list[Hit]]:
        articles = self._snapshot.numbers("article", self._hits)
        pairs = list(zip(self._hits, articles, strict=True))
        return (
            [hit for hit, article in pairs if article],
            [hit for hit, article in pairs if not article],
        )
