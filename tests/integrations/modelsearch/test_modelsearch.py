"""The tests of the search backend for Django, by Django's runner in a process of its own.

Django has one project a process, and pytest may run tests of another one in this.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = "tests.integrations.modelsearch"
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("module", "count"), [("backend_tests", 139), ("own_tests", 35)])
def test_in_django(module: str, count: int, tmp_path: Path) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-W", "error", "-m", "django", "test", f"{HERE}.{module}"),
            *("--settings", f"{HERE}.settings", "--pythonpath", str(ROOT)),
        ],
        cwd=tmp_path,
        env=os.environ | {"SEARCHKIT_TEST_INDEX": str(tmp_path / "search")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(rf"Ran {count} tests in .*\n\nOK\n", run.stderr), run.stderr
