"""What modelsearch's tests do not ask of a backend: see test_modelsearch.py beside.

Filters, orders and counts are compared with what the database says itself.
"""

import os
import threading
from collections import Counter
from contextlib import suppress
from datetime import date, time
from typing import Any, ClassVar
from unittest import mock

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db.models import F, Q, Subquery
from django.test import TestCase
from modelsearch.backends import get_search_backend
from modelsearch.backends.base import FilterFieldError, SearchFieldError
from modelsearch.index import AutocompleteField, FilterField, RelatedFields, SearchField
from modelsearch.query import MATCH_ALL, Fuzzy, Not, Phrase, PlainText, SearchQuery
from modelsearch.test.testapp.models import (
    AdvertWithCustomUUIDPrimaryKey,
    Author,
    Book,
    Character,
    Meeting,
    MPAnimal,
    Novel,
    ProgrammingGuide,
)

from searchkit.errors import IndexVersionMismatch, QueryError
from searchkit.integrations.modelsearch import SearchBackend
from searchkit.integrations.modelsearch.layout import column, schema_of
from searchkit.integrations.modelsearch.opening import opened
from searchkit.integrations.opened import OpenIndexes
from searchkit.schema import Keyword, Moment, Number, Text

CHRISTMAS = date(2020, 12, 25)


def book(title: str, **fields: Any) -> Any:
    return Book.objects.create(
        title=title, **{"publication_date": CHRISTMAS, "number_of_pages": 9, **fields}
    )


class SearchTestCase(TestCase):
    fixtures: ClassVar = ["search"]
    backend: Any

    @classmethod
    def setUpTestData(cls) -> None:
        cls.backend = get_search_backend()
        call_command("rebuild_modelsearch_index", verbosity=0)

    def titles(self, query: Any, books: Any = Book, **asked: Any) -> list[str]:
        return [found.title for found in self.backend.search(query, books, **asked)]


