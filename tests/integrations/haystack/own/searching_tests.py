"""Searching by haystack's querysets: every lookup, facets, marks, times, and more like this."""

import threading
import unittest
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from django.test import override_settings
from haystack import connections
from haystack.exceptions import SearchBackendError
from haystack.forms import FacetedSearchForm
from haystack.inputs import Exact, Not, Raw
from haystack.query import SQ, SearchQuerySet
from haystack.utils.loading import UnifiedIndex
from hypothesis import given
from hypothesis import strategies as st

from searchkit.integrations.haystack.text import cleaned, in_quotes
from searchkit.query import parse
from searchkit.query.syntax import Phrase, Word, Words
from tests.integrations.haystack.own.shop import ROWS, ShopIndex, ShopTestCase, shop_objects


def found(queryset: Any) -> list[int]:
    return sorted(int(result.pk) for result in queryset)


class LookupTests(ShopTestCase):
    def check(self, expected: list[int], **lookup: Any) -> None:
        queryset = SearchQuerySet().filter(**lookup)
        assert (found(queryset), queryset.count()) == (expected, len(expected)), lookup

    def test_words_of_text(self) -> None:
        self.check([1, 2], content="batik")
        self.check([1], content="batik kemeja")
        self.check([1, 3], brand="hadi danar")
        self.check([1, 3], brand__content="HADI")
        self.check([1], text__exact="batik tulis")
        self.check([], text__exact="tulis batik")
        self.check([1, 3], brand__startswith="dan")
        self.check([1, 3], brand__endswith="adi")
        self.check([1, 2, 3], brand__contains="i")
        self.check([1, 3], brand__fuzzy="danra")
        self.check([2], tags="kain")
        self.check([], content=" ")
        self.check([], content="*")

    def test_whole_values(self) -> None:
        self.check([1], brand__exact="danar hadi")
        self.check([3], brand__exact="Danar Hadi Sport")
        self.check([1, 2], brand__in=["Danar Hadi", "batik keris"])
        self.check([], brand__in=[])
        self.check([1, 2], tags__in=["kemeja", "kain"])
        self.check([1, 3], brand__gt="Batik Keris")
        self.check([2], brand__lt="danar")
        self.check([1, 2], brand__range=["a", "danar hadi"])
        self.check([1], size__exact='6" (new): A-B')

    def test_a_long_text_is_no_whole_value(self) -> None:
        long = " ".join(["panjang"] * 50)
        self.backend.update(self.shop, shop_objects([ROWS[0] | {"brand": long}]))
        self.check([1], brand__exact=long)
        self.check([1], brand__in=[long])

    def test_numbers(self) -> None:
        self.check([1], stock=3)
        self.check([1, 3], stock__in=[0, 3])
        self.check([1, 2], stock__gt=0)
        self.check([1, 3], stock__lte="3")
        self.check([1], stock__range=[1, 3])
        self.check([1], price=Decimal("450000.50"))
        self.check([2], price__lt=100_000)
        self.check([3], price=None)
        self.check([1], rating__gte=4.5)
        self.check([1], price=Exact("450000.5"))

    def test_dates(self) -> None:
        self.check([1], added=datetime(2024, 6, 3, 10, 30))
        self.check([1, 2], added__gte=date(2024, 6, 3))
        self.check([1, 3], added__lt=date(2024, 6, 4))
        self.check([2], added=date(2024, 6, 4))
        self.check([1], day=date(2024, 6, 3))
        self.check([1, 2], day__range=["2024-06-01", "2024-06-30"])
        self.check([3], day=None)

    def test_truth_values_and_identities(self) -> None:
        self.check([1, 2], is_active=True)
        self.check([3], is_active="false")
        self.check([2], id="core.mockmodel.2")
        self.check([1, 3], django_id__in=[1, 3])
        self.check([1, 2, 3], django_ct__startswith="core.")
        self.check([1, 2, 3], django_ct__contains="mock")

    def test_inputs(self) -> None:
        self.check([3], content=Not("batik"))
        self.check([1, 3], content=Raw("kemeja OR sepatu"))
        self.check([1], brand=Exact("Danar Hadi"), content="kemeja")
        self.check([1, 2], stock=Raw("[3 TO 12]"))
        assert found(SearchQuerySet().auto_query("batik -kemeja")) == [2]
        assert found(SearchQuerySet().auto_query('"batik tulis" kemeja')) == [1]
        assert found(SearchQuerySet().auto_query('kain (& "<b>murah</b>")')) == [2]
        assert found(SearchQuerySet().auto_query("")) == [1, 2, 3]

    def test_trees(self) -> None:
        either = SQ(content="sepatu") | (SQ(content="batik") & ~SQ(brand="keris"))
        assert found(SearchQuerySet().filter(either)) == [1, 3]
        assert found(SearchQuerySet().exclude(either)) == [2]
        both = SearchQuerySet().filter(content="batik") & SearchQuerySet().filter(stock=3)
        assert found(both) == [1]

    def test_autocomplete(self) -> None:
        assert found(SearchQuerySet().autocomplete(begun="dan ha")) == [1, 3]
        assert found(SearchQuerySet().autocomplete(begun="anar")) == []
        assert found(SearchQuerySet().autocomplete(within="anar")) == [1, 3]

    def test_what_a_field_cannot_be_asked(self) -> None:
        for lookup, message in (
            ({"stock__contains": 1}, "field 'stock' has no lookup 'contains'"),
            ({"text__gt": "a"}, "field 'text' has no lookup 'gt'"),
            ({"is_active__fuzzy": "t"}, "field 'is_active' has no lookup 'fuzzy'"),
            ({"id__startswith": "core"}, "field 'id' has no lookup 'startswith'"),
            ({"extra": date(2024, 1, 1)}, "field 'extra' is not indexed"),
            ({"colour": "red"}, "no SearchIndex has a field 'colour'; there are added"),
            ({"stock": "many"}, "'many' is no value of field 'stock', which has numbers"),
            ({"day__gt": "today"}, "'today' is no value of field 'day', which has moments"),
        ):
            with self.assertRaisesMessage(SearchBackendError, message):
                found(SearchQuerySet().filter(**lookup))


