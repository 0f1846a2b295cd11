"""How commands end when nobody takes what they print."""

import subprocess
import sys
from pathlib import Path

import pytest

from searchkit import SearchIndex

SEARCHKIT = f"{sys.executable} -m searchkit"


def shell(command: str, cwd: Path) -> tuple[int, str]:
    """Run a line of bash, in which `searchkit` stands for the command; return (status, errors)."""
    line = f"set -o pipefail; {command.replace('searchkit', SEARCHKIT)}"
    done = subprocess.run(
        ["bash", "-c", line], cwd=cwd, capture_output=True, check=False, timeout=120
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "command",
    ["query '*'", "query '*' --format csv", "query '*' --json", "export", "stats", "--help"],
)
def test_output_that_cannot_be_written(tmp_path: Path, index: SearchIndex, command: str) -> None:
    status, errors = shell(f"searchkit {command} > /dev/full", tmp_path)
    assert (status, errors) == (
        1,
        "searchkit: the output cannot be written: No space left on device\n",
    )


@pytest.mark.parametrize(
    "command", ["query '*'", "query '*' --format csv", "stats", "export", "--help"]
)
def test_reader_that_is_gone(tmp_path: Path, index: SearchIndex, command: str) -> None:
    assert shell(f"searchkit {command} | exec 0<&-", tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("query '*' >&-", 0),
        ("stats --json >&-", 0),
        ("analyze kata >&- 2>&-", 0),
        ("index - <&- 2>/dev/null", 3),
    ],
)
def test_streams_that_are_closed(
    tmp_path: Path, index: SearchIndex, command: str, status: int
) -> None:
    assert shell(f"searchkit {command}", tmp_path) == (status, "")
