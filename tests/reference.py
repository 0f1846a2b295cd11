"""The reference of the public names, docs/reference.md: `python -m tests.reference` writes it.

Signatures and descriptions are those of the code. What stands before the mark in the page, and the
example under each name, are written by hand in the page itself, and kept.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import UnionType
from typing import Any, get_args

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"
MARK = "<!-- What follows is written by `python -m tests.reference`, but for the examples. -->\n"

SECTIONS = (
    (
        "Indexes",
        "searchkit",
        "SearchIndex DocumentIndex AsyncSearchIndex AsyncDocumentIndex "
        "Watches Location Settings load_settings __version__",
    ),
    ("Documents", "searchkit", "Article SidebarItem Sighting Page Skipped"),
    (
        "Results",
        "searchkit",
        "ResultPage Hit Fragment FacetCount Correction HitExplanation WordMatch Token",
    ),
    (
        "Reports",
        "searchkit",
        "IndexReport Stats CheckReport Finding RepairReport CopyReport MigrationReport SiteReport",
    ),
    (
        "Schemas",
        "searchkit.schema",
        "Schema Text Keyword Number Moment Stored Identity Field DocumentPage DocumentHit",
    ),
    (
        "Clauses",
        "searchkit.schema",
        "Clause Typed Words Phrase Is OneOf Between StartsWith "
        "Matches Exists All Every Either Not Boost",
    ),
    ("Analyzers", "searchkit.analysis", "Analyzer analyzer_names make_analyzer"),
    ("Readers", "searchkit.documents", "Reader InputFile Limits"),
    ("Queries", "searchkit.query", "parse to_text"),
    (
        "Evaluation",
        "searchkit.evaluation",
        "read_judged_queries evaluate_index evaluate_run compare ranked_ids",
    ),
    ("LangChain", "searchkit.integrations.langchain", "SearchkitRetriever"),
    ("Flask", "searchkit.integrations.flask", "Searchkit"),
    ("MCP", "searchkit.integrations.mcp", "make_server"),
    ("Server", "searchkit.web.app", "create_app"),
    ("Settings of the server", "searchkit.web.options", "WebOptions"),
    ("Conformance", "searchkit.testing", "EngineConformance AnalyzerConformance"),
    (
        "Errors",
        "searchkit",
        "SearchkitError InputError UnreadableInput MalformedInput SettingsError QueryError "
        "QuerySyntaxError EvaluationError BelowFloor SchemaError WatchError WrongType "
        "OutputNotWritable ExtraMissing SearchIndexError IndexMissing ForeignIndex "
        "IndexVersionMismatch IndexDamaged IndexLocked IndexNotWritable MigrationFailed "
        "DocumentNotFound",
    ),
)
"""What is public: the sections of the page, each with a module and names to import from it."""

_SHOWN_BASES = {"Exception", "Protocol"}.union(*(names.split() for _, _, names in SECTIONS))
_PASSED_OVER = ("_", "test_", "model_")
"""How the names of members begin that nobody calls: ours, those of pytest and of pydantic."""
_CONSTANTS = {"__version__": "the version of searchkit that is installed."}
_WIDTH = 96
_ENTRY = re.compile(r"^### (\S+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"^```python\n.*?^```\n", re.MULTILINE | re.DOTALL)


def examples(page: str) -> dict[str, str]:
    """Return the examples in the page by the name they stand under."""
    found = {}
    for name, text in _ENTRY.findall(page):
        if example := _EXAMPLE.search(text):
            found[name.strip("`")] = example[0]
    return found


def written(page: str) -> str:
    """Return the page with everything below the mark as the code has it now."""
    kept = examples(page)
    parts = [page.partition(MARK)[0] + MARK]
    for title, module, names in SECTIONS:
        parts.append(f"## {title}\n\nFrom `{module}`.\n")
        for name in names.split():
            value = getattr(import_module(module), name)
            parts += [f"### `{name}`\n", *_entry(name, value), kept.get(name, "")]
            if isinstance(value, type):
                parts += _members(value)
    return "\n".join(filter(None, parts))


def _entry(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, type):
        yield _code(_head(value))
        yield _text(value)
    elif callable(value):
        yield _code(_signature(name, value))
        yield _text(value)
    elif isinstance(value, UnionType):
        yield f"Any of `{'`, `'.join(each.__name__ for each in get_args(value))}`.\n"
    else:
        yield f"A {type(value).__name__}: {_CONSTANTS[name]}\n"


def _code(text: str) -> str:
    return f"```py\n{text}\n```\n"


def _text(value: Any) -> str:
    """Return the documentation of `value` without its doctests."""
    paragraphs = (inspect.getdoc(value) or "").split("\n\n")
    return "\n\n".join(text for text in paragraphs if not text.startswith(">>>")) + "\n"


def _head(kind: type) -> str:
    bases = [base.__name__ for base in kind.__bases__]
    named = issubclass(kind, tuple) or is_dataclass(kind)
    shown = ", ".join(base for base in bases if base in _SHOWN_BASES)
    head = f"class {kind.__name__}({shown})" if shown else f"class {kind.__name__}"
    if named:
        made = _wrapped(kind.__name__, list(_fields_of(kind)), "")
    elif "__init__" in vars(kind) and "Protocol" not in bases:
        made = _signature(kind.__name__, vars(kind)["__init__"]).removesuffix(" -> None")
    else:
        return head
    return f"{head}\n{made}" if shown else made


def _fields_of(kind: type) -> Iterator[str]:
    declared: dict[str, ast.AnnAssign] = {}
    for base in reversed(_own(kind)):
        body = _parsed(base).body
        found = [node for node in body if isinstance(node, ast.AnnAssign)]
        declared |= {node.target.id: node for node in found if isinstance(node.target, ast.Name)}
    if not is_dataclass(kind):
        yield from (_parameter(name, declared[name]) for name in vars(kind)["_fields"])
        return
    wanted = [field for field in fields(kind) if field.init and field.name in declared]
    starred = False
    for field in wanted:
        if field.kw_only and not starred:
            starred = True
            yield "*"
        yield _parameter(field.name, declared[field.name])


def _parameter(name: str, node: ast.AnnAssign) -> str:
    default = ""
    if node.value is not None:
        default = " = ..." if isinstance(node.value, ast.Call) else f" = {ast.unparse(node.value)}"
    return f"{name}: {_annotation(node.annotation)}{default}"


def _members(kind: type) -> Iterator[str]:
    seen: set[str] = set()
    twins: dict[str, list[str]] = {}
    for base in _own(kind):
        for name, value in vars(base).items():
            if name.startswith(_PASSED_OVER) or name in seen:
                continue
            seen.add(name)
            function = getattr(value, "__func__", value)
            if hasattr(function, "__wrapped__") and inspect.isfunction(function):
                twins.setdefault(_way(function), []).append(name)
            elif isinstance(value, property):
                yield _code(_property(name, value))
                yield _text(value)
            elif inspect.isfunction(function):
                place = "" if inspect.isfunction(value) else f"{kind.__name__}."
                yield _code(_signature(f"{place}{name}", function))
                yield _text(function)
    if twins:
        other = kind.__name__.removeprefix("Async")
        yield f"With the arguments and results that they have in [`{other}`](#{other.lower()}):\n"
        yield "\n".join(f"- {way}: `{'`, `'.join(found)}`" for way, found in twins.items()) + "\n"


def _own(kind: type) -> list[type]:
    return [base for base in kind.__mro__ if base.__module__.startswith("searchkit")]


def _way(function: Any) -> str:
    if inspect.isasyncgenfunction(function):
        return "read by `async for`"
    return "awaited" if inspect.iscoroutinefunction(function) else "in `async with`, or awaited"


def _property(name: str, value: property) -> str:
    node = _parsed(value.fget)
    assert isinstance(node, ast.FunctionDef)
    return f"{name}: {_annotation(node.returns)}"


def _signature(name: str, function: Any) -> str:
    node = _parsed(function)
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = [None] * (len(positional) - len(arguments.defaults))
    shown = [
        _argument(argument, default)
        for argument, default in zip(positional, [*missing, *arguments.defaults], strict=True)
        if argument.arg not in ("self", "cls")
    ]
    if arguments.vararg:
        shown.append("*" + _argument(arguments.vararg, None))
    elif arguments.kwonlyargs:
        shown.append("*")
    shown += map(_argument, arguments.kwonlyargs, arguments.kw_defaults)
    if arguments.kwarg:
        shown.append("**" + _argument(arguments.kwarg, None))
    waits = "await " if isinstance(node, ast.AsyncFunctionDef) else ""
    return _wrapped(waits + name, shown, f" -> {_annotation(node.returns)}")


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    typed = f": {_annotation(argument.annotation)}" if argument.annotation else ""
    return f"{argument.arg}{typed}{f' = {ast.unparse(default)}' if default else ''}"


def _annotation(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ast.unparse(node) if node else "None"


def _wrapped(name: str, arguments: list[str], after: str) -> str:
    line = f"{name}({', '.join(arguments)}){after}"
    if len(line) <= _WIDTH:
        return line
    lines = [""]
    for argument in arguments:
        if lines[-1] and len(lines[-1]) + len(argument) + 6 > _WIDTH:
            lines.append("")
        lines[-1] += f" {argument}," if lines[-1] else f"{argument},"
    return "\n".join([f"{name}(", *(f"    {each}" for each in lines), f"){after}"])


@cache
def _parsed(value: Any) -> Any:
    """Return the definition of a class or a function, as it is written."""
    return ast.parse(dedent(inspect.getsource(inspect.unwrap(value)))).body[0]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
