"""The example of Django: its own tests, and the commands of its README, each as a process.

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
FOLDER = ROOT / "examples" / "django"


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
    tests = (project / "news" / "tests.py").read_text(encoding="utf-8").count("def test_")
    assert re.findall(r"^Ran (\d+) tests", manage(project, "test"), re.MULTILINE) == [str(tests)]


def test_the_documentation_shows_it() -> None:
    shown = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    _, code = (FOLDER / "news" / "search.py").read_text(encoding="utf-8").split('"""\n\n', 1)
    assert f"```py\n{code}```" in shown


def test_the_commands_of_its_readme(project: Path) -> None:
    readme = (project / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"manage\.py ([a-z_]+)", readme)
    assert {"migrate", "load_samples", "runserver", "createsuperuser", "searchkit"} <= set(named)
    manage(project, "migrate")
    assert "articles are loaded and indexed." in manage(project, "load_samples")
    assert manage(project, "searchkit", "sync").startswith("0 articles were not in step")
    assert "No changes detected" in manage(project, "makemigrations", "--check", "--dry-run")
