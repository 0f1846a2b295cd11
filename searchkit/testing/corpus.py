"""A small corpus for tests of engines: original fiction, a dozen articles and some list items.

Each document is there for something that a search of `golden.toml` shows.
"""

from datetime import datetime
from typing import Any

from searchkit.documents import Article, SidebarItem, Sighting
from searchkit.zones import WIB


def _article(
    document_id: str, date: tuple[int, int] | None, headline: str, *body: str, **fields: Any
) -> Article:
    """Return an article of that month and day."""
    published = datetime(2024, *date, 9, 30, tzinfo=WIB) if date else None
    return Article(id=document_id, headline=headline, body=body, published=published, **fields)


def _item(document_id: str, day: int, title: str, page: str, list_name: str) -> SidebarItem:
    published = datetime(2024, 6, day, 18, 1, tzinfo=WIB)
    return SidebarItem(
        id=document_id, title=title, published=published, seen=(Sighting(page, list_name),)
    )


_WIRE = (
    "Kedua pemimpin meneken pakta pertahanan di ibu kota pada Rabu siang, setelah perundingan yang "
    "berlangsung hampir dua tahun. Naskah itu mengatur latihan bersama, pertukaran perwira, dan "
    "bantuan bila salah satu pihak diserang.",
    "Pengamat mendukung langkah itu. Dukungan juga datang dari parlemen, yang akan membahasnya "
    "pada sidang bulan depan.",
)

ARTICLES = [
    _article(
        "pakta",
        (6, 20),
        "Dua Negara Teken Pakta Pertahanan",
        *_WIRE,
        section="Dunia",
        reporter="RINA WULANDARI",
        source="warta.example",
    ),
    # The same wire report in another paper, a day later: a copy.
    _article(
        "pakta-salinan",
        (6, 21),
        "Pakta Pertahanan Diteken",
        *_WIRE,
        "Laporan kantor berita.",
        section="DUNIA",
        source="kabar.example",
    ),
    # "pertahanan" in the sense of football.
    _article(
        "garuda",
        (6, 22),
        "Garuda Muda Perkuat Lini Belakang",
        "Pelatih menilai pertahanan timnya mudah ditembus pada babak kedua.",
        "Ia menambah porsi latihan bola mati menjelang laga berikutnya.",
        section="Olahraga",
        source="kabar.example",
    ),
    _article(
        "beras",
        (6, 18),
        "Harga Beras Turun di Pasar Induk",
        "Harga beras turun Rp300 per kilogram di pasar induk setelah panen raya.",
        "Pedagang memperkirakan penurunan masih berlanjut sampai akhir bulan.",
        section="Ekonomi",
        reporter="ADI SAPUTRA",
        source="warta.example",
    ),
    _article(
        "pupuk",
        (6, 19),
        "Subsidi Pupuk bagi Petani Ditambah",
        "Pemerintah menambah subsidi pupuk supaya petani menanam lebih banyak padi.",
        "Dengan begitu pasokan beras diharapkan cukup sampai tahun depan.",
        section="Ekonomi",
        source="warta.example",
    ),
    _article(
        "rudal",
        (6, 23),
        "Korea Utara Uji Rudal di Laut Timur",
        "Korea Utara menguji dua rudal pada Minggu pagi, kata kepala staf gabungan.",
        section="Dunia",
        source="warta.example",
    ),
    # Spells an abbreviation out.
    _article(
        "anggaran",
        (6, 24),
        "Anggaran Baru Disetujui",
        "Dewan Perwakilan Rakyat (DPR) menyetujui anggaran baru setelah rapat yang panjang.",
        "Sebagian anggota menolak, tetapi persetujuan akhirnya diberikan.",
        section="Politik",
        reporter="RINA WULANDARI",
        source="kabar.example",
    ),
    _article(
        "mundur",
        (6, 25),
        "Menteri Perdagangan Mengundurkan Diri",
        "Ia menyerahkan surat pengunduran diri kepada presiden di sebuah café.",
        section="politik",
        source="warta.example",
    ),
    _article(
        "banjir",
        (6, 26),
        "Banjir Rendam Ratusan Rumah di Demak",
        "Tanggul jebol pada malam hari dan warga mengungsi ke balai desa.",
        "Anak-anak diungsikan lebih dulu dengan perahu karet.",
        section="Nusantara",
        source="kabar.example",
    ),
    _article(
        "bakau",
        (6, 27),
        "Warga Demak Menanam Bakau",
        "Ribuan bibit bakau ditanam di pesisir untuk menahan rob.",
        section="Nusantara",
        source="warta.example",
    ),
    # In July, so that there are two months.
    _article(
        "gempa",
        (7, 1),
        "Gempa Mengguncang Maluku, Sekolah Rusak",
        "Tiga sekolah rusak akibat gempa bermagnitudo 5,6 yang mengguncang Maluku.",
        section="Nusantara",
        source="warta.example",
    ),
    # Without a date, section and source.
    _article(
        "jembatan",
        None,
        "Jembatan Gantung Pertama di Kampung Ini",
        "Dari arsip: warga bergotong-royong membangun jembatan gantung di atas sungai.",
    ),
]
"""The articles; `pakta` and `pakta-salinan` are copies."""

ITEMS = [
    _item("item-pakta", 23, "Pakta Pertahanan Dua Negara Mulai Berlaku", "pakta", "Populer"),
    # The title of an article.
    _item("item-beras", 18, "Harga Beras Turun di Pasar Induk", "pakta", "populer"),
    _item("item-gempa", 28, "Gempa Terasa Sampai Ambon", "banjir", "UPDATE"),
]
"""List items; the second links to the article `beras`."""
