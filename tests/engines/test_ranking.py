import random
from dataclasses import replace
from typing import Any

import pytest

from searchkit.engines.base import (
    ITEM,
    TEXT_FIELDS,
    Collapse,
    Explanation,
    Filters,
    Match,
    Ranking,
    Recency,
)
from searchkit.engines.whoosh import WhooshEngine
from searchkit.query import (
    AllOf,
    AnyOf,
    Everything,
    Node,
    Phrase,
    Synonym,
    Synonyms,
    Term,
)
from tests.engines.making import (
    KEYS,
    document,
    ids,
    put,
    random_documents,
    random_query,
    random_ranking,
)
from tests.engines.reference import DAY, ReferenceEngine


@pytest.mark.parametrize("seed", range(6))
def test_ranks_as_the_formulas_say(engine: WhooshEngine, seed: int) -> None:
    chance = random.Random(seed)
    documents = random_documents(chance, 120)
    cuts = sorted(chance.sample(range(120), 3))
    # Several commits, so that several segments and merges are met.
    for start, end in zip([0, *cuts], [*cuts, 120], strict=True):
        put(engine, *documents[start:end])
    ranking = Ranking() if seed == 0 else random_ranking(chance)
    engine = WhooshEngine(engine.folder, ranking=ranking)
    reference = ReferenceEngine(documents, ranking)
    for _ in range(40):
        node = random_query(chance)
        expected = reference.search(node)
        found = engine.search(node, Filters(), 0, 1000).matches
        scores = {match.id: match.score for match in found}
        assert scores == pytest.approx(dict(expected), rel=1e-4)
        # Scores that differ by rounding only may stand in either order.
        for above, below in zip(found, found[1:], strict=False):
            assert above.score >= below.score


@pytest.mark.parametrize("seed", range(4))
def test_explanation_adds_up_to_the_score(engine: WhooshEngine, seed: int) -> None:
    chance = random.Random(seed)
    documents = random_documents(chance, 80)
    put(engine, *documents[:50])
    put(engine, *documents[50:])
    engine = WhooshEngine(engine.folder, ranking=replace(random_ranking(chance), reranked=20))
    for _ in range(15):
        node = random_query(chance)
        scores = {m.id: m.score for m in engine.search(node, Filters(), 0, 100).matches}
        for each in documents:
            explanation = engine.explain(node, each.id)
            assert (explanation is not None) == (each.id in scores)
            if explanation is not None:
                assert explanation.value == pytest.approx(scores[each.id], rel=1e-5)
                assert_adds_up(explanation, engine.snapshot().ranking)


def assert_adds_up(explanation: Explanation, ranking: Ranking) -> None:
    """Compute the value of an explanation from its parts, as docs/ranking.md says."""
    facts: dict[str, Any] = dict(explanation.facts)
    parts = {key: [p.value for p in explanation.parts if p.key == key] for key in KEYS}
    total = sum(part.value for part in explanation.parts)
    k1 = ranking.k1
    match explanation.key:
        case "score":
            (factor,) = parts["recency"]
            score = (total - factor) * factor
            expected = 1 + score if facts["kind"] == "article" else score / (1 + score)
        case "all":
            expected = total
        case "any":
            expected = total * facts["share"] ** ranking.coverage
        case "without":
            expected = total
        case "boosted":
            expected = facts["factor"] * total
        case "keyword" | "date" | "everything":
            expected = 0
        case "term" | "phrase" | "synonyms" | "prefix" | "wildcard" | "fuzzy":
            frequency = sum(parts["field"])
            assert facts["frequency"] == pytest.approx(frequency, rel=1e-5)
            saturation = frequency * (k1 + 1) / (frequency + k1)
            expected = facts["idf"] * saturation + sum(parts["exact"])
        case "field":
            expected = facts["rule_weight"] * facts["count"] * facts["weight"] / facts["norm"]
        case _:
            assert explanation.key in KEYS
            expected = explanation.value
    assert explanation.value == pytest.approx(expected, rel=1e-4)
    for part in explanation.parts:
        assert_adds_up(part, ranking)


def test_explanation_names_what_matched_and_by_which_rule(engine: WhooshEngine) -> None:
    put(engine, document(1, headline="w1", body="w2 w3 w3"), document(2, body="w4"))
    phrase = Phrase((Term("w2", "w2"), Term("w3", "w3")))
    node = Synonyms((Synonym(Term("w1", "w1"), "typed"), Synonym(phrase, "abbreviation", 0.5)))
    explanation = engine.explain(node, "d0001")
    assert explanation is not None
    leaf = explanation.parts[0]
    assert (leaf.key, leaf.facts["documents"]) == ("synonyms", 1)
    found = [
        (p.facts["field"], p.facts["term"], p.facts["rule"], p.facts["count"], p.facts["length"])
        for p in leaf.parts
        if p.key == "field"
    ]
    assert found == [("headline", "w1", "typed", 1, 1), ("body", "w2 w3", "abbreviation", 1, 3)]
    assert [p.facts["form"] for p in leaf.parts if p.key == "exact"] == ["w1"]
    assert engine.explain(node, "d0002") is None
    assert engine.explain(node, "absent") is None


def test_synonyms_are_one_word(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, body="w1 w2 w8 w8"),
        document(2, body="w1 w1 w8 w8"),
        document(3, body="w2 w8 w8 w8"),
        *(document(n, body="w8 w8 w8 w8") for n in range(4, 9)),
    )
    one, two = Term("w1", "w1"), Term("w2", "w2")
    node = Synonyms((Synonym(one, "typed"), Synonym(two, "synonym", 0.5)))
    scores = {m.id: m.score for m in engine.search(node, Filters(), 0, 9).matches}
    assert scores["d0002"] > scores["d0001"] > scores["d0003"]
    separate = engine.search(AnyOf((one, two)), Filters(), 0, 1).matches
    assert separate[0].id == "d0001"


