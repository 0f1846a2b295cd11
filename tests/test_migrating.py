"""An index that is moved to another place, also by an engine that keeps it otherwise."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from searchkit import (
    ForeignIndex,
    IndexMissing,
    IndexVersionMismatch,
    MigrationFailed,
    SearchIndex,
    SearchIndexError,
    Settings,
    Watches,
)
from searchkit.engines.whoosh import WhooshEngine
from tests.cli.test_commands import run
from tests.conftest import FOOTBALL, PACT, PACT_ITEM, article
from tests.engines.forging import forge_manifest

PROGRAM = """
import pathlib, sys
from searchkit import SearchIndex, Settings, migrating
migrating.BATCH = 20
settings = Settings(cache_dir=pathlib.Path(sys.argv[3]), workers=0)
SearchIndex.migrate(sys.argv[1], sys.argv[2], settings)
"""


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def source(tmp_path: Path, settings: Settings) -> Path:
    """An index of 100 articles and an item, some replaced and deleted, with a saved query."""
    path = tmp_path / "source"
    articles = [article(f"Berita {n}", f"Isi berita nomor {n}.", day=n % 28 + 1) for n in range(99)]
    with SearchIndex.create(path, settings) as index:
        index.add([*articles, PACT, PACT_ITEM])
        index.add([replace(articles[3], body=("Isi lain.",)), FOOTBALL])
        index.delete(articles[5].id)
        Watches(index).add("pacts", "pakta")
    return path


@pytest.fixture
def untouched(source: Path) -> Iterator[None]:
    before = files_of(source)
    yield
    assert files_of(source) == before


@pytest.mark.usefixtures("untouched")
def test_all_documents_arrive_as_they_were(
    source: Path, tmp_path: Path, settings: Settings
) -> None:
    steps: list[tuple[str, int, int]] = []
    target = tmp_path / "target"
    report = SearchIndex.migrate(source, target, settings, on_step=lambda *step: steps.append(step))
    assert (report.documents, report.moved) == ({"article": 100, "item": 1}, 101)
    assert [step for step in steps if step[1] == step[2]] == [
        ("moving", 101, 101),
        ("verifying", 202, 202),
    ]
    with SearchIndex.open(source, settings) as old, SearchIndex.open(target, settings) as new:
        assert list(new.export_lines()) == list(old.export_lines())
        assert list(new._engine.documents()) == list(old._engine.documents())
        for query in ("pakta pertahanan", "berita", "isi"):
            ids = [[hit.id for hit in each.search(query, limit=200).hits] for each in (old, new)]
            assert ids[0] == ids[1]
        assert Watches(new).queries == {"pacts": "pakta"}
    assert SearchIndex.check(target, settings).findings == ()


def test_saved_queries_added_at_the_target_stay(
    source: Path, tmp_path: Path, settings: Settings
) -> None:
    target = tmp_path / "target"
    SearchIndex.migrate(source, target, settings)
    with SearchIndex.open(target, settings) as index:
        Watches(index).add("new", "berita")
        SearchIndex.migrate(source, target, settings)
        assert list(Watches(index).queries) == ["pacts", "new"]


@pytest.mark.usefixtures("untouched")
def test_there_and_back_between_engines(source: Path, tmp_path: Path, settings: Settings) -> None:
    there, back = f"tantivy://{tmp_path}/there", tmp_path / "back"
    settings = replace(settings, engines={"tantivy": {"rescored": 200}})
    reports = [
        SearchIndex.migrate(source, there, settings),
        SearchIndex.migrate(tmp_path / "there", back, settings),
    ]
    assert [report.moved for report in reports] == [101, 101]
    assert reports[0].checksum == reports[1].checksum
    places = (source, there, back)
    opened = [SearchIndex.open(place, settings) for place in places]
    assert [index.stats().engine for index in opened] == ["whoosh", "tantivy", "whoosh"]
    for index in opened[1:]:
        assert list(index.export_lines()) == list(opened[0].export_lines())
        index.optimize()
    for query in ("pakta pertahanan", "berita nomor", "*"):
        ids = [[hit.id for hit in index.search(query, limit=200).hits] for index in opened[1:]]
        assert ids[0] == ids[1]
        assert ids[0]
    for index in opened:
        index.close()


def test_again_moves_only_what_is_new(source: Path, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "target"
    first = SearchIndex.migrate(source, target, settings)
    again = SearchIndex.migrate(source, target, settings)
    assert (again.moved, again.checksum) == (0, first.checksum)
    with SearchIndex.open(source, settings) as index:
        index.add([replace(FOOTBALL, body=("Isi yang diperbarui.",)), article("Baru", "Isi.")])
    third = SearchIndex.migrate(source, target, settings)
    assert third.moved == 2
    assert third.checksum != first.checksum


@pytest.mark.usefixtures("untouched")
def test_killed_at_any_time_it_goes_on(source: Path, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "target"
    command = [sys.executable, "-c", PROGRAM, *map(str, (source, target, settings.cache_dir))]
    path = {"PYTHONPATH": str(Path(__file__).parent.parent)}
    killed = 0
    for _ in range(3):
        with subprocess.Popen(command, env=os.environ | path) as process:
            before = commits(target)
            while process.poll() is None:
                if commits(target) > before:
                    process.send_signal(signal.SIGKILL)
                    killed += 1
                    break
                time.sleep(0.001)
    assert killed
    with SearchIndex.open(target, settings) as index:
        there = sum(index.stats().size.documents.values())
    assert there >= 20
    report = SearchIndex.migrate(source, target, settings)
    assert report.moved == 101 - there


def commits(folder: Path) -> int:
    return max((int(toc.stem.rpartition("_")[2]) for toc in folder.glob("*.toc")), default=0)


def test_an_index_that_is_written_to_meanwhile(
    source: Path, tmp_path: Path, settings: Settings
) -> None:
    late = article("Terlambat", "Isi.")

    def write(step: str, done: int, _total: int) -> None:
        if (step, done) == ("moving", 50):
            with SearchIndex.open(source, settings) as index:
                index.add([late])

    with pytest.raises(MigrationFailed, match="was written to while it was moved to .*run it agai"):
        SearchIndex.migrate(source, tmp_path / "target", settings, on_step=write)
    assert SearchIndex.migrate(source, tmp_path / "target", settings).moved == 1


@pytest.mark.usefixtures("untouched")
def test_an_engine_that_loses_a_document(
    source: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = WhooshEngine.documents

    def without_the_last(self: WhooshEngine) -> Iterator[dict[str, Any]]:
        found = list(whole(self))
        yield from found[:-1] if self.folder.name == "target" else found

    monkeypatch.setattr(WhooshEngine, "documents", without_the_last)
    message = r"target does not hold what .*source does: 100 documents of checksum \w{16}, not 101"
    with pytest.raises(MigrationFailed, match=message):
        SearchIndex.migrate(source, tmp_path / "target", settings)


@pytest.mark.usefixtures("untouched")
def test_places_that_cannot_be_moved_to(source: Path, tmp_path: Path, settings: Settings) -> None:
    other = tmp_path / "other"
    with SearchIndex.create(other, settings) as index:
        index.add([article("Lain", "Isi lain.")])
        stranger = index.search("lain").hits[0].id
    with pytest.raises(ForeignIndex, match=f"holds the document {stranger}, which .*source does"):
        SearchIndex.migrate(source, other, settings)
    with pytest.raises(SearchIndexError, match="are the same directory, or one is in the other"):
        SearchIndex.migrate(source, source / "inner", settings)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("Dengan hormat")
    with pytest.raises(ForeignIndex, match="is not a searchkit index"):
        SearchIndex.migrate(source, tmp_path / "letters", settings)
    with pytest.raises(SearchIndexError, match="no engine 'lucene'"):
        SearchIndex.migrate(source, f"lucene://{tmp_path}/new", settings)


def test_indexes_that_cannot_be_moved(source: Path, tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(IndexMissing):
        SearchIndex.migrate(tmp_path / "absent", tmp_path / "target", settings)
    forge_manifest(source, version=99)
    with pytest.raises(IndexVersionMismatch, match="has index format 99"):
        SearchIndex.migrate(source, tmp_path / "target", settings)
    assert not (tmp_path / "target").exists()


def test_an_index_of_another_analyzer_is_analysed_anew(
    source: Path, tmp_path: Path, settings: Settings
) -> None:
    forge_manifest(source, analyzer="old-1")
    SearchIndex.migrate(source, tmp_path / "target", settings)
    with SearchIndex.open(tmp_path / "target", settings) as index:
        assert index.search("pakta").total == 2


def test_command(source: Path, tmp_path: Path) -> None:
    status, output, errors = run("migrate", "source", f"whoosh://{tmp_path}/new", cwd=tmp_path)
    assert (status, errors) == (0, "")
    assert f"{tmp_path}/new holds the 101 documents of source, 101 of them moved now" in output
    status, output, _ = run(
        "migrate", "source", "new", "--engine", "whoosh", "--json", cwd=tmp_path
    )
    report = json.loads(output)
    assert (status, report["moved"], len(report["checksum"])) == (0, 0, 64)
    status, _, errors = run("migrate", "absent", "new", cwd=tmp_path)
    assert (status, "there is no index in absent" in errors) == (6, True)
