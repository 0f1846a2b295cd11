"""Which lines of a page are of the article's body, and which stand in it for another reason."""

import pytest

from searchkit import Page
from searchkit.documents.page_text import read_pages
from searchkit.documents.records import read_record
from tests.documents.pages import BODY, CAPTION, DATED, HEADLINE, LISTS, article, lists, page, read


def test_links_in_the_body_are_no_part_of_it() -> None:
    body = (
        BODY[0],
        "Baca juga: Menlu Tiba di Ibu Kota",
        BODY[1],
        "BACA JUGA",
        "Parlemen Tolak Naskah",
        "Simak juga :\nPengamat Angkat Bicara",
        "Simak juga Video 'Menlu di Bandara':",
        "Tonton juga Video: Rapat di Istana",
        "Pilihan Editor: Naskah Itu Hilang",
        "Related news: Duta Besar Dipanggil",
        BODY[2],
        "Lihat Juga :",
        "pakta",
        "Baca buku itu penting bagi anak, kata guru kepada para murid di sekolah.",
    )
    found = article(page(body=body))
    assert found.body == (*BODY, "pakta", body[-1])
    assert found.related == (
        "Menlu Tiba di Ibu Kota",
        "Parlemen Tolak Naskah",
        "Pengamat Angkat Bicara",
        "Menlu di Bandara",
        "Rapat di Istana",
        "Naskah Itu Hilang",
        "Duta Besar Dipanggil",
    )


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga: Menlu Tiba di Ibu Kota",
        "Baca juga: " + 22 * "Panjang Nian ",
        "Baca juga: " + 17 * "Panjang Nian ",
        "Baca: itu. Dua kata guru kepada murid-murid di sekolah pada pagi hari itu juga.",
    ],
)
def test_links_are_the_same_in_a_page_and_in_a_record(line: str) -> None:
    body = (BODY[0], line.strip(), *BODY[1:])
    record = read_record({"title": HEADLINE, "body": "\n".join(body)}, "a.jsonl")
    assert isinstance(record, Page)
    assert record.article
    assert article(page(body=body)).related == record.article.related


@pytest.mark.parametrize(
    "tags",
    [
        ("Tag: Pakta, Rusia",),
        ("TAGS", "Pakta", "Rusia"),
        ("#Pakta #Rusia",),
        ("Tag # Pakta # Rusia",),
        ("Kata Kunci / Tags", "Pakta", "Rusia", "Lihat Money Selengkapnya"),
        ("Topik:", "Pakta", "Rusia"),
    ],
)
def test_tags(tags: tuple[str, ...]) -> None:
    found = read(page(body=(*BODY, *tags)))
    assert found.article
    assert found.article.tags == ("Pakta", "Rusia")
    assert found.article.body == BODY
    assert lists(found) == {"Populer": 2, "UPDATE": 2}


def test_several_links_under_one_label_are_no_part_of_the_body() -> None:
    titles = ("Menlu Tiba di Ibu Kota Pagi Ini", "Parlemen Tolak Naskah Pakta Itu Lagi")
    found = article(page(body=(BODY[0], "Baca juga:", *titles, "Tanggapan DPR", *BODY[1:])))
    assert found.related == titles
    assert found.body == (BODY[0], "Tanggapan DPR", *BODY[1:])


def test_words_in_a_list_with_bullets_stay_in_the_body() -> None:
    body = (BODY[0], "- Jalan", "• Kesehatan", *BODY[1:])
    assert article(page(body=body)).body == body


def test_dates_over_paragraphs_stay_in_the_body() -> None:
    body = (BODY[0], "Selasa, 18 Juni 2024", BODY[1], "08.00 WIB", BODY[2])
    assert article(page(body=body)).body == body


