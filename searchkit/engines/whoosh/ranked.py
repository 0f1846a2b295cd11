"""All documents that match, with their scores; of copies, the one that is shown."""

from functools import reduce
from typing import NamedTuple

import numpy as np

from searchkit.engines.base import Collapse, Filters
from searchkit.engines.ranking import Recency
from searchkit.engines.whoosh.candidates import Candidates
from searchkit.engines.whoosh.closer_look import headline, lead, proximity
from searchkit.engines.whoosh.evaluation import Evaluation
from searchkit.engines.whoosh.postings import run_starts
from searchkit.engines.whoosh.segment import UNDATED
from searchkit.engines.whoosh.snapshot import Mask, Scores, Snapshot
from searchkit.engines.whoosh.tables import Array

_DAY = 24 * 60 * 60
_NONE = np.empty(0, dtype=np.int64)


class Ranked(NamedTuple):
    """Documents that match, in no order: arrays of the same length.

    `segments` and `documents` tell which they are, `scores` are final, `moments` dates.
    """

    segments: Array
    documents: Array
    scores: Scores
    moments: Array

    def only(self, wanted: Array) -> "Ranked":
        """Return the documents that are `wanted`: a mask, or rows."""
        segments, documents, scores, moments = self
        return Ranked(segments[wanted], documents[wanted], scores[wanted], moments[wanted])


def find(
    evaluation: Evaluation, filters: Filters, recency: Recency, how: Collapse
) -> tuple[Ranked, "Hidden"]:
    """Return all documents that match and are shown, and the copies behind them."""
    ranked, _ = rank(evaluation, filters, recency)
    return collapse(evaluation.snapshot, ranked, how)


def rank(evaluation: Evaluation, filters: Filters, recency: Recency) -> tuple[Ranked, Array]:
    """Return all documents that match, with final scores, and the rows looked at closely."""
    snapshot = evaluation.snapshot
    found = [_matching(evaluation, n, filters) for n in range(len(snapshot.segments))]
    articles = _articles(snapshot, found)
    ranked = _joined(found)
    segments, documents, scores, moments = ranked
    factors = recency_factors(moments, recency, snapshot.newest)
    final = on_one_scale(scores if factors is None else scores * factors, articles)
    best = _NONE
    if evaluation.ranking.looks_closely and len(final) and evaluation.leaves:
        best = _best(final, moments, evaluation.ranking.reranked)
        raised = scores[best] + _bonus(evaluation, segments[best], documents[best])
        if factors is not None:
            raised *= factors[best]
        final[best] = on_one_scale(raised, None if articles is None else articles[best])
    return Ranked(segments, documents, final, moments), best


def _matching(evaluation: Evaluation, number: int, filters: Filters) -> Ranked:
    """Return the matches in a segment, with what their words score."""
    segment = evaluation.snapshot.segments[number]
    candidates = evaluation.candidates(number, _passing(evaluation.snapshot, number, filters))
    mask, scores = evaluation.evaluate(number, candidates, evaluation.node)
    found = candidates.documents
    # mask.all() takes three times as long.
    if mask is not candidates.everyone and np.count_nonzero(mask) < len(mask):
        found, scores = found[mask], scores[mask]
    return Ranked(segment.column[: len(found)], found, scores, segment.moments[found])


def _joined(found: list[Ranked]) -> Ranked:
    """Return what was found in all segments as one."""
    if len(found) == 1:
        return found[0]
    none = Ranked(_NONE, _NONE, np.empty(0, np.float32), _NONE)
    return Ranked(*map(np.concatenate, zip(*found, none, strict=True)))


def _articles(snapshot: Snapshot, found: list[Ranked]) -> Mask | None:
    """Return which documents of all segments are articles, None if all are."""
    if snapshot.only_articles:
        return None
    segments = zip(snapshot.segments, found, strict=True)
    articles = np.concatenate([segment.articles[of.documents] for segment, of in segments])
    return None if np.count_nonzero(articles) == len(articles) else articles


def _passing(snapshot: Snapshot, number: int, filters: Filters) -> Mask | None:
    """Return which documents of a segment are there and pass; None if all do."""
    segment = snapshot.segments[number]
    masks = [] if segment.whole else [segment.live]
    for field, wanted in filters.values.items():
        masks.append(snapshot.facet(field).holding(number, segment.size, wanted))
    if filters.since is not None or filters.until is not None:
        masks.append(segment.moments != UNDATED)
    if filters.since is not None:
        masks.append(segment.moments >= filters.since)
    if filters.until is not None:
        masks.append(segment.moments < filters.until)
    return reduce(np.logical_and, masks) if masks else None


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


