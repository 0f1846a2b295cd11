from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from searchkit import Correction, SearchIndex, Settings
from searchkit.correcting import Corrector, in_case_of
from searchkit.query.lowering import as_typed
from searchkit.query.tree import Synonym, Synonyms, Term
from searchkit.query.typed import typed_words
from searchkit.searching import FEW
from searchkit.slips import candidates, slips
from tests.conftest import article

LINES = (
    "Presiden meneken undang-undang pemilihan umum di Jakarta.",
    "Presiden membahas pemilihan umum bersama parlemen.",
    "Komisi menggelar pemilihan umum serentak pada bulan depan.",
    "Pertandingan sepak bola berakhir imbang di Surabaya.",
    "Warga Surabaya menonton pertandingan sepak bola.",
    "Pertandingan di Surabaya ditunda karena hujan.",
    "Penyanyi Sulistyaningrum tampil di Jakarta.",
)


@pytest.fixture
def news(tmp_path: Path, settings: Settings) -> Iterator[SearchIndex]:
    """An index in which the common words of LINES stand in several articles."""
    with SearchIndex.create(tmp_path / "news", settings) as opened:
        lines = [line for line in LINES for _ in range(10)]
        opened.add([article(f"Berita {n}", line) for n, line in enumerate(lines)])
        yield opened


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pertandinagn", "pertandingan"),
        ("pertandngan", "pertandingan"),
        ("pertanddingan", "pertandingan"),
        ("pertamdingan", "pertandingan"),
        ("Surabbaya", "Surabaya"),
        ("PERTANDINAGN", "PERTANDINGAN"),
        ("pemilihan uumum bersamaa", "pemilihan umum bersama"),
        ("pemilihanumum", "pemilihan umum"),
        ("isi:pemilihanumum +pemilihanumum", "isi:(pemilihan umum) +(pemilihan umum)"),
        ("pemilihanumum^2 jakarta", "(pemilihan umum)^2 jakarta"),
        ('"pemilihanumum serentak"', '"pemilihan umum serentak"'),
        ("pemilihan AND surabbaya", "pemilihan AND surabaya"),
        ("pemilihan OR surabbaya", "pemilihan OR surabaya"),
        ('"pemilihann umum" +presiden', '"pemilihan umum" +presiden'),
        (" ".join(["pertandinagn"] * 8), " ".join(["pertandingan"] * 8)),
        ("judul:Pertandinagn OR isi:pertandinagn", "judul:Pertandingan OR isi:pertandingan"),
        ('label:"pertandinagn seru" -surabbaya', 'label:"pertandingan seru" -surabbaya'),
        ("-(surabbaya OR judul:x) isi:surabbaya", "-(surabbaya OR judul:x) isi:surabaya"),
        ("-(surabbaya -pertandinagn) umum", None),
        ("(pertandinagn jakarta) OR umum", "(pertandingan jakarta) OR umum"),
    ],
)
def test_unknown_words_are_corrected(news: SearchIndex, typed: str, meant: str | None) -> None:
    corrected = Corrector(news._engine, news._analyzer, as_typed, typed).correct()
    assert (corrected.text if corrected else None) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "pertandingan",
        "bertanding",  # another form of a word that is there
        "sepak",
        "xqzw",  # near nothing
        "umu",  # too short
        "SRBY",  # an abbreviation
        "makanan",  # in the dictionary, if in no document
        "pertandinagn*",
        "pertandinagn~1",
        "=pertandinagn",
        "jakarta -pertandinagn",
        "jakarta NOT (pertandinagn surabbaya)",
        "source:surabbaya",
        "2024",
        "",
        "*",
    ],
)
def test_what_is_not_corrected(news: SearchIndex, typed: str) -> None:
    assert Corrector(news._engine, news._analyzer, as_typed, typed).correct() is None


def test_query_of_unknown_words_is_left_alone(news: SearchIndex) -> None:
    words = "pertandinagn surabbaya pemilihann presideen parlemenn sulistyaninggrum menggellar"
    assert news.search(words).suggestion is None


def test_hits_of_the_correction_stand_in_for_none(news: SearchIndex) -> None:
    page = news.search("pertandinagn surabaya", collapse="off")
    meant = news.search("pertandingan surabaya", collapse="off")
    assert page.corrections == (Correction("pertandinagn", "pertandingan"),)
    assert page.query == "pertandinagn surabaya"
    assert page.suggestion == "pertandingan surabaya"
    assert [hit.id for hit in page.hits] == [hit.id for hit in meant.hits]
    assert page.total == meant.total == 30
    assert "pertandingan" in page.hits[0].fragments[0].marked("", "").lower()
    assert meant.suggestion is None


