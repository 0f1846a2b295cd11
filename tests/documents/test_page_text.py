"""The reader of page text, over the layouts of a newspaper that the years have brought."""

import textwrap
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit import Article
from tests.documents.pages import (
    BODY,
    CAPTION,
    DATED,
    DATELINE,
    HEADLINE,
    LISTS,
    TOP,
    article,
    lists,
    page,
    read,
    with_dateline,
)


def test_whole_page() -> None:
    found = read(page())
    assert found.article == Article(
        headline=HEADLINE,
        body=BODY,
        section="Dunia",
        caption=CAPTION,
        credit="Net",
        published=datetime.fromisoformat("2024-06-20T11:34+07:00"),
        reporter="RINA WULANDARI",
    )
    titles = [(item.title, item.published) for item in found.items]
    assert titles == [
        ("Harga Beras Turun, Pedagang Pasar Lega", datetime.fromisoformat("2026-01-30T02:25+07")),
        ("21 Karung Uang Ditemukan di Gudang", datetime.fromisoformat("2026-01-28T17:07+07")),
        ("Gempa Guncang Pesisir, Warga Mengungsi", datetime.fromisoformat("2026-02-05T18:01+07")),
        ("Menteri Mundur: Saya Lelah", datetime.fromisoformat("2026-02-05T17:56+07")),
    ]
    assert lists(found) == {"Populer": 2, "UPDATE": 2}
    assert {item.seen[0].page for item in found.items} == {found.article.id}


