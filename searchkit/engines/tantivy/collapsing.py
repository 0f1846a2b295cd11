"""Copies among what a query finds: which of them is shown, and which are behind it."""

from collections.abc import Sequence

import numpy as np
from tantivy import Query

from searchkit.engines.base import Collapse
from searchkit.engines.tantivy.schema import SCHEMA
from searchkit.engines.tantivy.snapshot import Array, Hit, Snapshot, both, unscored, without

# Dates of undated documents, when copies are compared.
_UNDATED = -(2**62)


class Collapsed:
    """The matches of a query with one of each copy group.

    `query` finds those that are shown.
    """

    def __init__(self, snapshot: Snapshot, query: Query, how: Collapse) -> None:
        self._snapshot = snapshot
        self.query = query
        self._groups: dict[int, list[Hit]] = {}
        self._group_of: dict[int, int] = {}
        members, groups = snapshot.groups
        hidden: list[int] = []
        if how != "off" and len(members):
            linked = Query.term_set_query(SCHEMA, "member", members.tolist())
            hits = snapshot.all_hits(both(query, unscored(linked)))
            if hits:
                hidden = self._chosen(hits, groups[_places(members, snapshot, hits)], how)
        if hidden:
            self.query = without(query, Query.term_set_query(SCHEMA, "number", hidden))

    def _chosen(self, hits: list[Hit], groups: Array, how: Collapse) -> list[int]:
        """Choose who is shown of each group; return the numbers of the others."""
        snapshot = self._snapshot
        numbers, member = (snapshot.array(field, hits) for field in ("number", "member"))
        lengths = snapshot.array("length_body", hits)
        dates = [_UNDATED if m is None else m for m in snapshot.numbers("moment", hits)]
        moments = np.array(dates, dtype=np.int64)
        keys = (-lengths, -moments) if how == "newest" else (-moments, -lengths)
        order = np.lexsort((member, *keys, groups))
        starts = np.flatnonzero(np.diff(groups[order], prepend=0))
        hidden: list[int] = []
        for rows in np.split(order, starts[1:]):
            group = int(groups[rows[0]])
            first, *others = rows.tolist()
            if others:
                self._groups[group] = [hits[row] for row in others]
                self._group_of[int(numbers[first])] = group
                hidden += numbers[others].tolist()
        return hidden

    def groups(self, hits: Sequence[Hit]) -> list[int]:
        """Return the copy group of each match, 0 where it has none."""
        if not self._groups:
            return [0] * len(hits)
        numbers = self._snapshot.array("number", hits).tolist()
        return [self._group_of.get(number, 0) for number in numbers]

    def members(self, group: int) -> list[Hit]:
        """Return the matches of a group that are not shown."""
        return self._groups.get(group, [])

    def copies(self, group: int) -> tuple[str, ...]:
        """Return the ids of the other matching members, newest first."""
        hits = self.members(group)
        moments = self._snapshot.numbers("moment", hits)
        keyed = [
            (-(_UNDATED if moment is None else moment), self._snapshot.id(hit))
            for moment, hit in zip(moments, hits, strict=True)
        ]
        return tuple(document_id for _, document_id in sorted(keyed))


def _places(members: Array, snapshot: Snapshot, hits: list[Hit]) -> Array:
    return np.searchsorted(members, snapshot.array("member", hits))