@pytest.mark.parametrize("heading", ["Komentar (2)", "2 Komentar", "Komentar", "Ada 2 komentar"])
def test_comments_are_no_part_of_the_body(heading: str) -> None:
    comment = "Semoga kesepakatan ini membawa damai bagi warga kedua negara."
    comments = (heading, "Andi", "2 jam yang lalu", comment, "Budi", "3 jam lalu", "Setuju.")
    assert article(page(body=(*BODY, *comments))).body == BODY
    named = (heading, "Andi Wijaya 4 Juni 2024 At 10:00", comment)
    assert article(page(body=(*BODY, *named))).body == BODY
    for button in ("Balas", "Suka · Balas · 2j"):
        undated = (heading, "Tulis komentar...", "Andi", comment, button, "Budi", comment, button)
        assert article(page(body=(*BODY, *undated))).body == BODY
    if "2" in heading:
        bare = (heading, "Tulis komentar...", "Andi", comment, "Budi Santoso", comment)
        assert article(page(body=(*BODY, *bare))).body == BODY
    for handle in ("budi_77", "@siti.aminah"):
        handled = (heading, handle, comment, "Andi", "Setuju.")
        assert article(page(body=(*BODY, *handled))).body == BODY
    # A button above the text, or in it, ends nothing.
    assert article(page(body=(heading, BODY[0], heading, *BODY[1:]))).body == BODY
    links = ("Berita Terkait", "Harga Garam Naik Lagi", "Rabu, 4 Juni 2025 | 10:00")
    assert article(page(body=(BODY[0], heading, *links, *BODY[1:]))).body == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Dibaca 20.442 kali",
        "1,2K views",
        "Waktu baca 4 menit",
        "Halaman 1 dari 3",
        "1 2 3 Selanjutnya",
        "Laman: 1 2 Selanjutnya",
        "Bagikan ini:",
        "wartaNews · Politik · Kolom Tamu · Surat Pembaca · Indeks",
        "#Pakta Pertahanan#Timur Tengah#PBB",
        "Tweets by @warta",
        "URL telah disalin",
        "ADVERTISEMENT. SCROLL TO CONTINUE READING.",
        "A",
        "3/12",
        "0 SHARES 12 VIEWS",
        "Lihat Nasional Selengkapnya",
        "Akhir dari Paling banyak dibaca",
        "Sumber: https://warta.example/baca/123",
        "Scroll ke bawah untuk melanjutkan membaca",
        "Kami menggunakan cookie agar situs ini lebih baik bagi Anda.",
        "[Gambas:Video Warta]",
        "Baca selengkapnya di https://warta.example/baca/123",
        "Saksikan Video Pilihan di Bawah Ini:",
        "Artikel ini khusus untuk pelanggan, yang lain membaca dua paragraf saja.",
    ],
)
def test_counts_and_menus_are_no_part_of_the_body(line: str) -> None:
    assert article(page(body=(BODY[0], line, *BODY[1:]))).body == BODY


@pytest.mark.parametrize(
    "foot",
    [
        "©2008 - 2024 PT. Warta Media Utama (Grup Warta). Semua hak dilindungi undang-undang.",
        "Hak Cipta © Warta 2024, seluruh isi situs ini milik perusahaan kami sepenuhnya.",
        "(c) 2024 Warta, bagian dari Grup Warta yang berkantor pusat di ibu kota.",
    ],
)
def test_nothing_below_the_copyright_line_is_the_articles(foot: str) -> None:
    teaser = "Jalan lingkar kota yang rusak sejak dua tahun lalu akan diperbaiki bulan depan."
    assert article(page(body=(*BODY, foot, "Jalan Lingkar", teaser), lists="")).body == BODY
    # One above the text is of a picture, or of a menu.
    assert article(page(body=(foot, *BODY), lists="")).body == BODY


def test_a_picture_with_its_copyright_ends_no_article() -> None:
    shown = "Warga di depan balai kota (©2024 Warta)"
    assert article(page(body=(BODY[0], shown, *BODY[1:]))).body[-2:] == BODY[1:]


OTHER = ("Gempa Guncang Pesisir Selatan Lagi", "Jumat, 21 Juni 2024 08:00 WIB", "Budi Santoso")


@pytest.mark.parametrize("between", [(), ("Copyright © 2024 Warta", "Home"), ("Selengkapnya",)])
def test_several_pages_in_one_text(between: tuple[str, ...]) -> None:
    text = "\n\n".join([page(), *between, f"{CAPTION}/Net", "Dunia", *OTHER, *BODY[:2]])
    pages = read_pages(f"{text}\n\n{LISTS}", "p.txt")
    assert [found.origin for found in pages] == ["p.txt#1", "p.txt#2"]
    first, second = (found.article for found in pages)
    assert first
    assert second
    assert (first.headline, first.body) == (HEADLINE, BODY)
    assert (second.headline, second.reporter, second.body) == (OTHER[0], OTHER[2], BODY[:2])
    assert (second.caption, second.section) == (CAPTION, "Dunia")
    assert [lists(found) for found in pages] == [{"Populer": 2, "UPDATE": 2}] * 2


@pytest.mark.parametrize(
    "lines",
    [(*OTHER, BODY[0]), (*OTHER[:2], *BODY), ("15.30 WIB", "Oleh: Budi Santoso", *BODY)],
)
def test_teasers_and_chronologies_are_no_further_pages(lines: tuple[str, ...]) -> None:
    assert len(read_pages(page(lists="\n\n".join(lines)), "p.txt")) == 1


def test_a_comment_as_a_subheading_stays() -> None:
    body = (BODY[0], "Komentar Parlemen", *BODY[1:])
    assert article(page(body=body)).body == body


@pytest.mark.parametrize(
    "signed",
    [
        "(rna/bds)",
        "[ra]",
        "(Rna)",
        "(rna/warta)",
        "(Z-10)",
        "(Rina Ayu)",
        "Editor: Budi Santoso",
        "Translator: Dewi Lestiani, Ucok Bana",
    ],
)
def test_below_who_signed_it_only_sentences_are_the_articles(signed: str) -> None:
    foot = ("Polling", "Ikut Kuis Berhadiah Motor", "Warta Network")
    found = article(page(body=(*BODY, signed, *foot, BODY[0]), lists=""))
    assert found.body == (*BODY, BODY[0])


