"""The lists of headlines on a page, as newsrooms write them, and what only looks like one."""

import pytest

from searchkit import Page
from searchkit.documents.page_text import read_page_text
from tests.documents.pages import BODY, DATED, DATELINE, HEADLINE

FIRST, SECOND = "Harga Garam Naik di Pasar Lama", "Cara Warga Menanam Padi"
TITLE = "Jalan Desa Rusak Berat Lagi"
TEASER = "Harga garam di pasar lama naik dua kali lipat sejak hujan turun tanpa henti."


def read(*lines: str) -> Page:
    return read_page_text("\n\n".join(lines), "page.txt")


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        (["Ekonomi", FIRST, DATED, "Nasional", SECOND, DATED], ["10:00"] * 2),
        ([FIRST, "Ekonomi", DATED, SECOND, "Nasional", DATED], ["10:00"] * 2),
        ([FIRST, f"Ekonomi | {DATED}", SECOND, f"Nasional | {DATED}"], ["10:00"] * 2),
        ([FIRST, "June 4, 2025 1:15 pm", SECOND, "June 4, 2025"], ["13:15", "00:00"]),
        ([FIRST, "10 menit yang lalu", SECOND, "1 jam lalu"], []),
        ([FIRST, "Ekonomi - 1 hour ago", SECOND, "Kemarin, 14:05"], []),
        ([FIRST, "18:01", SECOND, "17.56 WIB"], []),
        ([FIRST, DATED, TEASER, SECOND, DATED, TEASER], ["10:00"] * 2),
        ([DATED, FIRST, TEASER, DATED, SECOND, TEASER], ["10:00"] * 2),
        (["Selengkapnya", FIRST, DATED, SECOND, DATED], ["10:00"] * 2),
        (["wartaKota", FIRST, DATED, "wartaUang", SECOND, DATED], ["10:00"] * 2),
        ([FIRST, "Dewi Lestiani", DATED, SECOND, "Oleh: Ucok B.", DATED], ["10:00"] * 2),
        (["01", DATED, "wartaFoto", FIRST, "02", DATED, SECOND], ["10:00"] * 2),
        (["12.3K", FIRST, "9,8 rb", SECOND], []),
        ([f"{FIRST} (10:05)", f"{SECOND} (09.55 WIB)"], []),
        (["1", FIRST, "Dibaca 1.229 kali", "2", f"{SECOND} 5.713 views"], []),
        ([FIRST, TEASER, DATED, SECOND, TEASER, "Warta.id", DATED], ["10:00"] * 2),
        ([FIRST, FIRST, DATED, SECOND, SECOND, DATED], ["10:00"] * 2),
        ([FIRST, "2 jam lalu", FIRST, TEASER, SECOND, "3 jam lalu", SECOND, TEASER], []),
        ([FIRST, TEASER, "Baca Selengkapnya 2 jam lalu", SECOND, "Baca Selengkapnya kemarin"], []),
        ([FIRST, "Yogya - 2 jam lalu", SECOND, "Solo - 3 hari lalu"], []),
        ([f"{FIRST} 2 jam lalu", f"{SECOND} {DATED}"], ["10:00"]),
        ([f"10:05 {FIRST}", f"09.55 WIB - {SECOND}"], []),
        ([f"• {FIRST}", f"- {SECOND}"], []),
        ([FIRST, TEASER, SECOND, TEASER], []),
        (["1", FIRST, TEASER, "Selengkapnya", "2", SECOND, TEASER, "Selengkapnya"], []),
    ],
)
def test_lists_below_an_article(lines: list[str], times: list[str]) -> None:
    found = read(HEADLINE, DATELINE, *BODY, "Terkini", *lines)
    assert found.article
    assert found.article.body == BODY
    assert [item.title for item in found.items] == [FIRST, SECOND]
    assert [f"{item.published:%H:%M}" for item in found.items if item.published] == times


def test_bare_numbers_in_front_of_all_headlines_are_none_of_them() -> None:
    counted = ("1 Warga Hilang di Laut", "2 Kapal Mencari Warga Itu", "3 Hari Hilang, Warga Pulang")
    found = read(HEADLINE, DATELINE, *BODY, "Terkini", *counted)
    assert [item.title for item in found.items] == [title[2:] for title in counted]
    found = read(
        HEADLINE, DATELINE, *BODY, "Terkini", *(title.replace(" ", "", 1) for title in counted)
    )
    assert [item.title for item in found.items] == [title[2:] for title in counted]
    found = read(HEADLINE, DATELINE, *BODY, "Terkini", *counted[:2])
    assert [item.title for item in found.items] == list(counted[:2])


