import ast
import re
from graphlib import TopologicalSorter
from importlib.resources import files
from pathlib import Path

import pytest

import searchkit
from searchkit import errors

PACKAGE = Path(searchkit.__file__).parent
COMMANDS = sorted((PACKAGE / "cli").glob("*.py"))

# Each layer may import itself and those before it; what stands together may import each other.
LAYERS = [
    {"errors"},
    {
        "arguments",
        "cached",
        "canonical",
        "durable",
        "forking",
        "own_files",
        "settings",
        "shipped",
        "starting",
        "values",
        "wording",
        "written",
        "zones",
    },
    {"analysis"},
    {"documents", "samples"},
    {"query", "results", "snippets"},
    {"engines"},
    {"correcting", "slips", "suggesting"},
    {
        "asking",
        "checking",
        "copying",
        "explaining",
        "exporting",
        "filtering",
        "indexing",
        "migrating",
        "paging",
        "phrases",
        "preparing",
        "repairing",
        "saved_queries",
        "schema",
        "searching",
        "seen",
        "similar",
        "site",
        "workers",
    },
    {"upkeep"},
    {"open_index", "open_documents"},
    {"search_index", "document_index"},
    {"async_index", "async_search_index", "async_document_index", "watching"},
    {"objects"},
    {"evaluation"},
    {"testing"},
    {"integrations"},
    {"web"},
    {"cli", "__init__", "__main__"},
]
LEVEL = {name: number for number, names in enumerate(LAYERS) for name in names}


def imports(path: Path) -> set[str]:
    """The names of the layers that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "searchkit":
                found.add(parts[1] if len(parts) > 1 else "__init__")
    return found


def test_everything_public_is_there_and_listed() -> None:
    assert sorted(searchkit.__all__) == searchkit.__all__
    public = {name for name in vars(searchkit) if not name.startswith("_")} - {
        "Any",
        "TYPE_CHECKING",
    }
    modules = {path.stem for path in PACKAGE.iterdir()}
    late = {"__version__", *searchkit._LATE}
    assert public - modules - {"Any", "TYPE_CHECKING"} == set(searchkit.__all__) - late
    for name in searchkit.__all__:
        assert getattr(searchkit, name).__doc__


def test_package_is_typed() -> None:
    assert files("searchkit").joinpath("py.typed").is_file()


def test_layers() -> None:
    for path in PACKAGE.rglob("*.py"):
        layer = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for imported in imports(path):
            allowed = LEVEL[imported] <= LEVEL[layer] or (layer, imported) == ("cli", "__init__")
            assert allowed, f"{path.relative_to(PACKAGE)} imports {imported}"


def test_commands_import_in_no_circle() -> None:
    imported = re.compile(r"^\s*from searchkit\.cli\.(\w+) import", re.MULTILINE)
    graph = {path.stem: imported.findall(path.read_text("utf-8")) for path in COMMANDS}
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(
    ("engine", "library"),
    [("whoosh", "whoosh"), ("tantivy", "tantivy"), ("opensearch", "opensearchpy")],
)
def test_only_its_engine_imports_a_library(engine: str, library: str) -> None:
    imported = re.compile(rf"^\s*(from|import) {library}\b", re.MULTILINE)
    for path in PACKAGE.rglob("*.py"):
        if engine not in path.relative_to(PACKAGE).parts:
            assert not imported.search(path.read_text("utf-8")), path


def test_an_integration_imports_its_own_framework_only() -> None:
    on_django = {"django", "haystack", "modelsearch"}
    for framework in ("mcp", "langchain", "flask", "django", "haystack"):
        rooms = on_django if framework == "django" else {framework, f"{framework}.py"}
        imported = re.compile(rf"^\s*(from|import) {framework}", re.MULTILINE)
        for path in PACKAGE.rglob("*.py"):
            if not rooms & set(path.relative_to(PACKAGE).parts):
                assert not imported.search(path.read_text("utf-8")), path


def test_every_error_has_an_exit_status() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    for kind in kinds:
        if issubclass(kind, errors.SearchkitError):
            two = issubclass(kind, errors.InputError | errors.ExtraMissing)
            error = kind("a", "b") if two else kind("a")
            assert errors.exit_status(error) in range(1, 10)
    assert errors.exit_status(errors.DocumentNotFound("x")) == 7
    assert errors.exit_status(errors.IndexLocked("x")) == 6
    assert errors.http_status(errors.DocumentNotFound("x")) == 404
    assert errors.http_status(errors.IndexLocked("x")) == 503
    assert errors.http_status(errors.QuerySyntaxError("x")) == 400


def test_input_error_names_its_place() -> None:
    assert str(errors.MalformedInput("a.jsonl", "broken JSON", 3)) == "a.jsonl:3: broken JSON"
    assert str(errors.UnreadableInput("a.txt", "is empty")) == "a.txt: is empty"


def test_tree_in_the_docstring_is_the_tree() -> None:
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or ""))
    classes = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
    assert drawn | {"SearchkitError"} == classes - {"Path"}
