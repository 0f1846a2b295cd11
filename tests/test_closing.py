"""What an index does when it is closed: nothing more, and says so."""

import asyncio
import inspect
import pickle
import threading
from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import pytest

from searchkit import (
    AsyncDocumentIndex,
    AsyncSearchIndex,
    DocumentIndex,
    Schema,
    SearchIndex,
    SearchIndexError,
    Settings,
    WrongType,
)
from searchkit.async_index import AsyncIndex
from searchkit.schema import Is, Keyword, Text
from tests.conftest import PACT, PACT_ITEM, article

SCHEMA = Schema({"name": Text(title=True), "brand": Keyword()}, id="sku")
SHIRT = {"sku": "b1", "name": "Kemeja batik", "brand": "A"}
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "add": ([PACT],),
    "add_files": ([],),
    "article_of": (PACT_ITEM,),
    "analyze": ("pakta",),
    "delete": ("a",),
    "delete_where": (Is("brand", "A"),),
    "explain": ("pakta", "a"),
    "export": ("out.jsonl",),
    "export_site": ("site",),
    "get": ("a",),
    "items_seen_on": ("page",),
    "mark": ("pakta", "pakta"),
    "scores": ("pakta",),
    "search": ("pakta",),
    "similar": ("a",),
    "suggest": ("pa",),
    "__len__": (),
    "__enter__": (),
}


def methods(kind: type) -> list[str]:
    """The methods of an open index, and those that are called without their names."""
    static = inspect.getattr_static
    own = {name for name in dir(kind) if not name.startswith("_") and name != "close"}
    own |= {name for name in ("__len__", "__enter__") if hasattr(kind, name)}
    return sorted(name for name in own if inspect.isfunction(static(kind, name)))


@pytest.fixture(params=["whoosh", "tantivy"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"{request.param}://{tmp_path}/index"


@pytest.fixture(params=[SearchIndex, DocumentIndex])
def index(
    request: pytest.FixtureRequest, place: str, settings: Settings
) -> Iterator[SearchIndex | DocumentIndex]:
    if request.param is SearchIndex:
        news = SearchIndex.create(place, settings)
        news.add([PACT, PACT_ITEM])
        yield news
    else:
        shop = DocumentIndex.create(place, SCHEMA, settings)
        shop.add([SHIRT])
        yield shop


def test_a_closed_index_says_so(index: SearchIndex | DocumentIndex, tmp_path: Path) -> None:
    index.close()
    index.close()
    for name in methods(type(index)):
        with pytest.raises(SearchIndexError, match="is closed; open it again"):
            result = getattr(index, name)(*ARGUMENTS.get(name, ()))
            list(result)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index"]


def test_a_closed_index_for_asyncio_says_so(index: SearchIndex | DocumentIndex) -> None:
    opened: Any = (
        AsyncSearchIndex(index) if isinstance(index, SearchIndex) else AsyncDocumentIndex(index)
    )

    async def work(name: str) -> None:
        called = getattr(opened, name)(*ARGUMENTS.get(name, ()))
        if inspect.isasyncgen(called):
            async for _ in called:
                pass
        else:
            await called

    async def main() -> None:
        await opened.close()
        await opened.close()
        for name in methods(type(opened)):
            with pytest.raises(SearchIndexError, match="is closed; open it again"):
                await work(name)

    asyncio.run(main())


def test_an_index_is_shown_by_its_place(index: SearchIndex | DocumentIndex) -> None:
    shown = f"<{type(index).__name__} {index.location}>"
    assert repr(index) == shown
    assert repr(AsyncIndex(index)) == f"<AsyncIndex of {shown}>"
    index.close()
    assert repr(index) == f"{shown[:-1]}, closed>"


def test_an_index_is_neither_copied_nor_pickled(index: SearchIndex | DocumentIndex) -> None:
    for each in (index, AsyncIndex(index)):
        for copied in (copy, deepcopy, pickle.dumps):
            with pytest.raises(WrongType, match="cannot be copied or pickled; hand on its `loc"):
                copied(each)
    assert pickle.loads(pickle.dumps(index.location)) == index.location


def test_threads_may_search_while_it_is_closed(place: str, settings: Settings) -> None:
    index = SearchIndex.create(place, settings)
    index.add(article(f"Judul {n} pakta", "Isi berita.", day=1 + n) for n in range(20))
    found: list[object] = []
    begun = threading.Barrier(4)

    def search(work: Callable[[], object]) -> None:
        begun.wait()
        try:
            while True:
                work()
        except BaseException as error:
            found.append(error)

    works: list[Callable[[], object]] = [
        lambda: index.search("pakta jdul", facets=["month"]).total,
        lambda: list(index.export_lines()),
        lambda: index.add([PACT]),
    ]
    threads = [threading.Thread(target=search, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    begun.wait()
    index.close()
    for thread in threads:
        thread.join(30)
    message = f"the index {index.location} is closed; open it again"
    assert [str(error) for error in found] == [message] * 3
    assert SearchIndex.check(place, settings).findings == ()
