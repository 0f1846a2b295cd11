"""What a saved page says of its article in JSON-LD, metas and microdata, read rightly."""

import json
from datetime import datetime

import pytest

from tests.documents.html_pages import HEADLINE, PARAGRAPHS, SENTENCES, article, linked_data, page


def test_every_keyword_of_a_list_is_a_tag() -> None:
    assert article(head=linked_data(keywords=["pakta", "laut"])).tags == ("pakta", "laut")
    assert article(head=linked_data(keywords=[{"name": "pakta"}])).tags == ("pakta",)
    assert article(head=linked_data(keywords=[["pakta", "laut"]])).tags == ("pakta", "laut")
    assert article(head=linked_data(keywords="pakta, laut")).tags == ("pakta", "laut")
    meta = '<meta name="keywords" content="pakta, laut">'
    assert article(head=linked_data(keywords=[]) + meta).tags == ("pakta", "laut")


def test_the_date_with_which_the_text_opens_counts_where_there_is_no_other() -> None:
    body = f"<p>Jakarta, 3 Juni 2024 - {' '.join(SENTENCES[:2])}</p>{''.join(PARAGRAPHS[2:])}"
    published = article(body).published
    assert published
    assert published.isoformat() == "2024-06-03T00:00:00+07:00"
    published = article(body, head=linked_data(datePublished="2024-06-04T10:00:00+07:00")).published
    assert published
    assert published.day == 4
    impossible = page(body.replace("3 Juni", "31 Juni"))
    assert impossible.article
    assert impossible.article.published is None
    assert impossible.warnings == ("there is no date '31 Juni 2024'; it is left out",)


def test_an_english_date_below_the_headline() -> None:
    published = article(under_headline="<p>June 3, 2024 18:05 GMT+700</p>").published
    assert published
    assert published.isoformat() == "2024-06-03T18:05:00+07:00"


def test_a_name_alone_between_the_headline_and_its_date() -> None:
    below = "<p>Rina Wulandari</p><p>Senin, 3 Juni 2024 | 09:00 WIB</p>"
    found = article(under_headline=below)
    assert (found.reporter, found.body) == ("Rina Wulandari", SENTENCES)
    assert article(under_headline=below.replace("Rina Wulandari", "Liga Indonesia")).reporter == ""
    known = linked_data(author={"name": "Budi Santoso"})
    assert article(under_headline=below, head=known).reporter == "Budi Santoso"


def test_an_author_whose_title_says_editor_is_the_editor() -> None:
    budi = {"name": "Budi Santoso", "jobTitle": "Editor"}
    found = article(head=linked_data(author=[budi, {"name": "Rina Wulandari"}]))
    assert (found.reporter, found.editor) == ("Rina Wulandari", "Budi Santoso")
    assert article(head=linked_data(author=[budi])).editor == "Budi Santoso"


def test_entities_in_linked_data() -> None:
    found = article(
        head=linked_data(
            articleSection="Hukum &amp; Kriminal",
            author={"name": "Nur&#039;aini"},
            keywords=["Hukum &amp; HAM"],
        )
    )
    assert (found.section, found.reporter) == ("Hukum & Kriminal", "Nur'aini")
    assert found.tags == ("Hukum & HAM",)


def test_editor_and_author_described_elsewhere_in_linked_data() -> None:
    graph = [
        {
            "@type": "NewsArticle",
            "headline": HEADLINE,
            "author": {"@id": "#rina"},
            "editor": [{"@id": "#budi"}],
        },
        {"@type": "Person", "@id": "#rina", "name": "Rina Wulandari"},
        {"@type": "Person", "@id": "#budi", "name": "Budi Santoso"},
    ]
    script = f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>'
    found = article(head=script)
    assert (found.reporter, found.editor) == ("Rina Wulandari", "Budi Santoso")
    unknown = script.replace('"@id": "#rina", "name"', '"@id": "#lain", "name"')
    assert article(head=unknown).reporter == ""


