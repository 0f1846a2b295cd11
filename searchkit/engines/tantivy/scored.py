"""Documents found with their scores, by searchkit's own formulas."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searchkit.engines.base import Ranking, Recency
from searchkit.engines.rescoring import score
from searchkit.engines.tantivy.candidates import candidates
from searchkit.engines.tantivy.collapsing import Collapsed
from searchkit.engines.tantivy.queries import Translation
from searchkit.engines.tantivy.snapshot import Hit
from searchkit.query import KeywordFilter, walk


class Row(NamedTuple):
    """A document that is shown: `group` is its copy group, 0 if it has none."""

    score: float
    moment: int | None
    id: str
    hit: Hit
    group: int = 0


class Scorer:
    """Scores documents for a query; of a copy group it scores those it is given."""

    def __init__(
        self, translation: Translation, collapsed: Collapsed, ranking: Ranking, recency: Recency
    ) -> None:
        self._translation = translation
        self._collapsed = collapsed
        self._ranking = ranking
        self._recency = recency
        self._with_keywords = any(isinstance(e, KeywordFilter) for e in walk(translation.node))

    def rows(self, hits: Sequence[Hit]) -> list[Row]:
        """Return the documents with their scores, in the order given."""
        snapshot = self._translation.snapshot
        found = candidates(snapshot, hits, with_keywords=self._with_keywords)
        scores = score(
            found,
            self._translation.node,
            self._translation.statistics,
            self._ranking,
            self._recency,
        ).scores
        groups = [0] * len(hits)
        if self._collapsed.hidden:
            numbers = snapshot.array("number", hits).tolist()
            groups = [self._collapsed.group_of(number) for number in numbers]
        return [
            Row(value, each.moment, each.id, hit, group)
            for value, each, hit, group in zip(scores.tolist(), found, hits, groups, strict=True)
        ]

    def shown(self, rows: Sequence[Row], placed: set[int]) -> list[Row]:
        """Return the rows with one of each copy group, of the best score of the group.

        Those of groups that are in `placed` are left out, and the others put into it.
        """
        single = [row for row in rows if not row.group]
        best: dict[int, float] = {}
        for row in rows:
            if row.group and row.group not in placed:
                best[row.group] = max(row.score, best.get(row.group, row.score))
        placed |= best.keys()
        if best:
            shown = self.rows([self._collapsed.shown(group) for group in best])
            single += [row._replace(score=best[row.group]) for row in shown]
        return single


def scaled(rows: Sequence[Row], below: float) -> list[Row]:
    """Return rows with their scores so much smaller that all are below a score."""
    highest = max((row.score for row in rows), default=0.0)
    if highest < below:
        return list(rows)
    factor = below / highest * (1 - 1e-6)
    return [row._replace(score=float(np.float32(row.score * factor))) for row in rows]
