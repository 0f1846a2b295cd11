"""Tokens that are found are those of the full analysis."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer, finding
from searchkit.analysis.capitals import Doubt
from searchkit.analysis.finding import Chunks, Wanted, Words
from searchkit.analysis.lexicon import compounds
from searchkit.analysis.tokens import LONGEST_TERM, Token

ANALYZER = IndonesianAnalyzer(IndonesianStemmer(), capitals={"AS", "ADA"})
WORDS = (
    *("Bekasi", "bekasi", "BEKASI", "bekas", "Semangka", "Pemilu", "Petani", "petani", "AS", "as"),
    *("ADA", "ada", "di", "Jum'at", "(3/6)", "menandatangani", "Rusia-Ukraina", "NATO-nya", "A.S."),
    *(
        "https://warta.example.com/a?b=c",
        "Rp5,6",
        "x" * 80,
        "Mem" + "a" * 70,
        "—",
        "kata,",
        "kata.",
    ),
)
GAPS = (
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\u00a0",
    "\u2003",
    "\x1c",
    "\x85",
    "",
    ".",
    ". ",
    ", ",
    '" ',
)
texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=40).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
words = st.frozensets(
    st.sampled_from(
        (
            *("bekasi", "bekas", "as", "AS", "ada", "ada'", "tanda", "3", "juni", "rusia", "nato"),
            *(("mem" + "a" * 70)[:LONGEST_TERM], "x" * LONGEST_TERM, "semangka", "pemilu", "tani"),
        )
    ),
    max_size=4,
)


@given(texts | st.text(), words, st.booleans())
@example("Warga Bekasi resah. Bekasi banjir", frozenset({"bekas"}), False)
@example("Warga Bekasi resah. Bekasi banjir", frozenset({"bekasi"}), True)
def test_found_tokens_are_those_of_the_analysis(
    text: str, wanted: frozenset[str], any_word: bool
) -> None:
    def fits(term: str, form: str) -> bool:
        return term in wanted or form in wanted

    finder = ANALYZER.finder(Wanted(fits, None if any_word else Words(wanted, wanted)))
    tokens = [t for t in ANALYZER.analyze(text) if fits(t.term, t.form)]
    assert finder.find(text) == tokens
    assert finder.find(text, [token.position for token in tokens]) == tokens


@given(texts | st.text(), words, words, st.lists(st.integers(0, 50), unique=True).map(sorted))
def test_positions_of_another_text_do_no_harm(
    text: str, terms: frozenset[str], forms: frozenset[str], positions: list[int]
) -> None:
    def fits(term: str, form: str) -> bool:
        return term in terms or form in forms

    finder = ANALYZER.finder(Wanted(fits, Words(terms, forms)))
    found = finder.find(text, positions)
    if [token.position for token in found] != positions:
        assert found == finder.find(text)
    for token in found:
        assert text[token.start : token.end] == token.surface
        assert fits(token.term, token.form)


@given(texts | st.text())
@example("Kerjasama, bekerjasama; (3/6/2024) Rp5,6 2024 07 '' ' — Rusia-Ukraina BERTANGGUNGJAWAB.")
@example("ﷺ ½ ² \u00ad kata² Café Jum'at's 's sama SAMA 1's a.b")
def test_chunks_are_counted_as_they_are_read(text: str) -> None:
    chunks = text.split()
    counted = list(ANALYZER._chunks.counts(chunks))
    assert counted == [len(ANALYZER.read(chunk)[0]) for chunk in chunks]


def test_every_compound_is_counted_as_two() -> None:
    written = [f"ber{compound}" for compound in compounds()] + list(compounds())
    counted = list(ANALYZER._chunks.counts(written))
    assert counted == [len(ANALYZER.read(word)[0]) for word in written]
    assert set(counted) == {2}


def test_what_is_met_again_outlasts_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_MOST_READ", 3)
    monkeypatch.setattr(finding, "_MOST_COUNTED", 3)
    met: list[str] = []

    def read(text: str) -> tuple[list[Token], list[Doubt]]:
        met.append(text)
        return [Token(text, text, text, 0, len(text), 0)], []

    chunks = Chunks(read, lambda text: len(read(text)[0]))
    for text in "abcadeafga":
        assert list(chunks.counts((text,))) == [1]
    assert met == list("abcdefg")
    met.clear()
    for text in "abcadeafga":
        found = chunks.meet((text,))
        assert found.chunks[text].tokens[0].term == text
        assert found.holding(Words(frozenset(text), frozenset())) == {text}
    assert met == list("abcdefg")
    met.clear()
    chunks.meet("b")
    assert met == ["b"]


def test_one_finder_for_many_texts() -> None:
    words = Words(frozenset({"dukung"}), frozenset())
    find = ANALYZER.finder(Wanted(lambda term, form: term == "dukung", words)).find
    assert [token.surface for token in find("Ia mendukung")] == ["mendukung"]
    assert find("Ia pergi") == []
    assert [token.surface for token in find("Didukung, (dukungan)")] == ["Didukung", "dukungan"]