def test_share_of_the_weight(engine: WhooshEngine) -> None:
    put(engine, *(document(n, body="w1") for n in range(20)), document(30, body="w1 w2"))
    common, rare = Term("w1", "w1"), Term("w2", "w2")
    assert len(ids(engine, AnyOf((common, rare)))) == 21
    assert ids(engine, AnyOf((common, rare), share=0.3)) == ["d0030"]


def test_neighbours_above_words_far_apart(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, body="w9 w1 w9 w9 w9 w2"),
        document(2, body="w9 w9 w9 w1 w2 w9"),
        document(3, body="w9 w9 w9 w2 w1 w9"),
    )
    engine = WhooshEngine(engine.folder, ranking=Ranking(lead=0))
    node = AllOf((Term("w1", "w1"), Term("w2", "w2")))
    assert ids(engine, node) == ["d0002", "d0003", "d0001"]


def test_early_above_late(engine: WhooshEngine) -> None:
    filler = "w9 " * 60
    put(engine, document(1, body=f"{filler} w1"), document(2, body=f"w1 {filler}"))
    assert ids(engine, Term("w1", "w1")) == ["d0002", "d0001"]


def test_headline_with_all_words_above_words_apart(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, headline="w1 w5", body="w2 w9"),
        document(2, headline="w1 w2", body="w5 w9"),
    )
    ranking = Ranking(proximity=0, lead=0, headline=0.5, weights=dict.fromkeys(TEXT_FIELDS, 1.0))
    engine = WhooshEngine(engine.folder, ranking=ranking)
    assert ids(engine, AllOf((Term("w1", "w1"), Term("w2", "w2")))) == ["d0002", "d0001"]


def test_newer_first_as_far_as_recency_goes(engine: WhooshEngine) -> None:
    old, new = 0, 100 * DAY
    put(
        engine,
        document(1, body="w1 w1 w9", moment=old),
        document(2, body="w1 w8 w9", moment=new),
        document(3, body="w1 w7 w9", moment=None),
    )

    def found(recency: Recency) -> list[str]:
        matches = engine.search(Term("w1", "w1"), Filters(), 0, 9, recency=recency).matches
        return [match.id for match in matches]

    assert found(Recency()) == ["d0001", "d0002", "d0003"]
    assert found(Recency(1.0)) == ["d0002", "d0001", "d0003"]
    # Seen from a time so much later, all are old alike.
    assert found(Recency(1.0, now=9000 * DAY)) == ["d0001", "d0002", "d0003"]


@pytest.mark.parametrize("reranked", [1, 5, 500])
@pytest.mark.parametrize("collapse", ["off", "newest", "fullest"])
def test_pages_with_all_of_ranking_are_the_whole(
    engine: WhooshEngine, reranked: int, collapse: Collapse
) -> None:
    chance = random.Random(reranked)
    put(engine, *random_documents(chance, 150))
    engine = WhooshEngine(
        engine.folder, ranking=Ranking(reranked=reranked, recency=Recency(0.5, 1 / DAY))
    )
    for node in (random_query(chance) for _ in range(6)):

        def page(offset: int, limit: int, node: Node = node) -> list[Match]:
            found = engine.search(node, Filters(), offset, limit, collapse=collapse)
            return list(found.matches)

        whole = page(0, 1000)
        assert [match for n in range(0, 160, 7) for match in page(n, 7)] == whole
        assert engine.search(node, Filters(), 0, 0, collapse=collapse).total == len(whole)


@pytest.mark.parametrize("seed", range(3))
def test_pages_put_together_are_the_whole(engine: WhooshEngine, seed: int) -> None:
    chance = random.Random(seed)
    put(engine, *random_documents(chance, 150))
    for node in (Everything(), random_query(chance), random_query(chance)):
        whole = ids(engine, node)
        size = chance.randint(1, 20)
        paged = [
            match.id
            for offset in range(0, len(whole) + size, size)
            for match in engine.search(node, Filters(), offset, size).matches
        ]
        assert paged == whole


def test_equal_scores_by_date_then_id(engine: WhooshEngine) -> None:
    put(
        engine,
        document(3, moment=5, body="w1"),
        document(1, moment=5, body="w1"),
        document(2, moment=9, body="w1"),
        document(0, moment=None, body="w1"),
    )
    assert ids(engine, Term("w1", "w1")) == ["d0002", "d0001", "d0003", "d0000"]
    assert ids(engine, Everything()) == ["d0002", "d0001", "d0003", "d0000"]


def test_item_never_above_an_article_that_matches(engine: WhooshEngine) -> None:
    long_body = "w1 w2 " + "w9 " * 500
    put(engine, document(1, kind=ITEM, sidebar="w1 w2"), document(2, body=long_body))
    assert ids(engine, AllOf((Term("w1", "w1"), Term("w2", "w2")))) == ["d0002", "d0001"]


def test_headline_above_body(engine: WhooshEngine) -> None:
    put(engine, document(1, headline="w2", body="w1"), document(2, headline="w1", body="w2"))
    assert ids(engine, Term("w1", "w1")) == ["d0002", "d0001"]


def test_typed_form_above_another_form(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1 w5"), document(2, body="w1x w5"))
    assert ids(engine, Term("w1", "w1x")) == ["d0002", "d0001"]
