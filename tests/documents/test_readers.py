"""Readers that installed packages offer by entry points."""

import gzip
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from searchkit import Page, SearchIndex, Settings, SettingsError, Skipped
from searchkit.documents import Limits
from searchkit.documents.reading import read_sources, read_stream
from tests.cli.test_commands import run

PACKAGE = '''
from searchkit import Article, MalformedInput, Page, Skipped
from searchkit.documents import InputFile

class Mail:
    """Reads messages: a head, an empty line, a body."""

    made = 0

    def __init__(self):
        Mail.made += 1

    def detects(self, start, name):
        return start.startswith(b"Subject: ") or name.endswith(".eml")

    def read(self, file: InputFile):
        head, blank, body = file.whole().decode().partition("\\n\\n")
        if not blank:
            raise MalformedInput(file.origin, "no empty line after the head", 1)
        subject = head.removeprefix("Subject: ")
        if subject == "list":
            yield Skipped(origin=file.origin, reason="is for a list")
        elif subject == "odd":
            yield Page(origin=file.origin, article=Article(headline="Before", body=("It failed.",)))
            yield subject
        elif subject != "nothing":
            yield Page(
                origin=file.origin,
                article=Article(headline=subject, body=(body,), source=file.source),
            )

class Doubting:
    def detects(self, start, name):
        raise ZeroDivisionError("no idea")

class Failing:
    def __init__(self):
        raise OSError("no dictionary")
'''
Install = Callable[[str], None]


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Install:
    """What puts a package with these readers on the path, as pip would."""
    site = tmp_path_factory.mktemp("site")
    (site / "mail-1.0.dist-info").mkdir()
    (site / "readers_of_tests.py").write_text(PACKAGE)
    (site / "mail-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: mail\nVersion: 1.0\n"
    )
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "readers_of_tests", raising=False)
    # For commands, which are processes of their own.
    monkeypatch.setenv("PYTHONPATH", str(site) + os.pathsep + os.environ.get("PYTHONPATH", ""))

    def offer(points: str) -> None:
        path = site / "mail-1.0.dist-info" / "entry_points.txt"
        path.write_text(f"[searchkit.readers]\n{points}\n")

    offer("mail = readers_of_tests:Mail")
    return offer


def read(data: bytes, page_bytes: int = 1000) -> list[Page | Skipped]:
    return list(read_stream(io.BytesIO(data), "in", limits=Limits(page_bytes=page_bytes)))


def reason(pages: list[Page | Skipped]) -> str:
    (skipped,) = pages
    assert isinstance(skipped, Skipped)
    return str(skipped)


@pytest.mark.usefixtures("install")
def test_a_kind_of_file_is_read(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "a.eml").write_bytes(b"Subject: Harga Beras\n\nBeras turun.")
    (tmp_path / "mail" / "b.eml.gz").write_bytes(gzip.compress(b"Pakta\n\nParlemen setuju."))
    (tmp_path / "mail" / "c.csv").write_text("judul,isi\nUji Rudal,Rudal diuji.\n")
    with SearchIndex.create(tmp_path / "index", settings) as index:
        assert index.add_files([tmp_path / "mail"]).added == {"article": 3}
        assert index.search("beras turun").hits[0].headline == "Harga Beras"
        assert index.search("parlemen").hits[0].headline == "Pakta"
        assert index.search("rudal").total == 1


@pytest.mark.usefixtures("install")
def test_a_stream_is_known_by_its_content() -> None:
    (page,) = read_stream(io.BytesIO(b"Subject: Pakta\n\nIsi."), "in", source="warta.example")
    assert isinstance(page, Page)
    assert page.article is not None
    assert (page.article.headline, page.article.source) == ("Pakta", "warta.example")
    assert reason(read(b"  ")) == "in: is empty"


@pytest.mark.usefixtures("install")
def test_readers_are_made_once_a_run(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.eml").write_text("Subject: Pakta\n\nIsi.")
    list(read_sources([tmp_path]))
    from readers_of_tests import Mail  # type: ignore[import-not-found] # put there by `install`

    assert Mail.made == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Subject: list\n\nx", "in: is for a list"),
        (b"Subject: no body", "in:1: no empty line after the head"),
        (b"Subject: nothing\n\nx", "in: the reader 'mail' found nothing in it"),
        (b"Subject: \xff\n\nx", "in: the reader 'mail' failed (UnicodeDecodeError: "),
        (b"Subject: x\n\n" + b"x" * 1000, "in: the page has 0.0 MB, the limit is 0.000953674 MB"),
    ],
)
@pytest.mark.usefixtures("install")
def test_what_a_reader_cannot_use_is_skipped(content: bytes, said: str) -> None:
    assert reason(read(content)).startswith(said)


@pytest.mark.usefixtures("install")
def test_what_came_before_a_failure_is_kept() -> None:
    page, skipped = read(b"Subject: odd\n\nx")
    assert isinstance(page, Page)
    assert str(skipped) == (
        "in: the reader 'mail' failed (TypeError: a str where a Page or a Skipped was due); ask "
        "the authors of its package"
    )


def test_a_reader_that_cannot_tell(install: Install) -> None:
    install("doubting = readers_of_tests:Doubting\nmail = readers_of_tests:Mail")
    said = "in: the reader 'doubting' failed (ZeroDivisionError: no idea); ask the authors"
    assert reason(read(b"Subject: x\n\nx")).startswith(said)


def test_a_reader_that_cannot_be_made_is_named(
    install: Install, tmp_path: Path, settings: Settings
) -> None:
    page = tmp_path / "page.eml"
    page.write_bytes(b"Subject: x\n\nx")
    with SearchIndex.create(tmp_path / "index", settings) as index:
        install("failing = readers_of_tests:Failing")
        with pytest.raises(
            SettingsError, match=r"'failing', readers_of_tests:Failing, cannot be used \(OSError: n"
        ):
            index.add_files([page])
        install("absent = readers_of_tests:Absent")
        with pytest.raises(SettingsError, match="'absent', .* install its package anew, or remove"):
            index.add_files([page])
        assert len(index.search("*").hits) == 0
        install("mail = readers_of_tests:Mail")
        assert index.add_files([page]).added == {"article": 1}


@pytest.mark.usefixtures("install")
def test_command_reads_it(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text("Subject: Harga Beras\n\nBeras turun.")
    status, _, errors = run("index", "a.eml", cwd=tmp_path)
    assert (status, errors) == (0, "")
    assert "Harga" in run("query", "beras", cwd=tmp_path)[1]
