"""The search page without scripts: what its HTML says, and what it never lets through."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient

from searchkit import Article, SearchIndex, Settings
from searchkit.indexing import Source
from searchkit.samples import sample_pages
from searchkit.web.app import create_app
from searchkit.web.options import WebOptions
from searchkit.web.page import page_router, static_files
from searchkit.zones import WIB
from tests.conftest import PACT, article, item

EVIL = '<script>parent.hit=1</script>"\'><img src=x onerror="parent.hit=1">'
HOSTILE = Article(
    id='evil"><script>',
    headline=f"Jebakan {EVIL} \u202eterbalik",
    body=(f"Isi jebakan {EVIL}", "panjang" * 100),
    section=EVIL,
    source=EVIL,
    reporter=EVIL,
    url="javascript:parent.hit=1",
)
DOCUMENTS: list[Source] = [
    PACT,
    item("Harga beras turun lagi", page=PACT.id),
    HOSTILE,
    *(article(f"Banjir melanda kota {n}", "Warga mengungsi.", day=n + 1) for n in range(25)),
]


@contextmanager
def serving(folder: Path, documents: Iterable[Source]) -> Iterator[TestClient]:
    """Serve an index of these documents."""
    with SearchIndex.create(folder / "index", Settings(cache_dir=folder, workers=0)) as index:
        index.add(documents)
        options = WebOptions(rate="off", allowed_hosts=("testserver",))
        with TestClient(create_app(index, options)) as client:
            yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("page"), DOCUMENTS) as client:
        yield client


def page(client: TestClient, path: str, status: int = 200, languages: str = "") -> Any:
    answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": languages})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    tree = html.fromstring(answer.text)
    assert not tree.xpath("//script[not(@src)] | //style | //@style | //@onclick | //@onerror")
    for address in tree.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src"):
        assert address.startswith("/static/"), "nothing comes from elsewhere"
    return tree


def text_of(tree: Any, xpath: str) -> str:
    return " ".join(" ".join(each.text_content().split()) for each in tree.xpath(xpath))


def test_a_search_shows_hits_with_their_marks(client: TestClient) -> None:
    tree = page(client, "/?q=pakta+pertahanan&lang=en")
    assert text_of(tree, "//li[@class='hit'][1]//h2") == PACT.headline
    assert tree.xpath("//li[@class='hit'][1]//h2//mark/text()")
    assert tree.xpath("string(//input[@name='q']/@value)") == "pakta pertahanan"
    link = tree.xpath("string(//li[@class='hit'][1]//h2//a/@href)")
    shown = page(client, link)
    assert PACT.headline in text_of(shown, "//h1")
    assert shown.xpath("//article//mark/text()")
    assert "Harga beras turun lagi" in text_of(shown, "//body")


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("judul:pakta", {"h1"}),
        ("isi:pakta", {"p"}),
        ("pakta", {"h1", "p"}),
        ("judul:beras", {"a"}),
        ("isi:beras", set()),
    ],
)
def test_words_asked_of_a_part_are_marked_in_it(
    client: TestClient, query: str, marked: set[str]
) -> None:
    tree = page(client, f"/doc/{PACT.id}?q={query}")
    assert {each.getparent().tag for each in tree.xpath("//main//mark")} == marked


def test_items_of_sidebars_are_shown_apart(client: TestClient) -> None:
    tree = page(client, "/?q=harga+beras&lang=en")
    assert not tree.xpath("//ol[contains(@class, 'hits')]//h2//mark[.='beras']")
    assert "Harga beras turun lagi" in text_of(tree, "//body")
    assert "Harga beras turun lagi" in text_of(page(client, "/?q=beras&kind=item"), "//main")


def test_facets_narrow_and_let_go(client: TestClient) -> None:
    tree = page(client, "/?q=*&lang=en")
    first = tree.xpath("//a[@rel='nofollow'][span[@class='tick']]")[0]
    assert first.xpath("./@aria-current") == []
    chosen = page(client, first.xpath("string(./@href)"))
    assert chosen.xpath("//a[span[@class='tick']][@aria-current='true']")
    assert chosen.xpath("//ul[@class='chips']//a")


def test_paging_meets_every_hit_once(client: TestClient) -> None:
    seen: list[str] = []
    for number in (1, 2, 3):
        tree = page(client, f"/?q=banjir&page={number}")
        seen += tree.xpath("//li[@class='hit']//h2//a/@href")
    assert len(seen) == len(set(seen)) == 25


def test_dates_narrow(client: TestClient) -> None:
    tree = page(client, "/?q=banjir&since=2024-06-10&until=2024-06-12&lang=en")
    assert len(tree.xpath("//li[@class='hit']")) == 3


@pytest.mark.parametrize("month", ["²-1", "2024-²", "2024-13", "2024-" + "9" * 4_400, "-"])
def test_what_is_no_month_is_shown_as_it_is(client: TestClient, month: str) -> None:
    tree = page(client, f"/?month={quote(month)}")
    assert month in text_of(tree, "//ul[@class='chips']")


MATCHES = [article(f"Pertandingan besar {n}", "Pertandingan seru.") for n in range(9)]


def test_a_slip_is_corrected_and_can_be_taken_literally(tmp_path: Path) -> None:
    with serving(tmp_path, MATCHES) as client:
        tree = page(client, "/?q=pertandinggan&lang=en")
        assert tree.xpath("//li[@class='hit']")
        literally = tree.xpath("string(//p[@class='notice']/a/@href)")
        assert not page(client, literally).xpath("//li[@class='hit']")


def test_a_long_archive_leaves_no_month_out(tmp_path: Path) -> None:
    """Quiet months, too: the latest are named, those before them stand under their years."""
    days = [
        datetime(year, month, 3, tzinfo=WIB)
        for year in range(2014, 2025)
        for month in (1, 4, 7, 10)
    ]
    busy = [datetime(2020, 2, 1 + n % 28, n // 28, tzinfo=WIB) for n in range(60)]
    dated = [
        Article(headline=f"Kabar {n}", body=("Isi kabar.",), published=day)
        for n, day in enumerate([*days, *busy])
    ]
    with serving(tmp_path, dated) as client:
        months = "//section[@class='facet'][h2='Month']"
        tree = page(client, "/?q=kabar&lang=en")
        latest = [text_of(each, ".") for each in tree.xpath(f"{months}/ul/li")]
        assert latest[0] == "October 2024 1"
        years = [text_of(each, ".") for each in tree.xpath(f"{months}/details/ul/li")]
        assert years == ["2022 4", "2021 4", "2020 64", *(f"{y} 4" for y in range(2019, 2013, -1))]
        year = page(client, tree.xpath(f"string({months}/details//li[3]/a/@href)"))
        assert [text_of(each, ".") for each in year.xpath(f"{months}/ul/li")] == [
            *("October 2020 1", "July 2020 1", "April 2020 1"),
            *("February 2020 60", "January 2020 1"),
        ]
        within = page(client, "/?q=kabar&lang=en&since=2014-06&until=2023-06&month=2016-01")
        first = within.xpath(f"string({months}/details//li[last()]/a/@href)")
        assert "since=2014-06-01&until=2014-12-31" in first
        assert "month" not in first


def test_nothing_hangs_where_there_is_no_source(tmp_path: Path) -> None:
    text = ("Warga membersihkan lumpur sesudah air surut di kampung itu. " * 9,)
    bare = [Article(id=f"a{n}", headline="Lumpur sisa banjir", body=text) for n in range(2)]
    twin = Article(id="b", headline="Lumpur di kampung", body=("Warga membersihkan lumpur.",))
    with serving(tmp_path, [*bare, twin]) as client:
        for path in ("/?q=lumpur", "/doc/b"):
            tree = page(client, path)
            assert not tree.xpath("//*[contains(@class, 'facts')]/*[not(node())]"), path
        assert page(client, "/?q=lumpur").xpath("//details[@class='copies']//a")
        assert page(client, "/doc/b").xpath("//section[@class='similar']//a")


def test_an_ellipsis_is_never_alone_on_a_line(tmp_path: Path) -> None:
    long = " ".join(f"Kalimat nomor {n} tentang hal yang lain lagi." for n in range(40))
    text = f"{long} Di sini banjir melanda desa. {long}"
    with serving(tmp_path, [Article(headline="Desa", body=(text,))]) as client:
        shown = page(client, "/?q=banjir").xpath("string(//p[@class='fragment'])")
        assert (shown[:2], shown[-2:]) == ("…\u00a0", "\u00a0…")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?q=banjir&page=9999", 400),
        ("/?q=banjir&since=2024-07&until=2024-06", 400),
        ("/?q=" + "a" * 10_001, 400),
        ("/doc/nothing", 404),
        ("/nowhere", 404),
    ],
)
def test_what_cannot_be_shown_is_a_page_too(client: TestClient, path: str, status: int) -> None:
    tree = page(client, path, status)
    assert tree.xpath("//form//input[@name='q']"), "one can search on from there"


@pytest.mark.parametrize(
    ("path", "message", "reason"),
    [
        ("/?q=" + "a" * 10_001, "Kueri itu melampaui batas", "Paling banyak 10.000 huruf"),
        ("/?q=" + "(" * 31 + "a", "Kueri itu melampaui batas", "kurung sedalam 30"),
        ("/?q=banjir&cursor=nix", "hasilnya sudah berubah", ""),
    ],
)
def test_reasons_are_in_the_language_of_the_page(
    client: TestClient, path: str, message: str, reason: str
) -> None:
    shown = text_of(page(client, path, 400, "id"), "//main")
    assert message in shown
    assert reason in shown
    assert "the " not in f"{shown} "


def test_problems_of_the_api_stay_problems(client: TestClient) -> None:
    answer = client.get("/api/v1/nowhere", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_reader_chooses_the_language(client: TestClient) -> None:
    def language(path: str, accepted: str) -> str:
        found: str = page(client, path, languages=accepted).xpath("string(/html/@lang)")
        return found

    assert language("/", "en-GB,en;q=0.9") == "en"
    assert language("/", "id,en;q=0.5") == "id"
    assert language("/", "id; q=0.9, en; q=0.8") == "id"
    assert language("/", "id;q = 0.8, en ; q=0.9") == "en"
    assert language("/", "in-ID") == language("/", "ms-MY,en;q=0.5") == "id"
    assert language("/", "id;q=0, fr") == language("/", "id;q=, en;q=0.1") == "en"
    assert language("/?lang=id", "en") == "id"


@pytest.mark.parametrize(
    "path",
    [
        "/?q=jebakan",
        "/?q=%22%3E%3Cscript%3Eparent.hit%3D1%3C%2Fscript%3E",
        "/?q=jebakan&section=%3Cscript%3E&source=%22%3E&lang=%22%3E%3Cscript%3E",
        "/?q=nothing%3Cimg+src%3Dx+onerror%3D1%3E",
        "/doc/evil%22%3E%3Cscript%3E?q=jebakan",
    ],
)
def test_no_text_becomes_markup(client: TestClient, path: str) -> None:
    tree = page(client, path)
    assert not tree.xpath("//script[contains(., 'hit')] | //img | //@*[starts-with(name(), 'on')]")
    assert not tree.xpath("//a[starts-with(@href, 'javascript')]")
    assert "\u202e" not in tree.text_content()


def test_feed_suggestions_and_description(client: TestClient) -> None:
    feed = ET.fromstring(client.get("/feed.xml?q=jebakan").content)
    titles = [each.text for each in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert any(EVIL in (title or "") for title in titles)
    assert client.get("/suggest?q=harga+b").json() == ["harga b", ["Harga beras turun lagi"]]
    description = client.get("/opensearch.xml")
    assert ET.fromstring(description.content).tag.endswith("OpenSearchDescription")


@pytest.mark.parametrize("way", ["prefix", "parameter", "mount", "root_path"])
def test_the_page_may_stand_anywhere(tmp_path: Path, settings: Settings, way: str) -> None:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add(DOCUMENTS)
        own = FastAPI()
        router = page_router(index)
        below = {"prefix": "/cari", "parameter": "/{paper}/cari"}.get(way, "")
        root = "/warta%20kita/cari" if way == "parameter" else "/cari"
        own.include_router(router, prefix=below)
        own.mount(f"{below}/static", static_files())
        app = FastAPI() if way == "mount" else own
        if way == "mount":
            app.mount("/cari", own)
        client = TestClient(app, root_path="/cari" if way == "root_path" else "")
        for path in ("", "?q=jebakan", "doc/evil%22%3E%3Cscript%3E?q=a/b", "doc/nothing"):
            tree = html.fromstring(client.get(f"{root}/{path}").text)
            for each in tree.xpath("//@href | //@action | //script/@src | //@data-suggest"):
                said = each.removeprefix("http://testserver")
                assert said.startswith((f"{root}/", "?", "#")), (path, each)
        style = tree.xpath("string(//link[@rel='stylesheet']/@href)")
        assert client.get(style).status_code == 200


def test_every_sample_can_be_read(tmp_path: Path, settings: Settings) -> None:
    from searchkit.documents.reading import read_sources

    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add(read_sources([sample_pages()]))
        options = WebOptions(rate="off", allowed_hosts=("testserver",))
        with TestClient(create_app(index, options)) as client:
            for document in list(index.documents())[:60]:
                page(client, f"/doc/{document.id}?q=korea")
