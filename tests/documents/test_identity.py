from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from searchkit import Article, SidebarItem, Sighting
from searchkit.documents.identity import canonical_url, title_key
from searchkit.zones import WIB

WHEN = datetime(2024, 6, 20, 11, 34, tzinfo=WIB)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://www.warta.example/a/1/", "https://warta.example/a/1"),
        ("https://m.warta.example/a/1/amp", "https://warta.example/a/1"),
        (
            "https://warta.example:443/a?utm_source=x&fbclid=y&page=all#top",
            "https://warta.example/a",
        ),
        ("https://warta.example/?id=2&a=1", "https://warta.example?a=1&id=2"),
        ("https://warta.example/a?page=2", "https://warta.example/a?page=2"),
        ("https://warta.example:8080/A", "https://warta.example:8080/A"),
        ("HTTP://WARTA.EXAMPLE/a", "https://warta.example/a"),
        ("ftp://warta.example/a", ""),
        ("javascript:alert(1)", ""),
        ("https://[broken", ""),
        ("https://warta.example:99999999/", ""),
        ("", ""),
    ],
)
def test_canonical_url(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_article_is_known_by_url_then_headline_and_date_then_text() -> None:
    def identity(headline: str, body: str, url: str = "", published: datetime | None = WHEN) -> str:
        return Article(headline=headline, body=(body,), url=url, published=published).id

    url = "https://warta.example/1"
    assert identity("A", "x", url) == identity("B", "y", "http://www.warta.example/1/")
    assert identity("A", "x", "https://warta.example/?p=1") != identity("A", "x")
    for home in ("https://www.warta.example/", "https://warta.example#top", "warta.example"):
        assert identity("A", "x", home) == identity("A", "x") != identity("B", "x", home)
    assert identity("Judul: Satu!", "x") == identity("JUDUL SATU", "y")
    assert identity("A", "x") != identity("A", "x", published=None)
    assert identity("A", "x", published=None) != identity("A", "y", published=None)
    assert Article(id="mine", headline="A", body=()).id == "mine"


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Jayapura"), ZoneInfo("Asia/Jakarta")])
def test_a_moment_is_one_in_any_zone(zone: tzinfo) -> None:
    """Ids of WIB are as they have always been."""
    article = Article(headline="Judul Satu", body=("x",), published=WHEN)
    item = SidebarItem(title="Harga Beras", published=WHEN)
    assert (article.id, item.id) == ("aa426a656343d4c26", "s47755a7b303c66df")
    there = WHEN.astimezone(zone)
    assert Article(headline="Judul Satu", body=("x",), published=there).id == article.id
    assert SidebarItem(title="Harga Beras", published=there).id == item.id


@pytest.mark.parametrize("moment", [datetime.min, datetime.max])
@pytest.mark.parametrize("hours", [-12, 0, 12])
def test_the_ends_of_the_calendar_have_ids(moment: datetime, hours: int) -> None:
    dated = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert SidebarItem(title="A", published=dated).id != SidebarItem(title="A").id


def test_item_is_known_by_title_and_date() -> None:
    here, there = (Sighting("p1", "Populer"), Sighting("p2", "UPDATE"))
    one = SidebarItem(title="Harga Beras", published=WHEN, seen=(here,))
    other = SidebarItem(
        title="Harga beras!", published=WHEN, url="https://x.example", seen=(there,)
    )
    assert one.id == other.id != SidebarItem(title="Harga Beras").id
    merged = one.merged(other).merged(other)
    assert merged.seen == (here, there)
    assert merged.url == "https://x.example"
    assert merged.title == "Harga Beras"


def test_title_key_keeps_letters_and_digits() -> None:
    assert title_key("“Pakta”: RI–Rusia, 2024?!") == "pakta ri rusia 2024"
