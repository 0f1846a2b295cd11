"""The matches of a query: all at once where they are few, else as they are asked for."""

from collections.abc import Iterator, Sequence

import numpy as np
from tantivy import Query

from searchkit.engines.base import ARTICLE, ITEM
from searchkit.engines.tantivy.snapshot import (
    Array,
    Hit,
    Snapshot,
    both,
    unscored,
    without,
)

# Matches that the first search fetches: hardly slower than to count them.
_FEW = 1000
# To look for the linked documents among the matches takes as long as to fetch so many for each.
_FETCHED_FOR_A_LINK = 6
# Windows fetched at a time, when those at hand are used up.
_AHEAD = 16


class Matching:
    """What a query finds, best first by tantivy's BM25; `count` is how many there are."""

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        self._snapshot = snapshot
        self._query = query
        self.count, self._hits = snapshot.hits(query, _FEW)
        self._found = self.count
        self._hidden: frozenset[int] = frozenset()

    @property
    def query(self) -> Query:
        """A query for these matches."""
        if not self._hidden:
            return self._query
        return without(self._query, self._snapshot.among("number", list(self._hidden)))

    def linked(self) -> tuple[list[Hit], Array]:
        """Return the matches that are linked with others, and their member numbers."""
        members, _ = self._snapshot.groups
        if not len(members) or not self._found:
            return [], members[:0]
        if self._found <= _FETCHED_FOR_A_LINK * len(members):
            self._fetch_all()
        hits = self._hits
        if not self._all:
            hits = self._snapshot.all_hits(both(self._query, self._snapshot.linked))
        found = self._snapshot.array("member", hits)
        places = np.minimum(np.searchsorted(members, found), len(members) - 1)
        there = np.flatnonzero(members[places] == found)
        return [hits[place] for place in there.tolist()], found[there]

    def hide(self, numbers: Sequence[int]) -> None:
        """Leave out the matches of these numbers, of which each is one."""
        self._hidden = frozenset(numbers)
        self.count = self._found - len(self._hidden)

    def windows(self, size: int) -> Iterator[list[Hit]]:
        """Yield all matches, articles before items, `size` at a time or fewer; of a kind each."""
        for hits in map(self._shown, self._fetched(size)):
            for start in range(0, len(hits), size):
                yield hits[start : start + size]

    @property
    def _all(self) -> bool:
        return len(self._hits) == self._found

    def _fetch_all(self) -> None:
        if not self._all:
            self._hits = self._snapshot.all_hits(self._query)

    def _fetched(self, size: int) -> Iterator[list[Hit]]:
        """Yield all matches by kind, hidden ones, too: those at hand, then more as asked for."""
        for kind, hits in self._by_kind().items():
            if self._all:
                yield self._newer_first(hits, size)
                continue
            query = both(self._query, unscored(self._snapshot.term("kw_kind", kind)))
            # Those at hand are the first that were added, where tantivy tells none of them apart.
            by_date = len(hits) > size and hits[0][0] == hits[-1][0]
            start = 0
            if not by_date:
                if len(hits) < size:
                    hits = self._snapshot.hits(query, size)[1]
                yield self._newer_first(hits, size)
                start = len(hits)
            while following := self._more(query, size * _AHEAD, start, by_date=by_date):
                yield following if by_date else self._newer_first(following, size)
                start += len(following)

    def _more(self, query: Query, limit: int, start: int, *, by_date: bool) -> list[Hit]:
        if by_date:
            return self._snapshot.sorted(query, "newest", limit, start)
        return self._snapshot.hits(query, limit, start)[1]

    def _newer_first(self, hits: list[Hit], size: int) -> list[Hit]:
        """Return hits of one kind in their order, the newer of equals first.

        Within a window that makes no difference.
        """
        if len(hits) <= size:
            return hits
        keys = self._snapshot.array("newest", hits)
        order = np.lexsort((keys, np.array([-score for score, _ in hits])))
        return [hits[place] for place in order.tolist()]

    def _shown(self, hits: list[Hit]) -> list[Hit]:
        """Return hits without those that are hidden."""
        if not self._hidden:
            return hits
        numbers = self._snapshot.numbers("number", hits)
        hidden = self._hidden
        return [hit for hit, number in zip(hits, numbers, strict=True) if number not in hidden]

    def _by_kind(self) -> dict[str, list[Hit]]:
        """Return the matches at hand by kind: of each the best, as those at hand are."""
        kinds = [kind for kind, count in self._snapshot.kinds.items() if count]
        if len(kinds) == 1:
            return {kinds[0]: self._hits}
        found: dict[str, list[Hit]] = {ARTICLE: [], ITEM: []}
        for hit, article in zip(
            self._hits, self._snapshot.numbers("article", self._hits), strict=True
        ):
            found[ARTICLE if article else ITEM].append(hit)
        return found
