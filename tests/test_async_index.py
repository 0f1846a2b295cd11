"""Indexes for asyncio: what is awaited, streamed and closed."""

import asyncio
import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from threading import Event

import pytest

from searchkit import (
    Article,
    AsyncDocumentIndex,
    AsyncSearchIndex,
    DocumentIndex,
    DocumentNotFound,
    IndexMissing,
    QueryError,
    Schema,
    SchemaError,
    SearchIndex,
    SearchIndexError,
    Settings,
)
from searchkit.async_index import STREAMED
from searchkit.schema import Is, Keyword, Number, Text
from tests.asynchronous import Gate, run, until
from tests.conftest import FOOTBALL, PACT, PACT_ITEM, RESIGNATION, article


@pytest.mark.parametrize(
    ("kind", "asynchronous"),
    [(SearchIndex, AsyncSearchIndex), (DocumentIndex, AsyncDocumentIndex)],
)
def test_methods_are_those_of_the_index(kind: type, asynchronous: type) -> None:
    own = {"close"}
    for name, method in inspect.getmembers(kind):
        if name.startswith("_"):
            continue
        twin = getattr(asynchronous, name)
        if callable(method) and name not in own:
            assert twin.__doc__ == method.__doc__ or name in ("add", "add_files"), name
            given, expected = (list(inspect.signature(m).parameters) for m in (twin, method))
            assert given == expected, name


def test_answers_are_those_of_the_index(index: SearchIndex) -> None:
    page = index.search("pertahanan", facets=("section",))

    async def work(opened: AsyncSearchIndex) -> None:
        found = await opened.search("pertahanan", facets=("section",))
        assert (found.hits, found.facets) == (page.hits, page.facets)
        assert await opened.get(PACT.id) == PACT
        assert (await opened.similar(PACT.id)).query == PACT.id
        assert (await opened.explain("mendukung", PACT.id)) is not None
        assert await opened.suggest("dua neg") == [PACT.headline]
        assert (await opened.mark("pakta", "Pakta lama")).plain() == "«Pakta» lama"
        assert [token.term for token in await opened.analyze("mendukung")] == ["dukung"]
        assert await opened.article_of(PACT_ITEM) == ""
        assert await opened.list_names() == ["populer", "update"]
        assert (await opened.stats()).size.documents == {"article": 3, "item": 2}
        assert opened.location == index.location
        assert opened.path == index.path
        assert opened.sync is index

    run(index, work)


def test_opened_by_await_or_async_with(tmp_path: Path, settings: Settings) -> None:
    async def main() -> None:
        async with AsyncSearchIndex.create(tmp_path / "index", settings) as index:
            assert (await index.add([PACT])).added == {"article": 1}
        index = await AsyncSearchIndex.open(tmp_path / "index", settings)
        assert (await index.search("pakta")).total == 1
        await index.close()
        async with AsyncSearchIndex.open_or_create(tmp_path / "index", settings) as index:
            assert (await index.stats()).size.documents["article"] == 1
        async with AsyncSearchIndex.rebuild(tmp_path / "index", settings) as index:
            await index.add([FOOTBALL, RESIGNATION])
            await index.optimize()
            assert await index.export(tmp_path / "all.jsonl") == 2
        report = await AsyncSearchIndex.check(tmp_path / "index", settings)
        assert report.findings == ()
        await AsyncSearchIndex.backup(tmp_path / "index", tmp_path / "copy", settings)
        await AsyncSearchIndex.restore(tmp_path / "new", tmp_path / "copy", settings)
        assert (await AsyncSearchIndex.repair(tmp_path / "new", settings)).lost == ()
        moved = await AsyncSearchIndex.migrate(tmp_path / "new", tmp_path / "moved", settings)
        assert moved.documents["article"] == 2
        async with AsyncSearchIndex.open(tmp_path / "moved", settings) as index:
            again = await index.add_files([tmp_path / "all.jsonl"])
            assert again.unchanged == {"article": 2}

    asyncio.run(main())


def test_documents_of_a_schema(tmp_path: Path, settings: Settings) -> None:
    schema = Schema({"name": Text(title=True), "brand": Keyword(), "price": Number()}, id="sku")
    shirt = {"sku": "b1", "name": "Kemeja batik", "brand": "Solo", "price": 450}
    cloth = {"sku": "k2", "name": "Kain tenun", "brand": "Sumba"}
    place = tmp_path / "shop"

    async def main() -> None:
        async with AsyncDocumentIndex.create(place, schema, settings) as shop:
            assert (await shop.add(iter([shirt, cloth]))).added == {"document": 2}
            with pytest.raises(SchemaError, match="price"):
                await shop.add([{"sku": "x", "price": "cheap"}])
            page = await shop.search("batik", where=Is("brand", "solo"))
            assert [hit.document for hit in page.hits] == [shirt]
            assert await shop.count() == 2
            assert list(await shop.scores("kain")) == ["k2"]
            assert [document async for document in shop.documents()] == [shirt, cloth]
            assert await shop.suggest("kem") == ["Kemeja batik"]
            assert (await shop.mark("batik", "Batik")).plain() == "«Batik»"
            assert (await shop.similar("b1")).hits == ()
            assert shop.schema == schema
            assert (await shop.stats()).location == shop.location
        shop = await AsyncDocumentIndex.open(place, settings=settings)
        assert await shop.get("k2") == cloth
        assert await shop.delete_where(Is("brand", "sumba")) == 1
        assert await shop.delete("k2", missing_ok=True) == 0
        assert await shop.clear() == 1
        await shop.optimize()
        await shop.close()
        async with AsyncDocumentIndex.rebuild(place, schema, settings) as shop:
            await shop.add([cloth])
        assert (await AsyncDocumentIndex.check(place, settings)).findings == ()
        assert (await AsyncDocumentIndex.repair(place, settings=settings)).lost == ()
        moved = await AsyncDocumentIndex.migrate(place, tmp_path / "moved", settings)
        assert moved.moved == 1
        await AsyncDocumentIndex.backup(place, tmp_path / "copy", settings)
        await AsyncDocumentIndex.restore(tmp_path / "new", tmp_path / "copy", settings)
        async with AsyncDocumentIndex.open_or_create(tmp_path / "new", schema, settings) as shop:
            assert await shop.count("tenun") == 1

    asyncio.run(main())


