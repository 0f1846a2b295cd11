"""Indexes that are built anew while others use them, or are cut off."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from searchkit import Article, SearchIndex, Settings, durable
from searchkit.engines import manifest
from searchkit.engines.whoosh import WhooshEngine
from searchkit.engines.whoosh.writer import TokenWriter
from searchkit.errors import (
    IndexNotWritable,
    IndexVersionMismatch,
    UnreadableInput,
)
from tests.conftest import FOOTBALL, PACT
from tests.reliability.workload import unknown_files


def _cut_short() -> Iterator[Article]:
    yield FOOTBALL
    raise ZeroDivisionError


def test_rebuilding_leaves_the_old_index_until_it_is_done(
    index: SearchIndex, settings: Settings
) -> None:
    with SearchIndex.rebuild(index.path, settings) as new:
        assert new.stats().size.documents == {"article": 0, "item": 0}
        assert index.search("pakta").total > 0
        with pytest.raises(ZeroDivisionError):
            new.add(_cut_short())
        assert index.search("pakta").total > 0
        new.add([FOOTBALL])
        assert new.search("garuda").total == 1
        new.add([PACT])
    assert index.stats().size.documents == {"article": 2, "item": 0}
    assert not unknown_files(index.path)


def test_rebuilding_with_nothing_makes_an_empty_index(
    index: SearchIndex, settings: Settings
) -> None:
    with SearchIndex.rebuild(index.path, settings) as new:
        new.add([])
    assert index.stats().size.documents == {"article": 0, "item": 0}


@pytest.mark.parametrize("look_every", [1, 64])
@pytest.mark.parametrize("missing", [False, True])
def test_rebuilding_a_damaged_index_that_is_cut_off_leaves_nothing(
    index: SearchIndex,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    look_every: int,
    missing: bool,
) -> None:
    """Finished segments, and one that is not: repairing would make documents of them."""
    documents = {each.id for each in index.documents()}
    (contents,) = index.path.glob("*.toc")
    if missing:
        contents.unlink()
    else:
        contents.write_text("{")
    before = {each.name for each in index.path.iterdir()}
    monkeypatch.setattr("searchkit.engines.whoosh.writer._LOOK_EVERY", look_every)
    monkeypatch.setattr(TokenWriter, "_is_full", True)

    def cut_off() -> Iterator[Article]:
        yield Article(headline="Tidak Pernah", body=("Isi.",))
        yield from _cut_short()

    alone = replace(settings, workers=0)
    with SearchIndex.rebuild(index.path, alone) as new, pytest.raises(ZeroDivisionError):
        new.add(cut_off())
    assert {each.name for each in index.path.iterdir()} == before
    SearchIndex.repair(index.path, settings)
    with SearchIndex.open(index.path, settings) as repaired:
        assert {each.id for each in repaired.documents()} == documents


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("typo.jsonl", r"typo.jsonl: there is no such file or directory; as nothing else could be"),
        ("empty", r"index: nothing was found to index, so it is left as it is"),
        ("damaged.jsonl", r"damaged.jsonl:1: .*; as nothing else could be read, .* is left as it"),
    ],
)
def test_rebuilding_of_files_that_hold_nothing_changes_nothing(
    index: SearchIndex, settings: Settings, tmp_path: Path, source: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "damaged.jsonl").write_text('{"title": "Pakta"\n{"body"\n')
    before = index.stats().size.documents
    with SearchIndex.rebuild(index.path, settings) as new:
        with pytest.raises(UnreadableInput, match=said):
            new.add_files([tmp_path / source])
        assert index.stats().size.documents == before
        new.add([FOOTBALL])
        assert new.add_files([tmp_path / source]).total == 0  # nothing is replaced any more
    assert index.stats().size.documents == {"article": 1, "item": 0}
    assert not unknown_files(index.path)


def of_another_analyzer(folder: Path) -> Path:
    replace(manifest.read_manifest(folder), analyzer="old-1").write(folder)
    return folder / manifest.FILE_NAME


def test_rebuilding_for_another_analyzer(index: SearchIndex, settings: Settings) -> None:
    of_another_analyzer(index.path)
    with SearchIndex.rebuild(index.path, settings) as new:
        with pytest.raises(IndexVersionMismatch, match="old-1"):
            SearchIndex.open(index.path, settings)
        new.add([FOOTBALL])
    with SearchIndex.open(index.path, settings) as new:
        assert new.stats().size.documents == {"article": 1, "item": 0}


@pytest.mark.parametrize("late", [False, True])
def test_rebuilding_whose_manifest_cannot_be_written(
    index: SearchIndex, settings: Settings, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    path = of_another_analyzer(index.path)
    old = path.read_text()
    documents = WhooshEngine(index.path).stats().documents
    real = durable.replace_file

    def fail(target: Path, data: bytes) -> None:
        if late:
            real(target, data)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("searchkit.engines.manifest.replace_file", fail)
    with SearchIndex.rebuild(index.path, settings) as new:
        if late:  # it was put in place, and only then an error came
            new.add([FOOTBALL])
        else:
            with pytest.raises(IndexNotWritable, match="as it was before"):
                new.add([FOOTBALL])
            assert path.read_text() == old
            assert WhooshEngine(index.path).stats().documents == documents
            monkeypatch.setattr("searchkit.engines.manifest.replace_file", real)
            new.add([FOOTBALL])
    with SearchIndex.open(index.path, settings) as new:
        assert new.stats().size.documents == {"article": 1, "item": 0}
    assert not unknown_files(index.path)
