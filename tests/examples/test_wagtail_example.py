"""The example of Wagtail: its own tests, in a process of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "wagtail"


def manage(data: Path, *arguments: str) -> str:
    """What a command prints, of which no warning is passed over."""
    answer = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=FOLDER,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MAJALAH_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout
    return answer.stdout


def test_its_own_tests(tmp_path: Path) -> None:
    tests = (FOLDER / "majalah" / "tests.py").read_text(encoding="utf-8").count("def test_")
    assert tests
    assert re.search(rf"Ran {tests} tests in .*\n\nOK\n", manage(tmp_path, "test"))


def test_no_change_of_the_database_is_missing(tmp_path: Path) -> None:
    assert manage(tmp_path, "makemigrations", "--check") == "No changes detected\n"