def test_linked_data_in_cdata_of_a_type_with_parameters_or_with_a_comma_too_many() -> None:
    plain = linked_data(author={"name": "Rina Wulandari"})
    typed = plain.replace("ld+json", "ld+json; charset=utf-8")
    wrapped = plain.replace(">{", ">\n//<![CDATA[\n{").replace("}<", "}\n//]]>\n<")
    comma = plain.replace("}}<", "},\n}<")
    for head in (typed, wrapped, comma):
        assert article(head=head).reporter == "Rina Wulandari"


def test_deep_linked_data_ends() -> None:
    deep = "[" * 900 + "]" * 900
    script = (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {deep}}}</script>'
    )
    assert article(head=script).reporter == ""
    assert article(head=script.replace('{"@type"', deep + '{"@type"')).reporter == ""
    assert article(head=f'<script type="application/ld+json">{deep}</script>').reporter == ""


@pytest.mark.parametrize(
    ("claimed", "shown", "meant"),
    [
        # A date shows no clock, so the time is believed.
        ("2024-06-20T04:34:00+00:00", "20 Juni 2024 oleh Rina", "2024-06-20T11:34+07:00"),
        (
            "2024-06-20T04:34:00Z",
            '<time datetime="2024-06-20">kemarin</time>',
            "2024-06-20T11:34+07:00",
        ),
        ("2024-06-20T04:34:00Z", "Rapat di istana, Kamis (20/6/2024).", "2024-06-20T11:34+07:00"),
        # The clock is that of the time as it stands.
        ("2024-06-20T11:34:00Z", "Kamis, 20 Juni 2024 | 11:34 WIB", "2024-06-20T11:34+07:00"),
        ("2024-06-20T11:34:00Z", "Kamis, 20 Juni 2024 | 11:50 WITA", "2024-06-20T11:34+08:00"),
        (
            "2024-06-20T11:34:00Z",
            '<time datetime="2024-06-20T11:34:00Z"></time><i>20 Juni 2024 11:34 WIB</i>',
            "2024-06-20T11:34+07:00",
        ),
        # The clock is neither, as that of an update.
        ("2024-06-20T08:15:00Z", "Diperbarui 20 Juni 2024 10:00 WIB", "2024-06-20T15:15+07:00"),
        ("2024-06-20T04:34:00Z", "Kamis, 20 Juni 2024 | 11:34 WIB", "2024-06-20T11:34+07:00"),
        # A date that calls itself UTC is that of the page.
        ("2024-06-20T00:00:00Z", "20 Juni 2024", "2024-06-20T00:00+07:00"),
    ],
)
def test_zone_of_a_time_that_says_utc(claimed: str, shown: str, meant: str) -> None:
    found = article(head=linked_data(datePublished=claimed), under_headline=f"<div>{shown}</div>")
    assert found.published == datetime.fromisoformat(meant)


@pytest.mark.parametrize("end", ["...", "…", " ...", "... - Warta"])
def test_heading_completes_a_title_that_was_cut_short(end: str) -> None:
    whole = f"{HEADLINE} Sejak Perundingan Dimulai"
    head = f'<meta property="og:title" content="{whole[:60]}{end}">'
    assert article(head=head, headline=whole).headline == whole
    assert (
        article(head=head, headline="Pojok Warta").headline == f"{whole[:60]}{end[:4].rstrip(' -')}"
    )


HOME = "https://warta.example/"
OWN = "https://warta.example/read/1"


@pytest.mark.parametrize(
    "head",
    [f'<link rel="canonical" href="{HOME}">', f'<meta property="og:url" content="{HOME}">'],
)
def test_home_page_is_not_the_url_of_an_article(head: str) -> None:
    assert article(head=head, url=OWN).url == OWN
    assert article(head=head).url == ""
    assert article(head=head + f'<link rel="canonical" href="{HOME}?p=7">').url == f"{HOME}?p=7"


