"""The tables of docs/query-language.md are true."""

import re
from pathlib import Path

import pytest

from searchkit.query import parse, to_text
from searchkit.query.lowering import MOST_PATTERNS, MOST_PHRASE_WORDS, MOST_TERMS
from searchkit.query.names import field_names
from searchkit.query.parsing import DEEPEST_QUERY, LONGEST_QUERY
from searchkit.query.tree import MOST_EXPANSIONS

PAGE = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| (?:`(.+?)` )?\| ", PAGE, re.MULTILINE)


def test_every_row_is_found() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    assert len(ROWS) == len(lines) - PAGE.count("| Example |") > 40


@pytest.mark.parametrize(("example", "read_as"), ROWS)
def test_example(example: str, read_as: str) -> None:
    example, read_as = example.replace(r"\|", "|"), read_as.replace(r"\|", "|")
    assert to_text(parse(example).node) == (read_as or example)


def test_names_of_fields_and_limits() -> None:
    named = set(re.findall(r"`([a-z]+):", PAGE))
    assert set(field_names()) - {"headline", "title", "date", "tgl"} <= named
    for limit in (f"{LONGEST_QUERY:,} characters", f"{MOST_TERMS} different words"):
        assert limit in PAGE
    assert f"{MOST_PATTERNS} words with" in PAGE
    assert f"{MOST_PHRASE_WORDS} words in phrases" in PAGE
    assert f"{DEEPEST_QUERY} deep" in PAGE
    assert f"up to {MOST_EXPANSIONS} words" in PAGE
