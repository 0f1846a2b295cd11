"""An index that is kept in step with a database: a dictionary here."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from searchkit import Article, IndexLocked, IndexVersionMismatch, SearchIndex, Settings
from searchkit.engines import manifest
from searchkit.integrations.keeping import KeptIndex
from tests.conftest import item


def news(number: int, headline: str = "Pakta diteken") -> Article:
    return Article(id=str(number), headline=f"{headline} {number}", body=("Isi berita.",))


class Database(dict[str, Article]):
    """Articles by id; `asked` are the ids that were read."""

    def __init__(self, articles: Iterable[Article]) -> None:
        super().__init__({article.id: article for article in articles})
        self.asked: list[Sequence[str] | None] = []

    def read(self, ids: Sequence[str] | None) -> Iterator[Article]:
        self.asked.append(ids)
        for each in list(self) if ids is None else ids:
            if each in self:
                yield self[each]


@pytest.fixture
def database() -> Database:
    return Database(news(number) for number in range(3))


@pytest.fixture
def kept(tmp_path: Path, settings: Settings, database: Database) -> Iterator[KeptIndex]:
    index = KeptIndex(tmp_path / "index", settings, database.read)
    yield index
    index.close()


def ids(kept: KeptIndex) -> set[str]:
    return {document.id for document in kept.index.documents()}


def test_an_update_adds_changes_and_deletes(kept: KeptIndex, database: Database) -> None:
    kept.update(["0", "1", "1", "nothing"])
    assert ids(kept) == {"0", "1"}
    database["0"] = news(0, "Perjanjian dibatalkan")
    del database["1"]
    kept.update(["0", "1"])
    assert ids(kept) == {"0"}
    assert kept.index.search("dibatalkan").total == 1


def test_articles_are_read_while_nobody_else_writes(
    kept: KeptIndex, database: Database, settings: Settings
) -> None:
    """So who writes last has read last; another order could leave an index as the database was."""
    impatient = replace(settings, lock_timeout=0)

    def read(ids: Sequence[str] | None) -> Iterator[Article]:
        with SearchIndex.open(kept.index.path, impatient) as other, pytest.raises(IndexLocked):
            other.add([news(9)])
        return database.read(ids)

    checked = KeptIndex(kept.index.path, settings, read)
    checked.update(["0"])
    checked.close()
    assert ids(kept) == {"0"}


def test_an_article_that_comes_back_while_it_is_deleted_is_found(
    kept: KeptIndex, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.update(["0"])
    gone = database.pop("0")
    delete = SearchIndex.delete

    def and_another_process_writes(self: SearchIndex, *ids: str, missing_ok: bool) -> int:
        database.setdefault("0", gone)
        return delete(self, *ids, missing_ok=missing_ok)

    monkeypatch.setattr(SearchIndex, "delete", and_another_process_writes)
    kept.update(["0"])
    assert ids(kept) == {"0"}


def test_sync_brings_into_step_what_is_not(kept: KeptIndex, database: Database) -> None:
    assert kept.sync() == 3
    assert kept.sync() == 0
    database["0"] = news(0, "Perjanjian dibatalkan")
    del database["1"]
    database["3"] = news(3)
    kept.index.add([item("Bukan dari basis data")])
    database.asked.clear()
    assert kept.sync() == 4
    assert ids(kept) == {"0", "2", "3"}
    assert ["0", "3"] in database.asked
    assert kept.index.search("dibatalkan").total == 1


def test_sync_settles_whatever_articles_are_made_of(kept: KeptIndex, database: Database) -> None:
    lists: Any = ["Isi", "berita."]
    jakarta = ZoneInfo("Asia/Jakarta")
    odd = [
        Article(id="lists", headline="Pakta", body=lists, tags=lists, related=lists),
        Article(id="half", headline="Pakta \ud800", body=("Isi \udfff.",)),
        Article(id="zone", headline="a", body=(), published=datetime(2026, 1, 2, tzinfo=jakarta)),
    ]
    database.update({each.id: each for each in odd})
    assert kept.sync() == 6
    assert kept.sync() == 0
    database["lists"] = replace(odd[0], body=("Isi", "lain."))
    assert kept.sync() == 1


def test_rebuilding_replaces_an_index_of_another_version(
    kept: KeptIndex, database: Database
) -> None:
    kept.sync()
    folder = kept.index.path
    kept.close()
    replace(manifest.read_manifest(folder), analyzer="old-1").write(folder)
    with pytest.raises(IndexVersionMismatch):
        kept.sync()
    assert kept.rebuild() == 3
    assert ids(kept) == set(database)


def test_what_changes_while_an_index_is_rebuilt_is_in_it(
    kept: KeptIndex, database: Database, settings: Settings
) -> None:
    def read(ids: Sequence[str] | None) -> Iterator[Article]:
        yield from database.read(ids)
        database["0"] = news(0, "Perjanjian dibatalkan")  # who changed it waits for the lock

    changing = KeptIndex(kept.index.path, settings, read)
    assert changing.rebuild() == 3
    changing.close()
    assert kept.index.search("dibatalkan").total == 1


def test_an_index_is_opened_once_and_again_when_it_was_closed(kept: KeptIndex) -> None:
    first = kept.index
    assert kept.index is first
    kept.close()
    assert kept.index is not first


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_forked_process_opens_its_own(kept: KeptIndex) -> None:
    kept.sync()
    first = kept.index
    child = os.fork()
    if child == 0:
        own = kept.index
        os._exit(0 if own is not first and own.search("pakta").total == 3 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert kept.index is first
