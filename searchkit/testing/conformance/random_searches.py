"""Random documents and random queries: an engine finds what the reference engine finds."""

import random
from collections.abc import Iterator, Sequence

import pytest

from searchkit.analysis.located import Words
from searchkit.engines.base import (
    Collapse,
    Engine,
    FacetsWanted,
    Filters,
    IndexedDocument,
    Order,
    Position,
    Sort,
)
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.ranking import Ranking
from searchkit.query import AnyOf, Everything, Node, Term, tree
from searchkit.testing.conformance.comparing import assert_agrees
from searchkit.testing.conformance.explaining import assert_adds_up
from searchkit.testing.conformance.harness import Harness, Indexes
from searchkit.testing.making import (
    VOCABULARY,
    occurrences,
    put,
    random_documents,
    random_filters,
    random_query,
    random_ranking,
)
from searchkit.testing.reference import ReferenceEngine

COLLAPSES: tuple[Collapse, ...] = ("off", "newest", "fullest")
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


class RandomSearches(Harness):
    """Tests with random documents, queries, filters and rankings, of fixed seeds."""

    @pytest.mark.parametrize("seed", range(5))
    def test_ids_order_copies_and_facets_are_those_of_the_reference(
        self, indexes: Indexes, seed: int
    ) -> None:
        """Documents of several commits, so that several segments and merges are met."""
        chance = random.Random(seed)
        documents = random_documents(chance, 120)
        ranking = Ranking() if seed == 0 else random_ranking(chance)
        engine = indexes.open(indexes.new(), ranking)
        put_in_parts(chance, engine, documents)
        reference = ReferenceEngine(documents, ranking)
        for _ in range(30):
            node = random_query(chance)
            filters = random_filters(chance) if chance.random() < 0.3 else Filters()
            collapse = chance.choice(COLLAPSES)
            fields = ("section", "list", "month", "kind")
            facets = FacetsWanted(fields, chance.choice([1, 10]), chance.random() < 0.5)
            found = engine.search(node, filters, 0, 1000, collapse=collapse, facets=facets)
            expected = reference.search(node, filters, collapse=collapse, facets=facets)
            assert_agrees(engine, found, expected, documents)

    @pytest.mark.parametrize("seed", range(3))
    def test_updated_and_deleted_documents_are_as_if_never_there(
        self, indexes: Indexes, seed: int
    ) -> None:
        """What is deleted may count in what a word is worth, but no more once it is optimized."""
        chance = random.Random(100 + seed)
        documents = {each.id: each for each in random_documents(chance, 90)}
        engine = indexes.open(indexes.new())
        put_in_parts(chance, engine, list(documents.values()))
        changed = {each.id: each for each in random_documents(chance, 120)[75:]}
        gone = chance.sample(sorted(documents), 15)
        put(engine, *changed.values())
        documents |= changed
        with engine.writer() as writer:
            for document_id in gone:
                assert writer.delete(document_id)
                del documents[document_id]
        left = list(documents.values())
        reference = ReferenceEngine(left)
        nodes = [random_query(chance) for _ in range(15)]
        for node in nodes:
            found = engine.search(node, Filters(), 0, 1000, sort="newest")
            expected = reference.search(node, sort="newest")
            if not any(isinstance(each, AnyOf) and each.share for each in tree.walk(node)):
                assert [m.id for m in found.matches] == [m.id for m in expected.matches]
        engine.optimize()
        for node in nodes:
            found = engine.search(node, Filters(), 0, 1000)
            assert_agrees(engine, found, reference.search(node), left)

    def test_positions_are_those_of_the_tokens(self, indexes: Indexes) -> None:
        """Where words stand in a hit, if an engine says so, by stem and by form, in any field."""
        chance = random.Random(300)
        documents = {each.id: each for each in random_documents(chance, 120)}
        engine = indexes.open(indexes.new())
        put_in_parts(chance, engine, list(documents.values()))
        asked = [*VOCABULARY, *(f"{word}x" for word in VOCABULARY), "absent"]
        for node in (Everything(), Term("w1", "w1")):
            terms, forms = (frozenset(chance.sample(asked, 6)) for _ in range(2))
            for words in (Words(terms, forms), Words(terms, frozenset()), Words(forms, forms)):
                for match in engine.search(node, Filters(), 0, 1000).matches:
                    if match.positions is None:
                        pytest.skip("the engine does not tell positions")
                    tokens = documents[match.id].tokens
                    for field in TEXT_FIELDS:
                        assert match.positions(field, words) == occurrences(
                            words, tokens.get(field, ())
                        )

    @pytest.mark.parametrize("sort", SORTS)
    @pytest.mark.parametrize("collapse", COLLAPSES)
    def test_pages_by_rank_and_by_cursor_are_the_whole(
        self, indexes: Indexes, sort: Sort, collapse: Collapse
    ) -> None:
        """Pages of any size, put together, have every hit once, in order."""
        chance = random.Random(f"{sort} {collapse}")
        documents = random_documents(chance, 120)
        engine = indexes.open(indexes.new())
        put_in_parts(chance, engine, documents)
        reference = ReferenceEngine(documents)
        for node in (Everything(), Term("w1", "w1"), random_query(chance)):
            found = engine.search(node, Filters(), 0, 1000, sort=sort, collapse=collapse)
            whole = [match.id for match in found.matches]
            if sort != "relevance":
                expected = reference.search(node, sort=sort, collapse=collapse)
                assert whole == [match.id for match in expected.matches]
            for size in (1, 7, 1000):
                assert list(walk(engine, node, sort, collapse, size)) == whole
            paged = [
                match.id
                for offset in range(0, len(whole) + 9, 9)
                for match in engine.search(
                    node, Filters(), offset, 9, sort=sort, collapse=collapse
                ).matches
            ]
            assert paged == whole
            none = engine.search(node, Filters(), 0, 0, sort=sort, collapse=collapse)
            assert (none.total, none.matches) == (len(whole), ())

    @pytest.mark.parametrize("seed", range(3))
    def test_explanations_add_up_to_the_score(self, indexes: Indexes, seed: int) -> None:
        """Computed from its parts as docs/ranking.md says, each value is what it says."""
        if not indexes.engine.capabilities.explains:
            pytest.skip("the engine does not explain scores")
        chance = random.Random(200 + seed)
        documents = random_documents(chance, 60)
        ranking = random_ranking(chance)
        engine = indexes.open(indexes.new(), ranking)
        put_in_parts(chance, engine, documents)
        for _ in range(10):
            node = random_query(chance)
            scores = {m.id: m.score for m in engine.search(node, Filters(), 0, 100).matches}
            for each in documents:
                explanation = engine.explain(node, each.id)
                assert (explanation is not None) == (each.id in scores)
                if explanation is not None:
                    assert explanation.value == pytest.approx(scores[each.id], rel=1e-5)
                    assert_adds_up(explanation, ranking)


def put_in_parts(
    chance: random.Random, engine: Engine, documents: Sequence[IndexedDocument]
) -> None:
    """Put documents into an index in four commits of random sizes."""
    cuts = sorted(chance.sample(range(1, len(documents)), 3))
    for start, end in zip([0, *cuts], [*cuts, len(documents)], strict=True):
        put(engine, *documents[start:end])


def walk(engine: Engine, node: Node, sort: Order, collapse: Collapse, size: int) -> Iterator[str]:
    """Yield the ids that positions lead to, page by page, having checked what pages say."""
    met = 0
    position: Position | None = None
    while True:
        page = engine.search(node, Filters(), 0, size, sort=sort, collapse=collapse, after=position)
        assert page.before == met
        met += len(page.matches)
        yield from (match.id for match in page.matches)
        position = page.last
        if position is None:
            assert met == page.total
            return
