"""Saved pages for the tests of the HTML reader: one article, whose parts a test changes."""

import json
from typing import Any

from searchkit import Article, Page
from searchkit.documents.html import read_html

HEADLINE = "Dua Negara Teken Pakta Pertahanan, Tetangga Cemas"
SENTENCES = (
    "Pemerintah meneken pakta pertahanan dengan negara tetangga di ibu kota pada Rabu siang.",
    "Pasalnya, naskah itu memuat klausul yang mengharuskan kedua negara saling membantu.",
    "Juru bicara kementerian menegaskan bahwa isi perjanjian akan dibuka seluruhnya bulan depan.",
    "Parlemen meminta penjelasan tertulis sebelum rapat pleno yang dijadwalkan akhir pekan ini.",
    "Seorang pengamat menilai langkah tersebut wajar mengingat ketegangan di laut perbatasan.",
    "Pembahasan lanjutan akan digelar di kota pelabuhan dengan mengundang lima negara lain.",
)
PARAGRAPHS = tuple(f"<p>{text}</p>" for text in SENTENCES)


def linked_data(**properties: Any) -> str:
    """Return the JSON-LD of an article with these properties."""
    data = {"@type": "NewsArticle", "headline": HEADLINE, **properties}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def page(
    body: str = "".join(PARAGRAPHS),
    *,
    head: str = "",
    under_headline: str = "",
    beside: str = "",
    headline: str = HEADLINE,
    url: str = "",
    box: str = "entry-content",
) -> Page:
    """Return what is read from a page with this body, and with what stands around it."""
    title = f"<title>{HEADLINE} - Warta</title>"
    markup = (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">{title}{head}</head><body>'
        f"<article><h1>{headline}</h1>{under_headline}<section><div class='{box}'>{body}</div>"
        f"</section></article>{beside}</body></html>"
    )
    return read_html(markup, "page.html", url)


def article(body: str = "".join(PARAGRAPHS), **parts: str) -> Article:
    """Return the article of such a page."""
    found = page(body, **parts).article
    assert found
    return found
