"""Tests of the magazine: `python manage.py test`."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import TestCase
from django.utils.html import strip_tags

from majalah.models import ArticlePage, FrontPage


class TestMagazine(TestCase):
    """The pages, with the samples loaded."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Load the samples."""
        call_command("load_samples", verbosity=0)

    def setUp(self) -> None:
        """Index what is there now: a transaction of the database is none of the index."""
        call_command("update_index", verbosity=0)
        self.front = FrontPage.objects.get()

    def page(self, address: str = "/", **asked: Any) -> str:
        """Return the HTML at an address."""
        answer = self.client.get(address, asked, headers={"host": "localhost"})
        self.assertEqual(answer.status_code, 200)
        return str(answer.content, "utf-8")

    def titles(self, **asked: Any) -> list[str]:
        """Return the titles of the hits of a search."""
        return [
            unescape(strip_tags(title))
            for title in re.findall(r"<h2><a.*?</h2>", self.page(**asked))
        ]

    def write(self, title: str, **fields: Any) -> ArticlePage:
        """Publish an article, as the admin does."""
        article = ArticlePage(title=title, **fields)
        self.front.add_child(instance=article)
        article.save_revision().publish()
        return article

    def test_without_a_query_the_newest_articles_are_shown(self) -> None:
        """They fill pages."""
        self.write("Baru Saja", published=datetime(2030, 1, 1, tzinfo=UTC))
        first, second = self.titles(), self.titles(page=2)
        self.assertEqual(first[0], "Baru Saja")
        self.assertEqual((len(first), len(second)), (10, 10))
        self.assertFalse(set(first) & set(second))

    def test_search_marks_what_it_finds(self) -> None:
        """In titles and texts, by stems."""
        shown = self.page(q="subsidi pupuk")
        self.assertIn("<mark>Subsidi</mark> <mark>Pupuk</mark> Rp5,6 Triliun", shown)
        self.assertEqual(self.titles(q="mensubsidi pupuknya"), self.titles(q="subsidi pupuk"))
        self.assertIn("0 found for “zzzz”", self.page(q="zzzz"))

    def test_a_section_narrows_down(self) -> None:
        """Its count is that of its hits."""
        shown = self.page(q="pemerintah")
        counts = dict(re.findall(r"section=\w+\">(\w+)</a> (\d+)", shown))
        self.assertIn(f"{counts['Dunia']} found", self.page(q="pemerintah", section="Dunia"))

    def test_what_is_written_is_searched_until_it_is_unpublished(self) -> None:
        """And what is changed is found as it is now."""
        article = self.write("Gerhana <di> Tanimbar", body="Bulan tertutup bayangan.")
        self.assertIn("<mark>Gerhana</mark> &lt;di&gt; Tanimbar", self.page(q="gerhana"))
        article.body = "Matahari tertutup bayangan."
        article.save_revision().publish()
        self.assertEqual(self.titles(q="gerhana bulan"), [])
        self.assertEqual(self.titles(q="gerhana matahari"), ["Gerhana <di> Tanimbar"])
        article.unpublish()
        self.assertEqual(self.titles(q="gerhana tanimbar"), [])

    def test_completions(self) -> None:
        """Titles with words that begin so."""
        answer = self.client.get("/complete/", {"q": "subs pup"}, headers={"host": "localhost"})
        self.assertEqual(
            answer.json()["completions"],
            ["Pemerintah Tambah Subsidi Pupuk Rp5,6 Triliun dalam APBN Perubahan"],
        )

    def test_the_admin_is_searched_by_the_same_index(self) -> None:
        """While words are typed."""
        self.client.force_login(get_user_model().objects.create_superuser("redaktur"))
        for more in ({}, {"ordering": "title"}, {"ordering": "-latest_revision_created_at"}):
            self.assertIn(
                "Tambah Subsidi Pupuk", self.page("/admin/pages/search/", q="subs", **more)
            )

    def test_samples_are_loaded_once(self) -> None:
        """Whatever was written since."""
        call_command("load_samples", verbosity=0)
        self.assertEqual(FrontPage.objects.count(), 1)
