"""Patterns of words that an index has in parts, or as a code."""

from collections.abc import Iterator, Mapping

import pytest

from searchkit import Article, SearchIndex, Settings
from searchkit.analysis import IndonesianAnalyzer, IndonesianStemmer
from searchkit.query.apart import FormsOfIndex, apart
from searchkit.query.spelled import MOST_BESIDE, pattern_of
from searchkit.query.tree import typed_form

ANALYZER = IndonesianAnalyzer(IndonesianStemmer())
WORDS = (
    "rusia ukraina ukrainanya untuk china AS as covid19 covid covidnya anak anak-anak anggota "
    "pasca bencana bencong anti korupsi antik jakarta f16 f1 ktp e rp 5,6 5,25 5 50 5g"
)
FORMS = {form: count for count, form in enumerate(WORDS.split())}


def beside(pattern: str, forms: Mapping[str, int] = FORMS) -> list[str]:
    """What is looked up beside a pattern, the most frequent first."""
    found = apart(pattern_of(pattern), FormsOfIndex(lambda: forms), ANALYZER)
    return [typed_form(way.node) for way in found.also]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        # What hyphens join is a word for each part.
        ("rusia-ukr*", ["rusia ukrainanya", "rusia ukraina"]),
        ("rusia-ukrain?", ["rusia ukraina"]),
        ("rus*-ukraina", ["rusia ukraina"]),
        ("e-kt*", ["e ktp"]),
        ("as-ch*", ["as china", "AS china"]),
        # A code has no hyphen; covidnya is none.
        ("covid-*", ["covid", "covid19"]),
        ("f-*", ["f1", "f16"]),
        # A bound form is written with what follows, which the analyzer takes apart.
        ("pascabenc*", ["pasca bencana"]),
        ("anti-kor*", ["anti korupsi"]),
        ("antik*", ["anti korupsi"]),
        # So is a currency with its amount.
        ("rp5,*", ["rp 5,25", "rp 5,6"]),
        ("rp5?", ["rp 5g", "rp 50"]),
        ("rp*", []),
        # One word, though with a hyphen: not anak anggota.
        ("anak-an*", []),
        # A single letter, and words that no hyphen joins.
        ("rusia-u*", []),
        ("jakarta-unt*", []),
        ("jakart*", []),
    ],
)
def test_words_beside(pattern: str, words: list[str]) -> None:
    assert beside(pattern) == words


def test_the_most_frequent_only() -> None:
    many = {f"kata{letter}": ord(letter) for letter in "abcdefghijklmnopqrstuvwxyz"}
    found = beside("rusia-kata*", many)
    assert len(found) == MOST_BESIDE
    assert found[0] == "rusia kataz"


def test_forms_are_not_asked_for_in_vain() -> None:
    def forms() -> Mapping[str, int]:
        raise AssertionError("no part of this pattern is a word by itself")

    apart(pattern_of("pertahan*"), FormsOfIndex(forms), ANALYZER)


def test_forms_are_put_in_order_once_for_each_state_of_an_index() -> None:
    states = [{"b": 1, "a": 2}, {"a": 1}]
    forms = FormsOfIndex(lambda: states[0])
    first = forms()
    assert first.ascending == ["a", "b"]
    assert forms() is first
    states.pop(0)
    assert forms().ascending == ["a"]


@pytest.fixture(scope="module")
def news(embedded: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    titles = "Perang Rusia-Ukraina Berlarut", "Vaksin Covid-19 Tiba", "Bantuan pascabencana Tiba"
    with SearchIndex.create(tmp_path_factory.mktemp("apart") / "index", embedded) as index:
        index.add([Article(headline=title, body=()) for title in titles])
        yield index


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("rusia-ukr*", "Perang [Rusia-Ukraina] Berlarut"),
        ("covid-*", "Vaksin [Covid-19] Tiba"),
        ("pascabenc*", "Bantuan [pascabencana] Tiba"),
    ],
)
def test_an_index_finds_and_marks_them(news: SearchIndex, query: str, title: str) -> None:
    page = news.search(query)
    assert [hit.title.marked("[", "]") for hit in page.hits] == [title]
    assert news.search(f"tiba -{query}").total == 2 - ("Tiba" in title)
