"""Which links of a saved page are lists, and which are of its text."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from searchkit import Page
from tests.documents.html_pages import PARAGRAPHS, SENTENCES, article, page


def linked(text: str, number: int) -> str:
    """Return a sentence with a link of four words in the middle of it."""
    words = text.split()
    link = f'<a href="https://warta.example/laporan/{number}">{" ".join(words[3:7])}</a>'
    return " ".join([*words[:3], link, *words[7:]])


def related(title: str, number: int) -> str:
    return f'<p><b>Baca juga: <a href="/read/2024/06/{number}">{title}</a></b></p>'


def titles(found: Page) -> list[str]:
    return [item.title for item in found.items]


@pytest.mark.parametrize("which", [(1, 4), range(6)])
@pytest.mark.parametrize("form", ["<p>{}</p>", "<span>{}</span><br><br>", "{}<br><br>"])
def test_links_in_sentences_are_no_list(which: Sequence[int], form: str) -> None:
    texts = [linked(text, n) if n in which else text for n, text in enumerate(SENTENCES)]
    found = page("".join(map(form.format, texts)))
    assert found.article
    assert found.article.body == SENTENCES
    assert found.items == ()


def test_links_in_an_enumeration_are_no_list() -> None:
    points = "".join(f"<li>{linked(text, n)}</li>" for n, text in enumerate(SENTENCES[1:5]))
    found = page(f"{PARAGRAPHS[0]}<ol>{points}</ol>{PARAGRAPHS[5]}")
    assert found.article
    assert found.article.body == SENTENCES
    assert found.items == ()


def test_date_and_counts_beside_a_headline_are_no_sentence() -> None:
    row = (
        '<li><a href="/read/{0}">Harga Beras Turun di Pasar {0}</a> Senin, 3 September 2024 | '
        "14:05 WIB | Dibaca 12.034 kali | 5 komentar</li>"
    )
    found = page(beside=f"<div><h3>Populer</h3><ul>{row.format(1)}{row.format(2)}</ul></div>")
    assert titles(found) == ["Harga Beras Turun di Pasar 1", "Harga Beras Turun di Pasar 2"]


def test_related_links_of_an_article_are_no_list() -> None:
    first, second = "Menteri Luar Negeri Tiba di Ibu Kota", "Armada Kedua Negara Berlatih di Selat"
    below = f"<b>Klausul yang Diperdebatkan</b>{related(first, 1)}"
    box = f'<div class="bacajuga">{related(second, 2)}</div>'
    found = page("".join([*PARAGRAPHS[:3], below, *PARAGRAPHS[3:5], box, PARAGRAPHS[5]]))
    assert found.article
    assert found.article.related == (first, second)
    assert found.article.body == (*SENTENCES[:3], "Klausul yang Diperdebatkan", *SENTENCES[3:])
    assert found.items == ()


def test_article_around_a_lone_link_is_no_item_of_a_list() -> None:
    lone = '<p><a href="/read/9">Menteri Luar Negeri Tiba di Ibu Kota</a></p>'
    next_one = '</div><div><a href="/read/8">Harga Beras Turun di Pasar Induk</a>'
    found = article("".join([*PARAGRAPHS, *PARAGRAPHS, lone, next_one]))
    assert set(SENTENCES) <= set(found.body)


def test_every_block_of_a_list_inside_an_article_is_left_out() -> None:
    lone = '<p><a href="/read/{0}">Menteri Luar Negeri Tiba di Kota {0}</a></p>'
    chapter = "<p><b>Klausul yang Diperdebatkan</b></p>"
    body = [chapter, *PARAGRAPHS[:2], lone.format(1), *PARAGRAPHS[2:], lone.format(2)]
    assert article("".join(body)).body == ("Klausul yang Diperdebatkan", *SENTENCES)
    body = [*PARAGRAPHS, "<p><b>Pilihan Kami</b></p>", lone.format(1), lone.format(2)]
    assert article("".join(body)).body == SENTENCES


@pytest.mark.parametrize(
    "card",
    [
        "<span>Ekonomi</span><span>{}</span><span>{}</span>",
        "<div><img></div><div><div class='title'>{}</div><div>{}</div></div>",
        "<span>1</span><p>{}</p><small>{}</small>",
        "<span>{1}</span><span>{0}</span><p>Pedagang di dua kota menyambut panen raya padi.</p>",
        "<h4>{}</h4><span>{}</span>",
    ],
)
def test_link_around_a_whole_card(card: str) -> None:
    names = ("Harga Beras Turun di Pasar Induk", "Gempa Guncang Pesisir, Warga Mengungsi")
    for when, moment in (
        ("Senin, 3 Juni 2024 14:05 WIB", datetime.fromisoformat("2024-06-03T14:05+07:00")),
        ("2 jam yang lalu", None),
    ):
        cards = (
            f'<a href="/read/{n}">{card.format(name, when)}</a>' for n, name in enumerate(names)
        )
        found = page(beside=f"<div><h3>Populer</h3>{''.join(cards)}</div>")
        assert [(item.title, item.published) for item in found.items] == [
            (name, moment) for name in names
        ]


def test_marks_in_a_linked_headline_do_not_cut_it() -> None:
    marked = (
        "Harga <span>Beras Turun di Pasar</span> Induk",
        "<b>Gempa Guncang Pesisir Selatan,</b> <i>Warga Mengungsi</i>",
    )
    links = "".join(f'<li><a href="/read/{n}">{text}</a></li>' for n, text in enumerate(marked))
    assert titles(page(beside=f"<ul>{links}</ul>")) == [
        "Harga Beras Turun di Pasar Induk",
        "Gempa Guncang Pesisir Selatan, Warga Mengungsi",
    ]


def test_date_of_an_item_that_the_mouse_shows() -> None:
    row = (
        '<li><a href="/read/{0}" title="Harga Beras per 1 Mei 2024">Harga Beras Turun di Pasar {0}'
        '</a><span title="Senin, 03 Jun 2024 10:0{0} WIB">4 jam yang lalu</span></li>'
    )
    found = page(beside=f"<div><h3>Populer</h3><ul>{row.format(1)}{row.format(2)}</ul></div>")
    assert [item.published for item in found.items] == [
        datetime.fromisoformat(f"2024-06-03T10:0{minute}+07:00") for minute in (1, 2)
    ]


def test_heading_of_an_article_with_a_lone_link_stays() -> None:
    lone = '<p><a href="/read/9">Menteri Luar Negeri Tiba di Ibu Kota</a></p>'
    body = f"<h3>Klausul yang Diperdebatkan</h3><div>{''.join(PARAGRAPHS * 2)}{lone}</div>"
    other = '<div><a href="/read/8">Harga Beras Turun di Pasar Induk</a></div>'
    assert article(body + other).body[0] == "Klausul yang Diperdebatkan"
    assert article(body).body[0] == "Klausul yang Diperdebatkan"


@pytest.mark.parametrize(
    ("markup", "heading"),
    [
        ("<div class='fbo2'>Berita Populer</div>", "Berita Populer"),
        ("<h4><a href='#'>Berita Terkait</a><a href='#'>Dari Penulis</a></h4>",
         "Berita Terkait Dari Penulis"),
    ],
)  # fmt: skip
def test_headings_that_their_words_tell(markup: str, heading: str) -> None:
    rows = "".join(
        f'<li><a href="/read/{n}">Harga Beras Turun di Pasar {n}</a></li>' for n in (1, 2)
    )
    found = page(beside=f"<h3>Cabai</h3><div>{markup}<ul>{rows}</ul></div>")
    assert [item.seen[0].list for item in found.items] == [heading] * 2
