"""What people see: every command in both languages, the widths of terminals, and hostile texts."""

import csv
import io
import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from searchkit import Article, SearchIndex
from searchkit.cli import hits, narrowing
from searchkit.cli.commands import cli
from searchkit.cli.records import HIT_COLUMNS
from searchkit.cli.screen import Pipe, Screen, harmless
from searchkit.cli.screens import screen
from searchkit.cli.terminal import Terminal, supports_links
from searchkit.wording.dates import format_date, format_day, format_moment
from searchkit.zones import WIB
from tests.conftest import PACT, PACT_ITEM, article, item

NOW = datetime(2024, 6, 20, 15, 0, tzinfo=WIB)


def output(index: SearchIndex, *arguments: str, into: str = "en") -> str:
    """Return what a command prints, run within this process."""
    environment = {"SEARCHKIT_INDEX_DIR": str(index.path), "SEARCHKIT_LANG": into}
    result = CliRunner().invoke(cli, arguments, env=environment, standalone_mode=False)
    assert result.exception is None, result.exception
    return result.output


@pytest.mark.parametrize(
    ("arguments", "english", "indonesian"),
    [
        (["query", "pakta"], "hits for 'pakta'", "hasil untuk 'pakta'"),
        (["query", "pakta"], "Thursday, 20 June 2024", "Kamis, 20 Juni 2024"),
        (["query", "pakta"], "matched in headline", "cocok di judul"),
        (["query", "xyzzy"], "No hits for 'xyzzy'", "Tidak ada hasil untuk 'xyzzy'"),
        (["query", "pakta xyzzy"], "No document has all", "Tidak ada dokumen yang memuat semua"),
        (["show", PACT.id], "Published", "Terbit"),
        (["show", PACT_ITEM.id], "Seen in Populer", "Terlihat di Populer"),
        (["stats"], "sidebar items", "butir daftar"),
        (["analyze", "dukungan"], "stem", "kata dasar"),
        (["explain", "pakta", PACT.id], "What matched", "Kata yang cocok"),
    ],
)
def test_every_command_in_both_languages(
    index: SearchIndex, arguments: list[str], english: str, indonesian: str
) -> None:
    assert english in output(index, *arguments)
    assert indonesian in output(index, *arguments, into="id")


def test_numbers_are_written_as_the_language_does(index: SearchIndex) -> None:
    index.add(article(f"Berita {n}", "Isi berita.", day=1 + n % 28) for n in range(1200))
    assert "1,2" in output(index, "stats")
    assert "1.2" in output(index, "stats", into="id")


