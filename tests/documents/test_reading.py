import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit import Page, Skipped
from searchkit.documents import Limits
from searchkit.documents.detection import Kind, detect
from searchkit.documents.reading import count_bytes, read_sources, read_stream

RECORD = {"title": "Harga Beras Turun", "body": "Harga beras turun.\nWarga lega.", "id": "r1"}
LINE = json.dumps(RECORD).encode() + b"\n"
PAGE = """Ekonomi

Harga Beras Turun di Pasar Induk

KAMIS, 20 JUNI 2024 | 11:34 WIB | LAPORAN: RINA WULANDARI

Harga beras turun di pasar induk sejak awal pekan, kata kepala dinas perdagangan kota itu.

“Panen raya sudah dimulai di tiga kabupaten,” ujarnya – setelah meninjau gudang pada Rabu pagi.
"""


def read(data: bytes, **limits: int) -> list[Page | Skipped]:
    return list(read_stream(io.BytesIO(data), "in", limits=Limits(**limits)))


def headlines(pages: list[Page | Skipped]) -> list[str]:
    return [page.article.headline for page in pages if isinstance(page, Page) and page.article]


def reasons(pages: list[Page | Skipped]) -> list[str]:
    return [str(page) for page in pages if isinstance(page, Skipped)]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"", Kind.EMPTY),
        (b" \n\t ", Kind.EMPTY),
        (b"\x1f\x8b\x08", Kind.GZIP),
        (b"WARC/1.0\r\n", Kind.WARC),
        (b"%PDF-1.4", Kind.BINARY),
        (b"text\0with zero", Kind.BINARY),
        (b'{"a": 1}\n{"a": 2}\n', Kind.JSON_LINES),
        (b'{"a": 1}', Kind.JSON_LINES),
        (b'{"a": \n{"a": 2}\n', Kind.JSON_LINES),
        (b'{\n "a": 1\n}', Kind.JSON),
        (b'[{"a": 1}]', Kind.JSON),
        (b"[\n]", Kind.JSON),
        (b"[IKLAN]\nBerita", Kind.TEXT),
        (b'<?xml version="1.0"?>\n<rss version="2.0">', Kind.FEED),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', Kind.FEED),
        (b"<!DOCTYPE html><html>", Kind.HTML),
        (b"<div>berita</div>", Kind.HTML),
        ("\ufeff<html>".encode("utf-16"), Kind.HTML),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n", Kind.MHTML),
        (b"Subject: Berita\n\nMIME-Version: multipart/related", Kind.TEXT),
        (b"judul,isi\nA,B\n", Kind.CSV),
        (b'"Title";"Content"\n', Kind.CSV),
        (b"tanggal\tisi berita\n", Kind.CSV),
        (b"Jakarta, Bandung\nsenin", Kind.TEXT),
        (b"judul\nA\n", Kind.TEXT),
        (b"\n\njudul,isi\nA,B\nC,D\n", Kind.CSV),
        (b'judul,isi,foto\n\n"A, B",B,\nC\n', Kind.CSV),
        (b"judul,isi\rA,B\rC,D\r", Kind.CSV),
        (b"judul,isi\nA," + b"x" * 200_000 + b"\nB,b", Kind.CSV),
        (b"judul,isi\nA\nB,b\nC,c\n", Kind.CSV),
        (b"judul,isi\nA\nB\n", Kind.CSV),
        (b"Berita, Artikel, Foto\nHarga Beras Turun\nKAMIS, 20 JUNI 2024\nEkonomi", Kind.TEXT),
        (b"Berita, Artikel, Foto\n\nHarga Beras Turun, Warga Lega\n\nEkonomi\n", Kind.TEXT),
        ("Dunia\n\nRusia".encode("utf-16-le"), Kind.TEXT),
    ],
)
def test_detection(start: bytes, kind: Kind) -> None:
    assert detect(start) is kind


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_page_in_any_encoding(encoding: str) -> None:
    (page,) = read(PAGE.encode(encoding))
    assert isinstance(page, Page)
    assert page.article
    assert page.article.headline == "Harga Beras Turun di Pasar Induk"
    assert page.article.body[1].startswith(
        "“Panen raya sudah dimulai di tiga kabupaten,” ujarnya –"
    )


def test_page_with_a_broken_byte_is_utf8_still() -> None:
    (page,) = read(PAGE.encode().replace(b"pekan", b"pek\xffan"))
    assert isinstance(page, Page)
    assert page.article
    assert "pek\ufffdan" in page.article.body[0]
    assert "“Panen" in page.article.body[1]


def test_gzip_inside_gzip_and_no_deeper() -> None:
    data = LINE
    for _ in range(2):
        data = gzip.compress(data)
        assert headlines(read(data)) == ["Harga Beras Turun"]
    assert reasons(read(gzip.compress(data))) == ["in: is gzipped more than twice; unpack it first"]