class TestAnswersAreThoseOfTheDatabase(SearchTestCase):
    ANSWERED_BY_INDEX = (
        Book.objects.filter(number_of_pages=440),
        Book.objects.exclude(number_of_pages__in=[440, 768]),
        Book.objects.filter(number_of_pages__range=(300, 500)),
        Book.objects.filter(Q(number_of_pages__lt=300) | Q(number_of_pages__gte=900)),
        Book.objects.filter(publication_date__year=1954),
        Book.objects.filter(publication_date__year__gt=1954, publication_date__year__lte=2008),
        Book.objects.filter(publication_date__range=(date(1954, 7, 29), date(1996, 8, 1))),
        Book.objects.exclude(publication_date__lt=date(2000, 1, 1)),
        Book.objects.filter(title="The Hobbit"),
        Book.objects.filter(title__in=["The Hobbit", "Foundation", "the two towers"]),
        Book.objects.filter(title__startswith="The "),
        Book.objects.filter(authors__date_of_birth=date(1892, 1, 3)),
        Novel.objects.filter(protagonist__isnull=True),
        Novel.objects.filter(protagonist=8),
        Novel.objects.filter(protagonist__name="Bilbo Baggins"),
        Novel.objects.filter(pk=4),
        Novel.objects.exclude(pk__in=[4, 5, 6]),
        Author.objects.filter(date_of_birth=None),
        Author.objects.exclude(date_of_birth__gt=date(1900, 1, 1)),
        Character.objects.filter(novel__setting="Middle Earth"),
        Meeting.objects.filter(start_time__range=(time(8), time(10))),
        MPAnimal.objects.filter(path__startswith="0001", depth__gt=1),
    )
    LEFT_TO_DATABASE = (
        Book.objects.filter(title__icontains="RING"),
        Book.objects.filter(title__iregex="^the (h|t)"),
        Book.objects.exclude(title__endswith="g"),
        Book.objects.filter(title__gt="P"),
        Book.objects.filter(title=""),
        Book.objects.filter(Q(number_of_pages__gt=300) ^ Q(title__startswith="The")),
        Book.objects.filter(number_of_pages__gt=F("number_of_pages") - 1),
        Book.objects.filter(number_of_pages__in=Subquery(Novel.objects.values("number_of_pages"))),
        Book.objects.filter(number_of_pages__lt=500, title__contains="o"),
        Novel.objects.filter(pk__gt=4),
        Author.objects.filter(
            books__publication_date=date(1954, 7, 29), books__number_of_pages__lt=400
        ),
        Author.objects.filter(books__number_of_pages__gt=400),
        Novel.objects.filter(protagonist__isnull=False, protagonist__name__endswith="s"),
        Novel.objects.filter(protagonist__name__isnull=True),
        MPAnimal.objects.filter(id__lt=3),
    )

    def test_filters(self) -> None:
        for querysets, exact in ((self.ANSWERED_BY_INDEX, True), (self.LEFT_TO_DATABASE, False)):
            for queryset in querysets:
                with self.subTest(str(queryset.query)):
                    self._check(queryset.all(), exact)

    def _check(self, queryset: Any, exact: bool) -> None:
        expected = {obj.pk for obj in queryset}
        results = self.backend.search(MATCH_ALL, queryset)
        assert results.query_compiler.question().exact is exact
        assert results.count() == len(expected)
        assert {obj.pk for obj in results} == expected
        assert len(results) == len(expected)
        assert results[1:3].count() == len(list(results[1:3])) == min(max(len(expected) - 1, 0), 2)
        excluded = self.backend.search(Not(MATCH_ALL), queryset)
        assert excluded.count() == len(list(excluded)) == 0

    def test_orders(self) -> None:
        books = Book.objects.filter(number_of_pages__lt=800)
        for order in (
            ["number_of_pages", "-title"],
            ["-publication_date"],
            ["title"],
            ["-title"],
            [F("number_of_pages").desc(), "title"],
        ):
            for found in (books, books.filter(title__contains="o")):
                queryset = found.order_by(*order)
                results = self.backend.search(MATCH_ALL, queryset, order_by_relevance=False)
                expected = [each.title for each in queryset]
                assert [each.title for each in results] == expected, order
                assert [each.title for each in results[2:5]] == expected[2:5], order
                turned = self.backend.search(
                    MATCH_ALL, queryset.reverse(), order_by_relevance=False
                )
                assert [each.title for each in turned] == expected[::-1], order

    def test_without_an_order_the_newest_is_first(self) -> None:
        results = self.backend.search(MATCH_ALL, Book, order_by_relevance=False)
        assert [each.pk for each in results] == list(
            Book.objects.order_by("-pk").values_list("pk", flat=True)
        )

    def test_facets(self) -> None:
        for queryset in (Book.objects.all(), Book.objects.filter(title__contains="o")):
            for name in ("number_of_pages", "publication_date", "title"):
                counts = self.backend.search(MATCH_ALL, queryset).facet(name)
                assert dict(counts) == Counter(queryset.values_list(name, flat=True)), name
                assert list(counts.values()) == sorted(counts.values(), reverse=True)
        counts = self.backend.search(MATCH_ALL, Novel).facet("protagonist_id")
        assert counts == Counter(Novel.objects.values_list("protagonist_id", flat=True))
        counts = self.backend.search(MATCH_ALL, Meeting).facet("start_time")
        assert counts == {time(8): 1, time(10): 1, time(19, 30): 1}
        counts = self.backend.search("hobbit", Novel.objects.exclude(title__endswith="x")).facet(
            "authors"
        )
        assert counts == {2: 1}

    def test_facet_of_no_filter_field(self) -> None:
        with self.assertRaisesMessage(
            FilterFieldError,
            'Cannot facet search results with field "summary". Please add '
            'index.FilterField("summary") to Book.search_fields.',
        ):
            self.backend.search(MATCH_ALL, Book).facet("summary")

    def test_filters_of_more_values_than_an_index_takes(self) -> None:
        many = Book.objects.filter(title__startswith="The")
        with mock.patch("searchkit.schema.lowering.MOST_CONDITIONS", 3):
            results = self.backend.search("the", many)
            assert results.count() == len(results) == 5
            assert results.facet("number_of_pages")[440] == 2
        assert sorted(self.titles("the", many)) == sorted(each.title for each in results)

    def test_more_hits_than_ids_in_one_query(self) -> None:
        with mock.patch("searchkit.integrations.modelsearch.results._MOST_IDS", 4):
            assert set(self.titles(MATCH_ALL)) == {each.title for each in Book.objects.all()}
            few = Book.objects.filter(title__icontains="o").order_by("title")
            assert self.titles(MATCH_ALL, few, order_by_relevance=False) == [
                each.title for each in few
            ]
            facet = self.backend.search(MATCH_ALL, few).facet("title")
            assert facet == Counter(each.title for each in few)

    def test_related_objects_fetched_beforehand(self) -> None:
        books = Book.objects.prefetch_related("authors").filter(title__endswith="t")
        (hobbit,) = self.backend.search("hobbit", books)
        with self.assertNumQueries(0):
            assert [author.name for author in hobbit.authors.all()] == ["J. R. R. Tolkien"]


