"""What cannot be is said, and what is empty as well; nothing is passed over in silence."""

import sys
from pathlib import Path

import pytest

from searchkit import SearchIndex
from tests.cli.test_commands import run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve", "--workers", "0"], "workers"),
        (["serve", "--host", ""], "--host is empty"),
        (["watch", "add", "", "pakta"], "a name is letters and blanks, in one line"),
        (["watch", "add", "a\nb", "pakta"], "a name is letters and blanks, in one line"),
        (["migrate", "index", "tantivy:///d/m2", "--engine", "whoosh"], "with tantivy:///d/m2"),
    ],
)
def test_what_cannot_be_is_said(
    tmp_path: Path, index: SearchIndex, arguments: list[str], message: str
) -> None:
    status, _, errors = run(*arguments, cwd=tmp_path)
    assert status in (2, 4)
    assert message in errors


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