def test_home_page_is_what_links_are_resolved_against() -> None:
    links = "".join(
        f'<li><a href="/read/{n}">Harga Beras Turun di Pasar {n}</a></li>' for n in "12"
    )
    found = page("", head=f'<link rel="canonical" href="{HOME}">', beside=f"<ul>{links}</ul>")
    assert [item.url for item in found.items] == [f"{HOME}read/1", f"{HOME}read/2"]
    assert found.items[0].seen[0].page == "https://warta.example"


@pytest.mark.parametrize("kind", ["Person", "Organization", "ListItem"])
def test_microdata_of_others_is_not_the_url_of_an_article(kind: str) -> None:
    link = f'<a itemprop="url" href="{HOME}author/rina">Rina</a>'
    box = f'<span itemscope itemtype="https://schema.org/{kind}">{link}</span>'
    assert article(under_headline=box).url == ""
    assert article(under_headline=box, url=OWN).url == OWN


def test_microdata_of_the_article_gives_its_url_when_nothing_else_does() -> None:
    link = f'<a itemprop="url" href="{OWN}">{HEADLINE}</a>'
    marked = f'<div itemscope itemtype="https://schema.org/NewsArticle">{link}</div>'
    assert article(under_headline=marked).url == OWN
    assert article(under_headline=marked, url=f"{HOME}read/2").url == f"{HOME}read/2"
    entity = (
        f'<link itemprop="mainEntityOfPage" href="{OWN}"><link itemprop="image" href="{HOME}a">'
    )
    assert article(under_headline=entity).url == OWN


@pytest.mark.parametrize(
    "byline",
    [
        "<p>Oleh Rina Wulandari</p><p>Editor: Budi Santoso</p>",
        "<p><i>Reporter</i> <b>Rina Wulandari</b></p><p><i>Editor</i> <b>Budi Santoso</b></p>",
        "<p>Fotografer: Rina Wulandari</p><p>Penyunting: Budi Santoso</p>",
        "<p>Oleh <b>Rina Wulandari</b> | 20 Juni 2024 11:34</p><p>Editor: Budi Santoso</p>",
    ],
)
def test_bylines_below_the_headline(byline: str) -> None:
    found = article(under_headline=byline)
    assert (found.reporter, found.editor) == ("Rina Wulandari", "Budi Santoso")
    assert found.body == SENTENCES
    # Many a site names who published it as the author.
    found = article(head=linked_data(author={"name": "Budi Santoso"}), under_headline=byline)
    assert (found.reporter, found.editor) == ("Rina Wulandari", "Budi Santoso")


def test_bylines_with_line_breaks_between_them() -> None:
    lines = "Pewarta: Rina Wulandari<br>Editor: Budi Santoso<br>Copyright © Warta 2024"
    found = article(under_headline=f"<p>{lines}</p>")
    assert (found.reporter, found.editor) == ("Rina Wulandari", "Budi Santoso")
    found = article(under_headline="<span>Redaktur &amp; Reporter : Rina Wulandari</span>")
    assert (found.reporter, found.editor) == ("Rina Wulandari", "Rina Wulandari")


def test_people_in_metas_of_other_names() -> None:
    head = '<meta name="content_author" content="Rina Wulandari">'
    found = article(head=head + '<meta name="content_editor" content="Budi Santoso">')
    assert (found.reporter, found.editor) == ("Rina Wulandari", "Budi Santoso")


@pytest.mark.parametrize(
    "linked",
    [
        {"author": {"@type": "Organization", "name": "Warta Kita"}},
        {"author": {"name": "Warta Kita"}, "publisher": {"name": "Warta Kita"}},
        {"author": {"@type": "Person", "name": "wartaBISNIS"}},
    ],
)
def test_a_paper_is_no_reporter(linked: dict[str, object]) -> None:
    assert article(head=linked_data(**linked)).reporter == ""
    meta = '<meta name="author" content="Warta Kita">'
    named = article(head=linked_data(**linked) + meta).reporter
    assert named == ("Warta Kita" if "wartaBISNIS" in str(linked) else "")


