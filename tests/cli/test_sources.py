"""What `searchkit index` reads, and what it shows on a terminal meanwhile."""

import json
from pathlib import Path

import pytest

from tests.cli.terminals import run_on_terminal

RECORD = json.dumps({"title": "Harga beras turun", "body": "Harga beras turun di pasar induk."})


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
