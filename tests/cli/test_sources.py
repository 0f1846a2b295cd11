"""What `searchkit index` reads, and what it shows on a terminal meanwhile."""

import json
from pathlib import Path

import pytest

from searchkit import SearchIndex
from tests.cli.terminals import run_on_terminal
from tests.cli.test_commands import run

RECORD = json.dumps({"title": "Harga beras turun", "body": "Harga beras turun di pasar induk."})


def counts(folder: Path) -> dict[str, int]:
    documents: dict[str, int] = json.loads(run("stats", "--json", cwd=folder)[1])["documents"]
    return documents


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["index", "-"], 0),
        (["index"], 0),
        (["index", "record.json"], 0),
        (["index", "empty.jsonl"], 3),
        (["index", "absent.jsonl"], 3),
        (["index", "folder"], 0),
    ],
)
def test_progress_on_a_terminal_of_a_known_and_an_unknown_end(
    tmp_path: Path, arguments: list[str], status: int
) -> None:
    (tmp_path / "record.json").write_text(RECORD)
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "folder").mkdir()
    found, shown = run_on_terminal(*arguments, cwd=tmp_path, stdin=RECORD.encode())
    assert found == status, shown
    assert "MB" in shown
    assert "Index: index." in shown


def test_samples_are_for_a_new_index(tmp_path: Path) -> None:
    assert run("index", cwd=tmp_path)[0] == 0
    samples = counts(tmp_path)
    status, _, errors = run("index", cwd=tmp_path)
    assert status == 0, errors
    assert counts(tmp_path) == samples
    assert run("index", "-", cwd=tmp_path, stdin=RECORD.encode())[0] == 0
    total = sum(samples.values()) + 1
    for stdin in (b"", None):
        status, _, errors = run("index", cwd=tmp_path, stdin=stdin)
        assert status == 2
        assert f"are for a new index, and index has {total} documents." in errors
    assert sum(counts(tmp_path).values()) == total


def test_samples_take_the_place_of_nothing(tmp_path: Path, index: SearchIndex) -> None:
    before = counts(tmp_path)
    for stdin in (b"", None):
        status, _, errors = run("index", "--rebuild", cwd=tmp_path, stdin=stdin)
        assert (status, "Name what to index" in errors) == (2, True)
    assert counts(tmp_path) == before


@pytest.mark.parametrize("arguments", [["-", "-"], ["-", "a.txt"], ["a.txt", "-"]])
def test_standard_input_stands_alone(tmp_path: Path, arguments: list[str]) -> None:
    status, _, errors = run("index", *arguments, cwd=tmp_path, stdin=RECORD.encode())
    assert (status, "cannot be named beside other sources" in errors) == (2, True)


def test_where_there_is_nothing_to_index_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "record.json").write_text(RECORD)
    for source, nothing in (("folder", True), ("record.json", False), ("record.json", False)):
        status, shown, _ = run("index", source, cwd=tmp_path)
        assert (status, "There was nothing to index." in shown) == (0, nothing)
