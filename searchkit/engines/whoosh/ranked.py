"""All documents that match, with their scores; of copies, the one that is shown."""

from typing import NamedTuple

import numpy as np

from searchkit.engines.base import Collapse, Filters, Recency
from searchkit.engines.whoosh.candidates import Candidates
from searchkit.engines.whoosh.closer_look import headline, lead, proximity
from searchkit.engines.whoosh.evaluation import Evaluation
from searchkit.engines.whoosh.segment import UNDATED
from searchkit.engines.whoosh.snapshot import Mask, Scores, Snapshot
from searchkit.engines.whoosh.tables import Array

_DAY = 24 * 60 * 60


class Ranked(NamedTuple):
    """Documents that match, in no order: arrays of the same length.

    `segments` and `documents` tell which they are, `scores` are final, `moments` dates, `closely`
    which were looked at closely.
    """

    segments: Array
    documents: Array
    scores: Scores
    moments: Array
    closely: Mask

    def only(self, mask: Mask) -> "Ranked":
        """Return the documents that are in `mask`."""
        segments, documents, scores, moments, closely = self
        return Ranked(segments[mask], documents[mask], scores[mask], moments[mask], closely[mask])


def rank(evaluation: Evaluation, filters: Filters, recency: Recency) -> Ranked:
    """Return all documents that match, with their final scores."""
    columns = [
        _matching(evaluation, number, filters)
        for number in range(len(evaluation.snapshot.segments))
    ]
    empty = (np.empty(0, np.int64),) * 2 + (np.empty(0, np.float32), np.empty(0, np.int64))
    columns.append((*empty, np.empty(0, bool)))
    segments, documents, scores, moments, articles = map(np.concatenate, zip(*columns, strict=True))
    factors = recency_factors(moments, recency, evaluation.snapshot.newest)
    final = on_one_scale(scores * factors, articles)
    closely = np.zeros(len(final), dtype=bool)
    if evaluation.leaves:
        best = _best(final, moments, evaluation.ranking.reranked)
        closely[best] = True
        scores[best] += _bonus(evaluation, segments[best], documents[best])
        final[best] = on_one_scale(scores[best] * factors[best], articles[best])
    return Ranked(segments, documents, final, moments, closely)


def _matching(evaluation: Evaluation, number: int, filters: Filters) -> tuple[Array, ...]:
    """Return (segment, document, score, date, whether an article) of the matches in a segment."""
    segment = evaluation.snapshot.segments[number]
    candidates = evaluation.candidates(number, _passing(evaluation.snapshot, number, filters))
    mask, scores = evaluation.scores(number, candidates)
    found = candidates.documents[mask]
    return (
        np.full(len(found), number),
        found,
        scores[mask],
        segment.moments[found],
        segment.articles[found],
    )


def _passing(snapshot: Snapshot, number: int, filters: Filters) -> Mask:
    """Return which documents of a segment are there and pass."""
    segment = snapshot.segments[number]
    mask = segment.live
    for field, wanted in filters.values.items():
        mask = mask & snapshot.facet(field).holding(number, segment.size, wanted)
    if filters.since is not None or filters.until is not None:
        mask = mask & (segment.moments != UNDATED)
    if filters.since is not None:
        mask = mask & (segment.moments >= filters.since)
    if filters.until is not None:
        mask = mask & (segment.moments < filters.until)
    return mask


def _bonus(evaluation: Evaluation, segments: Array, documents: Array) -> Scores:
    """Return what a closer look adds to the scores of these documents."""
    bonus = np.zeros(len(documents), dtype=np.float32)
    for number, segment in enumerate(evaluation.snapshot.segments):
        mine = np.flatnonzero(segments == number)
        mine = mine[np.argsort(documents[mine])]
        candidates = Candidates(segment, documents[mine])
        total = headline(evaluation, number, candidates)
        for worths in (lead, proximity):
            for worth in worths(evaluation, number, candidates).values():
                total += worth
        bonus[mine] = total
    return bonus


