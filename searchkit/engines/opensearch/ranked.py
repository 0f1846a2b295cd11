"""The order of hits: by searchkit's ranking for the best, by date for others, or by a number."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

from searchkit.analysis.located import Positions
from searchkit.engines.base import ARTICLE, ByNumber, Collapse, Filters, Match, Order, Position
from searchkit.engines.opensearch.copies import (
    Collapsed,
    asking_for_copies,
    collapse,
    collapse_answered,
)
from searchkit.engines.opensearch.mapping import version_id
from searchkit.engines.opensearch.server import Answer
from searchkit.engines.opensearch.snapshot import Found, Snapshot, hit_fields, record_of
from searchkit.engines.opensearch.translation import (
    Query,
    all_of,
    any_of,
    candidates,
    filtered,
    matching,
)
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.rescoring import Candidate, PagePositions, Statistics, score
from searchkit.query import HasValue, KeywordFilter, Node, NumberRange, walk

# What OpenSearch sorts a document without a number by, where those come last.
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
# Hits that are asked for at a time: of a server there are no more than DEEPEST at all.
_AT_A_TIME = 10_000


class Hit(NamedTuple):
    """A document at its rank."""

    found: Found
    score: float


class Page(NamedTuple):
    """Some hits in a row: how many there are in all, and how many before the first of these."""

    hits: list[Hit]
    total: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for in a commit, and how what is found is ranked."""

    snapshot: Snapshot
    node: Node
    filters: Filters
    ranking: Ranking
    recency: Recency
    collapse: Collapse
    rescored: int
    statistics: Statistics

    @property
    def key(self) -> Hashable:
        """What the order by relevance depends on."""
        values = sorted((name, tuple(sorted(v))) for name, v in self.filters.values.items())
        passing = (tuple(values), self.filters.since, self.filters.until)
        return (self.snapshot.name, self.node, passing, self.recency, self.collapse)

    def conditions(self, filters: Filters | None = None) -> list[Query]:
        """Return the queries of which each hit matches all, with other filters if given."""
        passing = filtered(self.filters if filters is None else filters)
        return [*passing, matching(self.node, self.statistics)]

    def collapsed(self, filters: Filters | None = None) -> Collapsed:
        """Return what of the documents that match is shown."""
        return collapse(self.snapshot, self.conditions(filters), self.collapse)

    @property
    def fields(self) -> list[str]:
        """The columns that the scores of documents are computed from."""
        return ["record", "k.kind", *self._keywords, *self._numbers]

    @property
    def _keywords(self) -> list[str]:
        asked: set[str] = set()
        for each in walk(self.node):
            if isinstance(each, KeywordFilter):
                asked.add(each.field)
            elif isinstance(each, HasValue):
                asked.update(set(each.fields) - set(self.statistics.fields))
        return sorted(f"k.{field}" for field in asked)

    @property
    def _numbers(self) -> list[str]:
        nodes = walk(self.node)
        return sorted({f"n.{each.field}" for each in nodes if isinstance(each, NumberRange)})

    def candidates(self, found: Sequence[Found]) -> list[Candidate]:
        """Return documents that were found with `fields`, as they are scored."""
        keywords, numbers = self._keywords, self._numbers
        return [
            Candidate(
                each.id,
                each.values.get("k.kind", [""])[0],
                each.moment,
                record_of(each),
                {name[2:]: each.values[name] for name in keywords if name in each.values},
                {name[2:]: int(each.values[name][0]) for name in numbers if name in each.values},
            )
            for each in found
        ]

    def scores(self, found: Sequence[Found]) -> dict[str, float]:
        """Return the scores by id of documents that were found with `fields`."""
        if not found:
            return {}
        documents = self.candidates(found)
        scored = score(documents, self.node, self.statistics, self.ranking, self.recency)
        return {each.id: value for each, value in zip(found, scored.scores.tolist(), strict=True)}


class Best(NamedTuple):
    """The best hits of a search, ranked; `total` counts all, `collapsed` what is behind others."""

    hits: list[Hit]
    total: int
    collapsed: Collapsed

    @property
    def ids(self) -> list[str]:
        """Their ids, in order."""
        return [hit.found.id for hit in self.hits]


