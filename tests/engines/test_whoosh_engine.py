import math
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import Token
from searchkit.engines.base import (
    ARTICLE,
    ITEM,
    TEXT_FIELDS,
    Collapse,
    Explanation,
    Filters,
    IndexedDocument,
    Match,
    Ranking,
    Recency,
)
from searchkit.engines.copies import signature
from searchkit.engines.whoosh import WhooshEngine
from searchkit.engines.whoosh.patterns import Words
from searchkit.errors import IndexLocked, IndexMissing
from searchkit.query import (
    MOST_EXPANSIONS,
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
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Wildcard,
    Without,
)
from tests.engines.reference import DAY, ReferenceEngine

VOCABULARY = [f"w{n}" for n in range(30)]
KEYS = (
    *("score", "all", "any", "term", "phrase", "synonyms", "field", "exact"),
    *("prefix", "wildcard", "fuzzy", "without", "boosted", "keyword", "date", "everything"),
    *("lead", "proximity", "headline", "recency"),
)


def tokens(words: list[str]) -> list[Token]:
    """Tokens whose stem is the word without a trailing x."""
    return [Token(w.rstrip("x"), w, w, 0, 1, n) for n, w in enumerate(words)]


def document(
    number: int,
    *,
    kind: str = ARTICLE,
    moment: int | None = 0,
    lists: tuple[str, ...] = (),
    facets: dict[str, tuple[str, ...]] | None = None,
    **texts: str,
) -> IndexedDocument:
    document_id = f"d{number:04}"
    return IndexedDocument(
        id=document_id,
        kind=kind,
        tokens={field: tokens(text.split()) for field, text in texts.items()},
        keywords={"id": (document_id,), "kind": (kind,), "list": lists},
        moment=moment,
        stored={"id": document_id, "texts": texts},
        signature=signature(tokens(texts.get("body", "").split())),
        facets={"kind": (kind,), "list": lists} | (facets or {}),
    )


def random_documents(chance: random.Random, count: int) -> list[IndexedDocument]:
    def words(most: int) -> str:
        chosen = chance.choices(VOCABULARY, weights=range(30, 0, -1), k=chance.randint(0, most))
        return " ".join(word + chance.choice(["", "x"]) for word in chosen)

    documents = []
    for number in range(count):
        moment = chance.choice([None, 1, 2, 3])
        if chance.random() < 0.3:
            documents.append(document(number, kind=ITEM, moment=moment, sidebar=words(8)))
        else:
            documents.append(
                document(number, moment=moment, headline=words(6), body=words(60), section=words(1))
            )
    return documents


def random_leaf(chance: random.Random) -> Leaf:
    def form() -> str:
        return chance.choice([*VOCABULARY, "absent"]) + chance.choice(["", "x"])

    def term() -> Term:
        word = form()
        return Term(word.rstrip("x"), word, exact=chance.random() < 0.1)

    def phrase() -> Phrase:
        terms = tuple(replace(term(), exact=False) for _ in range(chance.randint(2, 3)))
        return Phrase(terms, chance.choice([0, 0, 1, 4]), exact=chance.random() < 0.2)

    def simple() -> Term | Phrase:
        return term() if chance.random() < 0.7 else phrase()

    roll = chance.random()
    if roll < 0.55:
        return simple()
    if roll < 0.7:
        weights = (1.0, 0.8, 0.3)
        return Synonyms(tuple(Synonym(simple(), "typed", weight) for weight in weights))
    if roll < 0.8:
        fields = tuple(chance.sample(TEXT_FIELDS, chance.randint(1, 4)))
        return InFields(random_leaf(chance), fields)
    shapes = ("w1?", "?1*", "*2x", "*", "w*1*x", "??", "w?", "*9*", "**", "v*")
    patterns: list[Leaf] = [
        Prefix(chance.choice(["w1", "w2", "w", "v", "w10x", "w100"])),
        Wildcard(chance.choice(shapes)),
        Fuzzy(form(), chance.randint(1, 2)),
    ]
    return chance.choice(patterns)


def random_condition(chance: random.Random) -> Node:
    conditions: list[Node] = [
        KeywordFilter("kind", chance.choice([ARTICLE, ITEM, "absent"])),
        DateRange(chance.choice([None, 0, 2]), chance.choice([None, 2, 3])),
        Everything(),
        Nothing(),
    ]
    return chance.choice(conditions)