class TestQueries(SearchTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        book("Membaca Undang-Undang di Perpustakaan", summary="Para pembaca menandatangani.")
        book("Jalan Raya", number_of_pages=2)
        super().setUpTestData()

    def test_words_are_indonesian(self) -> None:
        assert self.titles("bacaan") == ["Membaca Undang-Undang di Perpustakaan"]
        assert self.titles("tanda tangan") == ["Membaca Undang-Undang di Perpustakaan"]
        assert self.titles("jalanan") == ["Jalan Raya"]

    def test_all_words_are_looked_for(self) -> None:
        assert self.titles("javascript definitive") == ["JavaScript: The Definitive Guide"]
        assert self.titles("javascript zzzz") == []
        assert len(self.titles("javascript zzzz", operator="or")) == 2
        assert self.titles("  ") == []

    def test_autocomplete(self) -> None:
        for typed in ("undang-un", "undang-undang", "perpus", "PERPUSTAKAAN mem", "d undang"):
            found = [each.title for each in self.backend.autocomplete(typed, Book)]
            assert found == ["Membaca Undang-Undang di Perpustakaan"], typed
        assert not list(self.backend.autocomplete("baca", Book))
        assert len(self.backend.autocomplete(MATCH_ALL, Book)) == 16
        (both,) = self.backend.autocomplete(PlainText("jal") & ~PlainText("mem"), Book)
        assert both.title == "Jalan Raya"

    def test_autocomplete_with_a_field_that_is_not_meant_for_it(self) -> None:
        with self.assertRaisesMessage(
            SearchFieldError,
            'Cannot autocomplete with field "summary". Please add '
            'index.AutocompleteField("summary") to Book.search_fields.',
        ):
            self.backend.autocomplete("para", Book, fields=["summary"])

    def test_a_model_without_fields_for_a_query_has_no_results(self) -> None:
        assert not list(self.backend.autocomplete("yoga", Meeting))
        assert len(self.backend.search("yoga", Meeting)) == 2

    def test_fields(self) -> None:
        assert self.titles("pembaca", fields=["title", "summary"], operator="or")
        assert self.titles("menandatangani", fields=["summary"])
        assert not self.titles("menandatangani", fields=["title"])

    def test_fuzzy(self) -> None:
        assert self.titles(Fuzzy("hobit")) == ["The Hobbit"]
        assert self.titles(Fuzzy("javscript defintive", operator="and")) == [
            "JavaScript: The Definitive Guide"
        ]
        assert len(self.titles(Fuzzy("javscript defintive"))) == 2
        assert self.titles(Fuzzy("hxxbxt")) == self.titles(Fuzzy("")) == []

    def test_phrase(self) -> None:
        assert self.titles(Phrase("game of thrones")) == ["A Game of Thrones"]
        assert self.titles(Phrase("thrones game")) == []

    def test_scores_fall(self) -> None:
        results = self.backend.search("the king", Book, operator="or").annotate_score("score")
        scores = [found.score for found in results]
        assert scores == sorted(scores, reverse=True)
        assert scores[0] > scores[-1] > 0
        later = self.backend.search("the king", Book, operator="or").annotate_score("score")[2:4]
        assert [found.score for found in later] == scores[2:4]

    def test_fragments(self) -> None:
        results = self.backend.search("menandatangani bacaan", Book).annotate_fragments("found")
        (found,) = results[:5]
        marked = {
            name: [fragment.html() for fragment in fragments]
            for name, fragments in found.found.items()
        }
        assert marked == {
            "title": ["<mark>Membaca</mark> Undang-Undang di Perpustakaan"],
            "summary": ["Para <mark>pembaca</mark> <mark>menandatangani</mark>."],
        }
        novels = Novel.objects.filter(title__icontains="hobbit")
        (found,) = self.backend.search("bilbo", novels).annotate_fragments("found")
        assert {name: fragment.html() for name, (fragment,) in found.found.items()} == {
            "characters__name": "<mark>Bilbo</mark> Baggins",
            "protagonist__name": "<mark>Bilbo</mark> Baggins",
        }
        (found,) = self.backend.autocomplete("hobb", Book).annotate_fragments("found")
        assert [each.html() for each in found.found["title"]] == ["The <mark>Hobbit</mark>"]
        assert not any(
            each.found for each in self.backend.search(MATCH_ALL, Book).annotate_fragments("found")
        )

    def test_a_query_of_an_unknown_kind(self) -> None:
        class Riddle(SearchQuery):
            pass

        with self.assertRaisesMessage(
            NotImplementedError, "`Riddle` is not supported by the searchkit search backend."
        ):
            list(self.backend.search(Riddle(), Book))

    def test_a_query_beyond_the_limits(self) -> None:
        with self.assertRaisesMessage(QueryError, "different words"):
            list(self.backend.search(" ".join(f"kata{number}" for number in range(3000)), Book))


class TestIndexing(SearchTestCase):
    def setUp(self) -> None:
        call_command("rebuild_modelsearch_index", verbosity=0)

    def test_saved_and_deleted_objects(self) -> None:
        advert = AdvertWithCustomUUIDPrimaryKey.objects.create(text="Rumah dijual")
        assert list(self.backend.search("rumah", AdvertWithCustomUUIDPrimaryKey)) == [advert]
        advert.text = "Rumah disewakan"
        advert.save()
        assert not list(self.backend.search("jual", AdvertWithCustomUUIDPrimaryKey))
        assert list(self.backend.search("sewa", AdvertWithCustomUUIDPrimaryKey)) == [advert]
        advert.delete()
        assert self.backend.search("sewa", AdvertWithCustomUUIDPrimaryKey).count() == 0

    def test_values_that_django_has_not_read_yet(self) -> None:
        made = book("Tahun Baru", publication_date="2021-01-01", number_of_pages="77")
        recent = Book.objects.filter(publication_date=date(2021, 1, 1), number_of_pages=77)
        assert list(self.backend.search("tahun", recent)) == [made]

    def test_an_object_is_indexed_with_what_it_is_related_to(self) -> None:
        author = Author.objects.create(name="Pramoedya Ananta Toer")
        author.books.add(made := book("Bumi Manusia"))
        self.backend.add(made)
        assert list(self.backend.search("pramoedya", Book)) == [made]
        assert list(self.backend.autocomplete("pram", Book)) == [made]

    def test_what_is_gone_from_the_database_is_no_result(self) -> None:
        made = book("Sekali Saja")
        Book.objects.filter(pk=made.pk).delete()
        self.backend.add(made)
        assert self.titles("sekali") == []

    def test_until_a_rebuild_is_done_the_index_before_is_searched(self) -> None:
        index = self.backend.get_index_for_model(Book)
        rebuilder = self.backend.rebuilder_class(index)
        rebuilding = rebuilder.start()
        rebuilding.add_items(Book, [book("Serba Baru")])
        assert len(self.titles("hobbit")) == 1
        rebuilder.finish()
        assert self.titles("hobbit") == []
        assert self.titles("baru") == ["Serba Baru"]

    def test_a_rebuild_that_fails_changes_nothing(self) -> None:
        index = self.backend.get_index_for_model(Book)

        def documents() -> Any:
            yield {"pk": "1"}
            raise ZeroDivisionError

        with suppress(ZeroDivisionError):
            index.replace(documents())
        assert len(self.titles(MATCH_ALL)) == 14

    def test_an_index_of_other_search_fields_asks_for_a_rebuild(self) -> None:
        other = SearchBackend(
            {"PATH": self.backend.place, "SETTINGS": {"analyzer": "plain"}, "ANALYZER": "plain"}
        )
        place = other.get_index_for_model(Book).place
        with (
            mock.patch("searchkit.integrations.modelsearch.opening._indexes", OpenIndexes()),
            self.assertRaisesMessage(
                IndexVersionMismatch,
                f"{place} was built for other search fields than the models have now, or by "
                "another analyzer or version of searchkit; run manage.py "
                "rebuild_modelsearch_index (in Wagtail: update_index)",
            ),
        ):
            other.search("hobbit", Book).count()

    def test_a_backend_is_made_for_each_search_but_its_index_is_opened_once(self) -> None:
        first, second = get_search_backend(), get_search_backend()
        assert first is not second
        found: list[Any] = []
        threads = [
            threading.Thread(target=lambda: found.append(second.get_index_for_model(Book).open()))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {id(index) for index in found} == {id(first.get_index_for_model(Novel).open())}

    def test_a_forked_process_opens_its_own(self) -> None:
        index = self.backend.get_index_for_model(Book)
        before = index.open()
        child = os.fork()
        if child == 0:
            own = opened(index.place, before.schema, self.backend.settings)
            os._exit(0 if own is not before and len(own) == len(before) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


class TestLayout(TestCase):
    def test_the_schema_of_a_model_and_those_that_descend_from_it(self) -> None:
        fields = schema_of(Book, "indonesian").fields
        assert fields["text_10__title"] == Text(weight=10.0)
        assert fields["text__authors__name"] == Text()
        assert fields["text_0_25__characters__name"] == Text(weight=0.25)
        assert fields["autocomplete__setting"] == Text(analyzer="plain")
        assert fields["number__number_of_pages"] == Number(facet=True)
        assert fields["moment__publication_date"] == Moment()
        assert fields["keyword__authors__date_of_birth"] == Keyword(folded=False)
        assert fields["keyword__tags"] == Keyword(folded=False)
        assert fields["keyword__protagonist"] == Keyword(folded=False)
        assert fields["models"] == Keyword(folded=False)
        assert schema_of(Meeting, "plain").fields["number__start_time"] == Number()
        assert schema_of(Meeting, "plain").fields["text__name"] == Text(analyzer="plain")

    def test_a_long_name_is_cut_and_stays_its_own(self) -> None:
        names = {
            column(Book, [RelatedFields("a" * 60, []), kind("title")]).name
            for kind in (SearchField, AutocompleteField, FilterField)
        } | {column(Book, [RelatedFields("a" * 60 + "b", []), SearchField("title")]).name}
        assert len(names) == 4
        assert {len(name) for name in names} == {64}

    def test_values_are_read_as_the_field_has_them(self) -> None:
        language = ProgrammingGuide.get_filterable_search_fields()[-1]
        assert column(ProgrammingGuide, [language]).read("py") == "py"
        pages = column(Book, [FilterField("number_of_pages")])
        assert pages.read("440") == 440
        typed = column(Book, [FilterField("no_field", type="IntegerField")])
        assert typed.read("440") == 440
        assert typed.declared() == Number(facet=True)


class TestSettings(TestCase):
    def test_without_a_path(self) -> None:
        with self.assertRaisesMessage(
            ImproperlyConfigured,
            "the searchkit search backend has no PATH; name a directory for its indexes, as in "
            '{"BACKEND": "searchkit.integrations.modelsearch", "PATH": BASE_DIR / "search"}',
        ):
            SearchBackend({})

    def test_unknown_settings(self) -> None:
        unknown = "Settings.__init__() got an unexpected keyword argument 'analyser'"
        with self.assertRaisesMessage(ImproperlyConfigured, unknown) as raised:
            SearchBackend({"PATH": "index", "SETTINGS": {"analyser": "plain"}})
        message = str(raised.exception)
        assert message.startswith("SETTINGS of the searchkit search backend: ")
        # Some Pythons say before that which argument may have been meant.
        assert message.endswith("; they are arguments of searchkit.Settings")
        with self.assertRaisesMessage(ImproperlyConfigured, "collapse = 'all' must be"):
            SearchBackend({"PATH": "index", "SETTINGS": {"collapse": "all"}})

    def test_places(self) -> None:
        for path, place in {
            "search": "search/searchtests_book",
            "tantivy:///srv/search": "tantivy:///srv/search/searchtests_book",
            "opensearch://host:9200/site": "opensearch://host:9200/site_searchtests_book",
            "opensearch://host/site?a=b": "opensearch://host/site_searchtests_book?a=b",
        }.items():
            assert SearchBackend({"PATH": path}).get_index_for_model(Novel).place == place