class TextTests(unittest.TestCase):
    @given(st.text(min_size=1))
    def test_cleaned_text_stays_text(self, text: str) -> None:
        node = parse(cleaned(text)).node
        parts = node.children if isinstance(node, Words) else (node,)
        if text.split():
            assert [part.text for part in parts if isinstance(part, Word)] == text.split()
            assert len(parts) == len(text.split())

    @given(st.text(min_size=1).filter(lambda text: text == text.strip()))
    def test_a_phrase_stays_a_phrase(self, text: str) -> None:
        node = parse(in_quotes(text)).node
        assert isinstance(node, Phrase)
        assert node.text == text


class FacetTests(ShopTestCase):
    def test_values_are_counted(self) -> None:
        names = ("brand", "tags", "stock", "rating", "is_active")
        queryset = SearchQuerySet()
        for name in names:
            queryset = queryset.facet(name)
        counts = queryset.facet_counts()["fields"]
        assert counts["brand"] == [("Batik Keris", 1), ("Danar Hadi", 1), ("Danar Hadi Sport", 1)]
        assert counts["tags"] == [("batik", 2), ("kain", 1), ("kemeja", 1)]
        assert sorted(counts["stock"]) == [(0, 1), (3, 1), (12, 1)]
        assert sorted(counts["rating"]) == [(3.0, 1), (4.5, 1)]
        assert counts["is_active"] == [(True, 2), (False, 1)]
        assert queryset.facet("tags", limit=1).facet_counts()["fields"]["tags"] == [("batik", 2)]

    def test_counting_reads_no_hits(self) -> None:
        queryset = SearchQuerySet().filter(content="batik").facet("tags")
        limits = []
        index = self.backend.index()

        def search(*query: Any, **asked: Any) -> Any:
            limits.append(asked["limit"])
            return type(index).search(index, *query, **asked)

        with mock.patch.object(index, "search", search):
            assert queryset.facet_counts()["fields"]["tags"][0] == ("batik", 2)
            assert queryset.spelling_suggestion() is None
        assert set(limits) == {0, 1}
        assert found(queryset) == [1, 2]

    def test_dates_are_counted(self) -> None:
        queryset = SearchQuerySet().filter(content="batik")
        assert sorted(queryset.facet("added").facet_counts()["fields"]["added"]) == [
            (datetime(2024, 6, 3, 10, 30), 1),
            (datetime(2024, 6, 4, 0, 0), 1),
        ]
        days = SearchQuerySet().date_facet(
            "added", date(2024, 1, 31), date(2024, 7, 1), gap_by="month"
        )
        assert days.facet_counts()["dates"]["added"] == [
            ((datetime(2024, 5, 31), datetime(2024, 6, 30)), 2),
            (None, 1),
        ]
        with self.assertRaisesMessage(SearchBackendError, "more than 100,000 spans of time"):
            SearchQuerySet().date_facet(
                "added", date(2020, 1, 1), date(2024, 1, 1), gap_by="second"
            ).facet_counts()

    def test_queries_are_counted(self) -> None:
        queryset = SearchQuerySet().query_facet("brand", "danar*").query_facet("stock", "[1 TO *]")
        counts = queryset.query_facet("added", "2024-06").facet_counts()["queries"]
        assert counts == {
            "brand_exact:danar*": 2,
            "stock_exact:[1 TO *]": 2,
            "added_exact:2024-06": 2,
        }

    def test_narrowing_by_what_was_counted(self) -> None:
        every = SearchQuerySet()
        assert found(every.narrow('brand_exact:"danar hadi"')) == [1]
        assert found(every.narrow('stock_exact:"3"')) == [1]
        assert found(every.narrow('is_active_exact:"True"')) == [1, 2]
        assert found(every.narrow("brand:danar").narrow("stock:[1 TO 5]")) == [1]
        assert found(every.narrow("brand:[a TO c]")) == [2]
        assert found(every.narrow('added_exact:"2024-06-04T00:00:00"')) == [2]
        assert found(every.narrow("added:{2024-06-03T10:30:00 TO *]")) == [2]
        assert found(every.narrow("added:[2024-06-03 TO 2024-06-03]")) == [1]
        assert found(every.narrow(SQ(added__gt=datetime(2024, 6, 3, 10, 30)))) == [2]
        assert found(every.narrow(SQ(stock__gt=1) & SQ(tags="kain"))) == [2]
        assert found(every.narrow(SQ(brand="danar") | SQ(tags="kain"))) == [1, 2, 3]
        for text in ("brand:[a TO c] AND stock:3", "kemeja added:[2024-06-03T10:30:00 TO *]"):
            with self.assertRaisesMessage(SearchBackendError, "cannot be part of a longer query"):
                found(every.narrow(text))
        with self.assertRaisesMessage(SearchBackendError, "field 'text' has no ranges"):
            found(every.narrow("text:[a TO c]"))

    def test_the_form_of_facets(self) -> None:
        form = FacetedSearchForm(
            {"q": "kemeja"}, selected_facets=['size_exact:6" (new): A-B'], load_all=False
        )
        assert form.is_valid()
        assert found(form.search()) == [1]

    def test_what_is_not_counted(self) -> None:
        with self.assertRaisesMessage(SearchBackendError, "declare it with faceted=True"):
            SearchQuerySet().facet("price").facet_counts()