def test_the_name_in_brackets_below_the_text_is_the_reporter_where_no_other_is() -> None:
    signed = page("Dunia", HEADLINE, DATED, body=(*BODY, "(Rina Ayu)"))
    assert article(signed).reporter == "Rina Ayu"
    assert article(page(body=(*BODY, "(Rina Ayu)"))).reporter == "RINA WULANDARI"
    body = (BODY[0], "(Tepuk tangan)", *BODY[1:])
    assert article(page(body=body)).body == body


def test_subheadings_stay_in_the_body() -> None:
    body = (BODY[0], "Kronologi Kejadian", BODY[1], "Tanggapan DPR", BODY[2])
    assert article(page(body=body)).body == body
    links = (
        "Komentar (2)",
        "Terkait",
        "Menlu Tiba di Ibu Kota Pagi Ini",
        "Warga Menanti di Bandara",
    )
    assert article(page(body=(*links, *body))).body == body


def test_the_points_of_a_list_without_blank_lines_are_one_each() -> None:
    points = (
        "1. Salinan kartu tanda penduduk semua calon yang mendaftar",
        "2. Surat keterangan sehat dari rumah sakit milik pemerintah",
    )
    assert article(page(body=(*BODY, "\n".join(points)))).body == (*BODY, *points)


POINTS = ("Pakta itu diteken di ibu kota pada hari Rabu.", "Parlemen belum bersikap.")


@pytest.mark.parametrize(
    "summary",
    [
        ("Ringkasan Berita:", *(f"- {text}" for text in POINTS)),
        ("Ringkasan Berita:", "Pakta diteken di ibu kota", "Parlemen belum bersikap"),
        ("Daftar Isi", "Isi Pakta", "Sikap Parlemen"),
        ("POIN PENTING", *(f"• {text}" for text in POINTS), "Ringkasan ini dibuat dengan AI."),
        ("Intinya Sih", *POINTS, "Konten ini dirangkum oleh AI dan telah ditinjau redaksi."),
    ],
)
def test_a_summary_above_the_text_is_no_part_of_it(summary: tuple[str, ...]) -> None:
    assert article(page(body=(*summary, *BODY))).body == BODY
    assert article(page(HEADLINE, body=(*summary, *BODY))).body == BODY


def test_points_with_nothing_below_them_or_in_the_text_stay() -> None:
    points = tuple(f"- {text}" for text in POINTS)
    assert article(page(body=("Poin penting:", *points), lists="")).body == points
    body = (BODY[0], *points, *BODY[1:])
    assert article(page(body=(BODY[0], "Poin penting:", *points, *BODY[1:]))).body == body


@pytest.mark.parametrize(
    "biography",
    [
        ("Rina Wulandari adalah dosen Universitas Pantai dan penulis buku soal garam.",),
        ("Dr. Rina Wulandari is a lecturer who writes about salt for many papers.",),
        ("*) Penulis adalah dosen Universitas Pantai yang meneliti garam.",),
        ("(* Rina Wulandari, dosen Universitas Pantai, peneliti garam.)",),
        ("Tentang Penulis", "Rina Wulandari", "Dosen Universitas Pantai yang meneliti garam."),
        (
            "Penulis merupakan peneliti garam di Universitas Pantai.",
            "Artikel ini pendapat pribadi.",
        ),
    ],
)
def test_the_biography_of_the_writer_is_no_part_of_the_text(biography: tuple[str, ...]) -> None:
    assert article(page(body=(*BODY, *biography))).body == BODY


def test_who_else_is_someone_stays() -> None:
    body = (*BODY, "Ucok Bana adalah dosen Universitas Pantai dan penulis buku soal garam.")
    assert article(page(body=body)).body == body
    body = ("Penulis adalah profesi yang jarang dipilih anak muda di kota itu.", *BODY)
    assert article(page(body=body)).body == body


def test_between_the_date_and_the_text_stand_a_summary_and_a_caption_with_a_place() -> None:
    caption = "PAKTA DITEKEN - Dua menteri bersalaman di istana pada Rabu (19/6/2024)."
    above = ("Wartanews.com/Budi", caption, "Ringkasan Berita:", "Pakta diteken", "Dua sepakat")
    body = (f"WARTANEWS.COM, JAKARTA - {BODY[0]}", *BODY[1:])
    text = page("Dunia", HEADLINE, DATED, *above, body=(*body, "(Wartanews.com/Rina)"))
    found = article(text)
    assert (found.body, found.caption, found.credit) == (body, caption, "Wartanews.com/Budi")
    bare = article(page("Dunia", HEADLINE, "3 Jun 2024, 09:00 WIB", "Rina Ayu", *above[2:]))
    assert (bare.headline, bare.reporter, bare.body) == (HEADLINE, "Rina Ayu", BODY)
    assert bare.published
