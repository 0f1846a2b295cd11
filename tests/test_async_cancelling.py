"""Indexes for asyncio: what is cancelled, or ended by what a callback raises."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from searchkit import (
    Article,
    AsyncDocumentIndex,
    AsyncSearchIndex,
    DocumentNotFound,
    IndexMissing,
    Schema,
    SearchIndex,
    SearchIndexError,
    Settings,
)
from searchkit.async_index import Opening
from searchkit.schema import Text
from tests.asynchronous import Door, Gate, cancelled, cancelled_at, run, until
from tests.conftest import FOOTBALL, PACT, article


def test_a_cancelled_run_of_a_schema_leaves_the_index_as_it_was(
    tmp_path: Path, settings: Settings
) -> None:
    door = Door()

    def documents() -> Iterator[dict[str, str]]:
        yield {"sku": "1", "name": "Kain"}
        door.wait()
        yield {"sku": "2", "name": "Kain"}
        pytest.fail("it was cancelled")

    async def main() -> None:
        schema = Schema({"name": Text()}, id="sku")
        async with AsyncDocumentIndex.create(tmp_path / "shop", schema, settings) as shop:
            assert await cancelled_at(door, shop.add(documents()))
            assert await shop.count() == 0

    asyncio.run(main())


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
    taken, door = [], Door()

    def documents() -> Iterator[Article]:
        for number in range(100):
            taken.append(number)
            if number == 3:
                door.wait()
            yield article(f"Berita {number}")

    async def work(opened: AsyncSearchIndex) -> None:
        assert await cancelled_at(door, opened.add(documents()))
        assert taken == [0, 1, 2, 3]
        assert (await opened.search("berita")).total == 0
        await opened.add([article("Berita Lain")])
        assert (await opened.search("berita")).total == 1

    run(index, work)


def test_files_that_are_being_read_are_cancelled_too(index: SearchIndex, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}.csv").write_text(f"judul,isi\nBerita {number},Isi kabar.\n")
    door, count = Door(), []

    def on_document() -> None:
        count.append(1)
        door.wait()

    async def work(opened: AsyncSearchIndex) -> None:
        files = sorted(tmp_path.glob("*.csv"))
        assert await cancelled_at(door, opened.add_files(files, on_document))
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
    gate = Gate(index._engine, "existing", monkeypatch)

    async def work(opened: AsyncSearchIndex) -> None:
        assert await cancelled_at(gate, opened.delete("x"))

    run(index, work)


def test_an_index_whose_opening_is_cancelled_is_closed(index: SearchIndex) -> None:
    door = Door()
    made = []

    def make() -> AsyncSearchIndex:
        door.wait()
        made.append(AsyncSearchIndex(index))
        return made[0]

    async def main() -> None:
        async def use() -> None:
            async with Opening(make):
                pytest.fail("it was cancelled")

        assert await cancelled_at(door, use())
        with pytest.raises(SearchIndexError, match="is closed"):
            await made[0].search("pakta")

    asyncio.run(main())


def test_an_opening_that_fails_after_it_was_cancelled_is_cancelled() -> None:
    door = Door()

    def make() -> AsyncSearchIndex:
        door.wait()
        raise IndexMissing("nothing there")

    async def main() -> None:
        assert await cancelled_at(door, Opening(make)._open())

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
        with pytest.raises(RuntimeError if kind in (StopIteration, GeneratorExit) else kind):
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
