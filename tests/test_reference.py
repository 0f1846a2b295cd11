"""The reference has every public name, with an example that uses it.

That it is as the code has it, and that examples run, is tested with all pages, in
test_documentation.py.
"""

import ast
import re
from importlib import import_module

import pytest

import searchkit
import searchkit.schema
from tests.reference import PAGE, SECTIONS, examples, written

TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = examples(TEXT)
NAMES = [name for _, _, names in SECTIONS for name in names.split()]


def test_all_public_names_are_on_the_page() -> None:
    assert len(NAMES) == len(set(NAMES))
    missing = {*searchkit.__all__, *searchkit.schema.__all__} - set(NAMES)
    assert not missing


def test_what_other_pages_import_is_public() -> None:
    """Whatever a page of the documentation shows how to use is on this one."""
    public = {(module, name) for _, module, names in SECTIONS for name in names.split()}
    public |= {("searchkit", name) for name in searchkit.__all__}
    public |= {("searchkit.analysis", "Token")}
    for page in PAGE.parent.glob("*.md"):
        for block in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for node in ast.walk(ast.parse(block)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("searchkit"):
                    found = {(node.module, alias.name) for alias in node.names}
                    assert found <= public, page.name


@pytest.mark.parametrize("name", NAMES)
def test_example_uses_the_name(name: str) -> None:
    source = EXAMPLES[name].removeprefix("```python\n").removesuffix("```\n")
    used = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=found) | ast.Attribute(attr=found):
                used.add(found)
    assert name in used


def test_names_are_of_the_modules_they_are_imported_from() -> None:
    for _, module, names in SECTIONS:
        listed = getattr(import_module(module), "__all__", None)
        assert listed is None or set(names.split()) <= set(listed)


def test_a_change_of_the_code_is_seen() -> None:
    changed = TEXT.replace("class DocumentNotFound", "class DocumentLost")
    assert changed != TEXT
    assert written(changed) == TEXT
