from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searchkit import QueryError, SearchIndex, Settings
from searchkit.phrases import phrases_of
from searchkit.suggesting import LONGEST_PREFIX, phrase_key
from tests.conftest import article, item

FIRST = article("Kota Lama Dibuka", "Wali kota Rina Wulandari dan Rini Astuti datang ke Surabaya.")
SECOND = article("Kota Lama Ditutup", "Warga bertemu Rina Wulandari di Surabaya.")
OTHER = article("Surat untuk Ibu", "Isinya tidak diketahui.")


@pytest.fixture
def news(tmp_path: Path, settings: Settings) -> Iterator[SearchIndex]:
    with SearchIndex.create(tmp_path / "news", settings) as opened:
        opened.add([FIRST, SECOND, OTHER, item("Surat Kabar Pagi")])
        yield opened


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("rin", ["Rina Wulandari"]),
        ("RINA W", ["Rina Wulandari"]),
        ("rian wul", ["Rina Wulandari"]),
        ("rina wulann", ["Rina Wulandari"]),
        ("kota", ["Kota Lama", "Kota Lama Dibuka", "Kota Lama Ditutup"]),
        ("sura", ["Surabaya", "Surat Kabar Pagi", "Surat untuk Ibu"]),
        ("sura ", ["Surat Kabar Pagi", "Surat untuk Ibu"]),
        ("surat kabar paig", ["Surat Kabar Pagi"]),
        ("rina wulandxri", ["Rina Wulandari"]),
        ("rinawulandari", ["Rina Wulandari"]),
        ("rina wu landari", ["Rina Wulandari"]),
        ("sur abaya", ["Surabaya"]),
        ("suratkabar", ["Surat Kabar Pagi"]),
        ("irna wul", ["Rina Wulandari"]),
        ("rina wulandari ", []),
        ("xyzzy", []),
        ("", []),
        (" ", []),
        ("\t\x00=", []),
        ("k" * (LONGEST_PREFIX + 1), []),
    ],
)
def test_completions(news: SearchIndex, prefix: str, expected: list[str]) -> None:
    assert news.suggest(prefix) == expected


def test_accents_need_not_be_typed(tmp_path: Path, settings: Settings) -> None:
    with SearchIndex.create(tmp_path / "accents", settings) as index:
        index.add([article(f"Kabar {n}", "Hujan di kota São Paulo.") for n in range(2)])
        for prefix in ("sao", "São", "sao paulo", "sao paolo", "SÃO P"):
            assert index.suggest(prefix) == ["São Paulo"]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("maruf", ["Ma'ruf Amin"]),
        ("MA'RUF A", ["Ma'ruf Amin"]),
        ("ma’ruf amin", ["Ma'ruf Amin"]),
        ("m.k.", ["MK Daerah"]),
        ("M.K. Da", ["MK Daerah"]),
        ("al-", ["Al-Azhar"]),
        ("al", ["Al-Azhar", "Alam Sutera"]),
    ],
)
def test_signs_in_words_need_not_be_typed(
    tmp_path: Path, settings: Settings, prefix: str, expected: list[str]
) -> None:
    body = "Wakil presiden Ma'ruf Amin, MK Daerah, masjid Al-Azhar dan Alam Sutera."
    with SearchIndex.create(tmp_path / "signs", settings) as index:
        index.add([article(f"Kabar {n}", body) for n in range(2)])
        assert index.suggest(prefix) == expected


def test_limit(news: SearchIndex) -> None:
    assert news.suggest("kota", 2) == ["Kota Lama", "Kota Lama Dibuka"]
    assert news.suggest("kota", 0) == []
    for limit in (-1, 101):
        with pytest.raises(QueryError, match="is out of bounds: 0 to 100"):
            news.suggest("kota", limit)


def test_what_is_deleted_takes_nobodys_place(news: SearchIndex) -> None:
    added = [article(f"Berita {number:02}", "Tentang cuaca.") for number in range(20)]
    news.add(added)
    news.delete(*[each.id for each in added[:18]])
    assert news.suggest("berita", 2) == ["Berita 18", "Berita 19"]


def test_what_is_deleted_is_not_suggested(news: SearchIndex) -> None:
    news.delete(FIRST.id, SECOND.id)
    assert news.suggest("rina") == []
    assert news.suggest("kota") == []


def test_phrases_of_a_document() -> None:
    texts = {"headline": "Harga di Pasar Induk", "body": "Besok Rina ke Kota Lama. Warga menunggu."}
    assert phrases_of(texts) == (
        "besok rina\tBesok Rina",
        "kota lama\tKota Lama",
        "harga di pasar\tHarga di Pasar",
        "pasar induk\tPasar Induk",
    )
    assert phrases_of({}) == ()
    assert phrases_of({"body": "Di ‘Kota Lama’ ramai, 'Dies Natalis' Jum'at."}) == (
        "kota lama\tKota Lama",
        "dies natalis\tDies Natalis",
        "jumat\tJum'at",
    )


@given(st.text("ABÉabé1_ -’'.²\n", max_size=40))
@example("DI Jum'at-Sabtu É ÉA_1")
def test_phrases_stand_under_their_keys(text: str) -> None:
    for value in phrases_of({"body": text, "headline": text}):
        key, phrase = value.split("\t")
        assert key == phrase_key(phrase)


def test_a_single_name_is_not_taken_where_a_sentence_begins() -> None:
    texts = {"body": 'Andi datang. Budi, Cici\nDedi? "Eka (Fani) Gita: Hadi “Ida” lalu  Joni.A'}
    assert [value.split("\t")[1] for value in phrases_of(texts)] == ["Cici", "Gita", "Joni"]
