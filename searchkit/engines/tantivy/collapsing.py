"""Copies among what a query finds: which of them is shown, and which are behind it."""

from collections.abc import Sequence

import numpy as np
from tantivy import Query

from searchkit.engines.base import Collapse
from searchkit.engines.tantivy.matching import Matching
from searchkit.engines.tantivy.schema import BODY
from searchkit.engines.tantivy.snapshot import Array, Hit, Snapshot

# Dates of undated documents, when copies are compared.
_UNDATED = -(2**62)


class Collapsed:
    """The matches of a query with one of each copy group: `shown`."""

    def __init__(self, snapshot: Snapshot, query: Query, how: Collapse) -> None:
        self._snapshot = snapshot
        self._groups: dict[int, list[Hit]] = {}
        self._group_of: dict[int, int] = {}
        self.shown = Matching(snapshot, query)
        if how != "off":
            hits, found = self.shown.linked()
            if hits:
                members, groups = snapshot.groups
                group = groups[np.searchsorted(members, found)]
                self.shown.hide(self._chosen(hits, found, group, how))

    def _chosen(self, hits: list[Hit], member: Array, groups: Array, how: Collapse) -> list[int]:
        """Choose who is shown of each group; return the numbers of the others."""
        snapshot = self._snapshot
        numbers = snapshot.array("number", hits)
        lengths = (
            snapshot.array(f"length_{BODY}", hits)
            if BODY in snapshot.layout.fields.text
            else 0 * numbers
        )
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
