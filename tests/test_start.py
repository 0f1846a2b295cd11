"""What a program that only searches has to wait for: nothing that it has no use for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from searchkit import SearchIndex, Settings
from tests.conftest import PACT

READING = {"lxml", "trafilatura", "justext", "dateparser", "charset_normalizer", "feedparser"}
WRITING = {
    "subprocess",
    "concurrent.futures",
    "filelock",
    "searchkit.preparing",
    "searchkit.workers",
}
TELLING = {"click", "rich", "matplotlib", "searchkit.evaluation"}

REPORTING = {
    f"searchkit.{name}"
    for name in ("checking", "copying", "explaining", "migrating", "repairing", "watching")
}
SLOW = {"importlib.metadata", "importlib.resources", "email", "secrets"}
"""Of the standard library: what some of its parts import for themselves, of no use here."""

SELDOM = {
    *("searchkit.indexing", "searchkit.engines.findings", "searchkit.engines.whoosh.explaining"),
    *("searchkit.query.dates", "searchkit.query.spans", "searchkit.documents.dates"),
    *("whoosh.matching", "whoosh.reading", "numpy.ma"),
}
"""What few searches need."""

NOT_SEARCHING = {"html", "logging"}
"""Of the standard library, imported by the command in any case."""

LIBRARY = """
import json, sys
from searchkit import SearchIndex
with SearchIndex.open(sys.argv[1]) as index:
    assert index.search("pakta pertahanan").total == 1
print(json.dumps(sorted(sys.modules)))
"""

COMPILED = """
import dataclasses, json, sys
from searchkit import SearchIndex
with SearchIndex.open(sys.argv[1]) as index:
    assert index.search("pakta pertahanan").total == 1
ours = [module for name, module in sys.modules.items() if name.startswith("searchkit")]
classes = {c for module in ours for c in vars(module).values() if isinstance(c, type)}
values = [c for c in classes if "__dataclass_params__" in vars(c)]
frozen = [c for c in values if c.__dataclass_params__.frozen]
slow = [c.__name__ for c in frozen if c.__setattr__.__name__ == "__setattr__"]
print(json.dumps({"values": len(values), "slow": slow}))
"""

COUNTED = """
import json, sys
from searchkit import SearchIndex
from searchkit.analysis import IndonesianAnalyzer, lexicon, vocabulary
analyze, analyzed = IndonesianAnalyzer.analyze, []
IndonesianAnalyzer.analyze = lambda self, text: (analyzed.append(text), analyze(self, text))[1]
with SearchIndex.open(sys.argv[1]) as index:
    assert index.search("pakta pertahanan").total == 1
lists = (lexicon.frequencies, lexicon.derivations, lexicon.sastrawi_roots)
lists += (vocabulary.shipped_abbreviations,)
read = [list.__name__ for list in lists if list.cache_info().currsize]
print(json.dumps({"analyzed": analyzed, "read": read}))
"""

COMMAND = """
import json, sys
from searchkit.cli import main
sys.argv = ["searchkit", "query", "pakta pertahanan", "--index-dir", *sys.argv[1:]]
try:
    main()
finally:
    from searchkit.cli.messages import CATALOGUE
    said = len(CATALOGUE.texts._read)
    print(json.dumps({"modules": sorted(sys.modules), "said": said}), file=sys.stderr)
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    with SearchIndex.create(tmp_path / "index", Settings(cache_dir=tmp_path / "cache")) as made:
        made.add([PACT])
    return tmp_path / "index"


def run(program: str, index: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {"XDG_CACHE_HOME": str(index.parent / "cache")}
    return subprocess.run(
        [sys.executable, "-c", program, str(index), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=Path(__file__).parent.parent,
    )


def test_a_search_imports_no_readers_writers_or_printers(index: Path) -> None:
    modules = set(json.loads(run(LIBRARY, index).stdout))
    assert "searchkit.engines.whoosh.evaluation" in modules
    assert not modules & (READING | WRITING | TELLING | REPORTING | SLOW)
    assert not modules & (SELDOM | NOT_SEARCHING)


def test_the_classes_of_values_are_made_fast(index: Path) -> None:
    made = json.loads(run(COMPILED, index).stdout)
    assert made["values"] > 50
    assert made["slow"] == ["Sighting"]  # which has an order


def test_a_first_search_analyses_what_it_shows_and_reads_no_dictionary(index: Path) -> None:
    run(LIBRARY, index)  # which leaves its stems in the cache
    counted = json.loads(run(COUNTED, index).stdout)
    assert 0 < len(counted["analyzed"]) < 10
    assert counted["read"] == []


@pytest.mark.parametrize("form", ["json", "text", "table"])
def test_the_command_query_imports_no_readers_and_reads_few_messages(
    index: Path, form: str
) -> None:
    result = run(COMMAND, index, "--format", form)
    assert "Pakta" in result.stdout
    told = json.loads(result.stderr)
    modules = set(told["modules"])
    assert not modules & (READING | {"matplotlib", "searchkit.evaluation", "rich.progress"})
    assert not modules & (REPORTING | SLOW | SELDOM)
    # Standard output is a pipe; a table asks how wide letters are.
    assert not modules & {"rich.console", "rich.style", "rich.text"}
    assert ("rich.cells" in modules) == (form == "table")
    assert 10 < told["said"] < 80