def test_cursor_goes_on_in_the_corrected_query(news: SearchIndex) -> None:
    whole = news.search("pertandinagn", collapse="off", limit=100)
    met: list[str] = []
    cursor = None
    for _ in range(3):
        page = news.search("pertandinagn", collapse="off", limit=12, cursor=cursor)
        assert page.corrections == whole.corrections
        met += [hit.id for hit in page.hits]
        cursor = page.next_cursor
    assert met == [hit.id for hit in whole.hits]


def test_query_that_finds_something_is_only_given_a_suggestion(news: SearchIndex) -> None:
    query = "pertandinagn OR jakarta"
    page = news.search(query, collapse="off")
    assert page.suggestion == "pertandingan OR jakarta"
    assert page.corrections == ()
    assert page.total == 20
    strict = news.search(query, collapse="off", tolerant=False)
    assert [hit.id for hit in page.hits] == [hit.id for hit in strict.hits]


def test_suggestion_is_on_the_pages_of_a_cursor_too(news: SearchIndex) -> None:
    query = "pertandinagn OR jakarta"
    first = news.search(query, collapse="off", limit=5)
    second = news.search(query, collapse="off", limit=5, cursor=first.next_cursor)
    assert second.offset == 5
    assert second.suggestion == first.suggestion == "pertandingan OR jakarta"
    plain = news.search("jakarta", collapse="off", limit=5)
    other = news.search("jakarta", collapse="off", limit=5, cursor=plain.next_cursor)
    assert other.suggestion is None


def test_tolerance_can_be_switched_off(
    news: SearchIndex, tmp_path: Path, settings: Settings
) -> None:
    page = news.search("pertandinagn", tolerant=False)
    assert (page.total, page.suggestion, page.corrections) == (0, "pertandingan", ())
    with SearchIndex.open(tmp_path / "news", replace(settings, tolerant=False)) as opened:
        assert opened.search("pertandinagn").total == 0
        assert opened.search("pertandinagn", tolerant=True).total > 0


def test_correction_that_finds_nothing_is_not_suggested(news: SearchIndex) -> None:
    assert news.search("surabbaya AND Sulistyaningrum").suggestion is None


def test_correction_finds_something_under_the_filters(news: SearchIndex) -> None:
    assert news.search("pertandinagn", kind="item").suggestion is None


def test_words_of_new_articles_are_known_at_once(news: SearchIndex) -> None:
    assert news.search("pertandinagn").suggestion == "pertandingan"
    added = article("Pertandinagn", "Sebuah nama.")
    news.add([added])
    page = news.search("pertandinagn")
    assert (page.total, page.suggestion, page.corrections) == (1, "pertandingan", ())
    news.delete(added.id)
    assert news.search("pertandinagn").suggestion == "pertandingan"


def test_compound_written_as_one_is_meant(tmp_path: Path, settings: Settings) -> None:
    with SearchIndex.create(tmp_path / "pacts", settings) as index:
        index.add([article(f"Menteri {n} Menandatangani Pakta", "Isi.") for n in range(10)])
        assert index.search("menandatngani").corrections == (
            Correction("menandatngani", "menandatangani"),
        )


def test_what_expands_is_not_corrected(news: SearchIndex) -> None:
    assert news.search("pemilu", collapse="off").suggestion is None


def test_what_is_written_like_a_name_is_not_taken_for_an_ordinary_word(news: SearchIndex) -> None:
    assert news.search("pertandinggan bola").corrections
    assert not news.search("bola Pertandinggan").corrections
    assert news.search("Pertandinggan Bola").corrections  # All words of a headline have capitals.


def test_name_is_still_taken_for_a_name(news: SearchIndex) -> None:
    assert [c.taken for c in news.search("bola Surabbaya").corrections] == ["Surabaya"]


def test_stop_word_is_not_meant_by_what_starts_otherwise() -> None:
    assert candidates("zahwa", {"bahwa": 1000}) == {}
    assert "bahwa" in candidates("bahwwa", {"bahwa": 1000})


