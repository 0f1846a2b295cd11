"""Every Python block of the documentation is run, a page in an empty directory, and has types."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import mypy.api
import pytest

from tests.reference import PAGE, written

ROOT = Path(__file__).parent.parent
PAGES = [path for path in sorted((ROOT / "docs").glob("*.md")) if "```python" in path.read_text()]


def blocks_of(page: Path) -> str:
    """The Python blocks of a page, as one module."""
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return "\n".join(blocks)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_python_blocks_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks_of(path), str(path), "exec"), {})


def test_python_blocks_are_typed(tmp_path: Path) -> None:
    for path in PAGES:
        if path == PAGE:
            continue  # its blocks stand by themselves, and use a name for one thing and another
        (tmp_path / f"page_{path.stem.replace('-', '_')}.py").write_text(blocks_of(path), "utf-8")
    options = [
        "--config-file",
        str(ROOT / "pyproject.toml"),
        "--cache-dir",
        str(tmp_path / "cache"),
    ]
    found, errors, status = mypy.api.run([*options, *map(str, tmp_path.glob("*.py"))])
    assert (status, errors) == (0, ""), found


def test_reference_is_what_the_code_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "write docs/reference.md anew: python -m tests.reference"


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The files and the headings that a page links to; "" for a file as a whole."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in target:
            name, _, heading = target.partition("#")
            yield (page.parent / name if name else page), heading


def headings(page: Path) -> set[str]:
    """The headings of a page as they stand in addresses: in small letters, joined by hyphens."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/*.md")]:
        for file, heading in links(page):
            assert file.exists(), f"{page.name} links to {file}"
            known = not heading or heading in headings(file)
            assert known, f"{page.name} links to {heading} in {file.name}"


def test_the_source_distribution_has_what_the_readme_links_to() -> None:
    lines = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    shipped = {"LICENSE"} | {name for line in lines for name in line.split()[1:]}
    for file, _ in links(ROOT / "README.md"):
        assert file.relative_to(ROOT).parts[0] in shipped, f"MANIFEST.in is without {file}"


def test_the_licences_of_word_lists_come_with_every_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    data = ROOT / "searchkit" / "analysis" / "data"
    notices = data / "LICENSES.txt"
    assert notices.relative_to(ROOT).as_posix() in project["license-files"]
    assert all((ROOT / name).is_file() for name in project["license-files"])
    told = notices.read_text("utf-8")
    lists = [path for path in data.iterdir() if path != notices]
    heads = {each.name: each.read_text("utf-8")[:1000] for each in lists}
    of_others = {name for name, head in heads.items() if re.search("Licen[cs]e|CC BY", head)}
    assert of_others == {"derivations.tsv", "frequencies.tsv", "names.txt", "spellings.tsv"}
    assert [name for name in of_others if name not in told] == []


def test_readme_has_both_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("main-command", "test-command"):
        assert re.search(rf"<!-- {name} -->\n```sh\n[^\n]+\n```", text), name