def recency_factors(moments: Array, recency: Recency, newest: int) -> Scores | None:
    """Return by date what scores are multiplied by, None if by 1 throughout.

    See `searchkit.engines.ranking.Recency`.
    """
    now = newest if recency.now is None else recency.now
    if not recency.strength or now == UNDATED:
        return None
    dated = moments != UNDATED
    ages = np.maximum(now - np.where(dated, moments, now), 0) / _DAY
    gains = recency.strength * np.exp2(-ages / recency.half_life)
    return np.where(dated, 1 + gains, 1).astype(np.float32)


def on_one_scale(scores: Scores, articles: Mask | None) -> Scores:
    """Put articles at 1 and above and sidebar items below 1, each in the order of their scores.

    `articles` tells which are articles, None if all are. An item is a headline and nothing else, so
    a match in it is always dense; on the scale of articles a list entry would outrank the article
    that is about the query.
    """
    if articles is None:
        return 1 + scores
    scaled: Scores = np.where(articles, 1 + scores, scores / (1 + scores)).astype(np.float32)
    return scaled


def _best(scores: Scores, moments: Array, wanted: int) -> Array:
    """Return the positions of the best: by score, then the newest, then in index order."""
    best = best_and_ties(scores, moments, wanted)
    if len(best) <= wanted:
        return best
    return best[np.lexsort((best, -moments[best], -scores[best]))[:wanted]]


def best_and_ties(scores: Scores, moments: Array, wanted: int) -> Array:
    """Return the positions of the best `wanted`, by score, then date, and of their last's ties."""
    if wanted <= 0:
        return _NONE
    if wanted >= len(scores):
        return np.arange(len(scores))
    # The lowest score that can be wanted.
    ordered = scores.copy()
    ordered.partition(len(scores) - wanted)
    cut = ordered[len(scores) - wanted]
    best: Array = (scores >= cut).nonzero()[0]
    if len(best) == wanted:
        return best
    # Of those level with the last, only the newest can be wanted; equal dates all stay.
    level = scores[best] == cut
    room = wanted - (len(best) - int(np.count_nonzero(level)))
    newest = np.sort(moments[best[level]])[-room]
    wanted_too: Array = best[~level | (moments[best] >= newest)]
    return wanted_too


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
    if how == "off" or not snapshot.has_copies:
        return ranked, Hidden(ranked, {})
    group = by_document(ranked, [group for group, _ in snapshot.copies])
    grouped = group.nonzero()[0]
    if not len(grouped):
        return ranked, Hidden(ranked, {})
    few = ranked.only(grouped)
    member = by_document(few, [member for _, member in snapshot.copies])
    fullness = by_document(few, [segment.lengths("body") for segment in snapshot.segments])
    keys = (-fullness, -few.moments) if how == "newest" else (-few.moments, -fullness)
    order = grouped[np.lexsort((member, *keys, group[grouped]))]
    starts = run_starts(group[order])
    ends = np.append(starts[1:], len(order))
    several = (ends - starts > 1).nonzero()[0]
    if not len(several):
        return ranked, Hidden(ranked, {})
    shown = order[starts]
    scores = ranked.scores.copy()
    scores[shown] = np.maximum.reduceat(scores[order], starts)
    kept = group == 0
    kept[shown] = True
    copies = [order[starts[n] : ends[n]].tolist() for n in several]
    behind = {
        (int(ranked.segments[first]), int(ranked.documents[first])): rest for first, *rest in copies
    }
    return ranked._replace(scores=scores).only(kept.nonzero()[0]), Hidden(ranked, behind)


def by_document(ranked: Ranked, columns: list[Array]) -> Array:
    """Return by document ranked its number in `columns`, one a segment."""
    if len(columns) == 1:
        return columns[0][ranked.documents].astype(np.int64, copy=False)
    values = np.zeros(len(ranked.documents), dtype=np.int64)
    for number, column in enumerate(columns):
        mine = ranked.segments == number
        values[mine] = column[ranked.documents[mine]]
    return values
