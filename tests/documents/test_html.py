"""The reader of HTML pages, over the shapes in which news sites build them."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchkit import Article, Page
from searchkit.documents.html import read_html

FIRST = "JAKARTA - Pemerintah meneken pakta pertahanan dengan negara tetangga pada Rabu (19/6)."
SECOND = "Pasalnya, naskah itu memuat klausul yang mengharuskan kedua negara saling membantu."
THIRD = "“Kami mendukung langkah ini,” ujarnya kepada wartawan seusai rapat di gedung parlemen."
BODY = (FIRST, SECOND, THIRD)
HEADLINE = "Dua Negara Teken Pakta Pertahanan, Tetangga Cemas"
WHEN = datetime.fromisoformat("2024-06-20T11:34+07:00")
MENU = """<header><nav><ul><li><a href="/nasional">Nasional</a></li>
<li><a href="/ekonomi/makro">Ekonomi Makro dan Keuangan</a></li></ul></nav></header>"""


def linked_list(heading: str, *titles: str, date: str = "") -> str:
    items = "".join(
        f'<li>{date}<a href="/read/2024/06/{n}/judul-berita-{n}">{title}</a></li>'
        for n, title in enumerate(titles)
    )
    return f"<div class='box'><h3>{heading}</h3><ul>{items}</ul></div>"


POPULAR = linked_list(
    "Terpopuler",
    "Harga Beras Turun di Pasar Induk",
    "Gempa Guncang Pesisir, Warga Mengungsi",
    date="<span class='date'>Kamis, 20/06/2024 10:08 WIB</span>",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in BODY)

# ruff: noqa: E501
MODERN = f"""<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">
<title>{HEADLINE} - Warta.com</title>
<link rel="canonical" href="https://www.warta.example/read/2024/06/20/dua-negara">
<meta property="og:title" content="{HEADLINE} - Warta.com"><meta property="og:type" content="article">
<meta property="og:site_name" content="Warta">
<script type="application/ld+json">{{broken</script>
<script type="application/ld+json">{{"@graph": [{{"@type": "WebPage"}}, {{"@type": "NewsArticle",
"headline": "{HEADLINE}", "datePublished": "2024-06-20T11:34:00+07:00", "articleSection": "Dunia",
"author": [{{"@type": "Person", "name": "Rina Wulandari"}}], "keywords": ["pakta", "pertahanan"]}}]}}
</script></head><body>{MENU}<main><article><h1>{HEADLINE}</h1>
<figure><img src="a.jpg"><figcaption>Presiden di istana, Rabu<span>Foto: Pool</span></figcaption></figure>
<div class="read__content">{PARAGRAPHS[: PARAGRAPHS.index("<p>Pasalnya")]}
<p><strong>Baca juga: <a href="/read/2024/06/19/menlu">Menlu Tiba di Ibu Kota Tetangga</a></strong></p>
{PARAGRAPHS[PARAGRAPHS.index("<p>Pasalnya") :]}<p>ADVERTISEMENT</p></div>
<div class="share">Bagikan ke Facebook</div><p>Editor : Budi Santoso</p></article></main>
<aside>{POPULAR}</aside><footer>Copyright 2024 Warta</footer></body></html>"""

OLD = f"""<html><head><title>Warta Online | {HEADLINE}</title>
<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">
<meta name="author" content="Warta Cyber Media"></head><body>
<table><tr><td><a href="/">Depan</a></td></tr></table>
<div><h2>{HEADLINE}</h2><div class="date">Kamis, 20 Juni 2024 | 11:34 WIB</div>
<div>Penulis : Rina Wulandari</div>
<div class="isi">{FIRST}<br><br>{SECOND}<br/>
<b></b>{THIRD}</div></div>{POPULAR}</body></html>"""

MICRODATA = f"""<html><head><title>{HEADLINE}</title></head><body>{MENU}
<div class="breadcrumb"><a href="/">Home</a> / <a href="/dunia">Dunia</a></div>
<h1 itemprop="headline">{HEADLINE}</h1><time itemprop="datePublished">Kamis, 20 Juni 2024 11:34 WIB
</time><span itemprop="author">Rina Wulandari</span>
<div itemprop="articleBody">{FIRST}<br/>{SECOND}<br/>{THIRD}</div>{POPULAR}</body></html>"""

WRONG_ZONE = OLD.replace("<head>", '<head><meta name="pubdate" content="2024-06-20T11:34:58Z">')

AMP = f"""<!doctype html><html amp><head><meta charset="utf-8"><title>{HEADLINE}</title>
<link rel="canonical" href="https://warta.example/a"><style amp-custom>p{{color:red}}</style></head>
<body><amp-sidebar><ul><li><a href="/dunia">Dunia</a></li></ul></amp-sidebar><h1>{HEADLINE}</h1>
<p>Rina Wulandari - <time datetime="2024-06-20T11:34:00+07:00">20/06/2024</time></p>
<amp-ad>iklan</amp-ad>{PARAGRAPHS}{POPULAR}</body></html>"""


def read(markup: str | bytes, url: str = "") -> Page:
    return read_html(markup, "page.html", url)


def article(markup: str) -> Article:
    found = read(markup).article
    assert found
    return found


@pytest.mark.parametrize("markup", [MODERN, OLD, MICRODATA, WRONG_ZONE, AMP])
def test_layouts(markup: str) -> None:
    found = read(markup)
    assert found.article
    assert found.article.headline == HEADLINE
    assert found.article.body[-3:] == BODY
    assert found.article.published
    assert found.article.published.replace(second=0) == WHEN
    assert [(item.title, item.seen[0].list) for item in found.items] == [
        ("Harga Beras Turun di Pasar Induk", "Terpopuler"),
        ("Gempa Guncang Pesisir, Warga Mengungsi", "Terpopuler"),
    ]
    assert found.items[0].published == datetime.fromisoformat("2024-06-20T10:08+07:00")
    assert found.items[0].seen[0].page == found.article.id


@pytest.mark.parametrize("markup", [MODERN, OLD, MICRODATA])
def test_reporter_is_a_person(markup: str) -> None:
    assert article(markup).reporter == "Rina Wulandari"


def test_everything_of_a_modern_page() -> None:
    found = article(MODERN)
    assert found.body == BODY
    assert (found.section, found.editor, found.source) == ("Dunia", "Budi Santoso", "Warta")
    assert (found.caption, found.credit) == ("Presiden di istana, Rabu", "Foto: Pool")
    assert found.url == "https://www.warta.example/read/2024/06/20/dua-negara"
    assert found.related == ("Menlu Tiba di Ibu Kota Tetangga",)


def test_section_from_the_breadcrumb() -> None:
    assert article(MICRODATA).section == "Dunia"


def test_links_are_resolved_against_the_page() -> None:
    (first, _) = read(MODERN).items
    assert first.url == "https://www.warta.example/read/2024/06/0/judul-berita-0"
    (first, _) = read(OLD, "http://lama.example/berita/x.html").items
    assert first.url == "http://lama.example/read/2024/06/0/judul-berita-0"


def test_index_page_has_items_and_no_article() -> None:
    body = linked_list(
        "Terkini",
        "Harga Beras Turun di Pasar",
        "Gempa Guncang Pesisir Selatan",
        "Menteri Mundur dari Kabinet",
    )
    found = read(
        f"<html><head><title>Indeks - Warta</title></head><body>{MENU}{body}</body></html>"
    )
    assert found.article is None
    assert [item.seen[0] for item in found.items]
    assert [item.seen[0].list for item in found.items] == ["Terkini"] * 3


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "utf-8"), ("cp1252", "iso-8859-1"), ("utf-8", "iso-8859-1"), ("utf-16", "utf-16")],
)
def test_encodings(encoding: str, declared: str) -> None:
    data = MODERN.replace('charset="utf-8"', f'charset="{declared}"').encode(encoding)
    found = read(data).article
    assert found
    assert found.body == BODY


@pytest.mark.parametrize("declared", ["hex", "base64", "rot13", "idna", "undefined", "x-none"])
def test_declared_encoding_that_is_none(declared: str) -> None:
    markup = MODERN.replace('charset="utf-8"', f'charset="{declared}"')
    found = read(markup.encode("cp1252")).article
    assert found
    assert found.body == BODY


def test_inline_marks_do_not_split_words() -> None:
    markup = MODERN.replace("Pasalnya", "<b>P</b>asal<i>nya</i>").replace(
        "Harga Beras Turun", "Harga <i>Beras</i> Tur<b>un</b>"
    )
    found = read(markup)
    assert found.article
    assert found.article.body[1] == SECOND
    assert found.items[0].title == "Harga Beras Turun di Pasar Induk"


def test_date_that_does_not_exist() -> None:
    found = read(OLD.replace("20 Juni 2024", "31 Juni 2024"))
    assert found.article
    assert found.article.published is None
    assert found.warnings
    assert "31 Juni 2024" in found.warnings[0]


@pytest.mark.parametrize("markup", ["", " ", "<html></html>", "<p></p>", "<!-- x -->", b"\x00\xff"])
def test_nothing_usable(markup: str | bytes) -> None:
    found = read(markup)
    assert (found.article, found.items) == (None, ())


def test_deep_and_large_markup_ends() -> None:
    read("<div>" * 50_000 + "teks")
    read("<a href='/x/y-z'>" * 5_000)
    assert article(MODERN.replace(PARAGRAPHS[:20], PARAGRAPHS[:20] + f"<p>{SECOND}</p>" * 3_000))


pieces = st.sampled_from(
    ("<div>", "</div>", "<p>", "<a href='/a/judul-1'>", "</a>", "<h1>", "</h1>", "<li>", "<!--")
) | st.sampled_from(
    ("<script type='application/ld+json'>{}</script>", "-->", HEADLINE, FIRST, "\x00", "&#0;")
)


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, max_size=40).map("".join))
def test_any_markup(markup: str) -> None:
    assert isinstance(read(markup), Page)


def test_headline_of_a_page_without_headings() -> None:
    date = "<small>Kamis, 20 Juni 2024 | 11:34 WIB</small>"
    cells = f"<td><b>MENU</b></td><td><font><b>{HEADLINE}</b></font><br>{date}{PARAGRAPHS}</td>"
    found = article(f"<title>{HEADLINE} | Warta</title><table><tr>{cells}</tr></table>")
    assert (found.headline, found.published, found.body) == (HEADLINE, WHEN, BODY)


def test_headline_of_a_page_with_the_title_of_its_site() -> None:
    date = "<span>Kamis, 20 Juni 2024 11:34 WIB</span>"
    lists = linked_list("Berita yang Paling Banyak Dibaca", "Harga Beras Turun di Pasar Induk")
    text = f"<div>{lists}<h2>{HEADLINE}</h2>{date}<div>{PARAGRAPHS}</div></div>"
    found = article(f"<title>Kementerian Warta dan Berita</title>{text}")
    assert (found.headline, found.published, found.body) == (HEADLINE, WHEN, BODY)
    undated = article(f"<title>Kementerian Warta dan Berita</title>{text.replace(date, '')}")
    assert undated.headline == "Kementerian Warta dan Berita"
