"""Documents found with their scores, by searchkit's own formulas."""

from collections.abc import Sequence
from itertools import chain, islice
from typing import NamedTuple

import numpy as np

from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.rescoring import score
from searchkit.engines.tantivy.candidates import candidates
from searchkit.engines.tantivy.collapsing import Collapsed
from searchkit.engines.tantivy.queries import Translation
from searchkit.engines.tantivy.snapshot import Hit


class Row(NamedTuple):
    """A document that is shown: `group` is its copy group, 0 if it has none.

    `moment` is its date; in an order by number, that number.
    """

    score: float
    moment: int | None
    id: str
    hit: Hit
    group: int = 0


class Scorer:
    """Scores documents for a query; of a copy group the one that is shown, as the best of all."""

    def __init__(
        self, translation: Translation, collapsed: Collapsed, ranking: Ranking, recency: Recency
    ) -> None:
        self._translation = translation
        self._collapsed = collapsed
        self._ranking = ranking
        self._recency = recency

    def rows(self, hits: Sequence[Hit]) -> list[Row]:
        """Return the documents, each of which is shown, with their scores, in the order given."""
        snapshot = self._translation.snapshot
        groups = self._collapsed.groups(hits)
        behind = [self._collapsed.members(group) for group in groups]
        everyone = [*hits, *chain.from_iterable(behind)]
        found = candidates(snapshot, everyone, self._translation.node)
        scores: list[float] = score(
            found,
            self._translation.node,
            self._translation.statistics,
            self._ranking,
            self._recency,
        ).scores.tolist()
        copies = iter(scores[len(hits) :])
        return [
            Row(max([value, *islice(copies, len(others))]), each.moment, each.id, hit, group)
            for hit, each, value, group, others in zip(
                hits, found, scores, groups, behind, strict=False
            )
        ]


def scaled(rows: Sequence[Row], below: float) -> list[Row]:
    """Return rows with their scores so much smaller that all are below a score, or are 0."""
    highest = max((row.score for row in rows), default=0.0)
    if highest < below or not highest:
        return list(rows)
    factor = below / highest * (1 - 1e-6)
    return [row._replace(score=float(np.float32(row.score * factor))) for row in rows]