@pytest.fixture
def names(tmp_path: Path, settings: Settings) -> Iterator[SearchIndex]:
    """An index in which names are spelled in two ways, one of them by a slip."""
    lines = [
        *["Rizkya Sudirja membuka pameran lukisan."] * 30,
        "Riskya Sudirja menutup pameran lukisan.",
        *["Gubernur Soepomo meresmikan pasar."] * 20,
        "Gubernur Supomo pulang.",
        *["Banjir bandang melanda desa."] * 40,
        *["Banjir bandanq melanda desa."] * 10,
        "Banjir Bandeng dan banjir bandank surut.",
        *["Konser Sandria Paramita ramai."] * 9,
        *["Konser Sandria Wiguna ramai."] * 9,
        "Konser Sandrina Paramita sepi.",
        *["Pelatih AS Samudra gembira."] * 12,
        "Kulit as roda dan pelatih as roda aus.",
        *["Donald Trump menelepon Vladimir Putin."] * 12,
        *["Putri, putih, puji, cuti, pati, peti, puri dan putik."] * 20,
    ]
    with SearchIndex.create(tmp_path / "names", settings) as opened:
        opened.add([article(f"Kabar {n}", line) for n, line in enumerate(lines)])
        yield opened


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("riskya sudirja", "rizkya sudirja"),
        ("Riskya Sudirja", "Rizkya Sudirja"),
        ("RISKYA SUDIRJA", "RIZKYA SUDIRJA"),
        ('"riskya sudirja"', '"rizkya sudirja"'),
        ("riskya sudirja pasar", "rizkya sudirja pasar"),
        ("gubernur supomo", "gubernur soepomo"),  # in the spelling of before 1947
        ("riskya", None),  # nothing beside it tells who is meant
        ("riskya yang", None),
        ("riskya lukisan", None),  # both stand apart from it
        ("=riskya sudirja", None),
        ("sudirja -riskya", None),
        ("banjir bandeng", None),  # an ordinary word is not taken for the spelling of a name
        ("banjir bandank", None),  # nor for a slip of it, common as that may be
        ("sandrina paramita", None),  # nine are not enough
        ("rizkya sudirja", None),
        ("donal trump", "donald trump"),  # a right word, but in no article
        ("vladimir puti", "vladimir putin"),  # to which commoner words are near, all ordinary ones
        # An abbreviation that is another word in small letters.
        ("as samudra", "AS samudra"),
        ("pelatih as gembira", "pelatih AS gembira"),
        ("as roda", None),
        ("pelatih as", "pelatih AS"),
        ("AS samudra", None),
        ("as", None),
        ("=as samudra", None),
    ],
)
def test_names_are_spelled_as_they_mostly_are_beside_the_same_word(
    names: SearchIndex, typed: str, usual: str | None
) -> None:
    other = Corrector(names._engine, names._analyzer, as_typed, typed).spelled_otherwise()
    assert (other.text if other else None) == usual


def test_usual_spelling_of_a_name_is_suggested_and_no_more(names: SearchIndex) -> None:
    page = names.search("riskya sudirja", collapse="off")
    assert (page.total, page.suggestion, page.corrections) == (1, "rizkya sudirja", ())
    assert names.search("rizkya sudirja", collapse="off").suggestion is None


def test_usual_spelling_is_suggested_only_where_it_finds_more(names: SearchIndex) -> None:
    assert names.search("riskya sudirja menutup").suggestion is None
    relaxed = names.search("riskya sudirja membuka")
    assert (relaxed.relaxed, relaxed.suggestion) == (True, "rizkya sudirja membuka")
    assert names.search("riskya sudirja", kind="item").suggestion is None


def test_usual_spelling_is_not_looked_for_where_much_is_found(names: SearchIndex) -> None:
    page = names.search("(riskya sudirja) OR banjir", collapse="off")
    assert page.total > FEW
    assert page.suggestion is None


def test_usual_spelling_is_on_the_pages_of_a_cursor_too(names: SearchIndex) -> None:
    query = "(riskya sudirja) OR surut"
    first = names.search(query, collapse="off", limit=1)
    second = names.search(query, collapse="off", limit=1, cursor=first.next_cursor)
    assert second.hits
    assert second.suggestion == first.suggestion == "(rizkya sudirja) OR surut"


