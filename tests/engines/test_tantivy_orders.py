"""Orders and pages of tantivy: by relevance window after window, by conditions, by a number."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("tantivy", reason="needs the extra tantivy")

from searchkit.engines.base import Filters
from searchkit.engines.fields import Fields
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest
from searchkit.engines.ranking import Ranking
from searchkit.engines.tantivy import TantivyEngine
from searchkit.engines.tantivy.schema import sort_keys
from searchkit.errors import IndexDamaged
from searchkit.query import AnyOf, Everything, Node, Term
from searchkit.settings import Settings
from searchkit.testing.conformance.schemas import BARE, SIZES, bare
from searchkit.testing.making import document, ids, put, random_documents

MANIFEST = Manifest(engine="tantivy", analyzer="test-1", version=TantivyEngine.format_version)


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    made = tmp_path / "index"
    TantivyEngine.create(Location.of(made), MANIFEST, Settings())
    return TantivyEngine(made)


def walked(engine: TantivyEngine, node: Node, limit: int) -> list[str]:
    """The ids of all matches, by cursors."""
    page = engine.search(node, Filters(), 0, limit)
    met = [match.id for match in page.matches]
    while page.last:
        page = engine.search(node, Filters(), 0, limit, after=page.last)
        met += [match.id for match in page.matches]
    return met


def test_windows_that_score_nothing_are_gone_through(engine: TantivyEngine) -> None:
    items = [document(n, kind="item", sidebar="w1", moment=n) for n in range(170)]
    put(engine, *items, *(document(n, body="w2", moment=n) for n in range(170, 300)))
    node = AnyOf((Term("w2", "w2"), Everything()))
    found = walked(engine, node, 40)
    assert found == ids(engine, node)
    assert sorted(found) == [f"d{n:04}" for n in range(300)]
    assert set(found[:130]) == {f"d{n:04}" for n in range(170, 300)}
    conditions = [f"d{n:04}" for n in (*range(299, 169, -1), *range(169, -1, -1))]
    assert ids(engine, Everything()) == walked(engine, Everything(), 40) == conditions


@pytest.mark.parametrize("count", [300, 1200])
def test_of_what_scores_the_same_the_newest_come_first(engine: TantivyEngine, count: int) -> None:
    put(engine, *(document(n, headline="w1", moment=n) for n in range(count)))
    expected = [f"d{n:04}" for n in range(count - 1, -1, -1)]
    assert walked(engine, Term("w1", "w1"), 90) == expected


def test_a_page_that_fails_loses_nothing(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, *random_documents(random.Random(7), 200))
    whole = ids(engine, Term("w1", "w1"))
    first = engine.search(Term("w1", "w1"), Filters(), 0, 40)

    def fail(*_: object) -> None:
        raise IndexDamaged("a document cannot be read")

    with monkeypatch.context() as patch:
        patch.setattr("searchkit.engines.tantivy.scored.candidates", fail)
        with pytest.raises(IndexDamaged):
            engine.search(Term("w1", "w1"), Filters(), 0, 40, after=first.last)
    rest = engine.search(Term("w1", "w1"), Filters(), 0, 1000, after=first.last)
    assert [match.id for match in (*first.matches, *rest.matches)] == whole


MOMENTS = st.none() | st.integers(-(2**36), 2**38)
IDS = st.text(max_size=6)


@given(st.tuples(MOMENTS, IDS), st.tuples(MOMENTS, IDS))
def test_sort_keys_are_in_the_order_of_dates_and_ids(
    one: tuple[int | None, str], other: tuple[int | None, str]
) -> None:
    for newest in (True, False):
        keys = [sort_keys(*each)[0 if newest else 1] for each in (one, other)]
        wanted = [
            (moment is None, (-moment if newest else moment) if moment is not None else 0)
            for moment, _ in (one, other)
        ]
        if wanted[0] != wanted[1]:
            assert (keys[0] < keys[1]) == (wanted[0] < wanted[1])
        elif keys[0] != keys[1]:
            assert (keys[0] < keys[1]) == (one[1].encode() < other[1].encode())
        assert all(0 <= key < 2**63 for key in keys)


def test_ids_up_to_a_cursor_are_counted_however_many_have_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searchkit.engines.tantivy.bynumber._FEW", 2)
    manifest = Manifest(engine="tantivy", analyzer="a", version=1, schema=BARE)
    place = Location.of(tmp_path / "index")
    TantivyEngine.create(place, manifest, Settings())
    ranking = Ranking(weights={}, titles=())
    engine = TantivyEngine(place.directory, ranking=ranking, fields=Fields.of(BARE))
    put(engine, *(bare(f"d{n:02}", n // 30) for n in random.Random(1).sample(range(50), 50)))
    first = engine.search(Everything(), Filters(), 0, 20, sort=SIZES)
    second = engine.search(Everything(), Filters(), 0, 20, sort=SIZES, after=first.last)
    assert (second.before, [match.id for match in second.matches]) == (
        20,
        [f"d{n:02}" for n in range(20, 40)],
    )