def random_query(chance: random.Random, depth: int = 0) -> Node:
    """A tree with any of the nodes, shallow ones most often."""
    if depth == 3 or chance.random() < 0.25 + 0.2 * depth:
        return random_leaf(chance) if chance.random() < 0.85 else random_condition(chance)

    def child() -> Node:
        return random_query(chance, depth + 1)

    children = tuple(child() for _ in range(chance.randint(1, 3)))
    roll = chance.random()
    if roll < 0.35:
        return AllOf(children)
    if roll < 0.7:
        minimum = chance.randint(0, len(children))
        return AnyOf(children, minimum, chance.choice([0.0, 0.3, 0.6]))
    if roll < 0.85:
        return Without(child(), child())
    return Boosted(child(), chance.choice([0.0, 0.5, 3.0]))


def random_ranking(chance: random.Random) -> Ranking:
    return Ranking(
        k1=chance.uniform(0.5, 2),
        b={"body": chance.random()},
        exact=chance.choice([0, 0.5]),
        coverage=chance.choice([0, 0.5, 1]),
        proximity=chance.choice([0, 0.5]),
        window=chance.randint(1, 10),
        lead=chance.choice([0, 0.5]),
        headline=chance.choice([0, 0.5]),
        recency=Recency(chance.choice([0, 0.5]), 2 / DAY, chance.choice([None, 2])),
    )


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    WhooshEngine.create(tmp_path)
    return WhooshEngine(tmp_path, lock_timeout=0.1)


def put(engine: WhooshEngine, *documents: IndexedDocument) -> None:
    with engine.writer() as writer:
        for each in documents:
            writer.put(each)


def ids(engine: WhooshEngine, node: Node, filters: Filters | None = None) -> list[str]:
    matches = engine.search(node, filters or Filters(), 0, 1000)
    assert matches.total == len(matches.matches)
    return [match.stored["id"] for match in matches.matches]


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
        scores = {match.stored["id"]: match.score for match in found}
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
        scores = {m.stored["id"]: m.score for m in engine.search(node, Filters(), 0, 100).matches}
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
    scores = {m.stored["id"]: m.score for m in engine.search(node, Filters(), 0, 9).matches}
    assert scores["d0002"] > scores["d0001"] > scores["d0003"]
    separate = engine.search(AnyOf((one, two)), Filters(), 0, 1).matches
    assert separate[0].stored["id"] == "d0001"


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
        return [match.stored["id"] for match in matches]

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
            match.stored["id"]
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


