"""Indexes of a schema are checked, repaired and copied as those of news are."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from searchkit import DocumentIndex, IndexVersionMismatch, Schema, SearchIndex, Settings
from searchkit.schema import Keyword, Number, Text
from tests.cli.test_commands import run

SCHEMA = Schema({"name": Text(title=True), "brand": Keyword(), "price": Number()}, id="sku")


@pytest.fixture
def place(tmp_path: Path, settings: Settings) -> Path:
    place = tmp_path / "shop"
    with DocumentIndex.create(place, SCHEMA, settings) as index:
        for start in (0, 5):
            index.add({"sku": f"b{n}", "name": f"Kemeja {n}"} for n in range(start, start + 5))
    return place


def damaged(place: Path) -> None:
    """Alter the file of postings of a segment."""
    file = max(place.glob("*.postings"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def test_a_sound_index_is_sound(place: Path, settings: Settings) -> None:
    report = DocumentIndex.check(place, settings)
    assert report.findings == ()
    assert (report.documents, report.schema) == (10, SCHEMA.to_data())


def test_an_index_is_repaired_from_its_documents(place: Path, settings: Settings) -> None:
    damaged(place)
    assert DocumentIndex.check(place, settings).damaged
    report = DocumentIndex.repair(place, settings=settings)
    assert report.saved + len(report.lost) == 10
    assert not DocumentIndex.check(place, settings).findings
    with DocumentIndex.open(place, SCHEMA, settings) as index:
        assert index.search("kemeja").total == report.saved > 0


def test_an_index_without_its_manifest_needs_its_schema(place: Path, settings: Settings) -> None:
    (place / "searchkit.json").write_text("{")
    report = DocumentIndex.repair(place, SCHEMA, settings)
    assert report.saved == 10
    with DocumentIndex.open(place, settings=settings) as index:
        assert len(index) == 10


def test_the_command_line_checks_and_repairs_any_index(place: Path, settings: Settings) -> None:
    damaged(place)
    _, output, _ = run("check", "--index-dir", place, "--repair", "--json", cwd=place.parent)
    report = json.loads(output)
    assert report["damaged"]
    assert report["repair"]["saved"] > 0
    assert not DocumentIndex.check(place, settings).findings


@pytest.mark.parametrize("engines", [("whoosh", "tantivy"), ("tantivy", "whoosh")])
def test_documents_move_between_engines(
    tmp_path: Path, settings: Settings, engines: tuple[str, str]
) -> None:
    places = [tmp_path / engine for engine in engines]
    with DocumentIndex.create(places[0], SCHEMA, replace(settings, engine=engines[0])) as index:
        index.add({"sku": f"b{n}", "name": f"Kemeja {n}", "price": n} for n in range(30))
    moving = replace(settings, engine=engines[1])
    report = DocumentIndex.migrate(places[0], places[1], moving)
    assert (report.moved, report.documents) == (30, {"document": 30})
    assert DocumentIndex.migrate(places[0], places[1], moving).moved == 0
    found = []
    for place in places:
        with DocumentIndex.open(place, SCHEMA, settings) as index:
            found.append(list(index.scores("kemeja price:>5", order_by="-price")))
    assert found[0] == found[1] == [f"b{n}" for n in range(29, 5, -1)]


def test_the_command_line_moves_any_index(place: Path, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "moved"
    status, output, _ = run("migrate", place, target, "--engine", "tantivy", cwd=tmp_path)
    assert status == 0
    assert "10" in output
    with DocumentIndex.open(target, SCHEMA, settings) as index:
        assert index.count("kemeja") == 10


def test_what_is_for_news_refuses_other_documents(
    place: Path, tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(IndexVersionMismatch, match="is an index of documents of a schema"):
        SearchIndex.repair(place, settings)
    with pytest.raises(IndexVersionMismatch, match="is an index of documents of a schema"):
        SearchIndex.migrate(place, tmp_path / "other", settings)
    with pytest.raises(IndexVersionMismatch, match="is an index of news"):
        SearchIndex.create(tmp_path / "news", settings).close()
        DocumentIndex.repair(tmp_path / "news", settings=settings)
    status, _, errors = run("query", "kemeja", "--index-dir", place, cwd=tmp_path)
    assert (status, "open it with DocumentIndex" in errors) == (6, True)


def test_a_backup_of_an_index_is_one(place: Path, tmp_path: Path, settings: Settings) -> None:
    DocumentIndex.backup(place, tmp_path / "backup", settings)
    with DocumentIndex.open(tmp_path / "backup", SCHEMA, settings) as index:
        assert index.search("kemeja", limit=0).total == 10
    DocumentIndex.restore(tmp_path / "restored", tmp_path / "backup", settings)
    with DocumentIndex.open(tmp_path / "restored", SCHEMA, settings) as index:
        index.optimize()
        assert index.stats().size.segments == 1
        assert len(index) == 10
