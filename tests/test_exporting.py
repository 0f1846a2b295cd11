import gzip
import json
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest

from searchkit import (
    Article,
    OutputNotWritable,
    SearchIndex,
    Settings,
    SidebarItem,
    Sighting,
    Skipped,
)
from searchkit.documents.reading import read_sources
from searchkit.engines.fields import FACET_FIELDS
from searchkit.exporting import write_lines
from searchkit.indexing import Source
from searchkit.samples import sample_pages
from tests.cli.test_commands import run
from tests.conftest import FOOTBALL, FOOTBALL_ITEM, PACT, PACT_ITEM, RESIGNATION, article

ODD: list[Source] = [
    Article(headline="", body=(), id="empty"),
    Article(
        headline=" dua  spasi\t", body=("<p>bukan &amp; markah</p>", "baris\nbaru", ""), id="12"
    ),
    Article(headline="Cafe\u0301 \u2028 \x00 \ud800", body=("teks \U0001f600 \u0085",)),
    replace(PACT, id="mine:1", url="https://www.a.example/x?utm_source=1", tags=("a,b", "#c", "c")),
    replace(
        PACT, id="r", related=("Baca ini", "Baca itu"), credit="Antara", editor="E", caption=" c"
    ),
    replace(FOOTBALL, id="s", published=datetime(2024, 6, 1, 9, 30, 45, tzinfo=UTC)),
    replace(FOOTBALL, id="u", published=datetime(2024, 6, 1, 9, 30, 0, 17)),
    replace(FOOTBALL, id="o", published=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9)))),
    SidebarItem(title="", id="i"),
    replace(
        PACT_ITEM,
        url="https://a.example/",
        summary="Ringkasan.",
        source="a.example",
        seen=(Sighting("p1", "Populer"), Sighting("p2", ""), Sighting("p1", "UPDATE")),
    ),
]
ALL: list[Source] = [PACT, FOOTBALL, RESIGNATION, *ODD, FOOTBALL_ITEM]


def told(index: SearchIndex) -> list[object]:
    """Everything that can be asked, and the export."""
    answers: list[object] = [list(index.export_lines()), list(index.documents())]
    for query in ("pakta", '"pakta pertahanan"', "pert* surat~", "judul:menteri", "*"):
        for sort in ("relevance", "newest", "oldest"):
            page = index.search(query, limit=100, sort=sort, facets=FACET_FIELDS)
            answers.append((page.hits, page.total, page.facets, page.suggestion))
    answers += [index.suggest("pak"), index.list_names(), index.stats().size.documents]
    answers += [[index._engine.stored(hit.id) for hit in index.search("*", limit=100).hits]]
    return answers


def segment_files(path: Path) -> list[bytes]:
    return [each.read_bytes() for each in sorted(path.glob("MAIN_*.*"), key=lambda p: p.suffix)]


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_an_index_built_of_an_export_is_the_same(
    tmp_path: Path, settings: Settings, name: str
) -> None:
    with SearchIndex.create(tmp_path / "first", settings) as first:
        first.add(ALL)
        assert first.export(tmp_path / name) == len(ALL)
        with SearchIndex.create(tmp_path / "second", settings) as second:
            report = second.add_files([tmp_path / name])
            assert (report.total, report.skipped, report.warnings) == (len(ALL), [], [])
            assert told(second) == told(first)
    assert segment_files(tmp_path / "first") == segment_files(tmp_path / "second")
    with SearchIndex.open(tmp_path / "first", settings) as first:
        assert first.add_files([tmp_path / name]).unchanged.total() == len(ALL)


def test_whatever_was_added_deleted_and_merged(tmp_path: Path, settings: Settings) -> None:
    with SearchIndex.create(tmp_path / "first", settings) as first:
        first.add(read_sources([sample_pages()]))
        first.add([article(f"Berita {n}", "Isi pakta.", day=n) for n in range(1, 20)])
        first.add([FOOTBALL_ITEM, *ALL])
        first.delete(PACT.id, PACT_ITEM.id)
        first.optimize()  # deleted documents would count in scores
        first.export(tmp_path / "all.jsonl")
        with SearchIndex.create(tmp_path / "second", settings) as second:
            second.add_files([tmp_path / "all.jsonl"])
            answers = zip(told(first)[2:], told(second)[2:], strict=True)
            assert all(one == other for one, other in answers)
            assert sorted(first.export_lines()) == sorted(second.export_lines())


def test_an_export_is_one_json_object_a_line(tmp_path: Path, settings: Settings) -> None:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add([PACT, PACT_ITEM])
        index.export(tmp_path / "all.jsonl.gz")
        first = (tmp_path / "all.jsonl.gz").read_bytes()
        index.export(tmp_path / "all.jsonl.gz")
    assert (tmp_path / "all.jsonl.gz").read_bytes() == first
    pact, item = map(json.loads, gzip.decompress(first).decode().splitlines())
    assert pact["id"] == PACT.id
    assert pact["body"] == list(PACT.body)
    assert pact["published"] == "2024-06-20T09:30+07:00"
    assert item["seen"] == [[PACT.id, "Populer"]]
    assert "digest" not in pact