# Each layout has the same article and the same two lists; what it lacks is named.
LAYOUTS = {
    "no caption": page("Berita", "Dunia", HEADLINE, DATELINE),
    "OLEH": with_dateline(DATELINE.replace("LAPORAN", "OLEH")),
    "EDITOR alone": with_dateline(DATELINE.replace("LAPORAN", "EDITOR")),
    "mixed case": with_dateline("Kamis, 20 Juni 2024 | 11:34 WIB | Laporan: Rina Wulandari"),
    "commas": with_dateline("Kamis, 20 Juni 2024, 11:34 WIB - Oleh: Rina Wulandari"),
    "seconds": with_dateline("KAMIS, 20 JUNI 2024 , 11:34:00 WIB | LAPORAN: RINA WULANDARI"),
    "point": with_dateline("Kamis, 20 Jun 2024 | 11.34 WIB | Penulis: Rina Wulandari"),
    "slashes": with_dateline("Kamis, 20/06/2024 11:34 WIB | REPORTER: Rina Wulandari"),
    "byline above": page(*TOP[:-1], "LAPORAN: RINA WULANDARI", "KAMIS, 20 JUNI 2024 | 11:34 WIB"),
    "byline below": page(*TOP[:-1], "KAMIS, 20 JUNI 2024 | 11:34 WIB", "Oleh: Rina Wulandari"),
    "bare name": page(*TOP[:-1], "Rina Wulandari", "KAMIS, 20 JUNI 2024 | 11:34 WIB"),
    "section below": page("Berita", f"{CAPTION}/Net", HEADLINE, "Dunia", DATELINE),
    "caption below": page("Berita", "Dunia", HEADLINE, DATELINE, f"{CAPTION}/Net"),
    "breadcrumb": page("Beranda > Berita > Dunia", HEADLINE, DATELINE),
    "lists before": f"Berita\n\n{LISTS}\n\n" + page("Dunia", HEADLINE, DATELINE, lists=""),
    "lists before, not closed": LISTS.replace("Selengkapnya", "")
    + page("Dunia", HEADLINE, DATELINE, lists=""),
    "a list on either side": LISTS.partition("UPDATE")[0]
    + page("Dunia", HEADLINE, DATELINE, lists="UPDATE" + LISTS.partition("UPDATE")[2]),
    "items with a zone": page(lists=LISTS.replace(":25", ":25 WIB").replace(":56", ":56 WIB")),
    "items in numbers": page(lists=LISTS.replace("Jumat, 30 Januari 2026 |", "30/01/2026")),
    "no blank lines": page().replace("\n\n", "\n"),
    "Windows": page().replace("\n", "\r\n"),
    "odd blanks": "\ufeff" + page().replace(" ", "\u00a0").replace("\n\n", " \t\n\u200b\n"),
    "wrapped": "\n\n".join(
        [*TOP, *("\n".join(textwrap.wrap(paragraph, 60)) for paragraph in BODY), LISTS]
    ),
    "furniture": page(
        body=(BODY[0], "ADVERTISEMENT", "SCROLL TO CONTINUE WITH CONTENT", *BODY[1:], "***")
    ),
    "AMP": "\n".join(
        [
            *("Menu", "Home", "Politik", "Dunia", "Bisnis", HEADLINE),
            *("Kamis, 20 Juni 2024 | 11:34 WIB", "Laporan: Rina Wulandari", "Facebook"),
            *("WhatsApp", f"{CAPTION}/Net", *BODY, "Lihat versi desktop"),
            LISTS.replace("\n\n", "\n"),
        ]
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str) -> None:
    found = read(LAYOUTS[layout])
    assert found.article
    assert found.article.headline == HEADLINE
    assert found.article.body == BODY
    assert found.article.reporter.title() == "Rina Wulandari"
    assert found.article.published == datetime.fromisoformat("2024-06-20T11:34+07:00")
    assert found.article.section == ("" if layout == "AMP" else "Dunia")
    assert found.article.caption in ("", CAPTION)
    assert lists(found) == {"Populer": 2, "UPDATE": 2}
    assert all(item.published for item in found.items)
    assert not found.warnings


@pytest.mark.parametrize(("zone", "hours"), [("WIB", 7), ("WITA", 8), ("WIT", 9)])
def test_zones(zone: str, hours: int) -> None:
    found = article(with_dateline(DATELINE.replace("WIB", zone)))
    assert found.published
    assert found.published.isoformat() == f"2024-06-20T11:34:00+0{hours}:00"


def test_reporter_and_editor() -> None:
    found = article(with_dateline(f"{DATELINE} | EDITOR: BUDI SANTOSO"))
    assert (found.reporter, found.editor) == ("RINA WULANDARI", "BUDI SANTOSO")


def test_a_label_of_two_roles() -> None:
    found = article(page(body=(*BODY, "Redaktur & Reporter : Rina Ayu")).replace(DATELINE, DATED))
    assert (found.reporter, found.editor) == ("Rina Ayu", "Rina Ayu")


@pytest.mark.parametrize(
    ("lines", "caption", "credit"),
    [
        ("Presiden di istana, kata panitia/RMOL", "Presiden di istana, kata panitia", "RMOL"),
        ("Dua menteri hadir. Yang lain tidak/ Dok. Istana", "", "Dok. Istana"),
        ("Presiden tiba di istana (Foto: Rina)", "Presiden tiba di istana", "Rina"),
        ("Presiden tiba di istana. Foto/Dok. Warta", "Presiden tiba di istana.", "Dok. Warta"),
        ("Presiden bersalaman di depan para\nmenteri pada hari Rabu/Net", "", "Net"),
        ("Presiden bersalaman di depan para menteri pada hari Rabu", "", ""),
    ],
)
def test_captions(lines: str, caption: str, credit: str) -> None:
    found = article(page("Berita", lines, "Dunia", HEADLINE, DATELINE))
    assert found.credit == credit
    assert found.caption == caption or (not caption and len(found.caption.split()) > 5)
    assert found.body == BODY


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        (f"{CAPTION}. (ANTARA FOTO/Rina Ayu/foc)", f"{CAPTION}.", "ANTARA FOTO/Rina Ayu/foc"),
        (f"{CAPTION} [Dok. Istana]", CAPTION, "Dok. Istana"),
        (f"WARTA.com/RINA AYU {CAPTION}", CAPTION, "WARTA.com/RINA AYU"),
        (f"{CAPTION} (Warta Times/Rina Ayu)", CAPTION, "Warta Times/Rina Ayu"),
        (f"{CAPTION}\n\nSumber :\n\nWARTA/Rina Ayu", CAPTION, "WARTA/Rina Ayu"),
        (f"Warta.com/Rina Ayu\n\n{CAPTION}", CAPTION, "Warta.com/Rina Ayu"),
        (f"{CAPTION}\n\nLihat Foto\n\n(WARTA.com/RINA AYU)", CAPTION, "WARTA.com/RINA AYU"),
        (f"ANTARA FOTO/Rina Ayu/foc.\n\n{CAPTION}.", f"{CAPTION}.", "ANTARA FOTO/Rina Ayu/foc."),
        (f"Sumber gambar, Getty Images\n\nKeterangan gambar, {CAPTION}", CAPTION, "Getty Images"),
        (f"Warta Network\n\n{CAPTION} (Foto: Rina Ayu)", CAPTION, "Rina Ayu"),
        (f"{CAPTION}. ANTARA FOTO/Rina Ayu/foc", f"{CAPTION}.", "ANTARA FOTO/Rina Ayu/foc"),
        (f"{CAPTION}. WARTA/Rina B. Ayu", f"{CAPTION}.", "WARTA/Rina B. Ayu"),
        (f"{CAPTION} - Warta/Rina Ayu", CAPTION, "Warta/Rina Ayu"),
        ("Presiden tiba. /Antara/Rina Ayu", "Presiden tiba.", "Antara/Rina Ayu"),
        (
            f"{CAPTION} (Warta/Rina Ayu)\n\nPerbesar\n\n{CAPTION} (Warta/Rina Ayu)",
            CAPTION,
            "Warta/Rina Ayu",
        ),
        (f"{CAPTION}\n\nFoto: Warta/Rina Ayu\n\n{CAPTION}", CAPTION, "Warta/Rina Ayu"),
        (f"{CAPTION} (©2024 Merdeka.com)", CAPTION, "Merdeka.com"),
        (f"{CAPTION} (© AFP)", CAPTION, "AFP"),
    ],
)
def test_credits_below_the_dateline(line: str, caption: str, credit: str) -> None:
    found = article(page("Dunia", HEADLINE, DATELINE, line))
    assert (found.caption, found.credit, found.body) == (caption, credit, BODY)


