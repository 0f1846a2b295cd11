"""What cannot be is said, and what is empty as well; nothing is passed over in silence."""

import sys
from pathlib import Path

import pytest

from searchkit import SearchIndex
from tests.cli.test_commands import run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve", "--workers", "0"], "'--workers': 0 is not in the range 1<=x<=64"),
        (["serve", "--port", "99999"], "'--port': 99999 is not in the range 0<=x<=65535"),
        (["serve", "--rate", "often"], "the rate 'often' must be as '100/second'"),
        (["serve", "--rate", "0/second"], "the rate '0/second' must be as '100/second'"),
        (["serve", "--host", ""], "--host is empty"),
        (["watch", "add", "", "pakta"], "a name is letters and blanks, in one line"),
        (["watch", "add", "a\nb", "pakta"], "a name is letters and blanks, in one line"),
        (["query", "pakta", "--month", "2024-13"], "'2024-13' is no month; write 2024-06"),
        (["query", "pakta", "--month", "2024"], "'2024' is no month"),
        (["stats", "--index-dir", ""], "'--index-dir': it is empty: name a path"),
        (["index", ""], "it is empty: name a path"),
        (["index", "a.jsonl", ""], "it is empty: name a path"),
        (["export", ""], "it is empty: name a path"),
        (["export-site", ""], "it is empty: name a path"),
        (["backup", ""], "it is empty: name a path"),
        (["restore", ""], "it is empty: name a path"),
        (["migrate", "index", ""], "it is empty: name a path"),
        (["query"], "What to search for?"),
        (["query", "x", "--kind", "berita"], "'berita' is not one of"),
        (["query", "x", "--bom"], "--bom is for CSV: add --format csv"),
        (["stats", "--json", "--bom"], "--bom is for CSV"),
        (["analyze", "x", "--bom"], "--bom is for CSV"),
        (["query", "x", "--multi-select"], "name them with --facets"),
        (["--config", "", "stats"], "it is empty: name a path"),
        (["index", "a.jsonl", "--source", "x"], "There is no option '--source'.\n"),
        (["--index-dir", "d", "stats"], "after the command, as in `searchkit index --index-dir"),
        (["--limit", "3", "query", "x"], "after the command, as in `searchkit query --limit ...`"),
        (["stats", "--config", "x"], "before the command: `searchkit --config ... stats`"),
        (["watch", "list", "--config", "x"], "`searchkit --config ... watch list`"),
        (["watch", "--index-dir", "x", "list"], "as in `searchkit watch add --index-dir ...`"),
        (["query", "rudal", "-satelit"], "stands after `--`, or with others in quotes: 'rudal"),
        (["--verison"], "Did you mean '--version'?"),
        (["migrate", "index", "tantivy:///d/m2", "--engine", "whoosh"], "with tantivy:///d/m2"),
    ],
)
def test_what_cannot_be_is_said(
    tmp_path: Path, index: SearchIndex, arguments: list[str], message: str
) -> None:
    status, _, errors = run(*arguments, cwd=tmp_path)
    assert status in (2, 4)
    assert message in errors


@pytest.mark.parametrize("month", ["2024-06", "2024-6", "Juni 2024"])
def test_a_month_is_found_however_it_is_written(
    tmp_path: Path, index: SearchIndex, month: str
) -> None:
    found = run("query", "*", "--month", month, "--jsonl", cwd=tmp_path)[1]
    assert len(found.splitlines()) == 5
    assert run("query", "*", "--month", "Mei 2024", "--jsonl", cwd=tmp_path)[1] == ""


def test_a_group_alone_prints_its_help(tmp_path: Path) -> None:
    status, output, errors = run("watch", cwd=tmp_path)
    assert (status, output.count("Usage: "), errors) == (0, 1, "")


def test_a_facet_without_values_says_so(tmp_path: Path) -> None:
    record = b'{"title": "Harga beras turun", "body": "Harga beras turun di pasar induk."}'
    run("index", "-", cwd=tmp_path, stdin=record)
    _, output, _ = run("query", "beras", "--facets", "reporter", cwd=tmp_path)
    assert output.endswith("\nreporter\n  none\n")


@pytest.mark.skipif(sys.platform != "linux", reason="file names are no bytes there")
def test_a_path_that_is_no_text(tmp_path: Path, index: SearchIndex) -> None:
    index.path.rename(tmp_path / "berkas-\udce9")
    for form in ("csv", "json", "text"):
        arguments = ["stats", "--format", form, "--index-dir", "berkas-\udce9"]
        status, output, errors = run(*arguments, cwd=tmp_path)
        assert (status, "berkas-" in output) == (0, True), errors