def best_of(search: Search) -> Best:
    """Return the best hits of a search by relevance."""
    title = next(iter(search.ranking.titles), "")
    conditions = filtered(search.filters)
    query = candidates(search.node, search.statistics, conditions, search.recency, title)
    answer = search.snapshot.search(
        {
            "query": _within(search.snapshot, query),
            "size": search.rescored,
            "sort": ["_score", *_sorting("newest")],
            "track_total_hits": True,
            **hit_fields(search.fields),
            **asking_for_copies(search.snapshot, search.collapse),
        }
    )
    found = {each.id: each for each in search.snapshot.read_hits(answer)}
    collapsed = collapse_answered(search.snapshot, answer, search.conditions, search.collapse)
    best: dict[str, Hit] = {}
    for document_id, value in search.scores(list(found.values())).items():
        first = collapsed.shown.get(document_id, found[document_id])
        before = best.get(first.id)
        if before is None or value > before.score:
            best[first.id] = Hit(found.get(first.id, first), value)
    hits = list(best.values())
    hits.sort(key=lambda hit: (-hit.score, -_dated(hit.found.moment), hit.found.id))
    total = int(answer["hits"]["total"]["value"]) - len(collapsed.hidden)
    return Best(hits, total, collapsed)


def page_by_relevance(
    search: Search, best: Best, offset: int, limit: int, after: Position | None
) -> Page:
    """Return the hits from rank `offset`, or those after a position."""
    ids = best.ids
    if after is not None and after.id in ids:
        offset, after = ids.index(after.id) + 1, None
    if after is None:
        hits = best.hits[offset : offset + limit]
        start = max(offset - len(ids), 0)
    else:
        hits, start = [], 0
    left = limit - len(hits)
    if not left or (best.total <= len(ids)):
        return Page(hits, best.total, offset)
    rest = [*search.conditions(), *best.collapsed.shown_only]
    rest.append({"bool": {"must_not": [{"terms": {"k.id": ids}}]}})
    page = _page(search, rest, "newest", start, left, after)
    least = best.hits[-1].score if best.hits else 0.0
    hits = hits + [Hit(found, min(value, least)) for found, value in page.hits]
    before = len(ids) + page.before if after is not None else offset
    return Page(hits, best.total, before)


def page_in_order(
    search: Search,
    collapsed: Collapsed,
    sort: Order,
    offset: int,
    limit: int,
    after: Position | None,
) -> Page:
    """Return the hits from rank `offset` by date or number, or those after a position.

    Their scores are those by relevance; of one shown for its copies, the best of them.
    """
    conditions = [*search.conditions(), *collapsed.shown_only]
    page = _page(search, conditions, sort, offset, limit, after)
    behind = {hit.found.id: collapsed.behind.get(hit.found.id, ()) for hit in page.hits}
    scores = search.scores(
        search.snapshot.of_ids([each for ids in behind.values() for each in ids], search.fields)
    )
    hits = [
        Hit(found, max(value, *(scores.get(each, value) for each in behind[found.id]), value))
        for found, value in page.hits
    ]
    return page._replace(hits=hits)


def matches_of(
    snapshot: Snapshot, hits: Sequence[Hit], behind: Mapping[str, tuple[str, ...]]
) -> tuple[Match, ...]:
    """Return hits as matches, whose stored objects are read together when the first is wanted."""
    versions = {found.id: version_id(found.id, found.since) for found, _ in hits}
    positions = _positions_of(hits, snapshot.fields.text)

    @cache
    def sources() -> dict[str, Any]:
        answer = snapshot.server.request(
            "POST",
            f"/{snapshot.index}/_mget",
            {"ids": list(versions.values())},
            _source="stored",
            realtime=False,
        )
        return {each["_id"]: each.get("_source", {}) for each in answer["docs"]}

    def stored(document_id: str) -> dict[str, Any]:
        return snapshot.read_stored(sources()[versions[document_id]])

    return tuple(
        Match(
            found.id,
            score,
            partial(stored, found.id),
            behind.get(found.id, ()),
            positions.get(found.id),
        )
        for found, score in hits
    )