@pytest.mark.parametrize(
    "opening",
    ["JAKARTA, WARTA.com -", "Mataram, NTB (Warta Kita) --", "warta.id, Jakarta —", "Jakarta -"],
)
def test_what_stands_above_the_opening_of_the_text_is_a_caption(opening: str) -> None:
    opened = (f"{opening} {BODY[0]}", *BODY[1:])
    found = article(page("Dunia", HEADLINE, DATELINE, CAPTION, body=opened))
    assert (found.caption, found.body) == (CAPTION, opened)
    assert article(page("Dunia", HEADLINE, DATELINE, body=opened)).body == opened


@pytest.mark.parametrize(
    "opening", ["Mataram -", "Mataram, Warta Indonesia --", "MATARAM, warta.id –"]
)
def test_a_place_in_a_line_of_its_own_opens_the_text(opening: str) -> None:
    found = article(page("Dunia", HEADLINE, DATELINE, body=(opening, *BODY)))
    assert found.body == (f"{opening} {BODY[0]}", *BODY[1:])


def test_an_address_in_the_opening_is_not_of_the_caption_above() -> None:
    opened = (f"warta.com, Mataram - {BODY[0]}", *BODY[1:])
    lines = page("Dunia", HEADLINE, DATELINE, f"{CAPTION}. Foto: Rina/WARTA", body=opened)
    found = article(lines.replace("\n\n", "\n"))
    assert (found.credit, found.body) == ("Rina/WARTA", opened)


def test_words_divided_at_the_ends_of_lines_are_whole_again() -> None:
    wrapped = (
        "Pemerintah kabupaten meresmikan jembatan gantung di keca-",
        "matan itu pada hari Rabu pagi, disaksikan oleh anak-",
        "anaknya dan para warga yang menyeberang dengan berlari-",
        "lari kecil meski hujan turun sejak subuh, seperti COVID-",
        "19 tidak pernah singgah di desa yang kecil dan tenang itu",
        "sama sekali, kata kepala desa kepada para wartawan.",
    )
    whole = "\n".join(wrapped).replace("keca-\n", "keca").replace("-\n", "-").replace("\n", " ")
    assert article(page(body=("\n".join(wrapped), *BODY[1:]))).body[0] == whole


def test_the_name_of_a_site_below_a_title_is_not_of_it() -> None:
    titles = (
        "Harga Beras di Pasar Lama Turun, Pedagang Lega",
        "wartaUang",
        "Gempa di Pesisir Selatan",
    )
    found = read(page(lists="\n".join(("Populer", *titles))))
    assert [item.title for item in found.items] == [titles[0], titles[2]]


@pytest.mark.parametrize("line", ["Mataram", f"zoom-inlihat foto {HEADLINE}"])
def test_what_stands_above_the_text_is_no_part_of_it(line: str) -> None:
    assert article(page("Dunia", HEADLINE, DATELINE, line)).body == BODY


def test_a_breadcrumb_that_ends_in_the_headline_is_no_caption() -> None:
    found = article(page(f"Beranda Dunia {HEADLINE}", "Dunia", HEADLINE, DATELINE))
    assert (found.section, found.caption) == ("Dunia", "")


def test_a_caption_below_a_standfirst() -> None:
    shown = "Warga menonton dari tepi jalan di depan istana."
    lines = (BODY[1], "Red: Budi S.", "Rep: Rina W.", shown, "Foto: Warta/Rina", shown)
    opened = f"WARTA.CO.ID, IBU KOTA -- {BODY[0]}"
    found = article(page("Dunia", "3 Juni 2024 14:05 WIB", HEADLINE, *lines, body=(opened,)))
    assert (found.caption, found.credit) == (shown, "Warta/Rina")
    assert found.body == (BODY[1], opened)


def test_the_headline_of_a_gallery_is_no_credit() -> None:
    headline = "Foto: Warga Antre Beras di Pasar Lama"
    assert article(page("Dunia", headline, DATELINE)).headline == headline


