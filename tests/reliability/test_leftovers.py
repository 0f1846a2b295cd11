import os
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from searchkit import DocumentIndex, SearchIndex, Settings
from searchkit.engines import locking, manifest
from searchkit.engines.location import Location
from searchkit.engines.whoosh import WhooshEngine
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.errors import (
    IndexDamaged,
    IndexMissing,
    IndexNotWritable,
    SearchIndexError,
)
from searchkit.query import Everything, Term
from searchkit.schema import Schema, Text
from searchkit.testing.making import document, ids, put
from tests.conftest import PACT
from tests.reliability.workload import unknown_files

LEFT = (
    "_MAIN_0.toc",
    "_MAIN_7.toc.new",
    "_MAIN_7.new",
    "MAIN_abc123.stored",
    "MAIN_abc123.tables",
    "MAIN_abc123.keys",
    "MAIN_abc123.postings",
    "searchkit.json.new",
)
FOREIGN = {"README.md", "notes.new", "MAIN", "main.toc"}


def leave(folder: Path) -> None:
    """Put into `folder` what killed writers leave, and files of others."""
    for name in (*LEFT, *FOREIGN):
        (folder / name).write_text("left")


def unknown(folder: Path) -> set[str]:
    return unknown_files(folder) - FOREIGN


def test_a_writer_removes_what_others_left(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"))
    leave(engine.folder)
    put(engine, document(2, body="w1"))
    assert unknown_files(engine.folder) - {manifest.FILE_NAME} == FOREIGN
    assert ids(engine, Everything()) == ["d0001", "d0002"]


def test_also_one_that_changes_nothing(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"))
    leave(engine.folder)
    with engine.writer():
        assert not unknown(engine.folder)


def test_nothing_is_removed_by_a_damaged_table_of_contents(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"))
    (contents,) = engine.folder.glob("*.toc")
    contents.write_text("{")
    leave(engine.folder)
    with pytest.raises(IndexDamaged):
        engine.writer()
    assert all((engine.folder / name).exists() for name in (*LEFT, contents.name))


def test_a_link_is_removed_and_not_what_it_leads_to(
    engine: WhooshEngine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / "precious").write_text("mine")
    (engine.folder / "MAIN_abc123.stored").symlink_to(home)
    (engine.folder / "_MAIN_1.toc.new").symlink_to(home / "precious")
    put(engine, document(1, body="w1"))
    assert (home / "precious").read_text() == "mine"
    assert not unknown(engine.folder)


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("where", ["add", "finish", "write_toc", "merge"])
def test_interrupted_anywhere(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], where: str
) -> None:
    put(engine, document(1, body="w1"))

    def interrupt(*_: Any, **__: Any) -> None:
        raise error

    places = {
        "add": "builder.Inverter.add",
        "finish": "builder.SegmentBuilder.finish",
        "write_toc": "index.replace_file",
        "merge": "writer.merge_segments",
    }
    with monkeypatch.context() as patch, pytest.raises(error):
        patch.setattr(f"searchkit.engines.whoosh.{places[where]}", interrupt)
        put(engine, document(2, body="w2"), document(3, body="w2"))
    # Segments are merged after the commit.
    expected = ["d0001", "d0002", "d0003"] if where == "merge" else ["d0001"]
    assert ids(engine, Everything()) == expected
    assert not unknown(engine.folder)
    put(engine, document(4, body="w1"))
    assert ids(engine, Everything()) == [*expected, "d0004"]


def test_half_a_document_is_never_committed(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("odd")

    refused = pytest.raises(IndexNotWritable, match="could not be added to .*, so nothing was; the")
    with refused, engine.writer() as writer:
        writer.put(document(1, body="w1"))
        with monkeypatch.context() as patch, pytest.raises(ValueError, match="odd"):
            patch.setattr("searchkit.engines.whoosh.builder.Inverter.add", fail)
            writer.put(document(2, body="w2"))
        writer.put(document(3, body="w3"))
    assert ids(engine, Everything()) == []


def test_a_withdrawn_commit_is_not_taken_for_the_next(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, body="w1"))
    seen: list[list[str]] = []
    real = SafeIndex.withdraw

    def withdraw(index: SafeIndex, generation: int) -> None:
        seen.append(ids(engine, Everything()))
        real(index, generation)

    def fail(folder: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(SafeIndex, "withdraw", withdraw)
    with monkeypatch.context() as patch, pytest.raises(IndexNotWritable, match="as it was before"):
        patch.setattr("searchkit.durable.flush_folder", fail)
        put(WhooshEngine(engine.folder), document(2, body="w1"))
    assert seen == [["d0001", "d0002"]]  # for the moment between renaming and flushing
    put(WhooshEngine(engine.folder), document(3, body="w1"))
    assert ids(engine, Everything()) == ["d0001", "d0003"]


def test_a_reader_follows_when_files_go_before_it_opens_them(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, body="w1"))
    writer = WhooshEngine(engine.folder)
    reader = WhooshEngine(engine.folder)
    put(writer, document(1, body="w2"))
    real = SafeIndex._read_toc
    missed = iter(range(5))

    def read_late(index: SafeIndex) -> Any:
        contents = real(index)
        if index is reader._index and (number := next(missed, None)) is not None:
            put(writer, document(1, body=f"again{number}"))
        return contents

    monkeypatch.setattr(SafeIndex, "_read_toc", read_late)
    assert ids(reader, Term("again4", "again4")) == ["d0001"]


def test_a_listing_that_misses_the_table_of_contents(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, body="w1"))
    real = SafeIndex.latest_generation
    answers = iter([-1, 0])
    monkeypatch.setattr(SafeIndex, "latest_generation", lambda self: next(answers, real(self)))
    assert ids(engine, Everything()) == ["d0001"]


def test_files_that_cannot_be_read(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, document(1, body="w1"))

    def fail(*_: Any) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("searchkit.engines.whoosh.snapshot.TermsReader", fail)
    with pytest.raises(SearchIndexError, match=r"cannot be read \(Too many open files\); check"):
        WhooshEngine(engine.folder)


@pytest.mark.parametrize(
    "left", [(), (locking.FILE_NAME,), ("_MAIN_0.toc.new", "searchkit.json.new")]
)
@pytest.mark.parametrize("named", [True, False])
def test_an_index_that_was_not_made_to_the_end(
    tmp_path: Path, settings: Settings, left: tuple[str, ...], named: bool
) -> None:
    path = tmp_path / "index"
    SearchIndex.create(path, settings).close()
    for each in path.iterdir():
        if each.name != manifest.FILE_NAME or not named:
            each.unlink()
    for name in left:
        (path / name).touch()
    with pytest.raises(IndexMissing, match="build one with `searchkit index"):
        SearchIndex.open(path, settings)
    with SearchIndex.open_or_create(path, settings) as index:
        index.add([PACT])
        assert index.search("pakta").total == 1
    assert not unknown_files(path)


def test_a_table_of_contents_that_is_gone(index: SearchIndex, settings: Settings) -> None:
    (contents,) = index.path.glob("*.toc")
    contents.unlink()
    for opening in (SearchIndex.open, SearchIndex.open_or_create):
        with pytest.raises(IndexDamaged, match="has no table of contents; repair it with `search"):
            opening(index.path, settings)
    SearchIndex.repair(index.path, settings)
    assert index.search("pakta").total > 0


def test_made_by_another_just_before(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, schema = tmp_path / "index", Schema({"name": Text()}, id="sku")
    real = WhooshEngine.is_free
    asked = []

    def is_free(location: Location, settings: Settings) -> bool:
        asked.append(location)
        if len(asked) == 2:  # after it was, and before it is made
            making.create(path, *arguments)
        return real(location, settings)

    monkeypatch.setattr(WhooshEngine, "is_free", is_free)
    making: Any = SearchIndex
    arguments: tuple[Any, ...] = (settings,)
    for making, arguments in ((SearchIndex, (settings,)), (DocumentIndex, (schema, settings))):
        asked.clear()
        with making.open_or_create(path, *arguments) as opened:
            assert opened.path == path if making is SearchIndex else len(opened) == 0
        rmtree(path)


def test_made_by_two_at_once(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "index"
    with SearchIndex.create(path, settings) as index:
        index.add([PACT])
        again = index._manifest
        WhooshEngine.create(Location.of(path), again, settings)
        assert index.search("pakta").total == 1


def test_removing_can_be_left_to_the_next(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.unlink

    def fail(path: Path) -> None:
        if path.name.startswith("MAIN_"):
            raise PermissionError(13, "a mapped file, on Windows")
        real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", fail)
        for number in range(3):
            put(engine, document(number, body="w1"))
    assert unknown(engine.folder)
    put(engine, document(9, body="w1"))
    assert not unknown(engine.folder)


def test_a_directory_that_goes_while_it_is_open(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"))
    engine.folder.rename(engine.folder.with_name("moved"))
    with pytest.raises(IndexMissing, match="holds no index; build one"):
        ids(engine, Everything())
    engine.folder.with_name("moved").rename(engine.folder)
    assert ids(engine, Everything()) == ["d0001"]