def _positions_of(hits: Sequence[Hit], text: Sequence[str]) -> dict[str, Positions]:
    """Return by id where words stand, of the hits that were found with their records."""
    known = [found for found, _ in hits if "record" in found.values]
    positions = PagePositions(lambda some: _recorded(known[some]), text)
    return {found.id: partial(positions.of, row) for row, found in enumerate(known)}


def _recorded(found: Sequence[Found]) -> list[Candidate]:
    """Return documents with their records, all that positions are found by."""
    return [Candidate(each.id, ARTICLE, each.moment, record_of(each)) for each in found]


def _page(
    search: Search,
    conditions: Sequence[Query],
    sort: Order,
    offset: int,
    limit: int,
    after: Position | None,
) -> Page:
    body: dict[str, Any] = {
        "query": search.snapshot.query(*conditions),
        "sort": _sorting(sort),
        "track_total_hits": True,
        **hit_fields([*search.fields, _column(sort)[0]]),
    }
    if after is None:
        body["from"] = offset
    else:
        missing = _LOWEST if _column(sort)[1] else _HIGHEST
        number = missing if after.moment is None else after.moment
        body["search_after"] = [number, after.id]
        body["aggs"] = {"before": {"filter": _up_to(after, sort)}}
    answer, found = _hits(search.snapshot, body, limit)
    scores = search.scores(found)
    total = int(answer["hits"]["total"]["value"])
    before = answer["aggregations"]["before"]["doc_count"] if after is not None else offset
    return Page([Hit(each, scores[each.id]) for each in found], total, int(before))


def _hits(snapshot: Snapshot, body: dict[str, Any], limit: int) -> tuple[Answer, list[Found]]:
    """Return the first answer to a search in an order, and up to `limit` hits, of several."""
    size = min(limit, _AT_A_TIME)
    first = answer = snapshot.search({**body, "size": size})
    found = snapshot.read_hits(answer)
    rest = {name: part for name, part in body.items() if name not in ("from", "aggs")}
    rest["track_total_hits"] = False
    while len(found) < limit and len(hits := answer["hits"]["hits"]) == size:
        size = min(limit - len(found), _AT_A_TIME)
        answer = snapshot.search({**rest, "size": size, "search_after": hits[-1]["sort"]})
        found += snapshot.read_hits(answer)
    return first, found


def ordered_by(found: Found, sort: Order) -> int | None:
    """Return the number that a hit stands at its place by: its date, or the one asked for."""
    if not isinstance(sort, ByNumber):
        return found.moment
    values = found.values.get(_column(sort)[0])
    return int(values[0]) if values else None


def _column(sort: Order) -> tuple[str, bool]:
    """Return the field that an order is by, and whether the highest come first."""
    if isinstance(sort, ByNumber):
        return f"n.{sort.field}", sort.descending
    return "moment", sort != "oldest"


def _up_to(position: Position, sort: Order) -> Query:
    """Return the query for the documents up to a position in an order, itself included."""
    name, descending = _column(sort)
    same_or_less: Query = {"range": {"k.id": {"lte": position.id}}}
    there: Query = {"exists": {"field": name}}
    if position.moment is None:
        level = {"bool": {"must_not": [there], "filter": [same_or_less]}}
        return any_of([there, level])
    sooner = "gt" if descending else "lt"
    before = {"range": {name: {sooner: position.moment}}}
    return any_of([before, all_of([{"term": {name: position.moment}}, same_or_less])])


def _sorting(sort: Order) -> list[Mapping[str, Any]]:
    name, descending = _column(sort)
    order = "desc" if descending else "asc"
    return [{name: {"order": order, "missing": "_last"}}, {"k.id": "asc"}]


def _within(snapshot: Snapshot, query: Query) -> Query:
    """Return a query that scores, limited to the documents of a commit."""
    inner = query["bool"]
    return {"bool": {**inner, "filter": [snapshot.query(), *inner["filter"]]}}


def _dated(moment: int | None) -> float:
    return float("-inf") if moment is None else moment
