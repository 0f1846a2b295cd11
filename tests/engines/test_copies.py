import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from searchkit.engines import copies
from searchkit.engines.base import ITEM, Collapse, Filters, IndexedDocument
from searchkit.engines.copies import SHORTEST, groups, links, member_number, signature
from searchkit.engines.whoosh import WhooshEngine
from searchkit.query import Everything, Node
from searchkit.testing.making import document, put, tokens


def words(seed: int, count: int = 200) -> list[str]:
    return random.Random(seed).choices([f"v{n}" for n in range(5000)], k=count)


def changed(text: list[str], changes: int, seed: int = 0) -> list[str]:
    """Put other words in the place of some."""
    chance = random.Random(seed)
    text = text.copy()
    for place in chance.sample(range(len(text)), changes):
        text[place] = f"changed{chance.random()}"
    return text


def resemblance(first: list[str], second: list[str]) -> float:
    one, other = (set(zip(t, t[1:], t[2:], strict=False)) for t in (first, second))
    return len(one & other) / len(one | other)


@pytest.mark.parametrize("changes", [0, 2, 5, 10, 20, 40, 200])
def test_signatures_agree_as_much_as_the_texts_resemble(changes: int) -> None:
    found = []
    wanted = []
    for seed in range(30):
        first = words(seed)
        second = changed(first, changes, seed)
        one, other = (np.frombuffer(signature(tokens(t)), "<u2") for t in (first, second))
        found.append(np.mean(one == other))
        wanted.append(resemblance(first, second))
    assert np.mean(found) == pytest.approx(np.mean(wanted), abs=0.04)


def test_signature_is_the_same_on_every_machine() -> None:
    text = tokens([f"kata{n}" for n in range(100)])
    assert signature(text)[:8].hex() == "ed07652e11b8ed42"


def test_short_text_has_no_signature() -> None:
    assert signature(tokens(["a"] * (SHORTEST - 1))) == b""
    assert len(signature(tokens(["a"] * SHORTEST))) == 128


def test_long_text_is_signed_as_a_whole() -> None:
    text = words(1, 20_000)
    one, other = (np.frombuffer(signature(tokens(t)), "<u2") for t in (text, text[4000:]))
    assert np.mean(one == other) == pytest.approx(0.8, abs=0.15)


def linked(texts: list[list[str]], fresh: int) -> set[frozenset[int]]:
    """Return the groups of more than one text, by index."""
    signed = [signature(tokens(text)) for text in texts]
    members = np.array([member_number(str(n), s) for n, s in enumerate(signed)])
    rows = np.frombuffer(b"".join(signed), np.uint8).reshape(-1, 128)
    by_group = defaultdict(set)
    for index, group in enumerate(groups(members, links(members, rows, fresh))):
        if group:
            by_group[group].add(index)
    return {frozenset(found) for found in by_group.values()}


def test_copies_are_linked_and_others_not() -> None:
    texts = [words(seed) for seed in range(20)]
    texts += [changed(texts[0], 5), changed(texts[0], 5, 1), changed(texts[7], 5)]
    assert linked(texts, len(texts)) == {frozenset({0, 20, 21}), frozenset({7, 22})}
    assert linked(texts, 1) == {frozenset({7, 22})}


def test_texts_that_share_less_than_most_are_no_copies() -> None:
    pairs = [(words(seed), changed(words(seed), 30, seed)) for seed in range(30)]
    assert all(0.3 < resemblance(*pair) < 0.55 for pair in pairs)
    assert linked([text for pair in pairs for text in pair], 60) == set()


