"""What of a saved page is the text of its article."""

import json

import pytest

from searchkit.documents.html import read_html
from tests.documents.html_pages import HEADLINE, PARAGRAPHS, SENTENCES, article, linked_data, page

SHORT = "".join(PARAGRAPHS[:3])
COMMENTS = "".join(f'<li class="comment">{text}{text}</li>' for text in PARAGRAPHS)
TEASERS = "".join(
    f'<div class="post"><h3><a href="/read/{n}">Harga Beras Turun di Pasar {n}</a></h3>{text}</div>'
    for n, text in enumerate(PARAGRAPHS)
)
NOTICE = f'<div class="cookie-notice"><p>{" ".join(SENTENCES)}</p></div>'


@pytest.mark.parametrize(
    "box",
    ["entry-content no-share", "content with-share", "detail social-embed", "post comments-open"],
)
@pytest.mark.parametrize("beside", [f"<ol>{COMMENTS}</ol>", f"<div>{TEASERS}</div>", NOTICE])
def test_class_of_a_box_does_not_cost_a_short_article(box: str, beside: str) -> None:
    assert article(SHORT, box=box, beside=beside, head=linked_data()).body == SENTENCES[:3]


def test_boxes_of_other_prose_are_left_out() -> None:
    boxes = [
        f'<div class="{name}">{text}</div>'
        for name, text in zip(
            ("share-box", "newsletter", "post-author"), PARAGRAPHS[3:], strict=True
        )
    ]
    assert article(SHORT + "".join(boxes)).body == SENTENCES[:3]


@pytest.mark.parametrize("tag", ["h1", "b"])
def test_page_that_stands_in_a_form(tag: str) -> None:
    form = f"<form><div><{tag}>{HEADLINE}</{tag}></div><div>{''.join(PARAGRAPHS)}</div></form>"
    found = read_html(f"<html><title>{HEADLINE}</title><body>{form}</body></html>", "x").article
    assert found
    assert found.body[-6:] == SENTENCES


def test_text_of_which_each_part_is_marked() -> None:
    parts = "".join(f"<div itemprop='articleBody'>{text}</div>" for text in PARAGRAPHS)
    assert article(parts).body == SENTENCES


def test_form_in_an_article_is_left_out() -> None:
    form = f"<form>{PARAGRAPHS[5]}<input></form>"
    assert article("".join(PARAGRAPHS[:5]) + form).body == SENTENCES[:5]


PLACE = "Menteri Luar Negeri tiba di istana"


@pytest.mark.parametrize(
    ("caption", "parts"),
    [
        (f"{PLACE}.<span>ANTARA/Rina</span>", (f"{PLACE}.", "ANTARA/Rina")),
        (
            f"<span class='caption'>{PLACE}.</span> <span class='credit'>ANTARA</span>",
            (f"{PLACE}.", "ANTARA"),
        ),
        (f"<span>{PLACE}.</span><span>ANTARA</span>", (f"{PLACE}.", "ANTARA")),
        (f"<b class='photo-author'>ANTARA</b> <span>{PLACE}.</span>", (f"{PLACE}.", "ANTARA")),
        ("<span>Menteri Luar Negeri</span> tiba di istana", (PLACE, "")),
        (
            "<span>Menteri Luar Negeri</span> tiba di istana (<small>ANTARA</small>)",
            (PLACE, "ANTARA"),
        ),
        (f"<span>{PLACE}</span>", (PLACE, "")),
        (f"{PLACE}. (Warta/Rina Wulandari)", (f"{PLACE}.", "Warta/Rina Wulandari")),
        (f"{PLACE}. Foto: Rina Wulandari/Warta", (f"{PLACE}.", "Rina Wulandari/Warta")),
    ],
)
def test_credit_of_a_caption(caption: str, parts: tuple[str, str]) -> None:
    figure = f"<figure class='wp-caption'><img><figcaption>{caption}</figcaption></figure>"
    found = article(under_headline=figure)
    assert (found.caption, found.credit) == parts
    assert found.body == SENTENCES


@pytest.mark.parametrize("first", [0, 1])
def test_credit_in_an_element_beside_its_caption(first: int) -> None:
    parts = ("<div class='photo-credit'>ANTARA</div>", f"<p class='caption-img'>{PLACE}.</p>")
    found = article(under_headline=f"<figure>{parts[first]}{parts[1 - first]}</figure>")
    assert (found.caption, found.credit, found.body) == (f"{PLACE}.", "ANTARA", SENTENCES)