def test_put_replaces_in_the_same_and_in_a_later_commit(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"), document(1, body="w2"))
    assert ids(engine, Everything()) == ["d0001"]
    assert ids(engine, Term("w1", "w1")) == []
    put(engine, document(1, body="w3"))
    assert ids(engine, Everything()) == ["d0001"]
    assert ids(engine, Term("w3", "w3")) == ["d0001"]


def test_delete(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"), document(2, body="w1"))
    with engine.writer() as writer:
        assert writer.delete("d0001")
        assert not writer.delete("d0001")
        assert not writer.delete("absent")
    assert ids(engine, Term("w1", "w1")) == ["d0002"]
    assert engine.stored("d0001") is None


def test_deleted_documents_go_when_segments_merge(engine: WhooshEngine) -> None:
    for number in range(12):
        put(engine, document(number, body=f"w1 only{number}"))
    with engine.writer() as writer:
        for number in range(10):
            writer.delete(f"d{number:04}")
    put(engine, document(20, body="w1"))
    assert sorted(ids(engine, Term("w1", "w1"))) == ["d0010", "d0011", "d0020"]
    assert engine.stats().documents == {"article": 3, "item": 0}
    assert ids(engine, Term("only11", "only11")) == ["d0011"]


def test_an_exception_leaves_the_index_as_it_was(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"))
    before = sorted(path.name for path in engine.folder.iterdir())
    with pytest.raises(KeyError), engine.writer() as writer:
        writer.put(document(2, body="w1"))
        writer.delete("d0001")
        raise KeyError("stop")
    assert ids(engine, Everything()) == ["d0001"]
    assert sorted(path.name for path in engine.folder.iterdir()) == before


def test_nothing_changed_is_no_commit(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"))
    generation = engine.stats().generation
    with engine.writer():
        pass
    assert engine.stats().generation == generation


def test_no_files_are_left_over(engine: WhooshEngine) -> None:
    for number in range(8):
        put(engine, document(number % 3, body="w1"))
    segments = engine.stats().segments
    names = {path.name for path in engine.folder.iterdir()}
    assert len(names) == 3 * segments + 2, names  # and the table of contents and the lock


def test_second_writer_is_told_to_wait(engine: WhooshEngine) -> None:
    with engine.writer(), pytest.raises(IndexLocked, match="being written by another process"):
        engine.writer()
    put(engine, document(1, body="w1"))


def test_reader_follows_commits_of_others(engine: WhooshEngine) -> None:
    other = WhooshEngine(engine.folder)
    put(engine, document(1, body="w1"))
    assert ids(other, Everything()) == ["d0001"]
    held = other.snapshot()
    put(engine, document(1, body="w2"), document(2, body="w2"))
    assert ids(other, Everything()) == ["d0001", "d0002"]
    # What was opened before goes on showing what it was.
    assert held.segments[0].documents.stored_fields(0)["texts"] == {"body": "w1"}


def test_postings_larger_than_memory_are_merged_from_runs(tmp_path: Path) -> None:
    documents = random_documents(random.Random(7), 200)
    small, large = tmp_path / "small", tmp_path / "large"
    for folder, memory in ((small, 2_000), (large, 2**27)):
        folder.mkdir()
        WhooshEngine.create(folder)
        put(WhooshEngine(folder, memory_bytes=memory), *documents)
    chance = random.Random(7)
    for _ in range(20):
        node = random_query(chance)
        assert ids(WhooshEngine(small), node) == ids(WhooshEngine(large), node)
    assert not list(small.glob("*.runs"))


def test_filters(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, body="w1"),
        document(2, kind=ITEM, sidebar="w1", lists=("populer",)),
        document(3, kind=ITEM, sidebar="w1", lists=("update", "terkini")),
    )
    node = Term("w1", "w1")
    article, item = ({"kind": frozenset((kind,))} for kind in (ARTICLE, ITEM))
    recent = {"list": frozenset(("terkini",))}
    assert ids(engine, node, Filters(article)) == ["d0001"]
    assert ids(engine, node, Filters(item)) == ["d0002", "d0003"]
    assert ids(engine, node, Filters(recent)) == ["d0003"]
    assert ids(engine, node, Filters(article | recent)) == []


def test_find_by_keyword(engine: WhooshEngine) -> None:
    put(engine, document(1, kind=ITEM, sidebar="w1", lists=("populer",)), document(2, body="w1"))
    assert [stored["id"] for stored in engine.find("list", "populer")] == ["d0001"]
    assert list(engine.find("list", "absent")) == []


def test_keyword_values_by_prefix(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1", lists=("populer", "pop")), document(2, lists=("populer",)))
    put(engine, document(3, lists=("terkini", "populer", "pop é")), document(4, lists=("qop",)))
    assert list(engine.keyword_values("list", ["pop"])) == [
        ("pop", 1),
        ("pop é", 1),
        ("populer", 3),
    ]
    assert list(engine.keyword_values("list", ["popx"])) == []
    assert list(engine.keyword_values("list", [])) == []
    # A value that begins with two of the prefixes is there once.
    assert list(engine.keyword_values("list", ["q", "popu", "pop", "pop "])) == [
        ("pop", 1),
        ("pop é", 1),
        ("populer", 3),
        ("qop", 1),
    ]
    assert list(engine.keyword_values("kind", [""])) == [("article", 4)]
    with engine.writer() as writer:
        writer.delete("d0001")
    assert list(engine.keyword_values("list", ["pop"])) == [("pop é", 1), ("populer", 2)]


def exactly(word: str) -> Term:
    return Term(word.rstrip("x"), word, exact=True)


def test_typed_forms_only_when_exact(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1 w2x"), document(2, body="w1x w2"), document(3, body="w1 w2"))
    assert ids(engine, exactly("w1x")) == ["d0002"]
    both = (Term("w1", "w1"), Term("w2", "w2"))
    assert ids(engine, Phrase(both, exact=True)) == ["d0003"]
    assert len(ids(engine, Phrase(both))) == 3


def test_slop_counts_words_among_and_keeps_the_order(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, body="w1 w9 w2 w9 w3"),
        document(2, body="w1 w2 w9 w9 w9 w3"),
        document(3, body="w3 w2 w1"),
        document(4, headline="w1 w2", body="w3"),
    )
    terms = tuple(Term(word, word) for word in ("w1", "w2", "w3"))
    assert ids(engine, Phrase(terms, slop=1)) == []
    assert ids(engine, Phrase(terms, slop=2)) == ["d0001"]
    assert sorted(ids(engine, Phrase(terms, slop=3))) == ["d0001", "d0002"]
    # The same word twice is two places.
    twice = (Term("w9", "w9"),) * 2
    assert ids(engine, Phrase(twice, slop=1)) == ["d0002", "d0001"]
    assert ids(engine, Phrase((*twice, *twice), slop=9)) == []


def test_most_frequent_forms_stand_for_a_pattern(engine: WhooshEngine) -> None:
    rare = " ".join(f"v{n:03}" for n in range(MOST_EXPANSIONS))
    put(engine, document(1, body=rare), document(2, body="v999 v999"), document(3, body="w1"))
    assert sorted(ids(engine, Prefix("v"))) == ["d0001", "d0002"]
    # v099, the last of the rare ones, has no room beside v999.
    put(engine, document(4, body="v099x"))
    assert "d0004" not in ids(engine, Wildcard("v*"))
    assert ids(engine, Wildcard("v??9x")) == ["d0004"]


def test_nearer_forms_count_more(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, body="kabrat w9"),
        document(2, body="kabar w9"),
        document(3, body="kabra w9"),
        document(4, body="kbr w9"),
        document(5, body="kabarkan w9"),
    )
    assert ids(engine, Fuzzy("kabar", 1)) == ["d0002", "d0003"]
    found = engine.search(Fuzzy("kabar", 2), Filters(), 0, 9).matches
    assert [m.stored["id"] for m in found] == ["d0002", "d0003", "d0001", "d0004"]
    assert found[0].score > found[1].score > found[2].score == found[3].score


def test_conditions_choose_and_do_not_score(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, body="w1 w2", moment=10),
        document(2, body="w1", moment=20),
        document(3, kind=ITEM, sidebar="w1", moment=None),
    )
    word, article = Term("w1", "w1"), KeywordFilter("kind", ARTICLE)
    scores = {m.stored["id"]: m.score for m in engine.search(word, Filters(), 0, 9).matches}
    found = engine.search(AllOf((word, article)), Filters(), 0, 9).matches
    assert {m.stored["id"]: m.score for m in found} == {i: scores[i] for i in ("d0001", "d0002")}
    assert ids(engine, DateRange(10, 20)) == ["d0001"]
    assert ids(engine, DateRange(None, None)) == ["d0002", "d0001"]
    assert ids(engine, Without(Everything(), article)) == ["d0003"]
    assert ids(engine, Without(word, Term("w2", "w2"))) == ["d0002", "d0003"]
    assert ids(engine, InFields(word, ("sidebar", "headline"))) == ["d0003"]


def test_optional_words_only_raise(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1 w9"), document(2, body="w1 w2"), document(3, body="w2"))
    node = AllOf((Term("w1", "w1"), AnyOf((Term("w2", "w2"),), 0, 0.0)))
    assert ids(engine, node) == ["d0002", "d0001"]


def test_boosts_stay_within_what_a_score_can_hold(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1 w9 w9"), document(2, body="w2 w9 w9"))
    one, two = Term("w1", "w1"), Term("w2", "w2")
    assert ids(engine, AnyOf((one, Boosted(two, 3)))) == ["d0002", "d0001"]
    assert ids(engine, AnyOf((Boosted(one, 3), two))) == ["d0001", "d0002"]
    huge: Node = one
    for _ in range(30):
        huge = Boosted(huge, 1e6)
    (match,) = engine.search(AllOf((huge, huge)), Filters(), 0, 9).matches
    assert math.isfinite(match.score)


def test_words_from_patterns_never_backtrack() -> None:
    words = Words(["a" * 5000, "b", "", "ab" * 2000])
    assert words.fitting("*a" * 400 + "*b").tolist() == [3]
    assert words.fitting("*a" * 5001).tolist() == []
    assert words.fitting("*").tolist() == [0, 1, 2, 3]
    assert words.fitting("").tolist() == [2]


@given(
    st.lists(st.text("abé😀", max_size=6), max_size=8),
    st.text("ab?*é😀", max_size=6),
)
def test_wildcards_as_regular_expressions(words: list[str], pattern: str) -> None:
    made = "".join({"*": ".*", "?": "."}.get(char, char) for char in pattern)
    expected = [n for n, word in enumerate(words) if re.fullmatch(made, word)]
    assert Words(words).fitting(pattern).tolist() == expected


def test_empty_index(engine: WhooshEngine) -> None:
    for node in (Everything(), Nothing(), Term("w1", "w1"), Phrase((Term("a", "a"),) * 2)):
        assert ids(engine, node) == []
    assert engine.stored("d0001") is None
    assert engine.stats().documents == {"article": 0, "item": 0}


def test_folder_without_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="holds no index"):
        WhooshEngine(tmp_path)
