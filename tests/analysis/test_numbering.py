"""Texts as numbers of words say what the full analysis says."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer, TokenColumns, numbering
from tests.analysis.test_finding import ANALYZER, texts


def _words(columns: TokenColumns) -> list[tuple[str, str]]:
    return list(zip(columns.terms, columns.forms, strict=True))


def _analyzed(text: str) -> list[tuple[str, str]]:
    return [(token.term, token.form) for token in ANALYZER.analyze(text)]


@given(texts | st.text())
@example("Warga Bekasi resah. Bekasi banjir")
@example("Bekasi banjir. Petani,\nPetani, (Bekasi-Petani)")
@example("Warga — Bekasi, warga, AS")
def test_columns_hold_the_words_of_the_analysis(text: str) -> None:
    assert _words(ANALYZER.columns(text)) == _analyzed(text)


def test_texts_share_a_table_until_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "_MOST_WORDS", 4)
    analyzer = IndonesianAnalyzer(IndonesianStemmer())
    first, second, third = map(analyzer.columns, ("banjir di kota", "Kota, jalan", "di jalan"))
    assert first.table is second.table
    assert third.table is not second.table
    assert [first.terms, second.terms, third.terms] == [
        ["banjir", "di", "kota"],
        ["kota", "jalan"],
        ["di", "jalan"],
    ]


def test_a_numbering_of_too_many_chunks_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "_MOST_CHUNKS", 3)
    analyzer = IndonesianAnalyzer(IndonesianStemmer())
    first = analyzer.columns("banjir banjir. (banjir)")
    assert len(first.table) == 1
    assert analyzer.columns("banjir").table is not first.table


def test_several_threads_number_the_same_words() -> None:
    analyzer = IndonesianAnalyzer(IndonesianStemmer())
    text = " ".join(f"Kata{number} bukan, warga Bekasi resah." for number in range(2000))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(analyzer.columns, [text] * 8))
    for columns in found:
        assert _words(columns) == _analyzed(text)