@pytest.mark.parametrize(
    "lines", [f"{PLACE}. Foto: Rina/Warta", f"<i>{PLACE}. (Foto: Rina/Warta)</i>"]
)
def test_caption_that_its_credit_alone_tells(lines: str) -> None:
    found = article(f"<div>{lines}</div>" + "".join(PARAGRAPHS))
    assert (found.caption, found.credit, found.body) == (f"{PLACE}.", "Rina/Warta", SENTENCES)


def test_credit_in_a_line_above_its_caption() -> None:
    opening = f"IBU KOTA - {SENTENCES[0]}"
    text = "".join((f"<p>{opening}</p>", *PARAGRAPHS[1:]))
    found = article(f"<div>WARTA.com/RINA WULANDARI<br>{PLACE}</div>{text}")
    assert (found.caption, found.credit) == (PLACE, "WARTA.com/RINA WULANDARI")
    assert found.body == (opening, *SENTENCES[1:])


def test_caption_outside_the_article_is_not_its_own() -> None:
    carousel = f'<div class="carousel-caption">{SENTENCES[5]}</div>'
    found = article("".join(PARAGRAPHS[:5]), beside=carousel)
    assert (found.caption, found.body) == ("", SENTENCES[:5])


def test_gallery_is_the_text_under_its_pictures() -> None:
    pictures = "".join(
        f'<div class="foto"><figure><img><figcaption>{text}</figcaption></figure></div>'
        for text in SENTENCES[:3]
    )
    found = article(pictures, head=linked_data())
    assert (found.body, found.caption) == (SENTENCES[:3], "")


@pytest.mark.parametrize(
    "line",
    [
        "- Advertisement -",
        "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT",
        "Iklan. Gulir ke bawah untuk melanjutkan membaca.",
        "Scroll untuk baca artikel",
        "Tag: pakta, laut",
        "Bagikan artikel ini",
        "Halaman Selanjutnya",
        "Halaman: 1 2 3",
        "Komentar",
        "Oleh: Rina Wulandari",
        "Editor :",
        "Memuat...",
        "[Gambas:Video]",
    ],
)
def test_furniture_of_page_text_is_furniture_here(line: str) -> None:
    body = [*PARAGRAPHS[:3], f"<p>{line}</p>", *PARAGRAPHS[3:]]
    assert article("".join(body)).body == SENTENCES


@pytest.mark.parametrize(
    "label", ["Baca:", "BACA JUGA", "Tonton juga:", "Berita terkait:", "Pilihan Editor:"]
)
def test_labels_of_related_headlines(label: str) -> None:
    line = f"<p>{label} Menteri Luar Negeri Tiba di Ibu Kota</p>"
    found = article("".join([*PARAGRAPHS[:3], line, *PARAGRAPHS[3:]]))
    assert found.related == ("Menteri Luar Negeri Tiba di Ibu Kota",)
    assert found.body == SENTENCES


def test_word_that_is_a_label_stays_in_its_sentence() -> None:
    marked = PARAGRAPHS[1].replace("memuat", "<strong>simak</strong>")
    found = article("".join([PARAGRAPHS[0], marked, *PARAGRAPHS[2:]]))
    assert found.body[1] == SENTENCES[1].replace("memuat", "simak")


def test_chapters_of_a_text_are_no_furniture() -> None:
    lines = ["Politik", "12 Mei 2024 - Perundingan dimulai", "Simak pernyataan menteri itu"]
    body = [PARAGRAPHS[0], *(f"<p>{line}</p>" for line in lines), *PARAGRAPHS[1:]]
    assert article("".join(body)).body == (SENTENCES[0], *lines, *SENTENCES[1:])


def test_byline_between_headline_and_text_is_left_out() -> None:
    people = linked_data(author={"name": "Rina Wulandari"}, editor={"name": "Budi Santoso"})
    lines = (
        "Warta Kita, 20 Juni 2024, 11:34 WIB",
        "Rina Wulandari,",
        "Budi Santoso",
        "Tim Redaksi",
        "14:05 - Kamis, 20 Juni 2024",
        "Ditulis olehRina Wulandari",
        "Warta Kita",
    )
    block = "".join(f"<div>{line}</div>" for line in lines)
    head = people + '<meta property="og:site_name" content="Warta Kita">'
    dateline, name = "IBU KOTA, 20 Juni 2024 (Warta Kita) --", "Rina Wulandari"
    body = "".join([f"<p>{dateline}</p>", *PARAGRAPHS, f"<p>{name}</p>"])
    found = article(body, head=head, under_headline=block)
    assert found.body == (dateline, *SENTENCES, name)


