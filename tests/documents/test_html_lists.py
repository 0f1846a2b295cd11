"""Which links of a saved page are lists, and which are of its text."""

from collections.abc import Sequence

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
    body = [*PARAGRAPHS[:2], lone.format(1), *PARAGRAPHS[2:4], lone.format(2), *PARAGRAPHS[4:]]
    assert article("".join(body)).body == SENTENCES
