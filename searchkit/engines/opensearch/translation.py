"""Queries of searchkit as queries of OpenSearch: what matches, and which to look at first."""

from collections.abc import Iterator, Sequence
from typing import Any

from searchkit.engines.base import ARTICLE, Filters
from searchkit.engines.fields import bounded
from searchkit.engines.opensearch.mapping import SEPARATOR
from searchkit.engines.ranking import Recency
from searchkit.engines.rescoring.statistics import Statistics, within
from searchkit.query import (
    AllOf,
    AnyOf,
    Boosted,
    Condition,
    DateRange,
    Everything,
    HasValue,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    NumberRange,
    Phrase,
    Synonym,
    Synonyms,
    Term,
    Without,
    boosts,
    leaves,
)

Query = dict[str, Any]

NOTHING: Query = {"match_none": {}}
EVERYTHING: Query = {"match_all": {}}
_ONE = {"minimum_should_match": 1}

# A share that is met exactly must not be missed for a rounded sum.
_ROUNDING = 1e-4
# So much that all articles come before all items, and scores still differ within single precision.
_ARTICLE_BOOST = 1000.0
_TITLE_BOOST, _EXACT_BOOST = 1.0, 0.3
_HIGHEST_BOOST = 1e6
# A server takes 1,024 clauses; a few are for the commit, the filters and a page.
_MOST_CLAUSES = 960
_CLAUSES = frozenset({"term", "terms", "match_phrase", "intervals", "range", "exists"})


def matching(node: Node, statistics: Statistics) -> Query:
    """Return the query for the documents that match `node`, to be used as a filter."""
    if isinstance(node, Condition):
        return _meeting(node, statistics)
    match node:
        case Everything():
            return EVERYTHING
        case Nothing():
            return NOTHING
        case AllOf(children):
            return all_of([matching(child, statistics) for child in children])
        case AnyOf():
            return _any(node, statistics)
        case Without(inner, excluded):
            return {
                "bool": {
                    "filter": [matching(inner, statistics)],
                    "must_not": [matching(excluded, statistics)],
                }
            }
        case Boosted(inner, _):
            return matching(inner, statistics)
    return having(node, statistics.members(node), statistics.fields)


def _meeting(node: Condition, statistics: Statistics) -> Query:
    """Return the query for the documents that a condition chooses."""
    match node:
        case KeywordFilter(field, value):
            return {"term": {f"k.{field}": value}}
        case HasValue(fields):
            text = statistics.fields
            kept = [f"length.{each}" if each in text else f"k.{each}" for each in fields]
            return any_of([{"exists": {"field": name}} for name in kept])
        case DateRange(start, end):
            return _between("moment", gte=start, lt=end)
        case NumberRange(field, low, high):
            return _between(f"n.{field}", gte=bounded(low), lte=bounded(high))


def all_of(queries: Sequence[Query]) -> Query:
    """Return the query for the documents that match all of `queries`."""
    return {"bool": {"filter": list(queries)}} if queries else EVERYTHING


def any_of(queries: Sequence[Query]) -> Query:
    """Return the query for the documents that match one of `queries`.

    All words or values of one field are one `terms` query: a server takes few clauses, but tens of
    thousands of values.
    """
    if len(queries) < 2:
        return queries[0] if queries else NOTHING
    values: dict[str, dict[Any, None]] = {}
    others: list[Query] = []
    for query in _alternatives(queries):
        kind, asked = next(iter(query.items()))
        if kind in ("term", "terms"):
            name, wanted = next(iter(asked.items()))
            known = values.setdefault(name, {})
            known.update(dict.fromkeys([wanted] if kind == "term" else wanted))
        else:
            others.append(query)
    looked_up: list[Query] = [
        {"terms": {name: list(wanted)}} if len(wanted) > 1 else {"term": {name: next(iter(wanted))}}
        for name, wanted in values.items()
    ]
    should = looked_up + others
    return should[0] if len(should) == 1 else {"bool": {"should": should, **_ONE}}


def _alternatives(queries: Sequence[Query]) -> Iterator[Query]:
    """Yield queries, in the place of what `any_of` made those that it was made of."""
    for query in queries:
        inner = query.get("bool", {})
        if inner.keys() == {"should", *_ONE} and inner.items() >= _ONE.items():
            yield from inner["should"]
        else:
            yield query


def having(leaf: Leaf, members: Sequence[Synonym], text: tuple[str, ...]) -> Query:
    """Return the query for the documents that have a leaf, which stands for `members`.

    `text` are all text fields of the index.
    """
    fields = within(leaf, text)[1]
    words = [each.node for each in members if each.weight > 0]
    exact = [word.form for word in words if isinstance(word, Term) and word.exact]
    queries = [
        _one(word, fields, text) for word in words if isinstance(word, Phrase) or not word.exact
    ]
    if exact:
        queries.append(any_of([{"terms": {name: exact}} for name in _names("f", fields, text)]))
    return any_of(queries)


def filtered(filters: Filters) -> list[Query]:
    """Return the queries of which a document must match each to pass `filters`."""
    queries: list[Query] = [
        {"terms": {f"facet.{name}": sorted(wanted)}} for name, wanted in filters.values.items()
    ]
    if filters.since is not None or filters.until is not None:
        queries.append(_between("moment", gte=filters.since, lt=filters.until))
    return queries


def candidates(
    node: Node,
    statistics: Statistics,
    conditions: Sequence[Query],
    recency: Recency,
    title: str = "headline",
) -> Query:
    """Return the query whose highest scores are of the documents to be ranked.

    It scores as OpenSearch does, but near to docs/ranking.md: BM25 over all fields together, more
    for the text field `title` and for the typed form, newer documents and all articles first.
    """
    needed = [*conditions, matching(node, statistics)]
    scoring = _worth_most(node, statistics, title, _MOST_CLAUSES - _clauses(needed))
    should: list[Query] = [
        {"constant_score": {"filter": {"term": {"k.kind": ARTICLE}}, "boost": _ARTICLE_BOOST}}
    ]
    if scoring:
        should.append(_recent({"bool": {"should": scoring}}, statistics, recency))
    return {"bool": {"filter": needed, "should": should}}


