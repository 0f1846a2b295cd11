"""Abbreviations and synonyms from end to end, on pages of fiction."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from searchkit import Article, QueryError, SearchIndex, Settings
from tests.conftest import article

LONG = article(
    "Pemimpin Korea Utara Tiba di Pelabuhan Tirta",
    "Pemimpin Korea Utara itu disambut tarian anak-anak pulau.",
    "Ia meninjau Balai Urusan Nelayan Samudra (BUNS) dan dermaga baru.",
    day=3,
)
SHORT = article(
    "Pemimpin Korut Pulang Membawa Ikan Asin",
    "BUNS menghadiahkan dua peti. Korut membalas dengan lukisan.",
    day=4,
)
RESIGNED = article(
    "Kepala Dermaga Mengundurkan Diri", "Surat pengunduran diri itu dibacakan di aula.", day=5
)
NORTH = article("Angin Utara Reda", "Pelaut asal Korea menepi di teluk.", day=6)


@pytest.fixture
def sea(tmp_path: Path, settings: Settings) -> Iterator[SearchIndex]:
    with SearchIndex.create(tmp_path / "sea", settings) as opened:
        opened.add([LONG, SHORT, RESIGNED, NORTH])
        yield opened


def found(index: SearchIndex, query: str, **options: tuple[str, ...]) -> set[str]:
    return {hit.id for hit in index.search(query, **options).hits}  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["korut", '"pemimpin korut"', '"pemimpin korea utara"'])
def test_short_and_long_form_find_each_other(sea: SearchIndex, query: str) -> None:
    assert found(sea, query) == {LONG.id, SHORT.id}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("UU", {"uu", "undang-undang"}),
        ("undang-undang", {"uu", "undang-undang", "undangan"}),  # what is typed goes by its stem
        ("UU Laut", {"uu", "undang-undang"}),
        ('"UU Laut"', {"uu", "undang-undang", "undangan"}),  # so do the words of a phrase
        ("Maluku Utara", {"malut"}),
    ],
)
def test_an_abbreviation_whose_stem_is_another_word_is_found_as_it_is_spelt(
    tmp_path: Path, settings: Settings, query: str, expected: set[str]
) -> None:
    headlines = {
        "uu": "UU Laut Disahkan",
        "undang-undang": "Undang-Undang Laut Dibahas",
        "undangan": "Undangan Laut Disebar",
        "malut": "Malut Menang",
        "palut": "Balutan Luka",
    }
    with SearchIndex.create(tmp_path / "sea", settings) as index:
        index.add([Article(id=id_, headline=line, body=()) for id_, line in headlines.items()])
        assert found(index, query) == expected


@pytest.mark.parametrize(
    "query", ["covid 19", "Covid-19", '"covid 19"', '"varian covid-19"', "varian covid 19 ini"]
)
def test_a_word_with_a_number_is_one_word_or_two(
    tmp_path: Path, settings: Settings, query: str
) -> None:
    bodies = {"whole": "Varian Covid-19 ini baru.", "apart": "Varian Covid 19 ini lama."}
    with SearchIndex.create(tmp_path / "sea", settings) as index:
        index.add([Article(id=id_, headline="Kabar", body=(text,)) for id_, text in bodies.items()])
        assert found(index, query) == {"whole", "apart"}


@pytest.mark.parametrize(
    "queries",
    [
        ("50%", "50 %", "50 persen", '"50%"', '"50 persen"', '"naik 50% lagi"'),
        ("5km", "5 km", "5 kilometer", '"5 km"', '"5 kilometer"', '"sejauh 5km lagi"'),
        ("US$5", "US$ 5", "USD 5", '"US$ 5"', '"usd 5"', "5 dolar AS", '"5 dolar AS saja"'),
        ("Rp9 juta", "Rp 9 juta", "9 juta rupiah", '"uang rp9 juta"', '"uang 9 juta rupiah"'),
    ],
)
def test_signs_and_units_are_found_as_they_are_said(
    tmp_path: Path, settings: Settings, queries: Sequence[str]
) -> None:
    bodies = {
        "sign": "Naik 50% lagi, sejauh 5km lagi, US$5 saja, uang Rp9 juta.",
        "word": (
            "Naik 50 persen lagi, sejauh 5 kilometer lagi, 5 dolar AS saja, uang 9 juta rupiah."
        ),
        "other": "Naik 50 poin lagi, sejauh 5 langkah lagi, 5 dinar saja, uang 9 juta dinar.",
    }
    with SearchIndex.create(tmp_path / "sea", settings) as index:
        index.add([Article(id=id_, headline="Kabar", body=(text,)) for id_, text in bodies.items()])
        for query in queries:
            assert found(index, query) == {"sign", "word"}, query


@pytest.mark.parametrize("query", ["alquran", "al quran", "Al-Qur'an", "quran"])
def test_a_word_is_found_with_its_article_and_without(
    tmp_path: Path, settings: Settings, query: str
) -> None:
    titles = {"one": "Membaca Alquran", "two": "Lomba Al-Qur’an", "bare": "Tafsir Quran"}
    with SearchIndex.create(tmp_path / "sea", settings) as index:
        index.add([Article(id=id_, headline=text, body=()) for id_, text in titles.items()])
        assert found(index, query) == {"one", "two", "bare"}


def test_words_typed_without_quotes_are_still_found_apart(sea: SearchIndex) -> None:
    assert found(sea, "korea utara") == {LONG.id, SHORT.id, NORTH.id}


def test_long_form_is_marked_as_one_place(sea: SearchIndex) -> None:
    titles = {hit.id: hit.title.marked("[", "]") for hit in sea.search("korut").hits}
    assert titles[LONG.id] == "Pemimpin [Korea Utara] Tiba di Pelabuhan Tirta"
    assert titles[SHORT.id] == "Pemimpin [Korut] Pulang Membawa Ikan Asin"
    (phrase,) = [h for h in sea.search('"pemimpin korut"').hits if h.id == LONG.id]
    assert phrase.title.marked("[", "]") == "[Pemimpin Korea Utara] Tiba di Pelabuhan Tirta"
    assert phrase.fragments[0].marked("[", "]").startswith("[Pemimpin Korea Utara] itu")


def test_definition_is_learned_from_the_page_and_goes_with_it(sea: SearchIndex) -> None:
    assert found(sea, "balai urusan nelayan samudra") == {LONG.id, SHORT.id}
    assert found(sea, '"nelayan samudra"') == {LONG.id}
    sea.delete(LONG.id)
    assert found(sea, '"balai urusan nelayan samudra"') == set()


@pytest.mark.parametrize("query", ["mundur", "mengundurkan diri"])
def test_synonyms(sea: SearchIndex, query: str) -> None:
    assert found(sea, query) == {RESIGNED.id}
    (hit,) = sea.search("mundur").hits
    assert hit.title.marked("[", "]") == "Kepala Dermaga [Mengundurkan Diri]"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("pemimpin -korut", set()),
        ('pemimpin -"korea utara"', set()),
        ('korut -"korea utara"', {SHORT.id}),
        ('"korea utara" -korut', {LONG.id}),
        ("surat -mundur", {RESIGNED.id}),
        ('mundur -"mengundurkan diri"', set()),
        ("mengundurkan -pengunduran", set()),
        ("pemimpin -membawa", {LONG.id}),
    ],
)
def test_what_is_excluded_goes_by_its_names(
    sea: SearchIndex, query: str, expected: set[str]
) -> None:
    assert found(sea, query) == expected


def test_expansion_is_switched_off(sea: SearchIndex) -> None:
    assert found(sea, "korut", expand=()) == {SHORT.id}
    assert found(sea, "korut", expand=("synonym",)) == {SHORT.id}
    assert found(sea, "mundur", expand=("abbreviation",)) == set()
    with pytest.raises(QueryError, match="not expanded by 'stems'; there are abbreviation and syn"):
        sea.search("korut", expand=("stems",))


def test_settings_bring_own_lists_and_switch_off(tmp_path: Path, settings: Settings) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("PTT\tPelabuhan Tirta\nKorut\t\nBUNS\t\n", encoding="utf-8")
    changed = replace(settings, abbreviations=own, expand=("abbreviation",))
    with SearchIndex.create(tmp_path / "own", changed) as index:
        index.add([LONG, SHORT, RESIGNED])
        assert found(index, "ptt") == {LONG.id}
        assert found(index, "korut") == {SHORT.id}
        assert found(index, "mundur") == set()
        # What the list switches off is not learned again from a page.
        assert found(index, '"urusan nelayan samudra"') == {LONG.id}
        assert found(index, '"balai urusan nelayan samudra"') == {LONG.id}