def test_byline_below_a_sentence_that_sums_up_the_text() -> None:
    lines = ("Warta.com, 20 Juni 2024, 11:34 WIB", "0", SENTENCES[5], "Reporter", "Rina Wulandari")
    block = "".join(f"<div>{line}</div>" for line in lines)
    head = linked_data(author={"name": "Rina Wulandari"})
    assert article(block + "".join(PARAGRAPHS[:5]), head=head).body == (
        SENTENCES[5],
        *SENTENCES[:5],
    )


LINKS = (("Harga Beras Naik Lagi", 2), ("Operasi Pasar Digelar di Lima Wilayah", 3))


@pytest.mark.parametrize(
    "box",
    [
        "<p>Baca Juga</p><ul><li>{0}</li><li>{1}</li></ul>",
        "<div><p class='title'>Baca juga:</p><ul><li>{0}</li><li>{1}</li></ul></div>",
        "<strong>Baca juga: {0}</strong><p class='bacajuga'>Baca juga: {1}</p>",
        "<p>BACA JUGA:</p><div><h2>{0}</h2></div><p>Baca Juga:</p><ul><li>{1}</li></ul>",
    ],
)
def test_headlines_between_paragraphs_are_related(box: str) -> None:
    links = [f'<a class="inner-link-baca-juga" href="/read/{n}">{title}</a>' for title, n in LINKS]
    found = page("".join((*PARAGRAPHS[:3], box.format(*links), *PARAGRAPHS[3:])))
    assert found.article
    assert found.article.related == tuple(title for title, _ in LINKS)
    assert (found.article.body, found.items) == (SENTENCES, ())


def test_an_article_with_a_link_below_such_a_label_is_no_list() -> None:
    links = [
        f'<a href="/read/{n}">{title}</a>' for title, n in (*LINKS, ("Harga Garam Turun Lagi", 4))
    ]
    text = f"<div>{''.join(PARAGRAPHS * 2)}<div>{links[0]}</div></div>"
    rows = f"<ul><li>{links[1]}</li><li>{links[2]}</li></ul>"
    found = page(f"<h4>Baca juga</h4>{text}{rows}")
    assert found.article
    assert found.article.body[:12] == SENTENCES * 2


def test_headlines_beside_the_article_are_items_whatever_their_heading() -> None:
    links = "".join(f'<li><a href="/read/{n}">{title}</a></li>' for title, n in LINKS)
    found = page(beside=f"<div><h3>Baca Juga</h3><ul>{links}</ul></div>")
    assert [item.title for item in found.items] == [title for title, _ in LINKS]


def test_a_text_that_the_page_holds_only_as_data() -> None:
    whole = "".join((*PARAGRAPHS, "<p>Baca juga: Menlu Tiba di Ibu Kota</p>"))
    pages = [{"title": "Lain", "text": "kata " * 99}, {"title": HEADLINE, "content": whole}]
    script = f'<script type="application/json">{json.dumps({"props": {"pages": pages}})}</script>'
    for head in (script, linked_data(articleBody=whole), linked_data(articleBody="") + script):
        found = article("", head=head)
        assert (found.body, found.related) == (SENTENCES, ("Menlu Tiba di Ibu Kota",))
        # The beginning alone is shown to those who do not subscribe.
        assert article(PARAGRAPHS[0], head=head).body == SENTENCES
    # What the page shows whole is taken as it shows it.
    longer = linked_data(articleBody=" ".join(SENTENCES) * 3)
    assert article("".join(PARAGRAPHS * 2), head=longer).body == SENTENCES * 2
    assert page("", head=script.replace(HEADLINE, "Lain Lagi")).article is None
    assert page("", head='<script type="application/json">{broken</script>').article is None


def test_a_summary_above_the_text_and_the_biography_below_it_are_no_part_of_it() -> None:
    points = "<ul><li>Pakta itu diteken di ibu kota.</li><li>Parlemen belum bersikap.</li></ul>"
    biography = "<p>Rina Wulandari adalah dosen Universitas Pantai yang meneliti garam.</p>"
    for label in ("<p><strong>Ringkasan Berita:</strong></p>", "<h3>Poin penting</h3>"):
        for listed in (points, f"<div>{points}</div>"):
            body = label + listed + "".join(PARAGRAPHS) + biography
            found = article(body, head=linked_data(author={"name": "Rina Wulandari"}))
            assert found.body == SENTENCES
    inside = f"{PARAGRAPHS[0]}<p>Isi pakta itu:</p>{points}{''.join(PARAGRAPHS[1:])}"
    assert "Parlemen belum bersikap." in article(inside).body
