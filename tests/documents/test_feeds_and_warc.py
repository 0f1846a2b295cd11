import gzip
import io
from datetime import datetime

import pytest
from warcio.bufferedreaders import BufferedReader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from searchkit import Article, Page, Skipped
from tests.documents.test_reading import headlines, read, reasons

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Warta - Terkini</title><link>https://www.warta.example/</link>
<item><title>Harga &amp; Panen</title><link>https://warta.example/1</link>
<pubDate>Thu, 20 Jun 2024 11:34:00 +0700</pubDate>
<description>&lt;img src="x.jpg"&gt;Harga turun setelah panen.</description></item>
<item><title>Naskah Lengkap</title><link>https://warta.example/2</link>
<category>Dunia</category>
<content:encoded>&lt;p&gt;Alinea satu.&lt;/p&gt;&lt;p&gt;Alinea dua.&lt;/p&gt;</content:encoded>
</item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Warta</title>
<entry><title>Isi Penuh</title><link href="https://warta.example/3"/>
<updated>2024-06-20T11:34:00+07:00</updated><author><name>Rina</name></author>
<content type="html">&lt;p&gt;Alinea.&lt;/p&gt;</content></entry></feed>"""

HTML = """<html><head><title>{0}</title><meta property="og:title" content="{0}"></head><body>
<article><h1>{0}</h1><p>Kepala dinas mengatakan harga beras turun di pasar induk sejak Senin.</p>
<p>Pedagang berharap pasokan dari daerah tetap lancar sampai akhir bulan ini, katanya lagi.</p>
</article></body></html>"""


def test_entries_with_text_are_articles_and_teasers_are_items() -> None:
    pages = read(RSS.encode())
    assert headlines(pages) == ["Naskah Lengkap"]
    whole, listed = pages
    assert isinstance(whole, Page)
    assert isinstance(listed, Page)
    assert whole.article
    assert whole.article.body == ("Alinea satu.", "Alinea dua.")
    assert whole.article.section == "Dunia"
    (item,) = listed.items
    assert (item.title, item.summary) == ("Harga & Panen", "Harga turun setelah panen.")
    assert item.published == datetime.fromisoformat("2024-06-20T11:34+07:00")
    assert item.seen[0].list == "Warta - Terkini"
    assert item.source == "warta.example"


def test_atom() -> None:
    (page,) = read(ATOM.encode())
    assert isinstance(page, Page)
    assert page.article
    assert (page.article.headline, page.article.reporter) == ("Isi Penuh", "Rina")
    assert page.article.url == "https://warta.example/3"
    assert page.article.published == datetime.fromisoformat("2024-06-20T11:34+07:00")


def entry(inner: str) -> list[Page | Skipped]:
    start = RSS.index("<item>")
    item = f"<item><title>Judul</title><link>https://warta.example/5</link>{inner}</item>"
    return read(f"{RSS[:start]}{item}</channel></rss>".encode())


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("<p>Awal teks [&hellip;]</p>", False),
        ("<p>Awal teks [...] Baca selengkapnya</p>", False),
        ("<p>Satu.</p><p>Dua.</p><p>Tiga.</p><p>Awal […]</p>", False),
        ("<p>Awal teks ...</p>", False),
        ("<p>Awal teks [&#8230;]</p><p>The post <a>J</a> appeared first on <a>W</a>.</p>", False),
        ("<p>Satu.</p><p>Dua.</p><p>Lalu ia diam ...</p>", True),
        ("<p>Ia menulis [...] lalu diam selama dua hari di rumahnya sendiri di desa.</p>", True),
    ],
)
def test_the_beginning_of_an_article_is_no_article(text: str, whole: bool) -> None:
    (page,) = entry(f"<content:encoded><![CDATA[{text}]]></content:encoded>")
    assert isinstance(page, Page)
    assert (page.article is not None, len(page.items)) == (whole, not whole)


@pytest.mark.parametrize("first", [True, False])
def test_the_description_of_a_picture_is_not_the_text_of_an_entry(first: bool) -> None:
    picture = (
        '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="a.jpg">'
        "<media:description>Warga desa.</media:description></media:content>"
    )
    teaser = "<description>Warga desa memanen garam sejak pagi.</description>"
    (page,) = entry(picture + teaser if first else teaser + picture)
    assert isinstance(page, Page)
    assert [item.summary for item in page.items] == ["Warga desa memanen garam sejak pagi."]


@pytest.mark.parametrize(
    ("authors", "reporter"),
    [
        ("<author>rina@warta.example (Rina Ayu)</author>", "Rina Ayu"),
        ("<author>Rina Ayu (Antara) &lt;rina@warta.id&gt;</author>", "Rina Ayu (Antara)"),
        ("<author>rina@warta.example</author>", ""),
        ("<dc:creator>Rina</dc:creator><dc:creator>Budi</dc:creator>", "Rina, Budi"),
    ],
)
def test_names_of_the_authors_of_an_entry(authors: str, reporter: str) -> None:
    names = authors.replace(
        "<dc:creator>", '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">'
    )
    (page,) = entry(f"{names}<content:encoded>Alinea.</content:encoded>")
    assert isinstance(page, Page)
    assert page.article
    assert page.article.reporter == reporter


def test_relative_links_are_to_the_site() -> None:
    pages = read(RSS.replace("<link>https://warta.example/", "<link>/").encode())
    assert isinstance(pages[0], Page)
    assert pages[0].article
    assert pages[0].article.url == "https://www.warta.example/2"
    assert pages[0].article.id == headed("https://warta.example/2")
    without = read(RSS.replace("<link>https://warta.example/2</link>", "").encode())
    assert isinstance(without[0], Page)
    assert without[0].article
    assert without[0].article.url == ""


def headed(url: str) -> str:
    return Article(headline="", body=(), url=url).id


def test_feed_cut_short_gives_what_is_there() -> None:
    pages = read(RSS.encode()[: RSS.index("<item><title>Naskah")])
    assert [item.title for page in pages if isinstance(page, Page) for item in page.items] == [
        "Harga & Panen"
    ]


def test_feed_without_entries() -> None:
    (reason,) = reasons(read(b"<rss><channel></channel></rss>"))
    assert "no feed entries could be read" in reason


def archive(*pages: tuple[str, str, str, bytes], zipped: bool = False, packing: str = "") -> bytes:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=zipped)
    for url, status, kind, body in pages:
        fields = [("Content-Type", kind)] + [("Content-Encoding", packing)] * bool(packing)
        headers = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), http_headers=headers
        )
        writer.write_record(record)
    return stream.getvalue()


PAGES = (
    ("https://warta.example/1", "200 OK", "text/html", HTML.format("Judul Satu").encode()),
    ("https://warta.example/2", "404 Not Found", "text/html", HTML.format("Hilang").encode()),
    ("https://warta.example/3", "200 OK", "image/png", b"\x89PNG"),
    ("https://warta.example/rss", "200 OK", "application/rss+xml", RSS.encode()),
    ("https://warta.example/4", "200 OK", "text/html", HTML.format("Judul Dua").encode()),
)


@pytest.mark.parametrize("zipped", [False, True])
def test_answers_of_a_web_archive(zipped: bool) -> None:
    pages = read(archive(*PAGES, zipped=zipped))
    assert headlines(pages) == ["Judul Satu", "Naskah Lengkap", "Judul Dua"]
    assert not reasons(pages)
    assert isinstance(pages[0], Page)
    assert pages[0].article
    assert pages[0].article.url == "https://warta.example/1"
    assert pages[0].origin == "in#https://warta.example/1"


def test_archive_gzipped_as_a_whole() -> None:
    assert len(headlines(read(gzip.compress(archive(*PAGES))))) == 3


@pytest.mark.parametrize("zipped", [False, True])
def test_archive_cut_short_keeps_what_came_before(zipped: bool) -> None:
    data = archive(*PAGES, zipped=zipped)
    pages = read(data[: len(data) - 150])
    assert headlines(pages)[:2] == ["Judul Satu", "Naskah Lengkap"]


def test_archived_page_beyond_the_limit() -> None:
    big = ("https://warta.example/b", "200 OK", "text/html", b"<html>" + b"x" * 5000)
    pages = read(archive(big, PAGES[0]), page_bytes=2000)
    assert headlines(pages) == ["Judul Satu"]
    assert isinstance(pages[0], Skipped)
    assert pages[0].origin == "in#https://warta.example/b"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://warta.example/a.css", "text/css"),
        ("https://warta.example/a.js", "text/javascript; charset=utf-8"),
        ("https://warta.example/robots.txt", "text/plain"),
        ("https://[warta/robots.txt?x", "text/plain"),
        ("dns:warta.example", "text/dns"),
    ],
)
def test_what_is_no_page_of_an_archive_is_passed_over(url: str, kind: str) -> None:
    pages = read(archive((url, "200 OK", kind, b"User-agent: *"), PAGES[0]))
    assert headlines(pages) == ["Judul Satu"]
    assert not reasons(pages)


@pytest.mark.parametrize(
    ("packing", "said"),
    [
        ("br", "the page is compressed with Brotli; `pip install brotli`, and index it again"),
        ("zstd", "the page is compressed as 'zstd', which cannot be unpacked"),
    ],
)
def test_compression_that_cannot_be_undone_is_told(
    packing: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(BufferedReader.DECOMPRESSORS, "br", raising=False)
    packed = ("https://warta.example/p", "200 OK", "text/html", b"\x1b\x00\x05" + bytes(range(200)))
    pages = read(archive(packed, PAGES[0], packing=packing))
    # The second was unpacked by who wrote the archive.
    assert headlines(pages) == ["Judul Satu"]
    assert reasons(pages) == [f"in#https://warta.example/p: {said}"]