def test_the_writer_of_another_article_is_not_the_reporter() -> None:
    links = "".join(
        f"<li><a href='/kolom/2024/{n}/garam'>Harga Garam di Pasar Naik {n} Kali</a>"
        "<p>Oleh Tono Wijaya</p></li>"
        for n in (2, 3)
    )
    assert article(beside=f"<div><h3>Kolom</h3><ul>{links}</ul></div>").reporter == ""


def test_an_update_is_not_the_date_of_publication() -> None:
    lines = "<p>Diperbarui: 4 Juni 2024, 10:00 WIB</p><p>Terbit: 3 Juni 2024, 14:05 WIB</p>"
    found = article(under_headline=lines)
    assert found.published == datetime.fromisoformat("2024-06-03T14:05+07:00")
    assert found.body == SENTENCES
    found = article(under_headline=lines.partition("<p>Terbit")[0])
    assert found.published == datetime.fromisoformat("2024-06-04T10:00+07:00")


def test_the_section_of_a_breadcrumb_in_linked_data() -> None:
    items = [{"name": "Beranda"}, {"item": {"name": "Ekonomi"}}, {"name": HEADLINE}]
    crumbs = json.dumps({"@type": "BreadcrumbList", "itemListElement": items})
    script = f'<script type="application/ld+json">{crumbs}</script>'
    assert article(head=script).section == "Ekonomi"
    assert article(head=script.replace("Ekonomi", HEADLINE)).section == ""


@pytest.mark.parametrize("name", ["breadcrumb", "detailsBreadcrumb"])
def test_the_section_of_a_breadcrumb(name: str) -> None:
    crumbs = (
        f"<ul class='{name}'><li><a href='/'>Home</a></li><li><a href='/e'>Ekonomi</a></li></ul>"
    )
    assert article(under_headline=crumbs).section == "Ekonomi"


def test_linked_data_of_several_articles() -> None:
    other = {"@type": "NewsArticle", "headline": "Lain Lagi", "author": "Tono Wijaya"}
    own = {"@type": "NewsArticle", "headline": HEADLINE, "author": "Rina Wulandari"}
    script = '<script type="application/ld+json">{}</script>'
    assert article(head=script.format(json.dumps([other, own]))).reporter == "Rina Wulandari"
    untitled = json.dumps([own | {"headline": "Pakta"}, other])
    assert article(head=script.format(untitled)).reporter == "Rina Wulandari"


def test_microdata_of_people_and_section_and_tags_in_metas() -> None:
    marked = (
        '<span itemprop="author">Rina Wulandari</span><b itemprop="editor">Budi Santoso</b>'
        '<i itemprop="articleSection">Ekonomi</i>'
    )
    tags = "".join(f'<meta property="article:tag" content="{tag}">' for tag in ("pakta", "laut"))
    found = article(head=tags, under_headline=marked)
    assert (found.reporter, found.editor) == ("Rina Wulandari", "Budi Santoso")
    assert (found.section, found.tags) == ("Ekonomi", ("pakta", "laut"))


def test_the_author_of_a_theme_is_the_reporter_but_not_of_another_article() -> None:
    author = '<span class="author vcard"><a href="/a">Rina Wulandari</a></span>'
    assert article(under_headline=f"<div>oleh {author} dalam Ekonomi</div>").reporter == (
        "Rina Wulandari"
    )
    rows = "".join(
        f'<li><a href="/read/{n}">Harga Beras Turun di Pasar {n}</a>{author}</li>' for n in "12"
    )
    assert article(beside=f"<div><h3>Populer</h3><ul>{rows}</ul></div>").reporter == ""
