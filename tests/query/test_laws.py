"""The numbers of laws and rulings are found in digits and in words."""

from pathlib import Path

import pytest

from searchkit import SearchIndex, Settings
from searchkit.query import Synonyms, Term, leaves
from searchkit.query.laws import law_numbers, listed_laws, said_otherwise
from tests.conftest import article
from tests.query.expanding import expand, shown, spelled

SPELLED = ["11/2020", "11 tahun 2020", "Nomor 11/2020", "Nomor 11 Tahun 2020", "No. 11 Tahun 2020"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("uu 11 2020", {1: 3}),
        ("uu 11 tahun 2020 perppu 2 2022", {1: 4, 5: 7}),
        ("uu nomor 11 tahun 2020", {1: 5}),
        ("no 11 tahun 2020", {0: 4}),
        ("nomor 11 2020", {0: 3}),
        ("permenkes 5 2021", {1: 3}),
        # Behind no word for a law, or without a number or a year.
        ("musim 11 2020", {}),
        ("usia 11 tahun 2020", {}),
        ("11 tahun 2020", {}),
        ("uu tahun 2020", {}),
        ("tahun 2020", {}),
        ("2020", {}),
        ("uu 11 tahun 20", {}),
        ("uu 11 tahun 2120", {}),
        ("uu 12345 2020", {}),
    ],
)
def test_numbers_among_words(words: str, found: dict[int, int]) -> None:
    assert law_numbers(words.split()) == found


def test_ways_to_say_a_number() -> None:
    short = ["11 2020", "11 tahun 2020"]
    for words in ("11 2020", "nomor 11 2020", "11 tahun 2020", "no 11 tahun 2020"):
        assert said_otherwise(words.split(), whole=False) == short
    whole = said_otherwise(["11", "2020"], whole=True)
    assert whole == [*short, *(f"{word} {said}" for word in ("nomor", "no") for said in short)]


def ways(text: str) -> list[str]:
    """Each leaf that is a phrase, as its members."""
    found = [leaf for leaf in leaves(expand(text, rules=())) if not isinstance(leaf, Term)]
    members = [leaf.members if isinstance(leaf, Synonyms) else () for leaf in found]
    return ["|".join(spelled(each.node).strip('"') for each in leaf) for leaf in members if leaf]


def test_a_number_in_words_is_one_thing() -> None:
    assert ways("Bab UU Nomor 11 Tahun 2020") == ["nomor 11 tahun 2020|11 2020|11 tahun 2020"]
    assert ways("Perppu No.2/2022 cabut") == ["no 2 2022|2 2022|2 tahun 2022"]
    assert ways("Putusan 11 tahun 2020")[1:] == ["11 tahun 2020|11 2020"]
    assert ways("Putusan 11/2020")[1:] == ["11 2020|11 tahun 2020"]
    assert shown(expand("UU Nomor 11 Tahun 2020 cabut"))[::2] == ["uu", "cabut"]


def test_what_is_no_number_of_a_law_stays() -> None:
    assert shown(expand("iPhone SE 3 2022")) == ["iphone", "se", "3", "2022"]
    assert shown(expand("uu nomor 11 tahun 2020-2021"))[1:] == [
        "nomor",
        "11",
        "tahun",
        '"2020 2021"',
    ]
    assert shown(expand("musim 11/2020")) == ["musim", '"11 2020"']


@pytest.mark.parametrize("query", ["UU {}", '"UU {}"', '"ini UU {} tentang"'])
def test_every_spelling_finds_every_other(tmp_path: Path, settings: Settings, query: str) -> None:
    pages = [article(f"Sidang {said}", f"Ini UU {said} tentang kerja.", day=3) for said in SPELLED]
    other = article("Lain", "Ini UU 12/2020 tentang 11 hal dari tahun 2020.", day=3)
    with SearchIndex.create(tmp_path / "laws", settings) as index:
        index.add([*pages, other])
        for typed in SPELLED:
            result = index.search(query.format(typed))
            assert {hit.id for hit in result.hits} == {page.id for page in pages}, typed
            for hit in result.hits:
                marked = hit.fragments[0].marked("[", "]")
                assert "2020]" in marked or "tentang]" in marked, (typed, marked)


def test_the_list_is_folded() -> None:
    words, beginnings = listed_laws()
    assert {"uu", "perppu", "putusan"} <= words
    assert "permen" in beginnings
    assert all(word == word.casefold() for word in words)