class ResultTests(ShopTestCase):
    def test_values_come_back_as_they_went_in(self) -> None:
        result = SearchQuerySet().filter(id="core.mockmodel.1")[0]
        row = ROWS[0]
        for name in ("text", "brand", "tags", "stock", "rating", "is_active", "added", "day"):
            assert getattr(result, name) == row[name], name
        assert result.price == "450000.50"  # what haystack makes of a Decimal
        assert result.extra == row["extra"]
        assert result.hidden is None
        assert "hidden" not in result.get_additional_fields()
        assert result.get_additional_fields()["begun"] == "Danar Hadi"

    def test_orders(self) -> None:
        def order(*names: str) -> list[int]:
            return [int(result.pk) for result in SearchQuerySet().order_by(*names)]

        assert order("brand") == [2, 1, 3]
        assert order("-added") == [2, 1, 3]
        assert order("price") == [2, 1, 3]
        assert order("is_active", "-stock") == [3, 2, 1]
        with self.assertRaisesMessage(SearchBackendError, "field 'extra' is not indexed"):
            order("extra")

    def test_marks_are_safe(self) -> None:
        (result,) = SearchQuerySet().filter(content="murah").highlight()
        (text,) = result.highlighted["text"]
        assert text == "Kain batik cap &amp; &lt;b&gt;<em>murah</em>&lt;/b&gt;"
        assert text.__html__() == text
        (result,) = (
            SearchQuerySet()
            .filter(brand="keris")
            .highlight(pre_tags=["<mark>"], post_tags=["</mark>"], fields=["brand"])
        )
        assert result.highlighted == {"brand": ["Batik <mark>Keris</mark>"]}
        (result,) = SearchQuerySet().filter(stock=3).highlight()
        assert result.highlighted == {"text": []}

    def test_more_like_this(self) -> None:
        rows = [ROWS[0] | {"text": f"Batik tulis nomor {n}", "stock": n} for n in range(6)]
        objects = shop_objects(rows)
        self.backend.update(self.shop, objects)
        like = SearchQuerySet().more_like_this(objects[0])
        assert found(like) == [2, 3, 4, 5, 6]
        assert like.count() == 5
        pages = [result.pk for start in (0, 2, 4) for result in like[start : start + 2]]
        assert sorted(pages) == ["2", "3", "4", "5", "6"]
        assert found(like.filter(stock__gt=2)) == [4, 5, 6]
        assert found(like.narrow("stock:[1 TO 2]")) == [2, 3]
        (absent,) = shop_objects(rows[:1])
        absent.pk = 99
        assert found(SearchQuerySet().more_like_this(absent)) == []

    def test_words_can_be_raised(self) -> None:
        best = SearchQuerySet().filter(content=Raw("kemeja OR sepatu"))
        for word, first in (("kemeja", "1"), ("sepatu", "3")):
            queryset = best.boost(word, 5)
            assert queryset[0].pk == first
            assert queryset.count() == 2

    def test_documents_can_be_raised(self) -> None:
        rows = [ROWS[0] | {"boost": factor} for factor in (None, 3, 0.5)]
        self.backend.update(self.shop, shop_objects(rows))
        assert [result.pk for result in SearchQuerySet().filter(content="kemeja")] == [
            "2",
            "1",
            "3",
        ]

    def test_threads_share_one_index(self) -> None:
        """haystack has connections of its own for each thread."""
        opened = []

        def search() -> None:
            unified = UnifiedIndex()
            unified.build(indexes=[ShopIndex()])
            connections["default"]._index = unified
            opened.append(connections["default"].get_backend().index())

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [index is self.backend.index() for index in opened] == [True] * 4