def test_a_pipe_gets_what_rich_would_print(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tabs = Article(
        headline="Pakta\tBaru 日本語",
        body=("Isi\tpakta 中国\titu.\x0c\r",),
        section="Dun\tia\nLuar",
        url="https://warta.example/日\t本",
        id="id\n日\tx\n",
    )
    index.add([tabs, article("", "Pakta tanpa judul."), item("Harga pakta", day=3)])
    pages = [index.search(query, facets=("section",)) for query in ("pakta", "*", "zz\tz", "")]

    def printed(screen: Screen) -> str:
        for room in (hits, narrowing):
            monkeypatch.setattr(room, "screen", lambda _color: screen)
        for page in pages:
            hits.print_page(page)
            hits.print_table(page)
            narrowing.print_facets(page)
        return capsys.readouterr().out

    plain = printed(Pipe())
    assert plain == printed(Terminal(color=False))
    assert plain.count("\n") > 40


@pytest.mark.parametrize(
    ("environment", "terminal", "color", "plain"),
    [
        ({}, False, True, True),
        ({}, True, True, False),
        ({}, True, False, False),
        ({"FORCE_COLOR": "1"}, False, True, False),
        ({"FORCE_COLOR": "1"}, False, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, True, True),
        ({"FORCE_COLOR": "0"}, False, True, True),
        ({"TTY_COMPATIBLE": "1"}, False, True, False),
    ],
)
def test_a_pipe_without_colours_needs_no_rich(
    environment: dict[str, str],
    terminal: bool,
    color: bool,
    plain: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    assert isinstance(screen(color), Pipe) == plain


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    index.add([item("Judul yang sangat panjang tentang pakta " * 6, day=3)])
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    page = index.search("pakta pertahanan panjang negara")
    hits.print_page(page, color=False)
    hits.print_table(page, color=False)
    lines = stream.getvalue().splitlines()
    assert len(lines) > 8
    assert max(map(len, lines)) <= width


def test_items_stand_apart_and_name_their_list(index: SearchIndex) -> None:
    lines = output(index, "query", "pakta").splitlines()
    assert any(line.startswith("1. Dua Negara") for line in lines)
    assert any(line.startswith("2.     [Populer] ") for line in lines)


def test_article_without_a_headline_is_not_an_empty_line(index: SearchIndex) -> None:
    index.add([article("", "Sebuah kalimat tentang gerhana.")])
    assert "1. (no headline)" in output(index, "query", "gerhana")
    assert "(tanpa judul)" in output(index, "query", "gerhana", "--format", "table", into="id")


def test_csv_is_safe_for_spreadsheets(index: SearchIndex) -> None:
    index.add([article("=HYPERLINK(1)", 'Gerhana, kata "warga".\nBaris kedua.')])
    text = output(index, "query", "gerhana", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(text))
    assert tuple(row) == tuple(HIT_COLUMNS)
    assert row["headline"] == "'=HYPERLINK(1)"
    assert output(index, "query", "gerhana", "--format", "csv", "--bom").startswith("\ufeff")


def test_a_page_cannot_steer_the_terminal(index: SearchIndex) -> None:
    index.add([article("Gerhana \x1b[2J\u202e hilang", "Isi \x07.")])
    shown = output(index, "query", "gerhana") + output(
        index, "query", "gerhana", "--format", "table"
    )
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert len(harmless("a\x1bb\u202ec")) == 5


def test_the_day_in_a_list_is_that_on_the_page() -> None:
    late = datetime(2024, 6, 1, 19, 30, tzinfo=UTC)
    assert (format_day(late, "id"), format_date(late, "id")) == ("02/06/2024", "2 Juni 2024")


@pytest.mark.parametrize(
    ("moment", "english", "indonesian"),
    [
        (datetime(2024, 6, 19, 11, 34, tzinfo=WIB),
         "Wednesday, 19 June 2024, 11:34 WIB", "Rabu, 19 Juni 2024 11.34 WIB"),
        (NOW - timedelta(hours=2), "2 hours ago (13:00 WIB)", "2 jam lalu (13.00 WIB)"),
        (NOW - timedelta(minutes=1), "1 minute ago (14:59 WIB)", "1 menit lalu (14.59 WIB)"),
        (NOW - timedelta(seconds=5), "just now (14:59 WIB)", "baru saja (14.59 WIB)"),
        (datetime(2024, 6, 20, tzinfo=WIB), "today", "hari ini"),
        (datetime(2023, 1, 1), "Sunday, 1 January 2023", "Minggu, 1 Januari 2023"),
        (datetime(2024, 6, 1, 19, 30, tzinfo=UTC), "Sunday, 2 June 2024, 02:30 WIB",
         "Minggu, 2 Juni 2024 02.30 WIB"),
        (datetime(2024, 6, 1, 17, 0, tzinfo=UTC), "Sunday, 2 June 2024, 00:00 WIB",
         "Minggu, 2 Juni 2024 00.00 WIB"),
        (datetime(2024, 6, 1, tzinfo=UTC), "Saturday, 1 June 2024", "Sabtu, 1 Juni 2024"),
        (datetime(2024, 6, 1, 22, 5, tzinfo=timezone(timedelta(hours=9))),
         "Saturday, 1 June 2024, 22:05 WIT", "Sabtu, 1 Juni 2024 22.05 WIT"),
        (datetime(2024, 6, 20, 3, 30), "11 hours ago (03:30 WIB)", "11 jam lalu (03.30 WIB)"),
        (datetime.max.replace(tzinfo=UTC), "Friday, 31 December 9999, 23:59 UTC+0000",
         "Jumat, 31 Desember 9999 23.59 UTC+0000"),
    ],
)  # fmt: skip
def test_dates(moment: datetime, english: str, indonesian: str) -> None:
    for now in (NOW, NOW.astimezone(UTC)):
        assert format_moment(moment, "en", now) == english
        assert format_moment(moment, "id", now) == indonesian
    assert len(format_day(moment, "id")) == len(format_day(moment, "en")) == 10


@pytest.mark.parametrize(
    ("environment", "terminal", "expected"),
    [
        ({}, True, False),
        ({"TERM_PROGRAM": "vscode"}, True, True),
        ({"TERM_PROGRAM": "vscode"}, False, False),
        ({"VTE_VERSION": "6003"}, True, True),
        ({"VTE_VERSION": "4900"}, True, False),
        ({"FORCE_HYPERLINK": "1"}, False, True),
        ({"FORCE_HYPERLINK": "0", "TERM": "foot"}, True, False),
    ],
)
def test_links_where_terminals_know_them(
    environment: dict[str, str], terminal: bool, expected: bool
) -> None:
    assert supports_links(environment, terminal) is expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(index: SearchIndex, shell: str) -> None:
    assert "_SEARCHKIT_COMPLETE" in output(index, "completion", shell)


def test_show_marks_the_words_of_a_query(index: SearchIndex) -> None:
    assert "«mendukung»" in output(index, "show", PACT.id, "--query", "dukungan")
    shown = output(index, "show", PACT.id, "--query", "judul:pakta")
    assert (shown.count("«Pakta»"), shown.lower().count("«pakta»")) == (1, 1)


def test_mistyped_command_and_option(tmp_path: Path) -> None:
    runner = CliRunner()
    wrong = runner.invoke(cli, ["qury", "x"], standalone_mode=False)
    assert "Did you mean 'query'?" in str(wrong.exception)
    bare = runner.invoke(cli, [])
    assert "Commands" in bare.output


def test_facets_as_a_table(index: SearchIndex) -> None:
    shown = output(index, "query", "pakta", "--facets", "section, kind", "--section", "DUNIA")
    assert shown.endswith("section\n  1  Dunia\n\nkind\n  1  article\n")
    shown = output(
        index, "query", "*", "--facets=section", "--section=dunia", "--multi-select", into="id"
    )
    assert shown.endswith("rubrik\n  1  Dunia\n  1  Olahraga\n  1  Politik\n")


def test_filters_sorts_and_cursors(index: SearchIndex) -> None:
    def page(*arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(output(index, "query", "*", "--json", *arguments))
        return found

    chosen = page("--section", "dunia", "--section", "politik", "--sort", "oldest")
    assert [hit["section"] for hit in chosen["hits"]] == ["Dunia", "Politik"]
    assert page("--source", "Warta.Example", "--reporter", "rina wulandari")["total"] == 1
    assert page("--since", "2024-06-22", "--until", "22 Juni 2024")["total"] == 1
    assert page("--until", "2024-06", "--month", "2024-06", "--facets", "kind")["facets"] == {
        "kind": [{"value": "article", "count": 3}, {"value": "item", "count": 2}]
    }
    first = page("--limit", "4")
    second = page("--cursor", first["next_cursor"])
    assert [hit["rank"] for hit in second["hits"]] == [5]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "kapan"], "'kapan' is no date; write 2024, 2024-06"),
        (["--facets", "colour"], "there is no facet 'colour'"),
        (["--cursor", "x"], "this is not a cursor that a search has given"),
    ],
)
def test_narrowing_that_cannot_be(index: SearchIndex, arguments: list[str], message: str) -> None:
    environment = {"SEARCHKIT_INDEX_DIR": str(index.path)}
    command = ["query", "pakta", *arguments]
    result = CliRunner().invoke(cli, command, env=environment, standalone_mode=False)
    assert message in str(result.exception)


def test_similar(index: SearchIndex) -> None:
    alone = article("Zirkonium", "Xenolit vesikular.", day=2)
    index.add([article("Pakta Negara", "Pakta pertahanan dua negara.", day=2), alone])
    assert "1. «Pakta» Negara" in output(index, "similar", PACT.id)
    for form in ("text", "table"):
        shown = output(index, "similar", PACT.id, "--format", form)
        assert f" similar to {PACT.id} (" in shown.splitlines()[0]
    shown = json.loads(output(index, "similar", PACT.id, "--json", "--limit", "1"))
    assert [hit["headline"] for hit in shown["hits"]] == ["Pakta Negara"]
    assert output(index, "similar", alone.id) == "There is no similar article.\n"
    assert output(index, "similar", alone.id, into="id") == "Tidak ada artikel yang serupa.\n"
