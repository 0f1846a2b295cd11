"""Offsets that are written down are those of the analysis, and lead to its tokens."""

import json
import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer, Token, TokenColumns
from searchkit.analysis.located import Located, Words
from searchkit.analysis.offsets import (
    offsets_in,
    read,
    with_offsets,
    written,
)
from searchkit.canonical import as_given
from searchkit.testing.making import occurrences
from tests.analysis.test_finding import texts, words

ANALYZER = IndonesianAnalyzer(IndonesianStemmer(), capitals={"AS", "ADA"})


def spans_of(text: str) -> list[tuple[int, int]]:
    return [(token.start, token.end) for token in ANALYZER.analyze(text)]


def read_spans(offsets: str, size: int) -> list[tuple[int, int]] | None:
    found = read(offsets, size)
    return None if found is None else found.spans(range(len(found)))


@given(texts | st.text())
@example("Kerjasama, bekerjasama; (3/6/2024) Rp5,6 2024 07 '' ' — Rusia-Ukraina BERTANGGUNGJAWAB.")
@example("ﷺ ½ ² \u00ad kata² Café Jum'at's 's sama SAMA 1's a.b 😀 kata")
@example(" Warga  Bekasi resah.\n\nBekasi banjir ")
@example("(olahraga) «olahraga»")
def test_offsets_are_those_of_the_analysis(text: str) -> None:
    spans = spans_of(text)
    assert read_spans(ANALYZER.columns(text).offsets, len(text)) == spans
    assert read_spans(written(spans, len(text)), len(text)) == spans


@given(texts | st.text(), st.integers(-3, 3).filter(bool))
def test_offsets_of_a_text_of_another_length_are_not_read(text: str, more: int) -> None:
    assert read(ANALYZER.columns(text).offsets, len(text) + more) is None


@given(st.text(st.characters(min_codepoint=30, max_codepoint=130)) | st.text(), st.integers(0, 99))
@example("\ud800", 1)
@example('"', 21844)
def test_whatever_is_read_lies_within_the_text(offsets: str, size: int) -> None:
    spans = read_spans(offsets, size) or []
    places = [place for span in spans for place in span]
    assert places == sorted(places)
    assert not places or (places[0] >= 0 and places[-1] <= size)


@pytest.mark.parametrize(
    "text",
    [
        f"kata {'—' * 40_000} kata",
        f"{' ' * 17_000}kata{'.' * 18_500} {' ' * 60_000}",
        f"kata {'a' * 18_000}",
    ],
)
def test_long_gaps_and_words(text: str) -> None:
    assert read_spans(ANALYZER.columns(text).offsets, len(text)) == spans_of(text)


def test_what_cannot_be_written_is_unknown() -> None:
    text = f"kata {'a' * 70_000} kata"
    assert read(ANALYZER.columns(text).offsets, len(text)) is None
    assert written([(0, 4), (3, 6)], 6) == ""  # they overlap
    assert read("", 0) is None


def test_most_words_are_a_letter_of_json() -> None:
    text = "Pemerintah Kabupaten Bekasi membantu warga di daerah itu, kata Bupati"
    assert len(json.dumps(ANALYZER.columns(text).offsets)) == 2 + len(text.split()) + 1


@given(texts | st.text(), words, words)
def test_tokens_are_found_by_offsets(
    text: str, terms: frozenset[str], forms: frozenset[str]
) -> None:
    tokens = ANALYZER.analyze(text)
    asked = Words(terms, forms)
    stored = with_offsets({"id": "1"}, {"body": text}, {"body": ANALYZER.columns(text)})
    assert as_given(stored) == {"id": "1"}
    assert offsets_in({"offsets": ["body"]}) == offsets_in({}) == {}
    located = Located(lambda _field, words: occurrences(words, tokens), offsets_in(stored))
    found = located.tokens("body", text, asked)
    assert found is not None
    expected = [Token(t.term, "", "", t.start, t.end, t.position) for t in tokens]
    of_terms = [t for t in expected if t.term in terms]
    expected = [Token("", t.form, "", t.start, t.end, t.position) for t in tokens]
    assert sorted(found) == sorted(of_terms + [t for t in expected if t.form in forms])


def test_tokens_of_any_analyzer_have_offsets() -> None:
    tokens = ANALYZER.analyze("Warga, Bekasi")
    stored = with_offsets({}, {"body": "Warga, Bekasi"}, {"body": tokens})
    assert stored["offsets"] == {"body": ANALYZER.columns("Warga, Bekasi").offsets}


def test_offsets_are_not_sent_with_columns() -> None:
    columns = ANALYZER.columns("Warga Bekasi")
    sent = pickle.loads(pickle.dumps(columns))
    assert isinstance(sent, TokenColumns)
    assert (sent.offsets, sent.terms) == ("", columns.terms)
