import random
from dataclasses import replace

import pytest

from searchkit.engines.base import Collapse, Filters
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.whoosh import WhooshEngine
from searchkit.query import (
    Node,
)
from searchkit.testing.conformance.explaining import assert_adds_up
from searchkit.testing.formulas import DAY
from searchkit.testing.making import (
    put,
    random_documents,
    random_query,
    random_ranking,
)


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

        def page(
            offset: int, limit: int, node: Node = node
        ) -> list[tuple[str, float, tuple[str, ...]]]:
            found = engine.search(node, Filters(), offset, limit, collapse=collapse)
            return [(match.id, match.score, match.copies) for match in found.matches]

        whole = page(0, 1000)
        assert [match for n in range(0, 160, 7) for match in page(n, 7)] == whole
        assert engine.search(node, Filters(), 0, 0, collapse=collapse).total == len(whole)