@pytest.mark.parametrize("at_once", [0, 10**6])
def test_signatures_that_share_a_band(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """Few are compared all at once, many a band at a time."""
    monkeypatch.setattr(copies, "_AT_ONCE", at_once)
    rows = np.random.default_rng(1).integers(0, 256, (40, 128), dtype=np.uint8)
    others = rows[[3, 8]] ^ 1
    others[0, 8:16] = rows[17, 8:16]  # the second band
    others[1, 9:17] = rows[18, 9:17]  # parts of two
    others[1, 120:] = rows[5, 120:]
    assert copies.sharing_a_band(rows, others).nonzero()[0].tolist() == [5, 17]
    assert not copies.sharing_a_band(rows, others[:0]).any()
    assert len(copies.sharing_a_band(rows[:0], others)) == 0


def test_nothing_to_link() -> None:
    empty = np.empty(0, np.int64)
    assert len(links(empty, np.empty((0, 128), np.uint8), 0)) == 0
    assert len(groups(empty, np.empty((0, 2), np.int64))) == 0


def test_chain_of_links_is_one_group() -> None:
    members = np.arange(1, 101)
    chain = np.column_stack((members[:-1], members[1:]))
    shuffled = np.random.default_rng(1).permutation(chain)
    assert set(groups(members, shuffled)) == {1}


def body(
    number: int, text: list[str], moment: int | None = 0, headline: str = ""
) -> IndexedDocument:
    return document(number, moment=moment, headline=headline, body=" ".join(text))


def found(
    engine: WhooshEngine, collapse: Collapse, node: Node | None = None
) -> list[tuple[str, tuple[str, ...]]]:
    matches = engine.search(node or Everything(), Filters(), 0, 100, collapse=collapse)
    assert matches.total == len(matches.matches)
    return [(match.id, match.copies) for match in matches.matches]


REPORT = words(100)
SHORT, LONG, NEW = changed(REPORT, 4, 1), [*changed(REPORT, 4, 2), "w9"], changed(REPORT, 4, 3)


@pytest.fixture
def wire(engine: WhooshEngine) -> WhooshEngine:
    """Three copies of a report, one of them with a word of its own, and another article."""
    put(engine, body(1, SHORT, 10), body(4, words(200), 15))
    put(engine, body(2, LONG, 20), body(3, NEW, 30))
    return engine


def test_items_and_short_articles_are_no_copies(engine: WhooshEngine) -> None:
    put(engine, document(1, kind=ITEM, sidebar="w1"), document(2, kind=ITEM, sidebar="w1"))
    put(engine, document(3, body="w1"), document(4, body="w1"))
    assert len(found(engine, "newest")) == 4


def partition(engine: WhooshEngine) -> set[frozenset[str]]:
    return {frozenset((shown, *others)) for shown, others in found(engine, "newest")}


def batches(documents: list[IndexedDocument], size: int) -> Iterable[list[IndexedDocument]]:
    return (documents[n : n + size] for n in range(0, len(documents), size))


def test_groups_do_not_depend_on_order_or_commits(tmp_path: Path) -> None:
    documents = []
    for number in range(24):
        text = words(number // 3)
        documents.append(body(number, changed(text, number % 3 * 8, number), number))
    partitions = []
    for seed, size in ((0, 24), (1, 1), (2, 5), (3, 9)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        WhooshEngine.publish_empty(folder)
        engine = WhooshEngine(folder)
        random.Random(seed).shuffle(documents)
        for batch in batches(documents, size):
            put(engine, *batch)
        partitions.append(partition(engine))
    assert any(len(group) > 1 for group in partitions[0])
    assert all(groups == partitions[0] for groups in partitions)


def test_copies_outlast_merges(wire: WhooshEngine) -> None:
    before = found(wire, "newest")
    for number in range(10, 40):
        put(wire, body(number, words(number), 1))
    with wire.writer() as writer:
        for number in range(10, 40):
            writer.delete(f"d{number:04}")
    put(wire, document(50, body="w1", moment=1))
    assert wire.stats().segments < 10
    assert found(wire, "newest")[:2] == before


def test_links_among_those_that_are_there() -> None:
    pairs = np.array([[1, 2], [2, 3], [3, 4], [9, 8], [20, 21]])
    there = [np.array([4, 21, 20]), np.array([], dtype=np.int64), np.array([1, 8, 50])]
    assert copies.links_among(there, pairs).tolist() == [[4, 1], [21, 20]]
    assert copies.links_among([], pairs).shape == (0, 2)
    assert copies.links_among(there, pairs[:0]).shape == (0, 2)


def links_of(engine: WhooshEngine) -> int:
    return sum(len(segment.documents.copies.links) for segment in engine.snapshot().segments)


def test_links_of_what_is_gone_go_as_segments_merge(engine: WhooshEngine) -> None:
    put(engine, body(1, REPORT))
    for number in range(40):
        put(engine, body(2, changed(REPORT, 3, number)))
        assert dict(found(engine, "newest")) in ({"d0001": ("d0002",)}, {"d0002": ("d0001",)})
    assert links_of(engine) < 10
    engine.optimize()
    assert links_of(engine) == 1
