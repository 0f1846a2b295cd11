import math
import re

from hypothesis import given
from hypothesis import strategies as st

from searchkit.engines.base import (
    ARTICLE,
    ITEM,
    Filters,
)
from searchkit.engines.whoosh import WhooshEngine
from searchkit.engines.whoosh.patterns import Words
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
    Node,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    Without,
)
from tests.engines.making import (
    document,
    ids,
    put,
)


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
    assert [m.id for m in found] == ["d0002", "d0003", "d0001", "d0004"]
    assert found[0].score > found[1].score > found[2].score == found[3].score


def test_conditions_choose_and_do_not_score(engine: WhooshEngine) -> None:
    put(
        engine,
        document(1, body="w1 w2", moment=10),
        document(2, body="w1", moment=20),
        document(3, kind=ITEM, sidebar="w1", moment=None),
    )
    word, article = Term("w1", "w1"), KeywordFilter("kind", ARTICLE)
    scores = {m.id: m.score for m in engine.search(word, Filters(), 0, 9).matches}
    found = engine.search(AllOf((word, article)), Filters(), 0, 9).matches
    assert {m.id: m.score for m in found} == {i: scores[i] for i in ("d0001", "d0002")}
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
