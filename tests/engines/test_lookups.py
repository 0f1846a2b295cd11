import gc
import random
import weakref

import pytest

from searchkit.engines.base import Filters
from searchkit.engines.whoosh import WhooshEngine, lookups, snapshot
from searchkit.query import AllOf, AnyOf, Node, Phrase, Prefix, Term
from searchkit.testing.making import document, put

WORDS = [f"w{number}" for number in range(40)]


def test_words_kept_are_few_and_change_nothing(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    texts = [" ".join(chance.choices(WORDS, k=12)) for _ in range(200)]
    put(engine, *(document(number, body=text) for number, text in enumerate(texts)))
    monkeypatch.setattr(lookups, "_MOST_KEPT", 1_000)
    for _ in range(200):
        terms = tuple(Term(word, word) for word in chance.sample(WORDS, 2))
        nodes: list[Node] = [AllOf(terms), AnyOf(terms), terms[0]]
        node = chance.choice(nodes)
        kept = engine.search(node, Filters(), 0, 10)
        fresh = WhooshEngine(engine.folder).search(node, Filters(), 0, 10)
        assert [(m.id, m.score) for m in kept.matches] == [(m.id, m.score) for m in fresh.matches]
        assert kept.total == fresh.total
    known = engine.snapshot().lookups._kept
    assert 0 < sum(lookup.having for lookup in known.values()) <= 1_000


def test_a_word_of_more_documents_than_are_kept(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "_MOST_KEPT", 10)
    put(engine, *(document(number, body="w1") for number in range(20)))
    for _ in range(2):
        assert engine.search(Term("w1", "w1"), Filters(), 0, 1).total == 20
    assert not engine.snapshot().lookups._kept


def test_frequencies_kept_are_few_and_those_of_the_commit(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_MOST_KEPT", 2)
    put(engine, document(9, body="kosong"))
    for having in range(3):
        for word in WORDS[:4]:
            assert [engine.frequency(Term(word, word)) for _ in range(2)] == [having, having]
        assert len(engine.snapshot().frequencies) == 2
        put(engine, document(having, body=" ".join(WORDS)))


def test_a_commit_that_nobody_needs_lets_go_of_its_files_at_once(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1 w2"))
    before = weakref.ref(engine.snapshot())
    terms = (Term("w1", "w1"), Term("w2", "w2"))
    gc.disable()  # what is left of it must not wait for cycles to be looked for
    try:
        for node in (terms[0], AllOf(terms), AnyOf(terms), Phrase(terms), Prefix("w")):
            assert engine.search(node, Filters(), 0, 10).total == 1
        put(engine, document(2, body="w3"))
        engine.snapshot()
        assert before() is None
    finally:
        gc.enable()
