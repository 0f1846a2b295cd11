"""The order of hits, and the page of it that is asked for.

An order is two arrays by hit, the higher the sooner; hits equal in both are ordered by id.
"""

from operator import neg

import numpy as np

from searchkit.engines.base import ByNumber, Order, Position
from searchkit.engines.whoosh.ranked import Ranked, best_and_ties, by_document
from searchkit.engines.whoosh.segment import UNDATED
from searchkit.engines.whoosh.snapshot import Mask, Snapshot
from searchkit.engines.whoosh.tables import Array

Placed = tuple[float, float, str, int, int, float, int]
"""A hit: what it is ordered by, its id, the segment and number of its document, score and date."""


def to_order(snapshot: Snapshot, ranked: Ranked, sort: Order) -> Ranked:
    """Return hits with the numbers that they are ordered by in the place of their dates."""
    if not isinstance(sort, ByNumber):
        return ranked
    columns = [segment.numbers(sort.field) for segment in snapshot.segments]
    return ranked._replace(moments=by_document(ranked, columns))


def order_of(scores: Array, moments: Array, sort: Order) -> tuple[Array, Array]:
    """Return the order of hits of these scores and dates, or numbers, see `to_order`."""
    if sort == "relevance":
        return scores, moments
    ascending = not sort.descending if isinstance(sort, ByNumber) else sort == "oldest"
    if ascending:
        moments = np.where(moments == UNDATED, UNDATED, -moments)
    return moments, np.zeros(len(moments), dtype=np.int64)


def after(snapshot: Snapshot, ranked: Ranked, sort: Order, position: Position) -> Mask:
    """Return which hits come after `position`."""
    first, second = order_of(ranked.scores, ranked.moments, sort)
    moment = UNDATED if position.moment is None else position.moment
    score = np.array([position.score], dtype=np.float32)
    at_first, at_second = (key[0] for key in order_of(score, np.array([moment]), sort))
    level = (first == at_first) & (second == at_second)
    later: Mask = (first < at_first) | ((first == at_first) & (second < at_second))
    ids = snapshot.ids(ranked.segments[level], ranked.documents[level])
    later[level] = [document_id > position.id for document_id in ids]
    return later


def page_of(
    snapshot: Snapshot, ranked: Ranked, sort: Order, offset: int, limit: int
) -> list[Placed]:
    """Return the hits of rank `offset` up to `offset + limit`."""
    first, second = order_of(ranked.scores, ranked.moments, sort)
    best = best_and_ties(first, second, offset + limit)
    if offset >= len(best) or not limit:
        return []
    start = 0
    if offset:
        # All that are level with one of the page are wanted, for the id to decide.
        best = best[np.lexsort((-second[best], -first[best]))]
        at = best[offset]
        start = int(np.argmax((first[best] == first[at]) & (second[best] == second[at])))
        best = best[start:]
    few = ranked.only(best)
    first, second = order_of(few.scores, few.moments, sort)
    hits = sorted(
        zip(
            map(neg, first.tolist()),
            map(neg, second.tolist()),
            snapshot.ids(few.segments, few.documents),
            few.segments.tolist(),
            few.documents.tolist(),
            few.scores.tolist(),
            few.moments.tolist(),
            strict=True,
        )
    )
    return hits[offset - start : offset - start + limit]
