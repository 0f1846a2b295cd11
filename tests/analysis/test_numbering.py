"""Texts as numbers of words say what the full analysis says."""

import gc
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from searchkit.analysis import (
    IndonesianAnalyzer,
    IndonesianStemmer,
    Token,
    TokenColumns,
    numbering,
)
from searchkit.analysis.capitals import Doubt
from searchkit.analysis.tokenizer import core
from tests.analysis.test_finding import ANALYZER, texts


def _words(columns: TokenColumns) -> list[tuple[str, str]]:
    return list(zip(columns.terms, columns.forms, strict=True))


def _analyzed(text: str) -> list[tuple[str, str]]:
    return [(token.term, token.form) for token in ANALYZER.analyze(text)]


@given(texts | st.text())
@example("Warga Bekasi resah. Bekasi banjir")
@example("Bekasi banjir. Petani,\nPetani, (Bekasi-Petani)")
@example("Warga — Bekasi, warga, AS")
@example("â€œTofÃ»â€\x9d keÂ\xa0Bekasi Â.")
def test_columns_hold_the_words_of_the_analysis(text: str) -> None:
    assert _words(ANALYZER.columns(text)) == _analyzed(text)


@given(
    st.text("-.,()’'\"“:;!?/@_…‑²\u0301\u200baABcomidrp25éſ北", max_size=12) | st.text(max_size=12)
)
@example("-.com")
@example("“Rp5,-”")
@example("A.S.,")
@example("(co.id)")
@example("TofÃ»")
@example("Â.")
def test_marks_around_a_core_change_nothing_in_it(chunk: str) -> None:
    assume(not any(map(str.isspace, chunk)))
    inner = core(chunk)
    assert inner in chunk
    found, expected = ANALYZER.analyze(inner), ANALYZER.analyze(chunk)
    assert [token[:3] for token in found] == [token[:3] for token in expected]


@pytest.mark.parametrize(
    ("chunk", "inner"), [("“Jum'at”,", "Jum'at"), ("(2024).", "2024"), ("—", ""), ("A.S.", "A.S.")]
)
def test_core(chunk: str, inner: str) -> None:
    assert core(chunk) == inner


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
    second = analyzer.columns("banjir")
    assert second.table is not first.table
    monkeypatch.setattr(numbering, "_MOST_CHARACTERS", 6)
    assert analyzer.columns("banjir").table is not second.table


def test_what_was_met_first_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "_MOST_CHUNKS", 9)
    read: list[str] = []

    def reading(chunk: str) -> tuple[list[Token], list[Doubt]]:
        read.append(chunk)
        return ANALYZER.read(chunk)

    texts = [
        "warga Bekasi banjir, resah.",  # of the nine chunks six, kept by the next text
        "jalan",
        "kota hujan",
        "warga Bekasi banjir, jalan",
        "kota resah. bupati camat",
        "(banjir) Bekasi warga.",
    ]
    numbers = numbering.Numbering(reading)
    found = [numbers.columns(text) for text in texts]
    assert [_words(columns) for columns in found] == [_analyzed(text) for text in texts]
    assert len({id(columns.table) for columns in found}) == 3
    assert [read.count(word) for word in ("warga", "Bekasi", "banjir", "resah")] == [1, 1, 1, 1]
    assert [read.count(word) for word in ("jalan", "kota")] == [2, 2]


def test_offsets_are_the_same_with_what_was_met_first(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["(warga) Bekasi, 'banjir'.", "«resah» 24/7", "kota (hujan) «lebat»", "'jalan' (kota)."]
    whole = numbering.Numbering(ANALYZER.read)
    expected = [whole.columns(text).offsets for text in texts * 2]
    monkeypatch.setattr(numbering, "_MOST_CHUNKS", 12)
    numbers = numbering.Numbering(ANALYZER.read)
    assert [numbers.columns(text).offsets for text in texts * 2] == expected


def test_several_threads_number_the_same_words() -> None:
    analyzer = IndonesianAnalyzer(IndonesianStemmer())
    text = " ".join(f"Kata{number} bukan, warga Bekasi resah." for number in range(2000))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(analyzer.columns, [text] * 8))
    for columns in found:
        assert _words(columns) == _analyzed(text)


@pytest.mark.parametrize(("room", "tables"), [(0.5, 9), (1.0, 3), (2.0, 1)])
def test_a_numbering_has_room_for_so_many_times_as_much(
    room: float, tables: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbering, "_MOST_CHUNKS", 10)
    numbers = numbering.Numbering(ANALYZER.read)
    numbers.room = room
    words = [f"z{letter}" for letter in "abcdefghijklmnopqrst"]
    found = [numbers.columns(word) for word in words]
    assert [columns.forms for columns in found] == [[word] for word in words]
    assert len({id(columns.table) for columns in found}) == tables


def test_threads_may_fill_a_numbering_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "_MOST_CHUNKS", 60)
    names = ("Bekasi", "Petani", "Nagan", "Mundur")
    texts = [
        " ".join(f"kata{part % 90} di {names[part % 4]}," for part in range(first, first + 9))
        for first in range(0, 270, 3)
    ]
    expected = [_analyzed(text) for text in texts]
    numbers = numbering.Numbering(ANALYZER.read)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(10):
                found = list(pool.map(numbers.columns, texts))
                assert [_words(columns) for columns in found] == expected
    finally:
        sys.setswitchinterval(interval)


def test_a_numbering_that_was_left_goes_without_a_search_for_cycles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numbering, "_MOST_WORDS", 1)
    analyzer = IndonesianAnalyzer(IndonesianStemmer())
    gc.disable()  # as it is in worker processes
    try:
        left = weakref.ref(analyzer.columns("Bekasi banjir, (banjir)").table)
        assert left() is not None
        analyzer.columns("kota")
        assert left() is None
    finally:
        gc.enable()
