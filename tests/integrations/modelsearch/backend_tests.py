"""modelsearch's own tests of a search backend, run on ours: see test_modelsearch.py beside."""

from datetime import date
from typing import Any

from django.test import TestCase
from modelsearch.test.testapp import models
from modelsearch.tests.elasticsearch_common_tests import ElasticsearchCommonSearchBackendTests
from modelsearch.tests.test_backends import BackendTests


class TestSearchkitBackend(ElasticsearchCommonSearchBackendTests, TestCase):
    """`BackendTests`, with what the tests of Elasticsearch add to it; all as they are but these."""

    backend_path = "searchkit.integrations.modelsearch"

    # What is skipped or expected to fail there, and is not here.
    test_order_by_expression = BackendTests.test_order_by_expression

    def test_reset_indexes(self) -> None:
        self.backend.reset_indexes()
        assert self.backend.search("JavaScript", models.Book).count() == 0

    # What is said there of Elasticsearch only.

    def test_all_indexes(self) -> None:
        """The indexes have names of their own there."""
        names = [index.get_key().rpartition("/")[2] for index in self.backend.all_indexes()]
        assert names == [
            "searchtests_author",
            "searchtests_book",
            "searchtests_character",
            "searchtests_advertwithcustomuuidprimarykey",
            "searchtests_meeting",
            "searchtests_mpanimal",
            "searchtests_nsanimal",
        ]

    def test_ascii_folding(self) -> None:
        """There an ø is an o, which to searchkit is a letter of its own; accents are left out."""
        day = date(2017, 10, 19)
        book = models.Book.objects.create(title="Ĥéllo", publication_date=day, number_of_pages=1)
        self.backend.add(book)
        assert [found.title for found in self.backend.autocomplete("Hello", models.Book)] == [
            "Ĥéllo"
        ]

    def test_filter_with_unsupported_lookup_type(self) -> None:
        """There are none: see `own_tests`."""
        books: Any = models.Book.objects.filter(title__iregex="h(o)bbit")
        assert [book.title for book in self.backend.search("hobbit", books)] == ["The Hobbit"]
