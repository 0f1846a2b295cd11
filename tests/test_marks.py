"""Which places of a text are marked, for every kind of leaf."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.query import (
    Boosted,
    Fuzzy,
    InFields,
    Leaf,
    Node,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    Without,
    leaves,
)
from searchkit.query.patterns import form_test
from searchkit.query.spelled import as_spelled
from searchkit.snippets import Highlighter, find_marks

ANALYZER = IndonesianAnalyzer(IndonesianStemmer())


def term(word: str, *, exact: bool = False) -> Term:
    (token,) = ANALYZER.analyze(word)
    return Term(token.term, token.form, exact)


def phrase(words: str, slop: int = 0, *, exact: bool = False) -> Phrase:
    tokens = ANALYZER.analyze(words)
    return Phrase(tuple(Term(token.term, token.form) for token in tokens), slop, exact)


CASES: dict[str, tuple[Leaf, str]] = {
    "stem": (term("mendukung"), "[Dukungan] itu [didukungnya]? [Mendukung]"),
    "exact form": (term("dukungan", exact=True), "[Dukungan] dan mendukung"),
    "phrase": (phrase("pakta pertahanan"), "[Pakta pertahanan] dan [pakta. Pertahanan]"),
    "phrase over paragraphs": (phrase("pakta pertahanan"), "Isi [pakta]\n\n[Pertahanan] negara"),
    "exact phrase": (phrase("para pedagang", exact=True), "[Para pedagang] dan para perdagangan"),
    "slop": (phrase("rusia korea", 1), "[Rusia] dan [Korea], Rusia dan atau Korea"),
    "slop keeps the order": (phrase("rusia korea", 2), "Korea dan Rusia"),
    "slop takes the nearest": (phrase("rusia korea", 2), "Rusia, [Rusia] dan [Korea]"),
    "a word twice in a phrase": (phrase("di di"), "[di di di di] sana, di sini"),
    "prefix": (Prefix("perta"), "[Pertahanan] di [Pertamina], perang"),
    "prefix of half a compound": (Prefix("olah"), "[Olahraga], [olah] raga, [Olahraganya]"),
    "pattern of the second half": (Wildcard("*raga"), "[Olahraga], olah [raga], 2,5[raga]"),
    "pattern of a compound": (
        as_spelled(Prefix("olahr"), ANALYZER),
        "[Olahraga] dan [olahraganya], olah jiwa raga",
    ),
    "pattern of an abbreviation": (as_spelled(Prefix("as"), ANALYZER), "[AS], [asing] dan BI"),
    "wildcard": (Wildcard("p*ang"), "[Perang] [pang], perangkat"),
    "fuzzy": (Fuzzy("zelenski", 1), "[Zelensky] dan [Zelenski], Selensky"),
    "compound": (phrase("tanda tangan"), "Mereka [menandatangani] [tanda tangan]"),
    "date": (phrase("3/6"), "Senin ([3/6])"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_leaf(case: str) -> None:
    leaf, expected = CASES[case]
    text = expected.replace("[", "").replace("]", "")
    for found in (
        find_marks(text, ANALYZER.analyze(text), [leaf]),
        Highlighter(ANALYZER, [leaf])._marks("body", text),
    ):
        marked = text
        for mark in reversed(found):
            marked = f"{marked[: mark.start]}[{marked[mark.start : mark.end]}]{marked[mark.end :]}"
        assert marked == expected


def marked(node: Node, text: str, field: str = "body") -> list[str]:
    marks = find_marks(text, ANALYZER.analyze(text), list(leaves(node)), field)
    return [text[mark.start : mark.end] for mark in marks]


def test_leaf_of_fields_is_marked_in_them_only() -> None:
    leaf = InFields(term("gempa"), ("headline", "sidebar"))
    assert marked(leaf, "Gempa", "headline") == ["Gempa"]
    assert marked(leaf, "Gempa", "body") == []
    highlighter = Highlighter(ANALYZER, [leaf])
    assert highlighter.whole("headline", "Gempa").marks == ((0, 5),)
    assert highlighter.whole("body", "Gempa").marks == ()


def test_what_is_excluded_is_not_marked_and_a_boost_changes_nothing() -> None:
    node = Without(Boosted(term("pakta"), 2.0), term("korea"))
    assert marked(node, "Pakta Korea") == ["Pakta"]


def test_marks_that_overlap_or_touch_are_one() -> None:
    text = "Korea Utara menandatangani, 3/6"
    found = find_marks(
        text,
        ANALYZER.analyze(text),
        [phrase("korea utara"), *map(term, ("utara", "tanda", "tangan", "3", "juni"))],
    )
    assert [(text[m.start : m.end], set(m.leaves)) for m in found] == [
        ("Korea Utara", {0, 1}),
        ("menandatangani", {2, 3}),
        ("3/6", {4, 5}),
    ]


letters = st.text("ab*?", max_size=8)


@given(letters, st.text("ab", max_size=10))
def test_wildcard_means_what_a_regular_expression_says(pattern: str, form: str) -> None:
    expected = re.fullmatch(pattern.replace("*", ".*").replace("?", "."), form) is not None
    assert form_test(Wildcard(pattern))(form) == expected


def test_wildcard_of_many_stars_is_quick() -> None:
    assert not form_test(Wildcard("*a" * 2000 + "b"))("a" * 4000)


def edits(first: str, second: str) -> int:
    """Edits by the definition, slowly."""
    if not first or not second:
        return len(first) + len(second)
    found = min(
        edits(first[1:], second) + 1,
        edits(first, second[1:]) + 1,
        edits(first[1:], second[1:]) + (first[0] != second[0]),
    )
    if len(first) > 1 and len(second) > 1 and first[:2] == second[1::-1]:
        found = min(found, edits(first[2:], second[2:]) + 1)
    return found


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.sampled_from([1, 2]))
def test_fuzzy_counts_edits(first: str, second: str, most: int) -> None:
    assert form_test(Fuzzy(first, most))(second) == (edits(first, second) <= most)
