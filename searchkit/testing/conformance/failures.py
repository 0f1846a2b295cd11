"""What is wrong with an index is said by the errors of searchkit, before anything is done to it."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from searchkit.engines.base import Filters
from searchkit.engines.location import Location
from searchkit.engines.manifest import FILE_NAME
from searchkit.errors import (
    ForeignIndex,
    IndexDamaged,
    IndexMissing,
    IndexVersionMismatch,
    SearchIndexError,
)
from searchkit.query import Everything, Term
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings
from searchkit.testing.conformance.harness import Harness, Indexes
from searchkit.testing.corpus import ARTICLES
from searchkit.testing.making import ids, put, random_documents


class Failures(Harness):
    """Each kind of index that cannot be used."""

    def test_missing(self, indexes: Indexes) -> None:
        """Where nothing is, there is no index to open, and room for a new one."""
        place = indexes.free()
        assert indexes.engine.is_free(place, indexes.settings)
        with pytest.raises(IndexMissing, match="searchkit index") as caught:
            indexes.engine.manifest(place, indexes.settings)
        assert str(place) in str(caught.value)
        with pytest.raises(IndexMissing):
            SearchIndex.open(place, indexes.settings)

    def test_there_already(self, indexes: Indexes) -> None:
        """A new index is not put over one that is there; to make it twice does nothing."""
        place = indexes.new()
        engine = indexes.open(place)
        put(engine, *random_documents(random.Random(1), 5))
        assert not indexes.engine.is_free(place, indexes.settings)
        with pytest.raises(ForeignIndex, match="is not empty"):
            SearchIndex.create(place, indexes.settings)
        indexes.engine.create(place, indexes.manifest(), indexes.settings)
        assert len(ids(indexes.open(place), Everything())) == 5

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"analyzer": "another-1"}, "was analysed by another-1"),
            ({"version": 999}, "has index format 999"),
        ],
    )
    def test_another_version_or_analyzer(
        self, indexes: Indexes, change: dict[str, str], message: str
    ) -> None:
        """Both are named; the index stays as it is, and can be built anew."""
        place = indexes.free()
        with SearchIndex.create(place, indexes.settings) as index:
            index.add(ARTICLES)
            manifest = indexes.engine.manifest(place, indexes.settings)
        other = indexes.free()
        indexes.engine.create(other, replace(manifest, **change), indexes.settings)  # type: ignore[arg-type]
        with pytest.raises(IndexVersionMismatch, match=message) as caught:
            SearchIndex.open(other, indexes.settings)
        assert str(other) in str(caught.value)
        with SearchIndex.rebuild(other, indexes.settings) as index:
            index.add(ARTICLES)
        assert indexes.engine.manifest(other, indexes.settings) == manifest
        with SearchIndex.open(other, indexes.settings) as index:
            assert count(index) == len(ARTICLES)

    def test_rebuilding_shows_the_old_index_until_it_is_done(self, indexes: Indexes) -> None:
        """Who has it open or opens it sees what was there, until the first commit."""
        place, settings = indexes.free(), indexes.settings
        with SearchIndex.create(place, settings) as index:
            index.add(ARTICLES[:3])
            with SearchIndex.rebuild(place, settings) as new:
                assert count(new) == 0
                assert count(index) == 3
                new.add(ARTICLES[3:5])
                assert count(new) == 2
            assert count(index) == 2
        with SearchIndex.open(place, settings) as index:
            assert count(index) == 2

    def test_removed(self, indexes: Indexes) -> None:
        """What is removed is gone, and leaves room for another."""
        place = indexes.new()
        put(indexes.open(place), *random_documents(random.Random(1), 5))
        indexes.put_away()
        if not indexes.engine.is_free(place, indexes.settings):
            indexes.engine.remove(place, indexes.settings)
        assert indexes.engine.is_free(place, indexes.settings)
        with pytest.raises(IndexMissing):
            indexes.engine.remove(place, indexes.settings)
        indexes.engine.create(place, indexes.manifest(), indexes.settings)
        assert ids(indexes.open(place), Everything()) == []


class Directories(Harness):
    """What can be wrong with a directory."""

    @pytest.fixture
    def folder(self, indexes: Indexes) -> Path:
        """The directory of an index of some documents."""
        if not indexes.engine.capabilities.directory:
            pytest.skip("indexes of this engine are on a server")
        place = indexes.new()
        put(indexes.open(place), *random_documents(random.Random(2), 50))
        indexes.put_away()
        return place.directory

    def test_foreign(self, indexes: Indexes, tmp_path: Path, folder: Path) -> None:
        """A directory with other files is neither opened nor written to."""
        other = tmp_path / "other"
        other.mkdir()
        (other / "letter.txt").write_text("Dengan hormat")
        place = Location(indexes.name, other)
        assert not indexes.engine.is_free(place, indexes.settings)
        with pytest.raises(ForeignIndex, match="is not a searchkit index"):
            SearchIndex.open(place, indexes.settings)
        with pytest.raises(ForeignIndex, match="is not empty"):
            SearchIndex.create(place, indexes.settings)
        assert [path.name for path in other.iterdir()] == ["letter.txt"]

    def test_damaged_manifest(self, indexes: Indexes, folder: Path) -> None:
        """A manifest that is not as it was written is not believed."""
        manifest = folder / FILE_NAME
        manifest.write_text(manifest.read_text().replace("conformance-1", "conformance-2"))
        with pytest.raises(IndexDamaged, match="is damaged"):
            indexes.engine.manifest(Location(indexes.name, folder), indexes.settings)

    def test_every_file_cut_short_or_missing(
        self, indexes: Indexes, folder: Path, tmp_path: Path, settings: Settings
    ) -> None:
        """An error that names the index, or the right answer: never another one, never a crash."""
        expected = answers(indexes, folder, settings)
        copy = tmp_path / "copy"
        said = 0
        files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        for file in files:
            for damage in (cut_short, Path.unlink):
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(folder, copy)
                damage(copy / file)
                try:
                    assert answers(indexes, copy, settings) == expected, file
                except SearchIndexError as error:
                    assert str(copy) in str(error) or file.name in str(error), (file, error)
                    said += 1
        assert said


def count(index: SearchIndex) -> int:
    """Return how many documents a search finds, copies one by one."""
    return index.search("*", collapse="off").total


def cut_short(path: Path) -> None:
    """Leave the first half of a file."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def answers(indexes: Indexes, folder: Path, settings: Settings) -> list[object]:
    """Return what an index answers to several questions."""
    place = Location(indexes.name, folder)
    indexes.engine.manifest(place, settings)
    engine = indexes.engine.open(place, settings)
    try:
        found = [
            [(match.id, match.stored()) for match in engine.search(node, Filters(), 0, 99).matches]
            for node in (Everything(), Term("w1", "w1"), Term("w2", "w2"))
        ]
        return [*found, list(engine.documents()), dict(engine.forms())]
    finally:
        engine.close()
