"""The golden searches of searches.toml, on an index of the sample pages."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchkit import SearchIndex, Settings
from searchkit.samples import sample_pages

SEARCHES = tomllib.loads((Path(__file__).parent / "searches.toml").read_text("utf-8"))["search"]


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[SearchIndex]:
    with SearchIndex.create(tmp_path_factory.mktemp("golden") / "index", settings) as index:
        index.add_files([sample_pages()])
        yield index


def test_there_are_enough_searches_and_none_twice() -> None:
    queries = [search["query"] for search in SEARCHES]
    assert len(queries) >= 60
    assert len(set(queries)) == len(queries)


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search["query"])
def test_search(samples: SearchIndex, search: dict[str, Any]) -> None:
    page = samples.search(search["query"])
    if "first" not in search:
        assert (page.total, page.hits) == (0, ())
        return
    hit = page.hits[0]
    assert hit.headline.startswith(search["first"])
    marked = {
        fragment.text[start:end]
        for fragment in (hit.title, *hit.fragments)
        for start, end in fragment.marks
    }
    assert set(search["marks"]) <= marked, search["why"]
    assert not marked.intersection(search.get("unmarked", ()))
