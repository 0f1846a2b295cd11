"""A process that forks while its threads search: the child can search as well."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from signal import alarm

import pytest

from searchkit import AsyncSearchIndex, SearchIndex, Settings
from searchkit.analysis import CachedStemmer, Verdict
from searchkit.forking import lock_held_at_fork, renewed_at_fork
from searchkit.integrations.keeping import KeptIndex
from tests.conftest import article

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")


def forked(work: Callable[[], object]) -> int:
    """Fork, and return the exit status of a child that does `work`: 0 if it is true."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            alarm(20)
            status = 0 if work() else 2
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def threads_doing(work: Callable[[int], object]) -> Iterator[None]:
    stop = threading.Event()

    def again_and_again() -> None:
        number = 0
        while not stop.is_set():
            work(number)
            number += 1

    threads = [threading.Thread(target=again_and_again) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_child_searches_while_threads_of_its_parent_do(
    tmp_path: Path, settings: Settings, engine: str
) -> None:
    with SearchIndex.create(f"{engine}://{tmp_path}/index", settings) as index:
        index.add(article(f"Judul {n} pakta", "Isi berita.", day=1 + n % 20) for n in range(60))

        def work(number: int) -> None:
            index.search(f"pakta menganalisakan{number}")
            index.suggest("jud")

        work(0)  # what is imported late is: a thread that imports keeps Python from it in a child
        with threads_doing(work):
            statuses = [forked(lambda: index.search("pakta baru").total == 60) for _ in range(12)]
    assert statuses == [0] * 12


def test_a_fork_waits_for_a_lock_and_the_child_finds_it_free() -> None:
    lock, waiting = lock_held_at_fork(), threading.Event()
    changed: list[int] = []

    def change() -> None:
        with lock:
            waiting.set()
            changed.append(1)
            threading.Event().wait(0.2)
            changed.append(2)

    thread = threading.Thread(target=change)
    thread.start()
    assert waiting.wait(10)
    assert forked(lambda: lock.acquire(timeout=5) and changed == [1, 2]) == 0
    thread.join()
    assert lock.acquire(timeout=5)


def test_what_is_not_there_any_more_is_not_renewed() -> None:
    class Renewed:
        count = 0

        def __init__(self) -> None:
            renewed_at_fork(self, self.renew)

        def renew(self) -> None:
            Renewed.count += 1

    first, second = Renewed(), Renewed()
    del second
    assert forked(lambda: Renewed.count == 1) == 0
    assert (first.count, Renewed.count) == (0, 0)


def test_a_child_has_a_connection_to_the_stems_of_its_own(tmp_path: Path) -> None:
    class Stemmer:
        fingerprint = "last letter off"

        def verdict(self, word: str) -> Verdict:
            return Verdict(word[:-1], False)

    path = tmp_path / "stems.sqlite3"
    stemmer = CachedStemmer(Stemmer(), path)
    before = stemmer._connection()

    def work() -> bool:
        assert stemmer.stem("katab") == "kata"
        stemmer.close()
        return stemmer._opened is not before

    assert forked(work) == 0
    assert stemmer._connection() is before
    stemmer.close()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT word FROM stems").fetchall() == [("katab",)]


def test_a_child_has_threads_of_its_own_for_asyncio(tmp_path: Path, settings: Settings) -> None:
    index = SearchIndex.create(tmp_path / "index", settings)
    index.add([article("Pakta", "Isi berita.")])
    opened = AsyncSearchIndex(index)

    async def total() -> int:
        return (await opened.search("pakta")).total

    assert asyncio.run(total()) == 1
    assert forked(lambda: asyncio.run(total()) == 1) == 0
    asyncio.run(opened.close())


def test_a_child_does_not_wait_for_who_opens_an_index(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptIndex(tmp_path / "index", settings, lambda _: [])
    opening, opened = threading.Event(), threading.Event()
    made = SearchIndex.open_or_create

    def slow(*args: object) -> SearchIndex:
        if threading.current_thread() is not threading.main_thread():
            opening.set()
            assert opened.wait(30)
        return made(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(SearchIndex, "open_or_create", slow)
    thread = threading.Thread(target=lambda: kept.index)
    thread.start()
    assert opening.wait(10)
    assert forked(lambda: kept.index.search("pakta").total == 0) == 0
    opened.set()
    thread.join()
    kept.close()