def recency_factors(moments: Array, recency: Recency, newest: int) -> Scores:
    """Return by date what scores are multiplied by; see `searchkit.engines.base.Recency`."""
    now = newest if recency.now is None else recency.now
    if not recency.strength or now == UNDATED:
        return np.ones(len(moments), dtype=np.float32)
    dated = moments != UNDATED
    ages = np.maximum(now - np.where(dated, moments, now), 0) / _DAY
    gains = recency.strength * np.exp2(-ages / recency.half_life)
    return np.where(dated, 1 + gains, 1).astype(np.float32)


def on_one_scale(scores: Scores, articles: Mask) -> Scores:
    """Put articles at 1 and above and sidebar items below 1, each in the order of their scores.

    An item is a headline and nothing else, so a match in it is always dense; on the scale of
    articles a list entry would outrank the article that is about the query.
    """
    return np.where(articles, 1 + scores, scores / (1 + scores)).astype(np.float32)


def _best(scores: Scores, moments: Array, wanted: int) -> Array:
    """Return the positions of the best: by score, then the newest, then in index order."""
    best = best_and_ties(scores, moments, wanted)
    if len(best) <= wanted:
        return best
    return best[np.lexsort((best, -moments[best], -scores[best]))[:wanted]]


def best_and_ties(scores: Scores, moments: Array, wanted: int) -> Array:
    """Return the positions of the best `wanted`, by score, then date, and of their last's ties."""
    if wanted <= 0:
        return np.empty(0, dtype=np.int64)
    if wanted >= len(scores):
        return np.arange(len(scores))
    best = np.argpartition(-scores, wanted - 1)[:wanted]
    cut = scores[best].min()
    above, level = np.flatnonzero(scores > cut), np.flatnonzero(scores == cut)
    # Of those level with the last, only the newest can be wanted; equal dates all stay.
    newest = np.sort(moments[level])[::-1][wanted - len(above) - 1]
    return np.concatenate((above, level[moments[level] >= newest]))


class Hidden(NamedTuple):
    """The copies behind each document shown, (segment, document), as positions in `ranked`."""

    ranked: Ranked
    behind: dict[tuple[int, int], list[int]]

    def documents(self, segment: int, document: int) -> list[tuple[int, int, int]]:
        """Return (date, segment, document) of the copies behind a document."""
        return [
            (
                int(self.ranked.moments[i]),
                int(self.ranked.segments[i]),
                int(self.ranked.documents[i]),
            )
            for i in self.behind.get((segment, document), ())
        ]


def collapse(snapshot: Snapshot, ranked: Ranked, how: Collapse) -> tuple[Ranked, Hidden]:
    """Return the ranked documents with one of each copy group, and what it hides.

    The one shown is the newest or fullest, of several the one of the smaller member number; its
    score becomes that of the best of the group.
    """
    if how == "off" or not any(group.any() for group, _ in snapshot.copies):
        return ranked, Hidden(ranked, {})
    group = _by_document(ranked, [group for group, _ in snapshot.copies])
    grouped = np.flatnonzero(group)
    if not len(grouped):
        return ranked, Hidden(ranked, {})
    member = _by_document(ranked, [member for _, member in snapshot.copies])[grouped]
    moments = ranked.moments[grouped]
    lengths = _by_document(ranked, [segment.lengths("body") for segment in snapshot.segments])
    fullness = lengths[grouped].astype(np.int64)
    keys = (-fullness, -moments) if how == "newest" else (-moments, -fullness)
    order = grouped[np.lexsort((member, *keys, group[grouped]))]
    starts = np.flatnonzero(np.diff(group[order], prepend=0))
    shown = order[starts]
    scores = ranked.scores.copy()
    scores[shown] = np.maximum.reduceat(scores[order], starts)
    kept = group == 0
    kept[shown] = True
    hidden = {
        (int(ranked.segments[first]), int(ranked.documents[first])): rest
        for first, *rest in np.split(order, starts[1:])
        if rest
    }
    return ranked._replace(scores=scores).only(kept), Hidden(ranked, hidden)


def _by_document(ranked: Ranked, columns: list[Array]) -> Array:
    values = np.zeros(len(ranked.documents), dtype=np.int64)
    for number, column in enumerate(columns):
        mine = ranked.segments == number
        values[mine] = column[ranked.documents[mine]]
    return values
