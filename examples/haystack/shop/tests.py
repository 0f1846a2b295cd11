"""What is found: run by `manage.py test`."""

import tempfile
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import TestCase, override_settings
from haystack import connections
from haystack.query import SearchQuerySet

from shop.models import Product


class Shop(TestCase):
    """An index of its own for each test."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        connection = settings.HAYSTACK_CONNECTIONS["default"] | {"PATH": Path(folder.name) / "i"}
        self.enterContext(override_settings(HAYSTACK_CONNECTIONS={"default": connection}))
        connections.reload("default")
        self.addCleanup(connections.reload, "default")
        call_command("load_samples", stdout=StringIO())

    def names(self, **asked: object) -> list[str]:
        """Return the names of the products on a page."""
        return [result.name for result in self.client.get("/", asked).context["page_obj"]]


class Searching(Shop):
    """The pages, as people ask for them."""

    def test_words_in_any_form(self) -> None:
        self.assertIn("Sepeda Lipat Camar 16 inci", self.names(q="bersepeda kantor"))
        self.assertIn("Ransel Rinjani 40 Liter", self.names(q="mendaki"))
        self.assertNotIn("Ransel Rinjani 40 Liter", self.names(q="mendaki -ransel"))
        self.assertEqual(self.names(q="zebra"), [])
        self.assertEqual(len(self.names()), 10)
        self.assertEqual(self.names(page=3), sorted(self.names(page=3)))

    def test_marks_are_safe(self) -> None:
        page = self.client.get("/", {"q": "asli"})
        self.assertContains(page, "&lt;<em>asli</em>&gt;")
        self.assertNotContains(page, "<asli>")

    def test_facets_narrow(self) -> None:
        narrower = dict(self.client.get("/").context["narrower"])
        (rinjani,) = [each for each in narrower["brand"] if each[0] == "Rinjani"]
        self.assertEqual(rinjani[1:3], (5, False))
        found = self.client.get("/", {"selected_facets": rinjani[3]})
        self.assertEqual(found.context["page_obj"].paginator.count, 5)
        self.assertContains(found, 'aria-current="true">Rinjani</a> 5')
        both = [*rinjani[3], "category_exact:Sepatu"]
        self.assertEqual(self.names(selected_facets=both), ["Sepatu Gunung Rinjani"])

    def test_orders(self) -> None:
        self.assertEqual(self.names(q="sepatu", order="cheapest")[0], "Sandal Jepit Elang")
        self.assertEqual(self.names(q="sepatu", order="dearest")[0], "Sepatu Gunung Rinjani")

    def test_did_you_mean(self) -> None:
        page = self.client.get("/", {"q": "perjalanaan"})
        self.assertContains(page, "?q=perjalanan")

    def test_a_product_and_those_like_it(self) -> None:
        product = Product.objects.get(name="Senter Kepala Kunang")
        page = self.client.get(product.get_absolute_url())
        alike = [result.name for result in page.context["alike"]]
        self.assertTrue(alike)
        self.assertNotIn(product.name, alike)

    def test_completions(self) -> None:
        names = self.client.get("/suggest/", {"q": "sepeda g"}).json()["names"]
        self.assertEqual(names, ["Sepeda Gunung Rinjani 27,5 inci"])
        self.assertEqual(self.client.get("/suggest/").json(), {"names": []})


class Keeping(Shop):
    """The index follows what is saved."""

    def test_saved_changed_and_deleted(self) -> None:
        def found(query: str) -> int:
            return int(SearchQuerySet().auto_query(query).count())

        product = Product.objects.create(name="Payung", brand="Camar", category="Rumah", price=1)
        self.assertEqual(found("payung"), 1)
        product.name = "Topi"
        product.save()
        self.assertEqual((found("payung"), found("topi")), (0, 1))
        product.delete()
        self.assertEqual(found("topi"), 0)
