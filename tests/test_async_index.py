"""Indexes for asyncio: what is awaited, cancelled, streamed and closed."""

import asyncio
import inspect
import os
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

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
from searchkit.async_index import STREAMED, Opening
from searchkit.schema import Is, Keyword, Number, Text
from tests.conftest import FOOTBALL, PACT, PACT_ITEM, RESIGNATION, article

Result = TypeVar("Result")


def run(
    index: SearchIndex, work: Callable[[AsyncSearchIndex], Awaitable[Result]]
) -> tuple[AsyncSearchIndex, Result]:
    """Return the index for asyncio that `work` was done with, closed, and what it returned."""

    async def main() -> tuple[AsyncSearchIndex, Result]:
        async with AsyncSearchIndex(index) as opened:
            return opened, await asyncio.wait_for(work(opened), 30)

    return asyncio.run(main())


class Gate:
    """Takes the place of a method; is told of being called, and waits to be let through."""

    def __init__(self, owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._method = getattr(owner, name)
        self.reached, self.opened = Event(), Event()
        self.calls = 0
        monkeypatch.setattr(owner, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        self.reached.set()
        assert self.opened.wait(10)
        return self._method(*args, **kwargs)


async def until(event: Event) -> None:
    assert await asyncio.to_thread(event.wait, 10)


async def cancelled(task: "asyncio.Task[Any]") -> bool:
    """Whether the task ends as cancelled."""
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


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


def test_a_cancelled_run_of_a_schema_leaves_the_index_as_it_was(
    tmp_path: Path, settings: Settings
) -> None:
    waiting, go_on = Event(), Event()

    def documents() -> Iterator[dict[str, str]]:
        yield {"sku": "1", "name": "Kain"}
        waiting.set()
        assert go_on.wait(10)
        yield {"sku": "2", "name": "Kain"}
        pytest.fail("it was cancelled")

    async def main() -> None:
        schema = Schema({"name": Text()}, id="sku")
        async with AsyncDocumentIndex.create(tmp_path / "shop", schema, settings) as shop:
            task = asyncio.create_task(shop.add(documents()))
            await until(waiting)
            task.cancel()
            await asyncio.sleep(0)
            go_on.set()
            await asyncio.wait([task])
            assert task.cancelled()
            assert await shop.count() == 0

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


def test_a_cancelled_search_ends_at_once(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(index._engine, "search", monkeypatch)

    async def work(opened: AsyncSearchIndex) -> None:
        task = asyncio.create_task(opened.search("pakta"))
        await until(gate.reached)
        assert await cancelled(task)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await opened.search("pakta")
        gate.opened.set()
        assert (await opened.search("pakta")).total == 2

    run(index, work)


def test_a_cancelled_run_leaves_the_index_as_it_was(index: SearchIndex) -> None:
    taken, go_on = [], Event()
    waiting = Event()

    def documents() -> Iterator[Article]:
        for number in range(100):
            taken.append(number)
            if number == 3:
                waiting.set()
                assert go_on.wait(10)
            yield article(f"Berita {number}")

    async def work(opened: AsyncSearchIndex) -> None:
        task = asyncio.create_task(opened.add(documents()))
        await until(waiting)
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()  # it ends with its thread, not before
        task.cancel()  # which is not changed by impatience
        go_on.set()
        await asyncio.wait([task])
        assert task.cancelled()
        assert taken == [0, 1, 2, 3]
        assert (await opened.search("berita")).total == 0
        await opened.add([article("Berita Lain")])
        assert (await opened.search("berita")).total == 1

    run(index, work)


def test_files_that_are_being_read_are_cancelled_too(index: SearchIndex, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.csv").write_text(f"judul,isi\nBerita {number},Isi kabar.\n")
    reached, go_on, count = Event(), Event(), []

    def on_document() -> None:
        count.append(1)
        reached.set()
        assert go_on.wait(10)

    async def work(opened: AsyncSearchIndex) -> None:
        files = sorted(tmp_path.glob("*.csv"))
        task = asyncio.create_task(opened.add_files(files, on_document))
        await until(reached)
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait([task])
        assert task.cancelled()
        assert len(count) == 1
        assert (await opened.search("kabar")).total == 0

    run(index, work)


def test_what_is_being_committed_is_done(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(index._engine, "writer", monkeypatch)

    async def work(opened: AsyncSearchIndex) -> None:
        deleting = asyncio.create_task(opened.delete(PACT.id))
        await until(gate.reached)
        waiting = asyncio.create_task(opened.delete(FOOTBALL.id))
        await asyncio.sleep(0)
        assert await cancelled(waiting)  # had not begun: is not done
        deleting.cancel()
        await asyncio.sleep(0)
        assert not deleting.done()
        gate.opened.set()
        await asyncio.wait([deleting])
        assert deleting.cancelled()
        assert gate.calls == 1
        assert await opened.get(FOOTBALL.id) == FOOTBALL
        with pytest.raises(DocumentNotFound):
            await opened.get(PACT.id)

    run(index, work)


def test_a_write_that_fails_after_it_was_cancelled_is_cancelled(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(index._engine, "stored", monkeypatch)

    async def work(opened: AsyncSearchIndex) -> None:
        task = asyncio.create_task(opened.delete("x"))
        await until(gate.reached)
        task.cancel()
        gate.opened.set()
        await asyncio.wait([task])
        assert task.cancelled()

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


def test_an_index_whose_opening_is_cancelled_is_closed(index: SearchIndex) -> None:
    begun, go_on = Event(), Event()
    made = []

    def make() -> AsyncSearchIndex:
        begun.set()
        assert go_on.wait(10)
        made.append(AsyncSearchIndex(index))
        return made[0]

    async def main() -> None:
        async def use() -> None:
            async with Opening(make):
                pytest.fail("it was cancelled")

        task = asyncio.create_task(use())
        await until(begun)
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait([task])
        assert task.cancelled()
        with pytest.raises(SearchIndexError, match="is closed"):
            await made[0].search("pakta")

    asyncio.run(main())


def test_an_opening_that_fails_after_it_was_cancelled_is_cancelled() -> None:
    begun, go_on = Event(), Event()

    def make() -> AsyncSearchIndex:
        begun.set()
        assert go_on.wait(10)
        raise IndexMissing("nothing there")

    async def main() -> None:
        task = asyncio.ensure_future(Opening(make)._open())
        await until(begun)
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(main())


class Odd(BaseException):
    """What no library raises."""


def children() -> set[int]:
    """Return the processes below this one, also those of other tests; without /proc nothing."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, parent, *_ = status.read_text().rpartition(")")[2].split()
            if int(parent) == os.getpid():
                found.add(int(status.parent.name))
    return found


@pytest.mark.parametrize("kind", [StopIteration, StopAsyncIteration, GeneratorExit, Odd])
@pytest.mark.parametrize("count", [3, 600])
def test_whatever_a_callback_raises_ends_the_run(
    tmp_path: Path, settings: Settings, kind: type[BaseException], count: int
) -> None:
    """The index is as it was, nobody waits for ever, and there is no worker left."""
    before = children()
    index = SearchIndex.create(tmp_path / "index", replace(settings, workers=1))
    index.add([PACT])
    told = 0

    def tell() -> None:
        nonlocal told
        told += 1
        if told == count:
            raise kind

    async def work(opened: AsyncSearchIndex) -> int:
        with pytest.raises(RuntimeError if kind is StopIteration else kind):
            await opened.add((article(f"Judul {n}", "Isi.") for n in range(count)), tell)
        return (await opened.stats()).size.documents["article"]

    assert run(index, work)[1] == 1
    assert children() <= before


def test_what_is_no_index_yet_may_raise_anything_too(tmp_path: Path, settings: Settings) -> None:
    SearchIndex.create(tmp_path / "index", settings).add([PACT])

    def tell(*_: object) -> None:
        raise StopIteration

    async def main() -> None:
        places = tmp_path / "index", tmp_path / "other"
        migrating = AsyncSearchIndex.migrate(*places, settings, on_step=tell)
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(migrating, 30)

    asyncio.run(main())