@pytest.fixture
def misprints(news: SearchIndex) -> SearchIndex:
    """An index in which papers have misprinted some words, each once."""
    words = ["pertandngan", "pertandinagn", "pertanddingan", "mertandingan", "surabata", "surabya"]
    words += ["menandatngani", "pemilihanumum"]
    news.add([article(f"Cetak {word}", "Isi.") for word in words])
    news.add([article(f"Kabar {n}", "Shalahuddin menandatangani surat.") for n in range(30)])
    news.add([article("Kabar lain", "Shalahudin dan Shalahuddinn.")])
    return news


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pertandngan", "pertandingan"),
        ("PERTANDINAGN", "PERTANDINGAN"),
        ("Pertanddingan", "Pertandingan"),
        ("judul:pertandngan OR umu", "judul:pertandingan OR umu"),
        ('"cetak pertandngan"', '"cetak pertandingan"'),
        ("shalahudin", "shalahuddin"),
        ("menandatngani", "menandatangani"),  # a compound, which is no form by itself
        ("shalahuddinn bola", "shalahuddin bola"),
        ("cetak Shalahudin", "cetak Shalahuddin"),
        ("pemilihanumum", "pemilihan umum"),  # a blank left out
        ("cetak Pemilihanumum", None),
        ("cetak Pertandngan", None),  # written like a name, which is no ordinary word
        ("surabata", None),  # a letter changed, as between right names
        ("mertandingan", None),  # and one at the start
        ("surabya", None),  # so short a word would have to be much rarer than the other
        ("=pertandngan", None),
        ("bola -pertandngan", None),
        ("pertandngan*", None),
        ("pertandingan", None),
    ],
)
def test_rare_word_may_be_a_slip_of_a_much_commoner_one(
    misprints: SearchIndex, typed: str, meant: str | None
) -> None:
    corrector = Corrector(misprints._engine, misprints._analyzer, as_typed, typed)
    other = corrector.spelled_otherwise()
    assert (other.text if other else None) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("per tandingan", "pertandingan"),
        ("Per tandingan Bola", "Pertandingan Bola"),
        ('"per tandingan  bola"', '"pertandingan  bola"'),
        ("judul:per tandingan", "judul:pertandingan"),
        ("bola per  tandingan -lari", "bola pertandingan -lari"),
        ("pertandingan bola", None),
        ("tanding bola", None),
        ("per,tandingan", None),
        ("per OR tandingan", None),
        ("=per tandingan", None),
        ("suka maju", None),  # as two words it stands often enough
        ("sukamaju", None),
    ],
)
def test_word_torn_apart_is_suggested_as_one(
    misprints: SearchIndex, typed: str, meant: str | None
) -> None:
    places = [article(f"Desa Sukamaju {n}", "Isi.") for n in range(15)]
    misprints.add([*places, article("Suka maju", "Isi."), article("Desa Suka Maju", "Isi.")])
    corrector = Corrector(misprints._engine, misprints._analyzer, as_typed, typed)
    other = corrector.spelled_otherwise()
    assert (other.text if other else None) == meant


def test_what_a_rare_word_may_be_a_slip_of_is_only_suggested(misprints: SearchIndex) -> None:
    page = misprints.search("pertandngan", collapse="off")
    assert (page.total, page.suggestion, page.corrections) == (1, "pertandingan", ())
    assert page.hits[0].headline == "Cetak pertandngan"


def test_rare_word_that_is_expanded_is_no_slip(misprints: SearchIndex) -> None:
    expanded = Synonyms((Synonym(Term("bola", "bola"), "expansion", 0.5),))
    corrector = Corrector(
        misprints._engine, misprints._analyzer, lambda _: [expanded], "pertandngan"
    )
    assert corrector.spelled_otherwise() is None


def test_slips_of_a_word_are_those_that_its_candidates_are_compared_by() -> None:
    forms = {
        "karang": 9,
        "karag": 9,
        "krang": 9,
        "akrang": 9,
        "kareng": 9,
        "karrang": 9,
        "karat": 9,
    }
    found = candidates("karang", dict.fromkeys(forms, 9))
    assert set(found) == slips("karang") & set(forms)
    assert {"soekarno"} <= slips("sukarno")
    assert {"sukarno"} <= slips("soekarno")
    assert "karang" not in slips("karang")


def test_candidates_are_scored_by_slip_and_frequency() -> None:
    forms = {"karang": 50, "barang": 500, "larang": 1, "garangan": 90, "kurung": 70}
    scores = candidates("karamg", forms)
    assert set(scores) == {"karang"}
    assert candidates("parang", forms)["barang"] > candidates("parang", forms)["karang"]
    assert candidates("karang", {}) == {}


def test_candidates_are_scored_by_how_the_slip_was_made() -> None:
    changed, added, left_out, swapped, doubled = (
        candidates(typed, {"karangan": 50})["karangan"]
        for typed in ("karamgan", "karangtan", "karangn", "karanagn", "karaangan")
    )
    assert changed < added < doubled
    assert changed < left_out < swapped
    assert candidates("akrangn", {"karangan": 50}) == {}
    assert candidates("akranggan", {"karangan": 50})["karangan"] < added  # two slips


def test_case_follows_what_was_typed() -> None:
    assert in_case_of("SURABBAYA", "surabaya") == "SURABAYA"
    assert in_case_of("Surabbaya", "surabaya") == "Surabaya"
    assert in_case_of("surabbaya", "surabaya") == "surabaya"


def test_typed_words_stand_where_they_were_typed(news: SearchIndex) -> None:
    text = 'satu "dua tiga" judul:empat source:lima -enam NOT (tujuh (delapan) sembilan) sepuluh'
    words = typed_words(text, news._analyzer)
    assert [word.surface for word in words] == ["satu", "dua", "tiga", "empat", "sepuluh"]
    assert all(text[word.start : word.end] == word.surface for word in words)
