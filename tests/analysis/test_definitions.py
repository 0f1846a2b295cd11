import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.analysis.definitions import (
    Definition,
    find_definitions,
    from_keyword,
    lookup_key,
    to_keywords,
)


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Kepala Badan Narkotika Nasional (BNN) hadir.", "BNN", "Badan Narkotika Nasional"),
        ("Menurut Kementerian Pertahanan (Kemenhan),", "Kemenhan", "Kementerian Pertahanan"),
        ("Kantor Lembaga Sandi Negara (Lemsaneg)", "Lemsaneg", "Lembaga Sandi Negara"),
        ("Menteri Dalam Negeri (Mendagri) tiba", "Mendagri", "Menteri Dalam Negeri"),
        (
            "Balai Meteorologi, Klimatologi, dan Geofisika (BMKG)",
            "BMKG",
            "Balai Meteorologi Klimatologi dan Geofisika",
        ),
        (
            "kata Badan Pengawas Obat dan Makanan (BPOM)",
            "BPOM",
            "Badan Pengawas Obat dan Makanan",
        ),
        ("Rapat Perserikatan Bangsa-Bangsa (PBB)", "PBB", "Perserikatan Bangsa-Bangsa"),
        ("memakai alat pelindung diri (APD) lengkap", "APD", "alat pelindung diri"),
        ("menjelang pemilihan dusun (Pildus)", "Pildus", "pemilihan dusun"),
        ("Kepala Dinas Pasar Pagi Muara (DP2M) hadir", "DP2M", "Dinas Pasar Pagi Muara"),
        ("B3KT (Balai Bina Benih Kopi Tirta)", "B3KT", "Balai Bina Benih Kopi Tirta"),
        ("ujar BUNN (Badan Urusan Nelayan Nusantara).", "BUNN", "Badan Urusan Nelayan Nusantara"),
    ],
)
def test_long_form_is_the_words_that_spell_the_short_one(text: str, short: str, long: str) -> None:
    assert find_definitions(text) == [Definition(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "Presiden tiba di Jakarta (BNN) kemarin",
        "tersangka berinisial RS (35) ditahan",
        "Dinas Pasar Muara (DP2M)",
        "Mesin Baru Dua (MB2)",
        "Mobil Balap Dua Puluh (MB25)",
        "Pemain Tirta (Persikan) mencetak gol",
        "Rapat selesai. Badan baru. Narkotika Nasional (BNN)",
        "pada Rabu (19/6/2024)",
        "memegang kartu identitas (KITAS) lama",
        "Gerakan Adil Makmur Indonesia Setara (GAMIS)",  # a garment
        "dan dari (DD)",
        "dari Partai Maju (P-MJ)",
        "memilih presiden dan wakil presiden (pilpres)",
        "memilih presiden dan wakil presiden (Pilpres)",
        "()",
        "(BNN)",
    ],
)
def test_what_only_looks_like_a_definition(text: str) -> None:
    assert find_definitions(text) == []


def test_each_definition_once_in_the_order_of_the_text() -> None:
    text = (
        "Komisi Tirta Samudra (KTS) dan Balai Air Bersih (BAB-I). Komisi Tirta Samudra (KTS) lagi, "
        "lalu Dinas Kebun Raya (DKR)."
    )
    assert [found.short for found in find_definitions(text)] == ["KTS", "DKR"]


def test_keywords_are_looked_up_by_either_side() -> None:
    definition = Definition("BMKN", "Balai Meteorologi dan Klimatologi Nusantara")
    values = to_keywords([definition, definition])
    assert [from_keyword(value) for value in values] == [
        ("bmkn", definition),
        ("balai meteorologi klimatologi nusantara", definition),
    ]
    assert from_keyword("bmkn") is None
    assert to_keywords([]) == ()


def test_lookup_key_has_neither_stop_words_nor_hyphens() -> None:
    assert lookup_key(["hutan", "dan", "bangsa-bangsa"]) == "hutan bangsa bangsa"
    assert lookup_key([]) == ""


pieces = st.sampled_from(
    ["Badan ", "Air ", "dan ", "BAB", "Bab", "(", ")", ", ", ". ", "(BA) ", "é"]
)


@given(st.lists(pieces, max_size=40).map("".join))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    for short, long in find_definitions(text):
        assert short in text
        assert all(word in text for word in long.split())
        assert len(long.split()) > 1
