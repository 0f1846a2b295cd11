"""Facets, filters, sorts and positions of the engine, beside the reference and by examples."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from searchkit.analysis.normalization import fold_value
from searchkit.engines.base import (
    Collapse,
    FacetsWanted,
    Filters,
    IndexedDocument,
    Position,
    Ranking,
    Sort,
)
from searchkit.engines.whoosh import WhooshEngine
from searchkit.errors import QueryError
from searchkit.query import Everything, Node, Term
from searchkit.results import FacetCount
from tests.engines.making import document, put, random_documents, random_query
from tests.engines.reference import ReferenceEngine
from tests.engines.test_copies import changed, words

SECTIONS = ["Politik", "POLITIK", "Ekonomi", "Ékonomi", "Dunia"]
LISTS = ["Populer", "populer", "Terkini"]


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    WhooshEngine.publish_empty(tmp_path)
    return WhooshEngine(tmp_path)


def with_facets(chance: random.Random, plain: IndexedDocument) -> IndexedDocument:
    facets = {
        "kind": (plain.kind,),
        "section": tuple(chance.sample(SECTIONS, chance.randint(0, 1))),
        "list": tuple(chance.sample(LISTS, chance.randint(0, 3))),
    }
    return replace(plain, facets=facets)


def random_filters(chance: random.Random) -> Filters:
    values = {}
    for field, known in (("section", SECTIONS), ("list", LISTS)):
        if chance.random() < 0.4:
            chosen = chance.sample([*known, "absent"], chance.randint(1, 2))
            values[field] = frozenset(map(fold_value, chosen))
    return Filters(values, chance.choice([None, None, 2]), chance.choice([None, None, 3]))


@pytest.mark.parametrize("seed", range(4))
def test_counts_filters_and_sorts_are_those_of_the_reference(
    engine: WhooshEngine, seed: int
) -> None:
    chance = random.Random(seed)
    documents = [with_facets(chance, each) for each in random_documents(chance, 90)]
    for start in range(0, 90, 18):  # enough commits for segments to be merged
        put(engine, *documents[start : start + 18])
    gone = {each.id for each in chance.sample(documents, 10)}
    with engine.writer() as writer:
        for document_id in gone:
            writer.delete(document_id)
    other = replace(documents[0], facets={"kind": ("item",), "section": ("Baru",)})
    put(engine, other)
    documents = [each for each in documents[1:] if each.id not in gone]
    documents.append(other)
    reference = ReferenceEngine(documents, Ranking())
    wanted = FacetsWanted(("section", "list", "kind", "month"), 10)
    for _ in range(25):
        filters = random_filters(chance)
        passing = [document_id for document_id, _ in reference.search(Everything(), None, filters)]
        found = engine.search(Everything(), filters, 0, 1000, facets=wanted)
        assert {match.id for match in found.matches} == set(passing)
        for field in wanted.fields:
            counts = [(each.value, each.count) for each in found.facets[field]]
            assert counts == reference.facet(field, passing)
        for sort in ("newest", "oldest"):
            page = engine.search(Everything(), filters, 0, 1000, sort=sort)
            assert [m.id for m in page.matches] == reference.dated(passing, sort)


@pytest.mark.parametrize("seed", range(3))
def test_filters_leave_scores_as_they_are(engine: WhooshEngine, seed: int) -> None:
    chance = random.Random(seed)
    documents = [with_facets(chance, each) for each in random_documents(chance, 80)]
    put(engine, *documents)
    for _ in range(20):
        node, filters = random_query(chance), random_filters(chance)
        scores = {m.id: m.score for m in engine.search(node, Filters(), 0, 99).matches}
        for match in engine.search(node, filters, 0, 99).matches:
            assert match.score == scores[match.id]


def walk(engine: WhooshEngine, node: Node, sort: Sort, collapse: Collapse, size: int) -> list[str]:
    """Return the ids that positions lead to, page by page, having checked what pages say."""
    ids: list[str] = []
    position: Position | None = None
    while True:
        page = engine.search(node, Filters(), 0, size, sort=sort, collapse=collapse, after=position)
        assert page.before == len(ids)
        ids += [match.id for match in page.matches]
        position = page.last
        if position is None:
            assert len(ids) == page.total
            return ids


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("collapse", ["off", "newest", "fullest"])
def test_walking_meets_every_hit_once_in_order(
    engine: WhooshEngine, sort: Sort, collapse: Collapse
) -> None:
    chance = random.Random(f"{sort} {collapse}")
    documents = random_documents(chance, 120)
    for number in range(120, 150):
        body = " ".join(["w1", *changed(words(number // 3), number % 3 * 4, number)])
        documents.append(document(number, moment=chance.choice([None, 1, 2]), body=body))
    put(engine, *documents[:70])
    put(engine, *documents[70:])
    for node in (Everything(), Term("w1", "w1"), random_query(chance)):
        matches = engine.search(node, Filters(), 0, 1000, sort=sort, collapse=collapse).matches
        whole = [match.id for match in matches]
        assert len(set(whole)) == len(whole)
        for size in (1, 7, 1000):
            assert walk(engine, node, sort, collapse, size) == whole


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_walk_by_date_meets_what_was_there_once_while_others_write(
    engine: WhooshEngine, sort: Sort
) -> None:
    chance = random.Random(5)
    documents = random_documents(chance, 60)
    put(engine, *documents)
    ids: list[str] = []
    position = None
    for commit in range(100):
        page = engine.search(Everything(), Filters(), 0, 7, sort=sort, after=position)
        ids += [match.id for match in page.matches]
        position = page.last
        if position is None:
            break
        put(engine, document(1000 + commit, moment=chance.choice([1, 2, 3]), body="w1"))
    assert len(set(ids)) == len(ids)
    assert {each.id for each in documents} <= set(ids)


def test_walk_by_relevance_goes_on_in_the_index_as_it_was(engine: WhooshEngine) -> None:
    put(engine, *random_documents(random.Random(6), 60))
    node = Term("w1", "w1")
    whole = [match.id for match in engine.search(node, Filters(), 0, 99).matches]
    first = engine.search(node, Filters(), 0, 5)
    put(engine, document(900, headline="w1", body="w1 w1"))
    second = engine.search(node, Filters(), 0, 99, after=first.last)
    assert [m.id for m in (*first.matches, *second.matches)] == whole
    other_process = WhooshEngine(engine.folder)
    with pytest.raises(QueryError, match="the index has changed since this cursor was given"):
        other_process.search(node, Filters(), 0, 5, after=first.last)


def test_commits_are_not_kept_without_end(engine: WhooshEngine) -> None:
    put(engine, *(document(n, body="w1") for n in range(9)))
    first = engine.search(Term("w1", "w1"), Filters(), 0, 5).last
    for number in range(20, 25):
        put(engine, document(number, body="w1"))
        engine.search(Term("w1", "w1"), Filters(), 0, 5)
    with pytest.raises(QueryError, match="or sort by date, where cursors outlast changes"):
        engine.search(Term("w1", "w1"), Filters(), 0, 5, after=first)


def test_copies_count_once_and_the_most_frequent_are_kept(engine: WhooshEngine) -> None:
    text = words(1)
    put(
        engine,
        *(
            document(n, body=" ".join(changed(text, n, n)), moment=n, facets={"section": ("A",)})
            for n in range(3)
        ),
        document(3, body="w1", facets={"section": ("B",)}),
        document(4, body="w1", facets={"section": ("C",)}),
    )
    wanted = FacetsWanted(("section",), 2)
    counts = {
        collapse: engine.search(
            Everything(), Filters(), 0, 0, collapse=collapse, facets=wanted
        ).facets["section"]
        for collapse in ("off", "newest")
    }
    assert counts["off"] == (FacetCount("A", 3), FacetCount("B", 1))
    assert counts["newest"] == (FacetCount("A", 1), FacetCount("B", 1))


def test_several_values_are_chosen_by_counts_without_the_own_filter(engine: WhooshEngine) -> None:
    for number, (section, source) in enumerate([("A", "x"), ("A", "y"), ("B", "x"), ("C", "y")]):
        facets: dict[str, tuple[str, ...]] = {"section": (section,), "source": (source,)}
        put(engine, document(number, body="w1", facets=facets))
    filters = Filters({"section": frozenset("a"), "source": frozenset("x")})
    for multi_select, sections in (
        (False, (FacetCount("A", 1),)),
        (True, (FacetCount("A", 1), FacetCount("B", 1))),
    ):
        wanted = FacetsWanted(("section", "kind"), 9, multi_select)
        found = engine.search(Everything(), filters, 0, 9, facets=wanted)
        assert found.facets["section"] == sections
        assert found.facets["kind"] == (FacetCount("article", 1),)
        assert found.total == 1


def test_document_frequencies(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1 w2"), document(2, body="w1", headline="w3"))
    put(engine, document(3, body="w1"))
    assert engine.frequencies("body", ["w1", "w2", "w3"]) == {"w1": 3, "w2": 1, "w3": 0}