def test_the_day_behind_a_headline_is_of_it() -> None:
    title = "Harga Garam di Pasar Lama, 3 Juni 2024"
    found = read(HEADLINE, DATELINE, *BODY, "Terkini", title, FIRST)
    assert [item.title for item in found.items] == [title, FIRST]


def test_a_sentence_below_a_link_in_the_text_is_no_teaser() -> None:
    body = (BODY[0], "Terkait", FIRST, BODY[1], "08.00 WIB", BODY[2])
    found = read(HEADLINE, DATELINE, *body)
    assert found.article
    assert [text for text in found.article.body if text != "08.00 WIB"] == list(BODY)


def test_chapters_below_related_headlines_are_no_teasers() -> None:
    body = (BODY[0], "Berita Terkait", FIRST, BODY[1], SECOND, BODY[2])
    found = read(HEADLINE, DATELINE, *body)
    assert found.article
    assert found.article.body == BODY


def test_an_article_in_the_middle_of_lists_keeps_its_paragraphs() -> None:
    found = read(HEADLINE, DATELINE, BODY[0], "Berita Terkait", FIRST, DATED, *BODY[1:])
    assert found.article
    assert found.article.body == BODY


@pytest.mark.parametrize(
    "own",
    [[HEADLINE, "Dunia", "Rina Wulandari"], ["Dunia", HEADLINE, "Oleh: Rina Wulandari"]],
)
def test_a_list_ends_before_the_headline(own: list[str]) -> None:
    found = read("Terpopuler", FIRST, SECOND, *own, "3 Juni 2024 14:05 WIB", *BODY)
    assert found.article
    assert (found.article.headline, found.article.section) == (HEADLINE, "Dunia")
    assert found.article.reporter == "Rina Wulandari"
    assert [item.title for item in found.items] == [FIRST, SECOND]


@pytest.mark.parametrize(
    "lines",
    [
        ["1 Juni 2024", "Rapat dibuka di balai desa.", "2 Juni 2024", "Rapat ditutup."],
        ["1 Juni 2024", "Rapat dibuka di desa", "2 Juni 2024", "Rapat lagi", "3 Juni 2024", "Usai"],
        ["Sampai kapan?", "Tahun depan.", "3 Juni 2024", "Rapat lagi.", "5 Juni 2024", "Usai."],
    ],
)
def test_a_chronology_is_no_list(lines: list[str]) -> None:
    found = read(HEADLINE, DATELINE, BODY[0], *lines, *BODY[1:])
    assert not found.items
    assert found.article
    said = [line for line in lines if not line.endswith("2024")]
    assert [text for text in found.article.body if not text.endswith(" 2024")] == [
        *(BODY[0], *said, *BODY[1:])
    ]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Berita Terbaru Index »", "Berita Terbaru"),
        ("Terpopuler Ekonomi", "Terpopuler Ekonomi"),
        ("Berita wartacom Lainnya", "Berita wartacom Lainnya"),
        ("Terkini di Jawa Barat | Lihat Semua", "Terkini di Jawa Barat"),
        ("Terpopuler Terkomentari", "Terpopuler Terkomentari"),
    ],
)
def test_headings(line: str, heading: str) -> None:
    found = read(HEADLINE, DATELINE, *BODY, "Terkait", SECOND, line, FIRST)
    assert [item.seen[0].list for item in found.items] == ["Terkait", heading]


@pytest.mark.parametrize("first", ["Populer", "Sudut Warta"])
def test_a_heading_that_is_not_known_below_a_list(first: str) -> None:
    upper = (first, FIRST, DATED, SECOND, DATED)
    lower = ("Kabar Kota", TITLE, DATED, f"{TITLE} Sekali", DATED)
    found = read(HEADLINE, DATELINE, *BODY, *upper, *lower)
    assert [item.seen[0].list for item in found.items] == [first] * 2 + ["Kabar Kota"] * 2
    kickers = ("Warta Kota", FIRST, DATED, "Warta Desa", SECOND, DATED, "Warta Kota", TITLE, DATED)
    found = read(HEADLINE, DATELINE, *BODY, first, *kickers)
    assert [item.title for item in found.items] == [FIRST, SECOND, TITLE]


