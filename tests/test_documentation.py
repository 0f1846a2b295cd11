"""Every Python block of the documentation is run, page by page, in an empty directory."""

import re
from pathlib import Path

import pytest

from tests.reference import PAGE, written

ROOT = Path(__file__).parent.parent
PAGES = [path for path in sorted((ROOT / "docs").glob("*.md")) if "```python" in path.read_text()]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_python_blocks_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile("\n".join(blocks), str(path), "exec"), {})


def test_reference_is_what_the_code_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "write docs/reference.md anew: python -m tests.reference"


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_readme_has_both_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("main-command", "test-command"):
        assert re.search(rf"<!-- {name} -->\n```sh\n[^\n]+\n```", text), name