def test_errors_are_those_of_the_index(index: SearchIndex, tmp_path: Path) -> None:
    async def work(opened: AsyncSearchIndex) -> None:
        with pytest.raises(DocumentNotFound, match="no document 'x'"):
            await opened.get("x")
        with pytest.raises(QueryError, match="limit -1"):
            await opened.similar(PACT.id, limit=-1)
        with pytest.raises(DocumentNotFound):
            await opened.delete("x")
        with pytest.raises(IndexMissing):
            await AsyncSearchIndex.open(tmp_path / "absent")
        with pytest.raises(IndexMissing):
            async with AsyncSearchIndex.open(tmp_path / "absent"):
                pass

    run(index, work)


def test_many_tasks_search_while_some_write(index: SearchIndex) -> None:
    async def work(opened: AsyncSearchIndex) -> None:
        searches = [opened.search("pakta pertahanan") for _ in range(40)]
        texts = [article(f"Berita {n}", f"Tentang cuaca {n}.") for n in range(8)]
        writes = [opened.add([text]) for text in texts] + [opened.delete(texts[0].id)]
        done = await asyncio.gather(*searches, *writes)
        assert {page.hits[0].id for page in done[:40] if page} == {PACT.id}
        assert (await opened.search("cuaca", collapse="off")).total == 7

    run(index, work)


def test_several_loops_share_an_index(index: SearchIndex) -> None:
    opened = AsyncSearchIndex(index)

    async def search() -> int:
        return (await opened.search("pakta")).total

    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(lambda: asyncio.run(search())) for _ in range(8)]
        assert {answer.result() for answer in answers} == {2}
    asyncio.run(opened.close())


def test_searches_go_on_while_one_writes(index: SearchIndex) -> None:
    waiting, go_on = Event(), Event()

    def documents() -> Iterator[Article]:
        waiting.set()
        assert go_on.wait(10)
        yield article("Berita Baru")

    async def work(opened: AsyncSearchIndex) -> None:
        adding = asyncio.create_task(opened.add(documents()))
        await until(waiting)
        assert (await opened.search("baru")).total == 0
        go_on.set()
        await adding
        assert (await opened.search("baru")).total == 1

    run(index, work)


def test_context_is_that_of_the_caller(index: SearchIndex) -> None:
    user: ContextVar[str] = ContextVar("user")
    met = []

    async def work(opened: AsyncSearchIndex) -> None:
        user.set("anna")
        await opened.add([article("Satu"), article("Dua")], lambda: met.append(user.get()))

    run(index, work)
    assert met == ["anna", "anna"]


def test_results_are_streamed(index: SearchIndex) -> None:
    index.add(article(f"Berita {number}") for number in range(2 * STREAMED))

    async def work(opened: AsyncSearchIndex) -> None:
        assert [document async for document in opened.documents()] == list(index.documents())
        assert [line async for line in opened.export_lines()] == list(index.export_lines())
        seen = [item.id async for item in opened.items_seen_on(PACT.id)]
        assert seen == [item.id for item in index.items_seen_on(PACT.id)]
        async for first in opened.documents():
            assert first == next(index.documents())
            break

    run(index, work)


def test_closing_waits_for_what_was_called(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(index._engine, "search", monkeypatch)

    async def work(opened: AsyncSearchIndex) -> None:
        task = asyncio.create_task(opened.search("pakta"))
        await until(gate.reached)
        closing = asyncio.create_task(opened.close())
        await asyncio.wait([closing], timeout=0.05)
        assert not closing.done()
        gate.opened.set()
        assert (await task).total == 2
        await closing
        await opened.close()

    run(index, work)


def test_a_closed_index_says_so(index: SearchIndex) -> None:
    index.add(article(f"Berita {number}") for number in range(2 * STREAMED))

    async def stream(opened: AsyncSearchIndex) -> int:
        count = 0
        with pytest.raises(SearchIndexError, match=r"the index .*index is closed; open it again"):
            async for _ in opened.documents():
                count += 1
                if count == 1:
                    await opened.close()
        return count

    opened, count = run(index, stream)
    assert count == STREAMED

    async def use() -> None:
        with pytest.raises(SearchIndexError, match="is closed"):
            await opened.search("pakta")
        with pytest.raises(SearchIndexError, match="is closed"):
            await opened.add([PACT])

    asyncio.run(use())
