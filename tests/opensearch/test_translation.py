"""Queries of searchkit as queries of OpenSearch, as they are sent."""

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from searchkit.asking import DEEPEST_RANK
from searchkit.engines.base import Filters
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.opensearch.commits import Commit, visible
from searchkit.engines.opensearch.mapping import DEEPEST
from searchkit.engines.opensearch.translation import candidates, filtered, matching
from searchkit.engines.ranking import Recency
from searchkit.engines.rescoring import Statistics, needed_leaves, pattern_of
from searchkit.query import (
    AllOf,
    AnyOf,
    Boosted,
    DateRange,
    Everything,
    Fuzzy,
    InFields,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    NumberRange,
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Without,
)
from searchkit.testing.making import random_query

ONE, TWO = Term("tani", "petani"), Term("beras", "beras")


def statistics(node: Node, having: int = 1) -> Statistics:
    """Figures of ten documents, in which each leaf is in `having`; no pattern stands for a form."""
    asked = needed_leaves(node)
    forms = (Synonym(Term("sawah", "sawah", exact=True), "typed"),)
    expansions = {leaf: forms for leaf in asked if pattern_of(leaf)}
    counts = dict.fromkeys(asked, having)
    return Statistics(
        documents=10, having=counts, averages={}, newest=86_400, expansions=expansions
    )


PHRASE = InFields(Phrase((ONE, TWO)), ("body",))
IN_BODY = {"match_phrase": {"t.body": "tani\nberas"}}


def term(name: str, word: str) -> dict[str, Any]:
    return {"term": {name: word}}


