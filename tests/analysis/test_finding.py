"""Tokens that are found are those of the full analysis."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer, finding
from searchkit.analysis.capitals import Doubt
from searchkit.analysis.finding import Chunks, Wanted
from searchkit.analysis.located import Words
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


def test_what_is_met_again_outlasts_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_MOST_READ", 3)
    met: list[str] = []

    def read(text: str) -> tuple[list[Token], list[Doubt]]:
        met.append(text)
        return [Token(text, text, text, 0, len(text), 0)], []

    chunks = Chunks(read)
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
