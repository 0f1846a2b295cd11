"""The index of a connection: where it is, what it is made of, and what goes wrong with it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from haystack import indexes
from haystack.exceptions import SearchBackendError
from haystack.inputs import AltParser
from haystack.query import SearchQuerySet

from searchkit import IndexVersionMismatch, SettingsError
from searchkit.integrations.haystack import SearchkitSearchBackend
from tests.integrations.haystack.own.shop import ShopIndex, ShopTestCase, shop_objects
from tests.integrations.haystack.ported.models import AnotherMockModel, MockModel


class OtherIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True)

    def get_model(self) -> type[Any]:
        return AnotherMockModel


class TunedIndex(OtherIndex):
    name = indexes.CharField(analyzer=len)


class KeepingTests(ShopTestCase):
    def backend_of(self, **options: Any) -> SearchkitSearchBackend:
        return SearchkitSearchBackend("default", **{"PATH": self.backend.place} | options)

    def test_a_connection_needs_a_place(self) -> None:
        with self.assertRaisesMessage(ImproperlyConfigured, "set 'PATH' or 'URL' of connection"):
            SearchkitSearchBackend("default")

    def test_settings_must_be_those_of_searchkit(self) -> None:
        with self.assertRaisesMessage(ImproperlyConfigured, "give a dict of settings of searchkit"):
            self.backend_of(SETTINGS={"speed": 11})
        with self.assertRaisesMessage(ImproperlyConfigured, "memory_mb = '1 GB' must be a number"):
            self.backend_of(SETTINGS={"memory_mb": "1 GB"})
        with self.assertRaisesMessage(SettingsError, "there is no analyzer 'klingon'"):
            place = str(Path(self.backend.place).with_name("other"))
            self.backend_of(PATH=place, ANALYZER="klingon").index()

    def test_other_engines(self) -> None:
        place = Path(self.backend.place).with_name("tantivy")
        backend = self.backend_of(URL=f"tantivy://{place}", PATH=None)
        backend.clear()
        backend.update(self.shop, shop_objects())
        found = backend.search("batik", facets=["tags_exact"], sort_by=["-stock"], highlight=True)
        assert [result.pk for result in found["results"]] == ["2", "1"]
        assert found["facets"]["fields"]["tags_exact"][0] == ("batik", 2)

    def test_other_fields_need_the_index_made_anew(self) -> None:
        self.declare(ShopIndex(), OtherIndex())
        assert self.backend.search("batik")["hits"] == 2
        self.declare(OtherIndex())
        with self.assertLogs("haystack", "ERROR") as logs:
            quiet = self.backend_of(SILENTLY_FAIL=True)
            assert quiet.search("batik")["results"] == []
            quiet.update(OtherIndex(), [AnotherMockModel(pk=1)])
            quiet.remove("core.mockmodel.1")
            assert quiet.more_like_this(MockModel(pk=1)) == {"results": [], "hits": 0}
            with self.assertRaisesMessage(IndexVersionMismatch, "run manage.py rebuild_index"):
                self.backend.search("batik")
        assert len(logs.records) == 5
        assert "searching 'batik' failed" in logs.output[0]
        self.backend.clear()
        assert self.backend.search("*")["hits"] == 0

    def test_fields_that_cannot_be(self) -> None:
        self.declare(TunedIndex())
        with self.assertRaisesMessage(SearchBackendError, "give the name of an analyzer"):
            self.backend.index()
        self.declare()
        with self.assertRaisesMessage(SearchBackendError, "a field with document=True"):
            self.backend.search("batik")

        class Named(OtherIndex):
            Text = indexes.CharField()

        self.declare(Named())
        with self.assertRaisesMessage(SearchBackendError, "differ by no more than case"):
            self.backend.index()

    def test_models_that_are_indexed_no_longer_are_left_out(self) -> None:
        self.declare(self.shop, OtherIndex())
        other = OtherIndex()
        other.prepare_text = lambda _obj: "batik"
        self.backend.update(other, [AnotherMockModel(pk=7)])
        assert self.backend.search("batik")["hits"] == 3
        self.declare(self.shop)
        assert self.backend.search("batik")["hits"] == 2
        found = self.backend.search("batik", limit_to_registered_models=False)
        assert (found["hits"], len(found["results"])) == (2, 2)

    def test_what_searchkit_does_not_do(self) -> None:
        with self.assertRaisesMessage(SearchBackendError, "does not search by distance"):
            self.backend.search("batik", dwithin={"field": "place"})
        with self.assertRaisesMessage(SearchBackendError, "has no parser 'dismax'"):
            SearchQuerySet().filter(content=AltParser("dismax", "batik")).count()

    def test_the_index_is_where_the_settings_say(self) -> None:
        assert self.backend.place == settings.HAYSTACK_CONNECTIONS["default"]["PATH"]
        self.backend.remove("core.mockmodel.1")
        call_command("clear_index", interactive=False, verbosity=0)
        assert len(self.backend.index()) == 0