NEW_YORK = ZoneInfo("America/New_York")


@override_settings(USE_TZ=True, TIME_ZONE="America/New_York")
class ZoneTests(ShopTestCase):
    """Times with zones; those of the second row are told apart by no clock in New York."""

    rows = [  # noqa: RUF012
        ROWS[0] | {"added": datetime(2024, 6, 4, 3, 30, tzinfo=UTC)},
        ROWS[1] | {"added": datetime(2024, 11, 3, 6, 30, tzinfo=UTC)},
    ]

    def test_a_day_is_one_of_the_project(self) -> None:
        assert found(SearchQuerySet().narrow("added:2024-06-03")) == [1]
        assert found(SearchQuerySet().filter(added__gte=date(2024, 6, 4))) == [2]
        noon = datetime(2024, 6, 4, 4, 0, tzinfo=UTC)
        assert found(SearchQuerySet().filter(added__lt=noon)) == [1]
        assert found(SearchQuerySet().narrow("added:[* TO 2024-06-04T04:00:00Z]")) == [1]
        months = SearchQuerySet().date_facet("added", noon, datetime(2025, 1, 1), "year")
        assert months.facet_counts()["dates"]["added"][-1] == (None, 1)

    def test_times_come_back_exactly(self) -> None:
        for row, result in zip(self.rows, SearchQuerySet().order_by("added"), strict=True):
            assert result.added == row["added"]
            assert result.added.tzinfo is not None
