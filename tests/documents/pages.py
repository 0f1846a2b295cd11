"""A page of a newspaper as text, of which tests change this or that."""

from collections import Counter

from searchkit import Article, Page
from searchkit.documents.page_text import read_page_text

BODY = (
    "Pemerintah meneken pakta pertahanan dengan negara tetangga di ibu kota pada Rabu (19/6).",
    "Pasalnya, naskah itu memuat klausul yang mengharuskan kedua negara saling membantu.",
    '“Kami mendukung langkah ini," ujarnya kepada wartawan seusai rapat di gedung parlemen.',
)
CAPTION = "Presiden dan perdana menteri bersalaman di istana pada Rabu, 19 Juni 2024"
HEADLINE = "Dua Negara Teken Pakta Pertahanan, Tetangga Cemas"
DATELINE = "KAMIS, 20 JUNI 2024 | 11:34 WIB | LAPORAN: RINA WULANDARI"
LISTS = """Populer

Harga Beras Turun, Pedagang Pasar Lega

Jumat, 30 Januari 2026 | 02:25

21 Karung Uang Ditemukan di Gudang

Rabu, 28 Januari 2026 | 17:07

UPDATE

Gempa Guncang Pesisir, Warga Mengungsi

Kamis, 05 Februari 2026 | 18:01

Menteri Mundur: Saya Lelah

Kamis, 05 Februari 2026 | 17:56

Selengkapnya"""
DATED = "Rabu, 4 Juni 2025 | 10:00"
TOP = ("Berita", f"{CAPTION}/Net", "Dunia", HEADLINE, DATELINE)


def page(*top: str, body: tuple[str, ...] = BODY, lists: str = LISTS) -> str:
    return "\n\n".join([*(top or TOP), *body, lists]).strip()


def with_dateline(dateline: str) -> str:
    return page(*TOP[:-1], dateline)


def read(text: str) -> Page:
    return read_page_text(text, "page.txt")


def article(text: str) -> Article:
    found = read(text).article
    assert found
    return found


def lists(found: Page) -> Counter[str]:
    return Counter(sighting.list for item in found.items for sighting in item.seen)