def exported() -> dict[str, object]:
    from searchkit.documents.stored import to_stored

    return to_stored(PACT)


@pytest.mark.parametrize(
    "change",
    [
        {"body": "teks"},
        {"body": [1]},
        {"tags": None},
        {"headline": 5},
        {"published": 17},
        {"published": "kemarin"},
        {"id": None},
    ],
)
def test_an_export_that_was_changed_by_hand(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(json.dumps(exported() | change) + "\n" + json.dumps(exported()) + "\n")
    skipped, page = read_sources([path])
    assert isinstance(skipped, Skipped)
    assert skipped.line == 1
    assert skipped.reason.startswith("a document of an index, but ")
    assert not isinstance(page, Skipped)
    assert page.article == PACT


def test_a_record_with_other_names_is_read_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(json.dumps(exported() | {"extra": 1, "headline": " A  b "}))
    (page,) = read_sources([path])
    assert not isinstance(page, Skipped)
    assert page.article
    assert page.article.headline == "A b"


def test_a_file_that_cannot_be_written(index: SearchIndex, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere" / "all.jsonl", tmp_path):
        with pytest.raises(OutputNotWritable, match=r"cannot be written \(.*\); name another file"):
            index.export(path)
    assert not list(tmp_path.parent.glob("*.new"))


def test_half_an_export_is_never_there(
    index: SearchIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "all.jsonl.gz"
    index.export(path)
    before = path.read_bytes()

    def broken() -> Iterator[dict[str, object]]:
        yield exported()
        raise KeyboardInterrupt

    monkeypatch.setattr(index._engine, "documents", broken)
    with pytest.raises(KeyboardInterrupt):
        index.export(path)
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"index", "all.jsonl.gz"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_written_to(index: SearchIndex, tmp_path: Path) -> None:
    path, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(path)
    link.symlink_to(path)
    reader = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        for name in (path, link):
            assert index.export(name) == 5
            assert os.read(reader, 2**16).decode() == "".join(index.export_lines())
    finally:
        os.close(reader)
    assert path.is_fifo()


def test_what_a_link_leads_to_is_replaced(index: SearchIndex, tmp_path: Path) -> None:
    path, link = tmp_path / "elsewhere" / "all.jsonl", tmp_path / "link"
    path.parent.mkdir()
    link.symlink_to(path)
    for _ in range(2):  # it is not there, then it is
        assert index.export(link) == 5
        assert link.readlink() == path
        assert path.read_text() == "".join(index.export_lines())
        path.write_text("before")
    assert [each.name for each in path.parent.iterdir()] == ["all.jsonl"]


@pytest.mark.skipif(os.name == "nt", reason="modes are not those of Windows")
def test_a_file_keeps_its_mode(index: SearchIndex, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    index.export(path)
    usual = path.stat().st_mode
    path.chmod(0o600)
    index.export(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 != stat.S_IMODE(usual)


def test_two_exports_at_once(index: SearchIndex, tmp_path: Path) -> None:
    """Each puts a whole file in place."""
    path, line = tmp_path / "all.jsonl", "x" * 100_000 + "\n"
    halves = Barrier(2, timeout=60)

    def lines(number: int) -> Iterator[str]:
        for _ in range(3):
            yield line
        halves.wait()
        if number:
            halves.wait()  # the other one is in place
        yield line

    with ThreadPoolExecutor(2) as writers:
        first, second = (writers.submit(write_lines, path, lines(number)) for number in (0, 1))
        assert first.result(60) == 4
        assert path.read_text() == line * 4
        halves.wait()
        assert second.result(60) == 4
    assert path.read_text() == line * 4
    assert {each.name for each in tmp_path.iterdir()} == {"index", "all.jsonl"}


def test_command(index: SearchIndex, tmp_path: Path) -> None:
    status, output, errors = run("export", cwd=tmp_path)
    assert (status, errors) == (0, "")
    assert output == "".join(index.export_lines())
    status, output, errors = run("export", "all.jsonl.gz", cwd=tmp_path)
    assert (status, output) == (0, "")
    assert errors == "Wrote 5 documents to all.jsonl.gz.\n"
    assert run("index", "all.jsonl.gz", "--index-dir", "new", cwd=tmp_path)[0] == 0
    assert run("export", "--index-dir", "new", cwd=tmp_path) == run("export", cwd=tmp_path)
    status, _, errors = run("export", "no/where", cwd=tmp_path)
    assert (status, "cannot be written" in errors) == (1, True)
