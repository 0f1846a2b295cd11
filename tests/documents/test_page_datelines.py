"""Which line of a page says when and by whom, and which is the headline."""

from datetime import datetime

import pytest

from searchkit import Article
from searchkit.documents.page_dates import read_when
from searchkit.documents.page_lines import Kind, classify
from searchkit.documents.page_text import read_page_text
from tests.documents.pages import BODY, CAPTION

HEADLINE = "Warga Desa Panen Garam"


def article(*lines: str) -> Article:
    found = read_page_text("\n\n".join(lines), "page.txt").article
    assert found
    assert found.body == BODY
    assert not found.caption
    return found


@pytest.mark.parametrize(
    ("lines", "published", "reporter"),
    [
        (["2024-06-03T14:05:00+07:00"], "2024-06-03T14:05+07:00", ""),
        (["June 3, 2024 2:05 pm"], "2024-06-03T14:05+07:00", ""),
        (["June 3, 2024 14:05 GMT+700"], "2024-06-03T14:05+07:00", ""),
        (["Penulis Dewi Lestiani - 3 Juni 2024 14:05 WITA"], "2024-06-03T14:05+08:00",
         "Dewi Lestiani"),
        (["Oleh : Dewi Lestiani Editor : Ucok Bana 3 Jun 2024 - 14:05"], "2024-06-03T14:05+07:00",
         "Dewi Lestiani"),
        (["Monday, June 3, 2024", "By Dewi Lestiani"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["June 3, 2024 by Dewi Lestiani"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["Dewi Lestiani - Senin (3/6/2024) 14:05 WIB"], "2024-06-03T14:05+07:00",
         "Dewi Lestiani"),
        (["Dewi Lestiani, Jurnalis · Senin 3 Juni 2024 14:05 WIB", "Editor: Ucok Bana"],
         "2024-06-03T14:05+07:00", "Dewi Lestiani"),
        (["Dewi Lestiani, Jurnalis", "·Senin 3 Juni 2024 14:05 WIB"], "2024-06-03T14:05+07:00",
         "Dewi Lestiani"),
        (["Dewi Lestiani 3 Juni 2024 at 14:05"], "2024-06-03T14:05+07:00", "Dewi Lestiani"),
        (["Dewi Lestiani Juni 03, 2024 2 Komentar"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["oleh Dewi Lestiani 3 Juni 2024 dalam Ekonomi Tinggalkan komentar"],
         "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["3 Juni 2024 | Dewi Lestiani | Ekonomi"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["3 Juni 2024 | Ekonomi Desa"], "2024-06-03T00:00+07:00", ""),
        (["Senin, 3 Juni 2024 14:05 WIB Dilihat 1.234 kali"], "2024-06-03T14:05+07:00", ""),
        (["Senin, 3 Juni 2024 14:05 WIB Last Updated 2024-06-04T07:05:00Z"],
         "2024-06-03T14:05+07:00", ""),
        (["Rep: Dewi Lestiani/ Red: Ucok Bana", "3 Juni 2024"], "2024-06-03T00:00+07:00",
         "Dewi Lestiani"),
        (["Ekonomi Desa - Senin (3/6/2024) 14:05 WIB"], "2024-06-03T14:05+07:00", ""),
        (["Dewi Lestiani, Warta Kita", "3 Juni 2024", "Sumenep, Warta Kita -"],
         "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["Warta Kita", "3 Juni 2024", "Sumenep (Warta Kita) -"], "2024-06-03T00:00+07:00", ""),
        (["Warta Kita - 3 Juni 2024 14:05", "WARTA KITA -"], "2024-06-03T14:05+07:00", ""),
        (["3 Juni 2024", "Red: Ucok Bana", "Rep: Dewi L."], "2024-06-03T00:00+07:00", "Dewi L."),
        (["Panen di tambak (Warta Times/Ayu Rin)", "Dewi Lestiani", "Dewi Lestiani", "3 Juni 2024"],
         "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["Oleh: Dewi L. - Senin, 3/6/2024 14:05"], "2024-06-03T14:05+07:00", "Dewi L."),
        (["Ekonomi | 3 Juni 2024 (14:05 WIT)"], "2024-06-03T14:05+09:00", ""),
        (["Warta.id, 3 Juni 2024", "Dewi Lestiani, Ucok B.", "Tim Redaksi"],
         "2024-06-03T00:00+07:00", "Dewi Lestiani, Ucok B."),
        (["Dewi Lestiani - wartaKota", "Senin, 03 Jun 2024 14:05 WIB"],
         "2024-06-03T14:05+07:00", "Dewi Lestiani"),
        (["3 Juni 2024", "Dewi Lestiani"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["Ekonomi", "Dewi Lestiani", "3 Juni 2024"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["3 Juni 2024 14:05 WIB", "| 1.229 Views", "id garam, panen, desa"],
         "2024-06-03T14:05+07:00", ""),
        (["Dewi Lestiani (Warta Daily)", "PREMIUM", "Mon, June 3, 2024", "Change text size"],
         "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["Share", "Dewi Lestiani", "Dewi Lestiani - Warta.com", "Senin, 3 Juni 2024 | 14:05"],
         "2024-06-03T14:05+07:00", "Dewi Lestiani"),
        (["News - Dewi Lestiani, Warta Indonesia", "03 June 2024 14:05"],
         "2024-06-03T14:05+07:00", "Dewi Lestiani, Warta Indonesia"),
        (["Dewi Lestiani", "Peneliti Garam Universitas Pantai Utara", "3 Juni 2024"],
         "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["Juni 3, 2024 oleh admin"], "2024-06-03T00:00+07:00", ""),
        (["By admin", "3 Juni 2024"], "2024-06-03T00:00+07:00", ""),
        (["Dewi Lestiani", "3-4 minutes"], None, "Dewi Lestiani"),
        (["Nomor: 12/HUMAS/2024", "3 Juni 2024"], "2024-06-03T00:00+07:00", ""),
        (["Siaran Pers No. 12/HM/VI/2024"], None, ""),
        (["2 jam yang lalu"], None, ""),
        (["Ekonomi | baru saja"], None, ""),
        (["14:05 WIB", "Oleh Dewi Lestiani"], None, "Dewi Lestiani"),
        (["Reporter", "Dewi Lestiani", "Editor", "Ucok Bana", "3 Juni 2024 14:05 WIB"],
         "2024-06-03T14:05+07:00", "Dewi Lestiani"),
        (["Dewi Lestiani,", "Ucok Bana", "3 Juni 2024"], "2024-06-03T00:00+07:00",
         "Dewi Lestiani, Ucok Bana"),
        (["by Dewi Lestiani June 3, 2024 2:05 pm in Daerah Reading Time: 2 mins read"],
         "2024-06-03T14:05+07:00", "Dewi Lestiani"),
        (["3 Juni 2024", "Laporan Wartawan Warta.com, Dewi Lestiani"],
         "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["Reporter Dewi Lestiani", "Editor Ucok Bana", "3 Juni 2024"],
         "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["3 Juni 2024", "Oleh :", "Dewi Lestiani"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["Oleh - Dewi Lestiani", "3 Juni 2024"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["oleh Dewi Lestiani di 3 June 2024"], "2024-06-03T00:00+07:00", "Dewi Lestiani"),
        (["3 Juni 2024", "Sumber: Warta | Editor: Ucok B."], "2024-06-03T00:00+07:00", "Ucok B."),
        (["Ucok Bana | Dewi Lestiani", "3 Juni 2024"], "2024-06-03T00:00+07:00",
         "Ucok Bana | Dewi Lestiani"),
        (["Ucok Bana | Dewi Lestiani Warta.Com", "3 Juni 2024"], "2024-06-03T00:00+07:00",
         "Ucok Bana | Dewi Lestiani"),
        (["Senin Pahing, 3 Juni 2024, Pukul 14.05 WIB"], "2024-06-03T14:05+07:00", ""),
    ],
)  # fmt: skip
def test_below_the_headline(lines: list[str], published: str | None, reporter: str) -> None:
    found = read_page_text("\n\n".join([HEADLINE, *lines, *BODY]), "page.txt").article
    assert found
    assert found.headline == HEADLINE
    assert found.published == (datetime.fromisoformat(published) if published else None)
    assert found.reporter == reporter
    assert found.body[1 - len(BODY) :] == BODY[1:]
    assert found.body[-len(BODY)].endswith(BODY[0])


@pytest.mark.parametrize(
    "title",
    ["Garam Naik", HEADLINE, f"{HEADLINE}, Harga Turun Tajam"],
)
def test_a_date_above_the_headline(title: str) -> None:
    found = article("Ekonomi", "Senin, 3 Juni 2024 | 14:05 WIB", title, "Oleh Dewi L.", *BODY)
    assert (found.headline, found.section, found.reporter) == (title, "Ekonomi", "Dewi L.")
    assert found.published == datetime.fromisoformat("2024-06-03T14:05+07:00")


@pytest.mark.parametrize(
    "lines",
    [
        ["Terbit: 3 Juni 2024, 14:05 WIB", "Diperbarui: 4 Juni 2024, 10:00 WIB"],
        ["Diperbarui pada 4 Juni 2024, 10:00 WIB", "Terbit: 3 Juni 2024, 14:05 WIB"],
    ],
)
def test_an_update_is_not_the_date_of_publication(lines: list[str]) -> None:
    found = article(HEADLINE, *lines, *BODY)
    assert found.published == datetime.fromisoformat("2024-06-03T14:05+07:00")


def test_an_update_is_better_than_no_date() -> None:
    found = article(HEADLINE, "Diperbarui: 4 Juni 2024, 10:00 WIB", *BODY)
    assert found.published == datetime.fromisoformat("2024-06-04T10:00+07:00")


@pytest.mark.parametrize("own", ["Diperbarui: 4 Juni 2024, 10:00 WIB", "2 jam yang lalu"])
def test_the_date_of_an_item_with_a_teaser_is_not_the_articles(own: str) -> None:
    lines = [HEADLINE, own, *BODY, "Terkini", "Harga Garam Naik Lagi", "1 Juni 2024", BODY[0]]
    found = read_page_text("\n\n".join(lines), "page.txt").article
    assert found
    assert found.headline == HEADLINE
    assert found.published is None or found.published.day == 4


def test_a_date_below_the_text() -> None:
    below = (
        "Penulis: Dewi L.",
        "Editor: Ucok B.",
        "Terbit 3 Juni 2024 14:05 WIB",
        "Terkini",
        *ITEMS,
    )
    found = article("Ekonomi", HEADLINE, *BODY, *below)
    assert (found.headline, found.reporter, found.editor) == (HEADLINE, "Dewi L.", "Ucok B.")
    assert found.published == datetime.fromisoformat("2024-06-03T14:05+07:00")


def test_a_time_below_the_text_is_not_its_date() -> None:
    lines = [HEADLINE, *BODY[:2], "15.30 WIB", "Warga Berdatangan", BODY[2], "15.10 WIB", BODY[0]]
    found = read_page_text("\n\n".join(lines), "page.txt").article
    assert found
    assert (found.headline, found.body[:2], found.reporter) == (HEADLINE, BODY[:2], "")


def test_a_headline_that_ends_in_dots() -> None:
    headline = f"{HEADLINE} Lagi di Sumenep..."
    assert article(headline, "Senin, 3 Juni 2024 14:05 WIB", *BODY).headline == headline


def test_what_a_picture_shows_is_no_headline() -> None:
    shown = "Warga memanen garam di tambak milik desa"
    lines = ["Ekonomi", HEADLINE, "Dewi Lestiani", shown, *BODY]
    found = read_page_text("\n\n".join(lines), "page.txt").article
    assert found
    assert (found.headline, found.reporter) == (HEADLINE, "Dewi Lestiani")
    assert found.body == (shown, *BODY)


@pytest.mark.parametrize("end", ["?", "!", "?!"])
def test_a_headline_that_ends_as_a_sentence(end: str) -> None:
    headline = f"Mengapa Garam Desa Itu Laku di Luar Negeri{end}"
    for above in (["3 Juni 2024 14:05 WIB", "waktu baca 2 menit", headline], [headline]):
        found = article("Ekonomi", *above, *BODY, "Penulis: Dewi L.", "Terbit 3 Juni 2024 14:05")
        assert (found.headline, found.reporter) == (headline, "Dewi L.")
        assert found.published == datetime.fromisoformat("2024-06-03T14:05+07:00")


def test_the_name_of_a_site_below_the_headline_is_none() -> None:
    assert article("3 Juni 2024", HEADLINE, "wartaBISNIS", *BODY).headline == HEADLINE


def test_the_headline_once_more_as_the_name_of_its_picture() -> None:
    own = (HEADLINE, "3 Juni 2024 14:05", HEADLINE, "Petani di tambak (Warta/Ucok Bana)")
    items = ("Harga Garam Naik Lagi", "1 Juni 2024 08:00", BODY[0], "Garam Langka", "31/5/2024")
    found = read_page_text("\n\n".join([*own, *BODY, "Terkait", *items]), "page.txt").article
    assert found
    assert (found.headline, found.body) == (HEADLINE, BODY)


def test_an_article_without_a_headline() -> None:
    found = article("SENIN, 3 JUNI 2024 | 14:05 WIB | LAPORAN: DEWI LESTIANI", *BODY)
    assert (found.headline, found.reporter) == ("", "DEWI LESTIANI")
    assert found.published == datetime.fromisoformat("2024-06-03T14:05+07:00")
    assert read_page_text("\n\n".join(BODY), "page.txt").article is None


@pytest.mark.parametrize(
    "standfirst",
    ["Petani: garam desa tidak pernah sebagus ini.", "Panen garam tahun ini naik dua kali lipat"],
)
def test_a_sentence_between_the_headline_and_the_date(standfirst: str) -> None:
    lines = (
        "Ekonomi",
        HEADLINE,
        standfirst,
        "Dewi Lestiani",
        "Senin, 3 Juni 2024 14:05 WIB",
        *BODY,
    )
    found = read_page_text("\n\n".join(lines), "page.txt").article
    assert found
    assert (found.headline, found.section, found.reporter) == (HEADLINE, "Ekonomi", "Dewi Lestiani")
    assert found.body == (standfirst, *BODY)


def test_a_sentence_cut_from_the_text_is_no_paragraph_of_its_own() -> None:
    found = article(HEADLINE, BODY[0][:60], "Senin, 3 Juni 2024 14:05 WIB", *BODY)
    assert found.headline == HEADLINE


def test_the_name_of_the_site_is_no_reporter() -> None:
    found = article("Warta Indonesia", "Home", HEADLINE, "Warta Indonesia", "3 Juni 2024", *BODY)
    assert (found.headline, found.reporter) == (HEADLINE, "")


LISTED = ["Harga Garam Naik Lagi di Pasar", "Tambak Garam Tua Dibuka Kembali"]
ITEMS = ["Ribuan Ton Garam Tiba di Pasar Lama", "3 Juni 2024 09:00", "Garam Langka", "2 Juni 2024"]


@pytest.mark.parametrize(
    ("between", "reporter"),
    [
        (["Pewarta: Dewi L.", "SUMENEP, 3 Juni 2024 (Warta) --"], "Dewi L."),
        (["komentar", "Warga desa di tambak garam, Sumenep", "Terkait", *LISTED], ""),
        (["Warga desa di tambak (ist)", "Kapal Baru Pengangkut Garam", "Sumenep -"], ""),
    ],
)
def test_short_lines_between_the_date_and_the_text(between: list[str], reporter: str) -> None:
    lines = ["Nasional", HEADLINE, "Senin, 3 Juni 2024 | 14:05 WIB", *between, *BODY, *ITEMS]
    found = read_page_text("\n\n".join(lines), "page.txt").article
    assert found
    assert (found.headline, found.section, found.reporter) == (HEADLINE, "Nasional", reporter)
    assert found.published == datetime.fromisoformat("2024-06-03T14:05+07:00")


def test_a_date_over_a_kicker_and_the_headline_of_a_gallery() -> None:
    lines = ["Foto Warta", "3 Juni 2024 14:05 WIB", "FotoWarta", HEADLINE, "Fotografer: Dewi L."]
    found = read_page_text("\n\n".join([*lines, *BODY, "Foto Terkait", *ITEMS]), "p.txt").article
    assert found
    assert (found.headline, found.reporter) == (HEADLINE, "Dewi L.")
    assert found.published == datetime.fromisoformat("2024-06-03T14:05+07:00")


LONG_TITLES = (
    "Harga Garam di Pasar Lama Naik, Warga Desa Minta Pemerintah Turun Tangan Sebelum Lebaran",
    "Benarkah Harga Garam di Pasar Lama Naik?",
)


@pytest.mark.parametrize("own", [[], ["Senin, 3 Juni 2024 14:05 WIB"]])
@pytest.mark.parametrize("after", [True, False])
def test_a_long_title_in_a_list_is_no_prose(own: list[str], after: bool) -> None:
    date = "04/06/2024 10:00 WIB"
    items = ["Terkini", LONG_TITLES[0], date, LONG_TITLES[1], date, "Selengkapnya"]
    lines = [HEADLINE, *own, *BODY]
    found = article(*lines, *items) if after else article(*items, *lines)
    assert found.headline == HEADLINE
    assert bool(found.published) is bool(own)
    assert not found.published or found.published.day == 3


def test_links_with_dates_inside_the_text_are_not_its_date() -> None:
    links = ["Berita Terkait", "Harga Garam Naik Lagi", "04/06/2024 10:00 WIB"]
    found = article(HEADLINE, "Senin, 3 Juni 2024 14:05 WIB", BODY[0], *links, *BODY[1:])
    assert found.headline == HEADLINE


@pytest.mark.parametrize(
    "title", ["Panen Garam Naik", "Panen Raya Garam, Petani Desa Untung Besar"]
)
def test_a_short_headline_is_no_name(title: str) -> None:
    above_it = (["Ekonomi"], ["Kabar Desa"], [f"{CAPTION}/Net", "Ekonomi"], [CAPTION, "Ekonomi"])
    for above in above_it:
        text = "\n\n".join([*above, title, "Senin, 3 Juni 2024 14:05 WIB", *BODY])
        found = read_page_text(text, "page.txt").article
        assert found
        assert (found.headline, found.reporter) == (title, "")


@pytest.mark.parametrize(
    "text",
    [
        "Harga Emas Antam Hari Ini, 3 Juni 2024",
        "Jadwal Salat Jakarta - Senin, 3 Juni 2024",
        "Jadwal Siaran Bola, Kamis 6 Juni 2024 Pukul 19.00 WIB",
        "Kemarin, Dua Menteri Mundur",
        "Oleh-oleh Khas Banjarnegara",
        "Oleh Oleh Khas Banjarnegara",
        "Laporan Keuangan Bank Sentral",
        "16.20",
    ],
)
def test_titles_are_no_datelines_and_no_bylines(text: str) -> None:
    assert classify(text).kind is Kind.TEXT
    assert read_when(text) is None


@pytest.mark.parametrize(
    "own", [("Senin, 3 Juni 2024", "Panen Garam yang Terus Naik"), ("Oleh: Dewi Lestiani",)]
)
@pytest.mark.parametrize(
    "heading", ["2 Komentar", f"2 thoughts on “{HEADLINE} {HEADLINE} {HEADLINE}”"]
)
@pytest.mark.parametrize("who", ["Budi Santoso", "Budi berkata:"])
def test_the_date_of_a_comment_is_not_the_articles(
    own: tuple[str, ...], heading: str, who: str
) -> None:
    items = ("ARTIKEL TERKAIT", "Harga Garam Naik Lagi di Pasar")
    comments = (heading, who, "4 Juni 2024 at 10:00", BODY[0], who, "4 Juni 2024 at 11:00", BODY[1])
    lines = (HEADLINE, *own, *BODY, *items, *comments)
    found = read_page_text("\n\n".join(lines), "page.txt").article
    assert found
    assert (found.headline, found.body[-len(BODY) :]) == (HEADLINE, BODY)
    assert found.published is None or found.published.day == 3


@pytest.mark.parametrize(
    "opening",
    [
        "Jakarta, 3 Juni 2024 - ",
        "JAKARTA (3 Juni 2024) – ",
        "JAKARTA, June 3, 2024 — ",
        "Kota Bandung, Senin, 3 Juni 2024: ",
        "Padang, Warta.id (3/6/2024) -- ",
    ],
)
def test_a_text_that_opens_with_its_date_is_dated_by_it(opening: str) -> None:
    body = (opening + BODY[0], *BODY[1:])
    for lines in ((HEADLINE, *body), body):  # a release may have no headline
        found = read_page_text("\n\n".join(lines), "page.txt").article
        assert found
        assert found.published
        assert found.published.isoformat() == "2024-06-03T00:00:00+07:00"
        assert found.body == body
    dated = (HEADLINE, "Selasa, 4 Juni 2024 | 10:00 WIB", *body)
    found = read_page_text("\n\n".join(dated), "page.txt").article
    assert found
    assert found.published
    assert found.published.day == 4


def test_a_heading_with_a_date_opens_no_text() -> None:
    body = (BODY[0], "Harga Garam, 3 Juni 2024: Naik Lagi", *BODY[1:])
    found = read_page_text("\n\n".join((HEADLINE, *body)), "page.txt").article
    assert found
    assert found.body == body
    assert not found.caption
