"""What a program that only searches has to wait for: nothing that it has no use for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from searchkit import SearchIndex, Settings
from tests.conftest import PACT

READING = {"lxml", "trafilatura", "justext", "dateparser", "charset_normalizer", "feedparser"}
WRITING = {"subprocess", "concurrent.futures", "filelock", "searchkit.preparing"}
TELLING = {"click", "rich", "matplotlib", "searchkit.evaluation"}

LIBRARY = """
import json, sys
from searchkit import SearchIndex
with SearchIndex.open(sys.argv[1]) as index:
    assert index.search("pakta pertahanan").total == 1
print(json.dumps(sorted(sys.modules)))
"""

COMMAND = """
import json, sys
from searchkit.cli import main
sys.argv = ["searchkit", "query", "pakta pertahanan", "--json", "--index-dir", sys.argv[1]]
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    with SearchIndex.create(tmp_path / "index", Settings(cache_dir=tmp_path / "cache")) as made:
        made.add([PACT])
    return tmp_path / "index"


def run(program: str, index: Path) -> "subprocess.CompletedProcess[str]":
    environment = {"XDG_CACHE_HOME": str(index.parent / "cache")}
    return subprocess.run(
        [sys.executable, "-c", program, str(index)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=Path(__file__).parent.parent,
    )


def test_a_search_imports_no_readers_writers_or_printers(index: Path) -> None:
    modules = set(json.loads(run(LIBRARY, index).stdout))
    assert "searchkit.engines.whoosh.evaluation" in modules
    assert not modules & (READING | WRITING | TELLING)


def test_the_command_query_imports_no_readers(index: Path) -> None:
    result = run(COMMAND, index)
    assert json.loads(result.stdout)["total"] == 1
    modules = set(json.loads(result.stderr))
    assert not modules & (READING | {"matplotlib", "searchkit.evaluation", "rich.progress"})
