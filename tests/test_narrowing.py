"""Filters, facets, sorts, cursors and similar articles of the library."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit import Article, DocumentNotFound, FacetCount, QueryError, SearchIndex, Settings
from searchkit.engines.base import Sort
from searchkit.filtering import month_of
from searchkit.paging import read_cursor
from searchkit.zones import WIB
from tests.conftest import FOOTBALL, FOOTBALL_ITEM, PACT, PACT_ITEM, RESIGNATION, article

ALL = ("section", "source", "reporter", "month", "kind", "list")


def ids(index: SearchIndex, query: str = "*", **options: Any) -> set[str]:
    return {hit.id for hit in index.search(query, limit=100, **options).hits}


def test_facets(index: SearchIndex) -> None:
    index.add([article("Rapat", "Isi.", section="DUNIA", day=2), article("Sidang", "Isi dua.")])
    page = index.search("*", facets=ALL, limit=0)
    assert page.facets == {
        "section": (
            FacetCount("DUNIA", 2),
            FacetCount("Olahraga", 1),
            FacetCount("Politik", 1),
        ),
        "source": (FacetCount("warta.example", 1),),
        "reporter": (FacetCount("RINA WULANDARI", 1),),
        "month": (FacetCount("2024-06", 7),),
        "kind": (FacetCount("article", 5), FacetCount("item", 2)),
        "list": (FacetCount("Populer", 1), FacetCount("UPDATE", 1)),
    }
    assert index.search("pakta").facets == {}
    few = index.search("pakta", facets=("kind", "section"), facet_limit=1).facets
    assert few == {"kind": (FacetCount("article", 1),), "section": (FacetCount("DUNIA", 1),)}


def test_facets_under_filters(index: SearchIndex) -> None:
    page = index.search("*", facets=("section",), section="dunia")
    assert page.facets["section"] == (FacetCount("Dunia", 1),)
    page = index.search("*", facets=("section",), section="dunia", multi_select=True)
    assert [each.value for each in page.facets["section"]] == ["Dunia", "Olahraga", "Politik"]
    assert page.total == 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"section": "dunia"}, {PACT}),
        ({"section": ["DUNIA", "Pólitik"]}, {PACT, RESIGNATION}),
        ({"section": []}, {PACT, FOOTBALL, RESIGNATION, PACT_ITEM, FOOTBALL_ITEM}),
        ({"section": "dunia", "source": "x.example"}, set()),
        ({"source": "WARTA.example"}, {PACT}),
        ({"reporter": "Rina  Wulandari"}, {PACT}),
        ({"list_name": ["populer", "update"]}, {PACT_ITEM, FOOTBALL_ITEM}),
        ({"kind": ["article"], "month": "2024-06"}, {PACT, FOOTBALL, RESIGNATION}),
        ({"month": "2024-07"}, set()),
        ({"since": date(2024, 6, 22)}, {RESIGNATION, PACT_ITEM}),
        ({"until": date(2024, 6, 20)}, {PACT}),
        ({"since": date(2024, 6, 21), "until": date(2024, 6, 21)}, {FOOTBALL, FOOTBALL_ITEM}),
        # A time without a zone is Jakarta's, and is included; 2.30 in UTC is 9.30 in Jakarta.
        ({"until": datetime(2024, 6, 20, 9, 30)}, {PACT}),
        ({"until": datetime(2024, 6, 20, 9, 29, 59)}, set()),
        ({"since": datetime(2024, 6, 22, 2, 30, tzinfo=UTC)}, {RESIGNATION, PACT_ITEM}),
        ({"since": datetime(2024, 6, 22, 9, 30, 1)}, {PACT_ITEM}),
        (
            {"until": date.max, "since": date.min},
            {*(PACT, FOOTBALL, RESIGNATION), PACT_ITEM, FOOTBALL_ITEM},
        ),
    ],
)
def test_filters(index: SearchIndex, options: dict[str, Any], expected: set[Any]) -> None:
    assert ids(index, **options) == {document.id for document in expected}


def test_undated_pass_no_date(index: SearchIndex) -> None:
    undated = Article(headline="Tanpa Tanggal", body=("Isi tanpa tanggal.",))
    index.add([undated])
    assert undated.id not in ids(index, until=date(2030, 1, 1))
    for sort in ("newest", "oldest"):
        assert index.search("*", sort=sort).hits[-1].id == undated.id


def test_month_and_time_without_a_zone_are_those_of_jakarta(index: SearchIndex) -> None:
    late = datetime(2024, 6, 30, 23, 30)
    index.add(
        Article(headline=f"Berita {n}", body=(f"Isi {n}.",), published=published)
        for n, published in enumerate((late, late.replace(tzinfo=UTC), late.replace(tzinfo=WIB)))
    )
    page = index.search("berita", facets=("month",))
    assert page.facets["month"] == (FacetCount("2024-06", 2), FacetCount("2024-07", 1))
    assert month_of(datetime.max.replace(tzinfo=UTC)) == "9999-12"


def test_sorts(index: SearchIndex) -> None:
    newest = [hit.published for hit in index.search("*", sort="newest").hits]
    assert newest == sorted(filter(None, newest), reverse=True)
    oldest = [hit.id for hit in index.search("pakta", sort="oldest").hits]
    assert oldest == [PACT.id, PACT_ITEM.id]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sort": "best"}, "there is no sort 'best'; there are relevance, newest, oldest"),
        ({"facets": ("colour",)}, "there is no facet 'colour'; there are section, source"),
        ({"facets": ("kind",), "facet_limit": 0}, "facet_limit 0 is out of bounds: 1 to 1,000"),
        ({"since": date(2024, 6, 2), "until": date(2024, 6, 1)}, "is after until 2024-06-01"),
        ({"cursor": "x", "offset": 3}, "give it without an offset"),
    ],
)
def test_what_cannot_be_asked(index: SearchIndex, options: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        index.search("pakta", **options)


# Cursors


def walk(index: SearchIndex, query: str, size: int, **options: Any) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = index.search(query, limit=size, cursor=cursor, fragments=False, **options)
        assert [hit.rank for hit in page.hits] == [
            *range(len(found) + 1, len(found) + 1 + len(page.hits))
        ]
        found += [hit.id for hit in page.hits]
        cursor = page.next_cursor
        if cursor is None:
            assert len(found) == page.total
            return found
        assert cursor.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("query", ["*", "pakta pertahanan", "pakta presiden", "berita"])
def test_cursors_lead_to_every_hit(index: SearchIndex, query: str, sort: str) -> None:
    index.add(article("Berita", f"Berita nomor {n}.", day=1 + n % 3) for n in range(30))
    whole = [hit.id for hit in index.search(query, limit=100, sort=sort).hits]  # type: ignore[arg-type]
    for size in (1, 4, 100):
        assert walk(index, query, size, sort=sort) == whole


def test_cursor_of_another_search(index: SearchIndex) -> None:
    cursor = index.search("*", limit=1).next_cursor
    assert index.search("*", limit=2, cursor=cursor, facets=("kind",)).offset == 1
    others: Sequence[dict[str, Any]] = (
        {"query": "pakta"},
        {"query": "*", "sort": "newest"},
        {"query": "*", "kind": "article"},
        {"query": "*", "until": date(2030, 1, 1)},
        {"query": "*", "collapse": "off"},
        {"query": "*", "recency": 0.5},
        {"query": "*", "expand": ()},
    )
    for other in others:
        with pytest.raises(QueryError, match="this cursor belongs to another search"):
            index.search(**other, cursor=cursor)


def test_cursor_is_good_in_another_process(index: SearchIndex, settings: Settings) -> None:
    cursor = index.search("*", limit=2).next_cursor
    with SearchIndex.open(index.path, settings) as opened:
        rest = opened.search("*", cursor=cursor)
    assert [hit.id for hit in rest.hits] == [hit.id for hit in index.search("*").hits[2:]]


def test_relaxed_search_goes_on_when_a_full_match_is_added(index: SearchIndex) -> None:
    first = index.search("pakta presiden", limit=1)
    assert first.relaxed
    index.add([article("Pakta Presiden", "Isi.")])
    second = index.search("pakta presiden", cursor=first.next_cursor)
    assert second.relaxed
    assert len({hit.id for hit in (*first.hits, *second.hits)}) == first.total


def test_index_that_has_changed_for_another_process(index: SearchIndex, settings: Settings) -> None:
    pages = {sort: index.search("*", limit=2, sort=sort) for sort in ("relevance", "newest")}
    index.delete(pages["newest"].hits[-1].id)
    with SearchIndex.open(index.path, settings) as opened:
        with pytest.raises(QueryError, match="search again without it, or sort by date"):
            opened.search("*", cursor=pages["relevance"].next_cursor)
        rest = opened.search("*", sort="newest", cursor=pages["newest"].next_cursor)
        assert len(rest.hits) == 3


TAUGHT = article("Balai Baru", "Balai Urusan Nelayan Samudra (BUNS) dibuka.", day=9)


def test_by_date_it_goes_on_when_a_page_teaches_an_abbreviation(index: SearchIndex) -> None:
    index.add([article(f"BUNS {n}", "Isi.", day=n) for n in (2, 4, 6, 8)])
    first = index.search("buns", sort="newest", limit=2)
    index.add([TAUGHT, article("Balai Urusan Nelayan Samudra Ditutup", "Isi.", day=3)])
    second = index.search("buns", sort="newest", cursor=first.next_cursor)
    assert [hit.title.text for hit in second.hits] == [
        "BUNS 4",
        "Balai Urusan Nelayan Samudra Ditutup",
        "BUNS 2",
    ]


def test_by_relevance_another_expansion_is_another_order(index: SearchIndex) -> None:
    index.add([article(f"BUNS {n}", "Isi.", day=n) for n in range(1, 5)])
    cursor = index.search("buns", limit=2).next_cursor
    other = index.search("isi", limit=1).next_cursor
    index.add([TAUGHT])
    with pytest.raises(QueryError, match="and with it what the query is expanded to; search again"):
        index.search("buns", cursor=cursor)
    assert index.search("isi", cursor=other).hits


@pytest.mark.parametrize("sort", get_args(Sort))
def test_relative_dates_are_seen_from_the_day_of_the_first_page(
    index: SearchIndex, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([article(f"Rapat {n}", "Isi.", day=20) for n in range(4)])

    def on(day: int) -> None:
        now = Mock(**{"now.return_value": datetime(2024, 6, day, tzinfo=WIB)})
        monkeypatch.setattr("searchkit.searching.datetime", now)

    on(21)
    first = index.search("rapat tanggal:kemarin", sort=sort, limit=1)
    on(22)
    second = index.search("rapat tanggal:kemarin", sort=sort, limit=1, cursor=first.next_cursor)
    on(23)
    third = index.search("rapat tanggal:kemarin", sort=sort, cursor=second.next_cursor)
    assert (first.total, second.total, third.total, len(third.hits)) == (4, 4, 4, 2)
    assert index.search("rapat tanggal:kemarin", sort=sort).total == 0


SEARCH = "0", "0", "2024-06-03"


def broken(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        "A" * 20_000,
        broken(),
        broken(1, "0", 1.0, 1, "a", "1"),
        broken(99, *SEARCH, 1.0, 1, "a", "1"),
        broken(2, "0", 0, "2024-06-03", 1.0, 1, "a", "1"),
        broken(2, "0", "0", "kemarin", 1.0, 1, "a", "1"),
        broken(2, "0", "0", 20240603, 1.0, 1, "a", "1"),
        broken(2, *SEARCH, float("nan"), 1, "a", "1"),
        broken(2, *SEARCH, float("inf"), 1, "a", "1"),
        broken(2, *SEARCH, 10**400, 1, "a", "1"),
        broken(2, *SEARCH, 1.0, 2**70, "a", "1"),
        broken(2, *SEARCH, 1.0, True, "a", "1"),
        broken(2, *SEARCH, 1.0, 1, 3, "1"),
        broken(2, *SEARCH, 1.0, 1, "a", "1", "more"),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)
def test_what_is_no_cursor(index: SearchIndex, cursor: str) -> None:
    with pytest.raises(QueryError, match="this is not a cursor that a search has given; take"):
        index.search("*", cursor=cursor)


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda b: base64.b64encode(b).decode()))
def test_any_text_for_a_cursor_is_read_or_refused(text: str) -> None:
    try:
        read_cursor(text)
    except QueryError as error:
        assert "not a cursor" in str(error)


# Similar articles

BRIDGE = "Gubernur meresmikan jembatan gantung baru di atas sungai yang deras."
RIVER = "Warga menyeberangi jembatan gantung di atas sungai setiap pagi."


def similar(index: SearchIndex, document_id: str, **options: Any) -> list[str]:
    return [hit.id for hit in index.similar(document_id, **options).hits]


def test_similar_articles(index: SearchIndex) -> None:
    one, other = article("Jembatan Gantung Diresmikan", BRIDGE), article("Titian", RIVER, day=2)
    index.add([one, other])
    page = index.similar(one.id)
    assert (page.query, page.total, [hit.id for hit in page.hits]) == (one.id, 1, [other.id])
    assert page.hits[0].rank == 1
    assert "[jembatan]" in page.hits[0].fragments[0].marked("[", "]")
    assert page.next_cursor is None
    assert PACT.id in similar(index, PACT_ITEM.id)
    assert similar(index, one.id, limit=0) == []


def test_copies_are_not_similar_but_asked_for(index: SearchIndex, settings: Settings) -> None:
    text = f"{BRIDGE} {RIVER} Panjangnya dua ratus meter."
    copies = [article(f"Jembatan {n}", text, day=n) for n in (1, 2, 3)]
    other = article("Titian", RIVER, day=5)
    index.add([*copies, other])
    for shown in ("newest", "fullest", "off"):
        with SearchIndex.open(index.path, replace(settings, collapse=shown)) as opened:
            page = opened.similar(copies[0].id)
            assert (page.total, [hit.id for hit in page.hits]) == (1, [other.id])
    assert set(similar(index, copies[0].id, copies=True)) == {copies[1].id, copies[2].id, other.id}


def test_nothing_is_similar(index: SearchIndex) -> None:
    empty, alone = Article(headline="", body=()), article("Zirkonium", "Xenolit vesikular.")
    index.add([empty, alone])
    for document in (empty, alone):
        page = index.similar(document.id)
        assert (page.total, page.hits) == (0, ())
    with pytest.raises(DocumentNotFound, match="no document 'nix'"):
        index.similar("nix")
    with pytest.raises(QueryError, match="limit -1 is out of bounds"):
        index.similar(PACT.id, limit=-1)


def test_since_a_moment_ago_is_not_rounded_away(index: SearchIndex) -> None:
    moment = datetime(2024, 6, 20, 9, 30, tzinfo=WIB)
    assert PACT.id in ids(index, since=moment, until=moment)
    assert PACT.id not in ids(index, since=moment + timedelta(seconds=1))