def any_of(*queries: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


@pytest.mark.parametrize(
    ("node", "query"),
    [
        (Everything(), {"match_all": {}}),
        (Nothing(), {"match_none": {}}),
        (ONE, term("all", "tani")),
        (Term("tani", "petani", exact=True), {"terms": {"all_form": ["petani"]}}),
        (InFields(ONE, ("headline",)), term("t.headline", "tani")),
        (InFields(InFields(ONE, ("headline",)), ("body",)), {"match_none": {}}),
        (
            InFields(ONE, ("body", "headline")),
            any_of(term("t.headline", "tani"), term("t.body", "tani")),
        ),
        (InFields(Phrase((ONE, TWO)), ("body",)), {"match_phrase": {"t.body": "tani\nberas"}}),
        (
            InFields(Phrase((ONE, TWO), exact=True), ("body",)),
            {"match_phrase": {"f.body": "petani\nberas"}},
        ),
        (
            InFields(Phrase((ONE, TWO), slop=2), ("body",)),
            {
                "intervals": {
                    "t.body": {"match": {"query": "tani\nberas", "max_gaps": 2, "mode": "ordered"}}
                }
            },
        ),
        (Phrase((ONE,)), term("all", "tani")),
        (
            Synonyms((Synonym(ONE, "typed"), Synonym(TWO, "list", 0.5))),
            {"terms": {"all": ["tani", "beras"]}},
        ),
        (Prefix("saw"), {"terms": {"all_form": ["sawah"]}}),
        (Fuzzy("sawa", 1), {"terms": {"all_form": ["sawah"]}}),
        (KeywordFilter("list", "populer"), term("k.list", "populer")),
        (DateRange(1, None), {"range": {"moment": {"gte": 1}}}),
        (DateRange(1, 3), {"range": {"moment": {"gte": 1, "lt": 3}}}),
        (DateRange(None, None), {"exists": {"field": "moment"}}),
        (NumberRange("price", -1, 3), {"range": {"n.price": {"gte": -1, "lte": 3}}}),
        (NumberRange("price", None, 2**70), {"range": {"n.price": {"lte": 2**62}}}),
        (NumberRange("price", None, None), {"exists": {"field": "n.price"}}),
        (AllOf((ONE, TWO)), {"bool": {"filter": [term("all", "tani"), term("all", "beras")]}}),
        (
            Without(ONE, TWO),
            {"bool": {"filter": [term("all", "tani")], "must_not": [term("all", "beras")]}},
        ),
        (Boosted(ONE, 3.0), term("all", "tani")),
        (AnyOf((ONE, TWO)), {"terms": {"all": ["tani", "beras"]}}),
        (
            AnyOf((InFields(ONE, ("headline", "body")), InFields(TWO, ("body",)), PHRASE)),
            any_of(term("t.headline", "tani"), {"terms": {"t.body": ["tani", "beras"]}}, IN_BODY),
        ),
        (
            AnyOf((ONE, TWO, ONE), 2),
            {
                "bool": {
                    "should": [term("all", "tani"), term("all", "beras"), term("all", "tani")],
                    "minimum_should_match": 2,
                }
            },
        ),
        (AnyOf((ONE, TWO), 3), {"match_none": {}}),
        (AnyOf((ONE, TWO), 0, 0.0), {"match_all": {}}),
        (AnyOf((Everything(),), 1, 0.5), {"match_none": {}}),
    ],
)
def test_what_matches(node: Node, query: dict[str, Any]) -> None:
    assert matching(node, statistics(node)) == query


def test_a_phrase_of_no_field_is_looked_for_in_each() -> None:
    found = matching(Phrase((ONE, TWO)), statistics(Phrase((ONE, TWO))))
    fields = [next(iter(query["match_phrase"])) for query in found["bool"]["should"]]
    assert fields == [f"t.{field}" for field in TEXT_FIELDS]


def test_a_share_of_the_weight_is_a_least_score() -> None:
    rare, common = ONE, TWO
    node = AnyOf((rare, common), 1, 0.5)
    figures = Statistics(documents=10, having={rare: 1, common: 9}, averages={}, newest=None)
    least, share = matching(node, figures)["bool"]["filter"]
    assert least == {"terms": {"all": ["tani", "beras"]}}
    parts = share["function_score"]["query"]["bool"]["should"]
    weights = [part["constant_score"]["boost"] for part in parts]
    assert math.isclose(sum(weights), 1.0)
    assert weights[0] / weights[1] == pytest.approx(figures.idf(rare) / figures.idf(common))
    # Reached exactly it must not be missed, and no less is enough.
    assert 0.4998 < share["function_score"]["min_score"] < 0.5


def test_filters() -> None:
    filters = Filters({"section": frozenset({"nasional", "ekonomi"})}, since=5, until=9)
    assert filtered(filters) == [
        {"terms": {"facet.section": ["ekonomi", "nasional"]}},
        {"range": {"moment": {"gte": 5, "lt": 9}}},
    ]
    assert filtered(Filters()) == []


def test_candidates_are_scored_by_words_and_put_articles_first() -> None:
    node = AllOf((ONE, Boosted(TWO, 2.0), Without(Everything(), Term("x", "x"))))
    query = candidates(node, statistics(node), [term("k.list", "populer")], Recency())
    assert query["bool"]["filter"][0] == term("k.list", "populer")
    article, words = query["bool"]["should"]
    assert article["constant_score"]["boost"] == 1000.0
    text = str(words)
    assert "'all': {'value': 'tani', 'boost': 1.0}" in text
    assert "'all_form': {'value': 'petani', 'boost': 0.3}" in text
    assert "'all': {'value': 'beras', 'boost': 2.0}" in text
    assert "'x'" not in text


def test_candidates_of_own_fields_are_scored_by_their_title_if_there_is_one() -> None:
    figures = replace(statistics(ONE), fields=("name", "notes"))
    for title in ("name", "headline"):
        text = str(candidates(ONE, figures, [], Recency(), title))
        assert ("'t.name': {'value': 'tani', 'boost': 1.0}" in text) == (title == "name")
        assert "'all': {'value': 'tani', 'boost': 1.0}" in text
        assert "t.headline" not in text


def test_many_values_are_one_clause_and_of_many_words_the_rarest_are_scored() -> None:
    values = AnyOf(tuple(KeywordFilter("list", f"v{n}") for n in range(5000)))
    assert matching(values, statistics(values)) == {
        "terms": {"k.list": [f"v{n}" for n in range(5000)]}
    }
    words: list[Leaf] = [Term(f"w{n}", f"w{n}") for n in range(400)]
    node = AnyOf(tuple(words), 1, 0.5)
    figures = replace(
        statistics(node), documents=1000, having=dict.fromkeys(words, 400) | {words[-1]: 1}
    )
    query = candidates(node, figures, [], Recency())
    assert str(query).count("'term': ") <= 1000
    scored = str(query["bool"]["should"][1])
    assert "'all': {'value': 'w399'" in scored
    assert "'all': {'value': 'w0'" in scored
    assert "'all': {'value': 'w398'" not in scored


def test_newer_candidates_come_first_by_the_formula() -> None:
    query = candidates(ONE, statistics(ONE), [], Recency(0.5, half_life=2))
    scored = query["bool"]["should"][1]["function_score"]
    one, newer = scored["functions"]
    assert one == {"weight": 1.0}
    assert newer["weight"] == 0.5
    assert newer["exp"]["moment"] == {"origin": 86_400, "scale": 2 * 86_400, "decay": 0.5}
    assert (scored["score_mode"], scored["boost_mode"]) == ("sum", "multiply")


def test_a_commit_is_what_came_by_then_and_has_not_gone() -> None:
    by_then = {"lte": 7}
    assert visible(Commit(number=7)) == {
        "bool": {
            "filter": [{"range": {"since": by_then}}],
            "must_not": [{"range": {"until": by_then}}],
        }
    }
    # What a writer has sent that came to nothing neither came nor made anything go.
    ended = {"range": {"until": by_then}}
    assert visible(Commit(number=7, abandoned=(5,)))["bool"]["must_not"] == [
        {"bool": {"filter": [ended], "must_not": [{"terms": {"until": [5]}}]}},
        {"terms": {"since": [5]}},
    ]


def test_numbers_that_came_to_nothing_are_remembered() -> None:
    commit = Commit(number=1).following(2).following(5).following(6)
    assert (commit.number, commit.previous, commit.abandoned) == (6, 5, (3, 4))
    assert len(Commit(number=1).following(1000).abandoned) == 256


def parts(query: Any) -> Iterator[Any]:
    yield query
    for part in query.values() if isinstance(query, dict) else query:
        if isinstance(part, dict | list):
            yield from parts(part)


def test_no_query_has_an_empty_part() -> None:
    chance = random.Random(1)
    for _ in range(500):
        node = random_query(chance)
        query = candidates(node, statistics(node), [], Recency(0.1))
        for part in parts(query):
            assert part or part == {}, query
            # Only these two say nothing more.
            assert part != {} or "match_all" in str(query) or "match_none" in str(query)


def test_every_rank_that_can_be_asked_for_can_be_reached() -> None:
    assert DEEPEST == DEEPEST_RANK
