"""The tests of the search backend for haystack, by Django's runner in a process of its own.

Django has one project a process, and pytest may run tests of another one in this. `ported` has
haystack's own tests of its backends, `own_tests` what they do not ask.
"""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from searchkit import ExtraMissing

HERE = "tests.integrations.haystack"
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("package", "count"), [("ported", 90), ("own", 36)])
def test_in_django(package: str, count: int, tmp_path: Path) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-W", "error", "-W", "ignore:::haystack", "-m", "django", "test"),
            *(f"{HERE}.{package}", "--pattern", "*_tests.py"),
            *("--settings", f"{HERE}.settings", "--pythonpath", str(ROOT)),
        ],
        cwd=tmp_path,
        env=os.environ | {"SEARCHKIT_TEST_INDEX": str(tmp_path / "search")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(rf"Ran {count} tests in .*\n\nOK\n", run.stderr), run.stderr


def test_without_haystack_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "haystack", None)
    with pytest.raises(ExtraMissing, match=r"searchkit\[haystack\]"):
        importlib.import_module("searchkit.integrations.haystack")
