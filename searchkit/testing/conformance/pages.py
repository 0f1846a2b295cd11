"""What people see, through `SearchIndex`: the golden searches, and the same pages as Whoosh's."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from searchkit.documents import Article, SidebarItem
from searchkit.results import Hit, ResultPage
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings
from searchkit.testing.conformance.harness import Harness, Indexes
from searchkit.testing.corpus import ARTICLES, ITEMS

CORPUS: tuple[Article | SidebarItem, ...] = (*ARTICLES, *ITEMS)

SEARCHES: list[dict[str, Any]] = tomllib.loads(
    files("searchkit.testing").joinpath("golden.toml").read_text("utf-8")
)["search"]

ASKED: dict[str, Callable[[SearchIndex], Any]] = {
    "similar": lambda index: shown(index.similar("pakta", copies=True)),
    "similar to an item": lambda index: shown(index.similar("item-beras")),
    "suggest": lambda index: [index.suggest(typed) for typed in ("har", "pakta p", "dua negra")],
    "list names": lambda index: [index.list_names(), index.list_names("pop")],
    "corrected": lambda index: shown(index.search("pertahanam negara")),
    "mark": lambda index: index.mark("dpr korut", "DPR membahas Korea Utara"),
    "get": lambda index: [index.get(each.id) for each in CORPUS],
    "documents": lambda index: list(index.documents()),
    "linked article": lambda index: [index.article_of(each) for each in ITEMS],
    "items seen on": lambda index: sorted(each.id for each in index.items_seen_on("pakta")),
    "export": lambda index: list(index.export_lines()),
    "documents by kind": lambda index: dict(index.stats().size.documents),
}
"""Questions other than searches."""


class Pages(Harness):
    """An index of the corpus."""

    @pytest.fixture
    def index(self, indexes: Indexes, settings: Settings) -> Iterator[SearchIndex]:
        """Return the index, of two runs, the second of which changes and deletes."""
        with SearchIndex.create(indexes.free(), settings) as made:
            fill(made)
            yield made

    @pytest.fixture
    def other(self, settings: Settings, tmp_path: Path) -> Iterator[SearchIndex]:
        """Return the same index of the default engine."""
        with SearchIndex.create(tmp_path / "other", replace(settings, engine="whoosh")) as made:
            fill(made)
            yield made

    def test_golden_searches(self, index: SearchIndex) -> None:
        """Each gives the hits, marks and facets that it must."""
        for search in SEARCHES:
            check(search, index)

    def test_pages_are_those_of_the_default_engine(
        self, index: SearchIndex, other: SearchIndex
    ) -> None:
        """Hits, scores, fragments, marks, facets and hints, to the letter."""
        for search in SEARCHES:
            asked = search.get("options", {})
            for more in ({}, {"limit": 2, "offset": 1}, {"collapse": "fullest"}):
                pages = [each.search(search["query"], **asked | more) for each in (index, other)]
                assert shown(pages[0]) == shown(pages[1]), search["why"]
                scores = [[hit.score for hit in page.hits] for page in pages]
                assert scores[0] == pytest.approx(scores[1], rel=1e-4), search["why"]

    @pytest.mark.parametrize("asked", ASKED)
    def test_what_else_is_asked(self, index: SearchIndex, other: SearchIndex, asked: str) -> None:
        """The same answers as those of the default engine."""
        assert ASKED[asked](index) == ASKED[asked](other)

    def test_cursors_walk_through_all_hits(self, index: SearchIndex) -> None:
        """A cursor is text, goes on where its page ended, and knows its search."""
        whole = [hit.id for hit in index.search("*", collapse="off", limit=100).hits]
        met: list[str] = []
        cursor = None
        while True:
            page = index.search("*", collapse="off", limit=4, cursor=cursor)
            met += [hit.id for hit in page.hits]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert met == whole

    def test_indexing_again_changes_nothing(self, index: SearchIndex) -> None:
        """What has not changed is known, and no commit is made."""
        before = index.stats().size.generation
        report = index.add(CORPUS)
        assert report.unchanged == {"article": len(ARTICLES), "item": len(ITEMS)}
        assert index.stats().size.generation == before


def fill(index: SearchIndex) -> None:
    """Put the corpus into an index, some of it twice, and something else that goes again."""
    draft = replace(ARTICLES[3], body=("Harga belum diketahui.",))
    gone = replace(ARTICLES[0], id="gone", headline="Segera Dihapus")
    index.add([*ARTICLES[:3], draft, gone, *ITEMS])
    index.add(ARTICLES[3:])
    index.delete("gone")
    # So that nothing that is gone counts in what a word is worth, whichever the engine.
    index.optimize()


def check(search: dict[str, Any], index: SearchIndex) -> None:
    """Check that a golden search gives what it must."""
    options = {"limit": 50, "collapse": "off"} | search.get("options", {})
    page = index.search(search["query"], **options)
    assert [hit.id for hit in page.hits] == search["hits"], search["why"]
    if "marks" in search:
        assert set(search["marks"]) <= marked(page.hits[0]), search["why"]
    for field, values in search.get("facets", {}).items():
        found = [[each.value, each.count] for each in page.facets[field]]
        assert found == values, search["why"]


def marked(hit: Hit) -> set[str]:
    """Return what is marked in a hit."""
    return {
        fragment.text[start:end]
        for fragment in (hit.title, *hit.fragments)
        for start, end in fragment.marks
    }


def shown(page: ResultPage) -> dict[str, Any]:
    """Return what a page shows, but for the time it took, its scores and its cursor."""
    return {
        "total": page.total,
        "offset": page.offset,
        "relaxed": page.relaxed,
        "facets": page.facets,
        "suggestion": page.suggestion,
        "corrections": page.corrections,
        "more": page.next_cursor is not None,
        "hits": [replace(hit, score=0.0) for hit in page.hits],
    }