def test_gzip_cut_short_keeps_what_came_before() -> None:
    lines = [json.dumps({"title": f"Judul {n}", "body": os.urandom(40).hex()}) for n in range(500)]
    data = gzip.compress("\n".join(lines).encode())
    pages = read(data[: len(data) // 2])
    assert len(headlines(pages)) > 100
    assert "the gzip file is damaged or cut short" in reasons(pages)[-1]


def test_gzip_bomb_is_bounded() -> None:
    bomb = gzip.compress(b"kata " * 4_000_000)
    (reason,) = reasons(read(bomb, page_bytes=1_000_000))
    assert "the page has 19.1 MB, the limit is 0.953674 MB; raise it with --max-page-mb" in reason


def test_page_beyond_the_limit_is_skipped() -> None:
    (reason,) = reasons(read(b"x" * 3_000_000, page_bytes=2**20))
    assert reason == "in: the page has 2.9 MB, the limit is 1 MB; raise it with --max-page-mb"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "in: is empty"),
        (b"\n \n", "in: is empty"),
        (b"%PDF-1.7 ...", "in: is binary (PDF), not text; convert it to text or HTML first"),
        (
            b"\x00\x01\x02\x00",
            "in: is binary (unknown), not text; convert it to text or HTML first",
        ),
        (b"<html></html>", "in: no article and no list of headlines found in it"),
    ],
)
def test_unusable_content(data: bytes, reason: str) -> None:
    assert reasons(read(data)) == [reason]


def test_an_index_in_a_directory_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    for name in ("index", "arsip", "index.data"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.jsonl").write_bytes(LINE)
    (tmp_path / "index" / "searchkit.json").write_text('{"name": "searchkit index", "version": 9}')
    (tmp_path / "arsip" / "searchkit.json").write_text('{"name": "berita"}')
    for name in ("index.watches.json", "index.watches.json.lock"):
        (tmp_path / name).touch()
    pages = list(read_sources([tmp_path]))
    assert headlines(pages) == ["Harga Beras Turun"] * 2 + ["Harga Beras Turun di Pasar Induk"]
    assert len(reasons(pages)) == 1  # what only has the name of a manifest
    assert headlines(list(read_sources([tmp_path / "index" / "one.jsonl"])))


def test_what_searchkit_made_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    for name in ("bare", "situs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "articles.html").write_text(PAGE)
    (tmp_path / "bare" / "site.json").write_text('{"name": "situs"}')
    (tmp_path / "situs" / "site.json").write_text('{"searchkit site": 1}')
    assert len(headlines(list(read_sources([tmp_path])))) == 2  # without situs
    (reason,) = reasons(list(read_sources([tmp_path / "situs"])))
    assert reason.endswith(
        "situs: is what searchkit made, an index, a backup or a site; name what it was made of"
    )


def test_directory_in_order_hidden_files_passed_over(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.jsonl", "a.jsonl", ".hidden.jsonl", "c.jsonl"):
        (tmp_path / name).write_text(json.dumps({"title": name, "body": "x"}))
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert headlines(list(read_sources([tmp_path]))) == ["a.jsonl", "b/2.jsonl", "c.jsonl"]


def test_name_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(gzip.compress(LINE))
    assert headlines(list(read_sources([tmp_path]))) == ["Harga Beras Turun"]


def test_what_cannot_be_opened_is_reported_and_the_rest_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "good.jsonl").write_bytes(LINE)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    pages = list(read_sources([tmp_path, tmp_path / "absent"]))
    assert headlines(pages) == ["Harga Beras Turun"]
    assert reasons(pages) == [
        f"{tmp_path}/dangling: there is no such file or directory",
        f"{tmp_path}/fifo: it is not a file; pipe it in with `-`",
        f"{tmp_path}/absent: there is no such file or directory",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("x")
    path.chmod(0)
    assert reasons(list(read_sources([path]))) == [f"{path}: cannot be read: Permission denied"]


def test_progress_goes_to_the_end(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(LINE * 1000)
    told: list[int] = []
    list(read_sources([tmp_path], on_progress=told.append))
    assert told == sorted(told)
    assert told[-1] == count_bytes([tmp_path]) == 2000 * len(LINE)


def test_fault_in_a_reader_costs_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Page:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("searchkit.documents.page_text.read_pages", broken)
    (reason,) = reasons(read(PAGE.encode()))
    assert "could not be read (ZeroDivisionError: oops); please report it" in reason


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(str.encode)
    | st.sampled_from(
        [LINE, PAGE.encode(), b"<html><body><p>", b"judul,isi\n", b"WARC/1.0\r\n"]
    ).flatmap(lambda start: st.binary(max_size=80).map(lambda rest: start + rest))
)
def test_any_bytes(data: bytes) -> None:
    for page in read(data) + read(gzip.compress(data)):
        assert isinstance(page, Page | Skipped)