def test_a_heading_that_is_not_known_below_a_list_without_dates() -> None:
    lower = ("Kabar Kota", TITLE, f"{TITLE} Sekali", "Tentang Kami")
    found = read(HEADLINE, DATELINE, *BODY, "Populer", FIRST, SECOND, *lower)
    assert [item.seen[0].list for item in found.items] == ["Populer"] * 2 + ["Kabar Kota"] * 2


def test_dates_above_the_headlines_of_a_list_without_a_known_heading() -> None:
    found = read(
        "Motor", "Kilat Warta", DATED, FIRST, DATED, SECOND, "Home", HEADLINE, DATELINE, *BODY
    )
    assert [(item.title, item.seen[0].list) for item in found.items] == [
        (FIRST, "Kilat Warta"),
        (SECOND, "Kilat Warta"),
    ]
    assert found.article
    assert (found.article.headline, found.article.caption) == (HEADLINE, "")


def test_headlines_with_dates_in_front_below_a_list() -> None:
    found = read(HEADLINE, DATELINE, *BODY, "Populer", SECOND, DATED, FIRST, DATED, "Banjir Lagi")
    assert [item.title for item in found.items] == [SECOND, FIRST]
    lines = (
        HEADLINE,
        DATELINE,
        *BODY,
        "Populer",
        SECOND,
        FIRST,
        TITLE,
        DATED,
        SECOND,
        DATED,
        FIRST,
    )
    found = read(*lines)
    assert [(item.title, bool(item.published)) for item in found.items] == [
        *((SECOND, False), (FIRST, False), (TITLE, False), (SECOND, True), (FIRST, True))
    ]


def test_a_title_with_dots_behind_it_is_in_the_list() -> None:
    found = read(HEADLINE, DATELINE, *BODY, "Populer", f"{FIRST}...", SECOND)
    assert [item.title for item in found.items] == [f"{FIRST}...", SECOND]


def test_a_question_below_the_lists_is_a_title() -> None:
    question = "Ingin sukses menanam garam di desa? Yuk, coba!"
    found = read(HEADLINE, DATELINE, *BODY, "Populer", FIRST, DATED, "Blog Kita", question, "Forum")
    assert found.article
    assert found.article.body == BODY
    found = read(HEADLINE, DATELINE, *BODY[:-1], "Populer", FIRST, DATED, question, BODY[0])
    assert found.article
    assert question in found.article.body


@pytest.mark.parametrize(
    "numbers", ["1. 2. 3.", "1 2 3", "1) 2) 3)", "10:45 10:30 09:15", "21 7 3"]
)
def test_numbered_headlines_without_blank_lines_are_one_each(numbers: str) -> None:
    titles = [
        "Harga Garam Naik Dua Kali Lipat di Pasar Lama Kota",
        "Karung Beras Ditemukan Warga di Gudang Tua Pedagang",
        "Kapal Mencari Nelayan yang Hilang di Laut Selatan",
    ]
    listed = [f"{number} {title}" for number, title in zip(numbers.split(), titles, strict=True)]
    found = read(HEADLINE, DATELINE, *BODY, "\n".join(["Terpopuler", *listed]))
    assert found.article
    assert found.article.body == BODY
    expected = listed if numbers == "21 7 3" else titles
    assert [item.title for item in found.items] == expected


def test_lists_abreast_with_a_tab_between_them_are_one_below_the_other() -> None:
    rows = ("Populer\tUPDATE", f"1. {FIRST}\t10:05 {SECOND}", f"2. {TITLE}\t09:55 {FIRST} Lagi")
    found = read(HEADLINE, DATELINE, *BODY, "\n".join(rows))
    listed = [(item.title, item.seen[0].list) for item in found.items]
    assert listed == [
        (FIRST, "Populer"),
        (TITLE, "Populer"),
        (SECOND, "UPDATE"),
        (f"{FIRST} Lagi", "UPDATE"),
    ]
    table = "Komoditas\tHarga\nGaram\tRp5.000"
    rows_of_a_table = tuple(table.replace("\t", " ").split("\n"))
    priced = read(HEADLINE, DATELINE, BODY[0], table, *BODY[1:]).article
    assert priced
    assert priced.body == (BODY[0], *rows_of_a_table, *BODY[1:])


def test_a_heading_with_the_number_of_its_headlines() -> None:
    found = read(HEADLINE, DATELINE, *BODY, "5 Berita Terpopuler", f"1) {FIRST}", f"2) {SECOND}")
    assert [item.title for item in found.items] == [FIRST, SECOND]