def test_the_name_of_an_agency_behind_the_text_is_no_credit() -> None:
    brief = f"{BODY[0]} (ANTARA)"
    assert article(page("Dunia", HEADLINE, DATELINE, body=(brief,), lists="")).body == (brief,)


@pytest.mark.parametrize(
    ("above", "section"),
    [
        (("Home / Media / Press Release",), "Press Release"),
        (("Rubrik: Kabar Desa",), "Kabar Desa"),
        (("kota.warta.id",), ""),
        (("Home", "Warta", "Gawai"), "Gawai"),
        (("Warta.com", "Home", "Ekonomi", "Pasar Modal"), "Pasar Modal"),
        (("Warta.com", "Home Ekonomi"), "Ekonomi"),
        (("Foto", "Warta TV", "Otomotif", "Warta Bumi", "English"), ""),
        (("Politik", "Ekonomi", "Dunia"), ""),
        (("Tautan-tautan Akses", "Langsung ke Konten Utama", "Wawasan"), "Wawasan"),
    ],
)
def test_sections_above_the_headline(above: tuple[str, ...], section: str) -> None:
    found = article(page(*above, HEADLINE, DATELINE).replace("\n\n", "\n"))
    assert (found.section, found.caption) == (section, "")


def test_a_menu_above_the_caption_is_no_part_of_it() -> None:
    found = article(page("Warta TV", f"{CAPTION}/Net", "Dunia", HEADLINE, DATELINE))
    assert (found.caption, found.credit) == (CAPTION, "Net")


@pytest.mark.parametrize(
    ("lines", "heading", "dated"),
    [
        (["Pilihan Pembaca", "Gempa di Pesisir", DATED, "Banjir", DATED], "Pilihan Pembaca", True),
        (["Terkini", DATED, "Gempa di Pesisir", DATED, "X Y Z"], "Terkini", True),
        (["Terpopuler", "1", "Gempa di Pesisir", DATED, "02", "Banjir", DATED], "Terpopuler", True),
        (
            [
                "Berita Terkait",
                "Gempa di Pesisir Selatan",
                "Banjir di Kota Lama",
                "Komentar",
                "Tulis",
            ],
            "Berita Terkait",
            False,
        ),
    ],
)
def test_kinds_of_lists(lines: list[str], heading: str, dated: bool) -> None:
    found = read(page(lists="\n\n".join(lines)))
    assert found.article
    assert found.article.body == BODY
    assert lists(found)[heading] == 2
    assert all(bool(item.published) is dated for item in found.items)


def test_page_of_lists_only() -> None:
    found = read(LISTS)
    assert found.article is None
    assert lists(found) == {"Populer": 2, "UPDATE": 2}
    assert {item.seen[0].page for item in found.items} == {"page.txt"}


def test_page_without_a_date() -> None:
    found = article(page("Berita", "Dunia", HEADLINE))
    assert (found.headline, found.published, found.body) == (HEADLINE, None, BODY)


def test_date_that_does_not_exist() -> None:
    found = read(with_dateline("KAMIS, 31 FEBRUARI 2024 | 11:34 WIB | LAPORAN: RINA"))
    assert found.article
    assert found.article.published is None
    assert found.article.body == BODY
    assert found.warnings == ("there is no date '31 FEBRUARI 2024 | 11:34 WIB'; it is left out",)


def test_item_on_two_lists_is_one_item() -> None:
    found = read(page(lists=LISTS + "\n\n" + LISTS.replace("UPDATE", "Terkini")))
    assert len(found.items) == 4
    assert {sighting.list for sighting in found.items[2].seen} == {"UPDATE", "Terkini"}


@pytest.mark.parametrize("text", ["", "\n\n", "Berita\n\nMenu\n\nCari", "a b c", "|||", "12345"])
def test_nothing_usable(text: str) -> None:
    found = read(text)
    assert (found.article, found.items) == (None, ())


def test_large_pages_take_time_in_proportion() -> None:
    assert read("kata " * 400_000).article is None
    assert read("Populer\n" * 20_000).article is None
    long_page = page(body=BODY * 5_000)
    assert len(article(long_page).body) == 15_000


pieces = st.sampled_from(
    [*TOP, *BODY, *LISTS.split("\n\n"), "Baca juga", "Tag:", "#a #b", "1", "", "12 Juni 2024"]
) | st.text(max_size=60)


@settings(max_examples=200, deadline=None)
@given(st.lists(pieces, max_size=25).map("\n".join))
def test_any_lines(text: str) -> None:
    found = read(text)
    flat = " ".join(text.split())
    for paragraph in found.article.body if found.article else ():
        if paragraph.isascii():
            assert paragraph in flat
