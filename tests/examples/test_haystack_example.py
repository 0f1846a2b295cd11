"""The example of haystack: its own tests, and the commands of its README, each as a process.

Settings of Django are for a process once and for all, so that it has none in this one.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "haystack"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    unwanted = shutil.ignore_patterns("__pycache__", "index", "*.sqlite3", ".venv")
    return Path(shutil.copytree(FOLDER, tmp_path / "project", ignore=unwanted))


def manage(project: Path, *arguments: str) -> str:
    """What a command prints, of which no warning is passed over."""
    answer = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout
    return answer.stdout


def test_its_own_tests(project: Path) -> None:
    tests = (project / "shop" / "tests.py").read_text(encoding="utf-8").count("def test_")
    assert re.findall(r"^Ran (\d+) tests", manage(project, "test"), re.MULTILINE) == [str(tests)]


def test_the_commands_of_its_readme(project: Path) -> None:
    readme = (project / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"manage\.py ([a-z_]+)", readme))
    assert {"migrate", "load_samples", "runserver", "rebuild_index", "update_index"} <= named
    manage(project, "migrate")
    assert manage(project, "load_samples") == "24 products are loaded and indexed.\n"
    assert "Indexing 24 products" in manage(project, "update_index", "--remove")
    assert "Indexing 24 products" in manage(project, "rebuild_index", "--noinput")
    assert "No changes detected" in manage(project, "makemigrations", "--check", "--dry-run")