def _worth_most(node: Node, statistics: Statistics, title: str, room: int) -> list[Query]:
    """Return the queries that score the leaves of `node`: of those worth most, what has room."""
    scoring: list[Query] = []
    weights = boosts(node)
    worth = {leaf: boost * statistics.idf(leaf) for leaf, boost in weights.items() if boost}
    for leaf in sorted(worth, key=worth.__getitem__, reverse=True):
        queries = list(_scoring(leaf, statistics, weights[leaf], title))
        room -= _clauses(queries)
        if room < 0:
            break
        scoring += queries
    return scoring


def _clauses(query: Any) -> int:
    """Return how many clauses a query, or several, are for a server."""
    if isinstance(query, list):
        return sum(map(_clauses, query))
    if not isinstance(query, dict):
        return 0
    return sum(1 if kind in _CLAUSES else _clauses(part) for kind, part in query.items())


def _any(node: AnyOf, statistics: Statistics) -> Query:
    children = [matching(child, statistics) for child in node.children]
    needed: list[Query] = []
    if node.minimum > len(children):
        return NOTHING
    if node.minimum == 1:
        needed.append(any_of(children))
    elif node.minimum > 1:
        needed.append({"bool": {"should": children, "minimum_should_match": node.minimum}})
    if node.share > _ROUNDING:
        weights = [sum(map(statistics.idf, leaves(child))) for child in node.children]
        total = sum(weights)
        if not total:
            return NOTHING
        parts = [
            {"constant_score": {"filter": child, "boost": weight / total}}
            for child, weight in zip(children, weights, strict=True)
            if weight
        ]
        needed.append(
            {
                "function_score": {
                    "query": {"bool": {"should": parts}},
                    "min_score": node.share - _ROUNDING,
                }
            }
        )
    return needed[0] if len(needed) == 1 else all_of(needed)


def _between(name: str, **ends: int | None) -> Query:
    """Return the query for documents whose number in a field is within these ends."""
    bounds = {which: end for which, end in ends.items() if end is not None}
    return {"range": {name: bounds}} if bounds else {"exists": {"field": name}}


def _names(kind: str, fields: tuple[str, ...], text: tuple[str, ...]) -> list[str]:
    """Return the fields of OpenSearch that hold the stems (t) or forms (f) of text fields.

    `text` are all text fields of the index.
    """
    if fields == text:
        return ["all" if kind == "t" else "all_form"]
    return [f"{kind}.{field}" for field in fields]


def _one(word: Term | Phrase, fields: tuple[str, ...], text: tuple[str, ...]) -> Query:
    if isinstance(word, Term):
        kind, wanted = ("f", word.form) if word.exact else ("t", word.term)
        return any_of([{"term": {name: wanted}} for name in _names(kind, fields, text)])
    if len(word.terms) < 2:
        exact = [Term(term.term, term.form, exact=word.exact) for term in word.terms]
        return any_of([_one(term, fields, text) for term in exact])
    kind = "f" if word.exact else "t"
    return any_of([_phrase(word, f"{kind}.{field}") for field in fields])


def _phrase(phrase: Phrase, name: str) -> Query:
    words = [term.form if phrase.exact else term.term for term in phrase.terms]
    text = SEPARATOR.join(words)
    if not phrase.slop:
        return {"match_phrase": {name: text}}
    rule = {"query": text, "max_gaps": phrase.slop, "mode": "ordered"}
    return {"intervals": {name: {"match": rule}}}


def _scoring(leaf: Leaf, statistics: Statistics, boost: float, title: str) -> Iterator[Query]:
    """Yield the queries whose scores, added up, are about what a leaf is worth."""
    members = statistics.members(leaf)
    boost = min(boost, _HIGHEST_BOOST)
    typed = members[0].node if members else None
    bare, fields = within(leaf, statistics.fields)
    if isinstance(typed, Term) and not typed.exact and isinstance(bare, Term | Synonyms):
        words = [
            _boosted_term(name, member.node.term, member.weight * boost)
            for member in members
            if isinstance(member.node, Term)
            for name in _names("t", fields, statistics.fields)
        ]
        if words:
            yield {"dis_max": {"queries": words}}
        if title in statistics.fields:
            yield _boosted_term(f"t.{title}", typed.term, _TITLE_BOOST * boost)
        yield _boosted_term("all_form", typed.form, _EXACT_BOOST * boost)
    else:
        filtering = having(leaf, members, statistics.fields)
        worth = statistics.idf(leaf) * boost
        yield {"constant_score": {"filter": filtering, "boost": worth}}


def _boosted_term(name: str, word: str, boost: float) -> Query:
    return {"term": {name: {"value": word, "boost": boost}}}


def _recent(query: Query, statistics: Statistics, recency: Recency) -> Query:
    """Return a query with its scores multiplied as `searchkit.engines.ranking.Recency` says."""
    now = statistics.newest if recency.now is None else recency.now
    if not recency.strength or now is None:
        return query
    scale = max(recency.half_life * 86_400, 1e-3)
    newer = {"exp": {"moment": {"origin": now, "scale": scale, "decay": 0.5}}}
    return {
        "function_score": {
            "query": query,
            "functions": [
                {"weight": 1.0},
                {
                    **newer,
                    "filter": {"exists": {"field": "moment"}},
                    "weight": recency.strength,
                },
            ],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }
