"""The command that runs the conformance suite, on engines of a package made for this."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from searchkit.testing import EngineConformance
from searchkit.testing.run import PARTS

ENGINES = """
from dataclasses import replace
from searchkit.engines.whoosh import WhooshEngine
from searchkit.errors import SearchIndexError

class Backwards(WhooshEngine):
    "Finds what Whoosh finds, in the wrong order."

    def search(self, *arguments, **options):
        found = super().search(*arguments, **options)
        return replace(found, matches=found.matches[::-1])

class Remote(WhooshEngine):
    "Is on a server that cannot be reached."

    capabilities = replace(WhooshEngine.capabilities, directory=False)

    @classmethod
    def is_free(cls, location, settings):
        raise SearchIndexError(f"{location} cannot be reached")

class NewsOnly(WhooshEngine):
    "Knows no schemas."

    capabilities = replace(WhooshEngine.capabilities, schemas=False)
"""
ENTRY_POINTS = """
[searchkit.engines]
backwards = engines_of_tests:Backwards
news = engines_of_tests:NewsOnly
remote = engines_of_tests:Remote
sound = searchkit.engines.whoosh:WhooshEngine
broken = engines_of_tests:Absent
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A directory that has an installed package with five engines."""
    (tmp_path / "engines_of_tests.py").write_text(ENGINES)
    info = tmp_path / "engines_of_tests-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: engines-of-tests\nVersion: 1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    return tmp_path


def run(package: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join([str(package), str(Path(__file__).parents[2])])
    return subprocess.run(
        [sys.executable, "-m", "searchkit.testing", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=package,
        env=os.environ | {"PYTHONPATH": path, "COLUMNS": "120"},
    )


def test_table_of_engines_and_failures(package: Path) -> None:
    parts = ("--part", "CopyGroups", "--part", "Cursors")
    done = run(package, *parts, "sound", "backwards", "whoosh")
    rows = {row.split("│")[1].strip(): row for row in done.stdout.splitlines() if "│" in row}
    assert set(rows) == {"CopyGroups", "Cursors", "all"}
    assert [cell.strip() for cell in rows["Cursors"].split("│")[2:5]] == [
        "3 passed",
        "2 passed, 1 failed",
        "3 passed",
    ]
    assert "backwards: test_one_is_shown_for_all_its_copies" in done.stdout
    assert "At index 0 diff" in done.stdout  # both sides of what was compared
    assert "sound: test" not in done.stdout
    assert done.returncode == 1


def test_what_an_engine_declares_that_it_cannot_do_is_skipped_and_nothing_else(
    package: Path,
) -> None:
    done = run(package, "--part", "Cursors", "--part", "Schemas", "news")
    rows = {row.split("│")[1].strip(): row for row in done.stdout.splitlines() if "│" in row}
    assert rows["Cursors"].split("│")[2].strip() == "3 passed"
    assert rows["Schemas"].split("│")[2].strip().startswith("0 passed, ")
    assert "skipped" in rows["Schemas"]
    assert done.returncode == 0


def test_engines_that_cannot_be_tested_are_said_so(package: Path) -> None:
    done = run(package, "broken", "lucene", "whoosh://host/x")
    assert "broken was not tested: the engine 'broken', engines_of_tests:Absent, can" in done.stdout
    assert "lucene was not tested: there is no engine 'lucene'" in done.stdout
    assert "whoosh://host/x was not tested: it needs no server: name it whoosh" in done.stdout
    assert "│" not in done.stdout
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_server_is_named_by_a_variable_of_the_environment(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(package, "remote")
    assert "it needs a server: name it remote://HOST:PORT, or set SEARCHKIT_TEST_REMOTE" in (
        done.stdout
    )
    monkeypatch.setenv("SEARCHKIT_TEST_REMOTE", "satu:1,dua:2")
    done = run(package, "remote")
    assert "remote was not tested: remote://satu:1,dua:2/absent cannot be reached" in done.stdout
    assert done.returncode == 1


def test_without_pytest_the_extra_is_named(package: Path) -> None:
    (package / "pytest.py").write_text("raise ModuleNotFoundError('no pytest', name='pytest')")
    done = run(package, "sound")
    assert "pip install 'searchkit[testing]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_parts_are_all_of_the_suite_and_no_two_tests_have_the_same_name() -> None:
    parts = EngineConformance.__bases__
    assert tuple(part.__name__ for part in parts) == PARTS
    names = [name for part in parts for name in vars(part) if name.startswith("test_")]
    assert len(set(names)) == len(names)
