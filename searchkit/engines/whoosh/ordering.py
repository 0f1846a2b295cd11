"""The order of hits, and the page of it that is asked for.

An order is two arrays by hit, the higher the sooner; hits equal in both are ordered by id.
"""

import numpy as np

from searchkit.engines.base import ByNumber, Order, Position
from searchkit.engines.whoosh.ranked import Ranked, best_and_ties, by_document
from searchkit.engines.whoosh.segment import UNDATED
from searchkit.engines.whoosh.snapshot import Mask, Snapshot
from searchkit.engines.whoosh.tables import Array


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
) -> tuple[Array, list[str]]:
    """Return (indexes in `ranked`, ids) of the hits of rank `offset` up to `offset + limit`."""
    first, second = order_of(ranked.scores, ranked.moments, sort)
    best = best_and_ties(first, second, offset + limit)
    if offset >= len(best) or not limit:
        return np.empty(0, dtype=np.int64), []
    start = 0
    if offset:
        # All that are level with one of the page are wanted, for the id to decide.
        best = best[np.lexsort((-second[best], -first[best]))]
        at = best[offset]
        start = int(np.argmax((first[best] == first[at]) & (second[best] == second[at])))
        best = best[start:]
    ids = snapshot.ids(ranked.segments[best], ranked.documents[best])
    keys = zip((-first[best]).tolist(), (-second[best]).tolist(), ids, best.tolist(), strict=True)
    rows = sorted(keys)[offset - start : offset - start + limit]
    return np.array([row[3] for row in rows], dtype=np.int64), [row[2] for row in rows]
