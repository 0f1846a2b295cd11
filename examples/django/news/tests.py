"""What is committed is found, and nothing else: run by `manage.py test`."""

import tempfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from unittest import mock

from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import TestCase, TransactionTestCase, override_settings

from news.models import Article
from searchkit import IndexLocked, SearchIndex
from searchkit.integrations.django import document_id, search

DAY = datetime(2024, 6, 20, tzinfo=UTC)


class WithIndex(TransactionTestCase):
    """An index of its own for each test."""

    def setUp(self) -> None:
        """Set the place of the index."""
        folder = tempfile.TemporaryDirectory()
        self.index = Path(folder.name) / "index"
        self.enterContext(override_settings(SEARCHKIT_INDEX=self.index))
        self.addCleanup(folder.cleanup)
        search.close()
        self.addCleanup(search.close)

    def headlines(self, query: str = "*") -> list[str]:
        """Return the headlines found."""
        return [hit.headline for hit in search.index.search(query).hits]


def write(headline: str, body: str = "Isi berita.", **more: object) -> Article:
    """Save an article."""
    return Article.objects.create(headline=headline, body=body, published=DAY, **more)


class Signals(WithIndex):
    """The index follows what is committed."""

    def test_saved_changed_and_deleted(self) -> None:
        article = write("Pakta diteken")
        self.assertEqual(self.headlines("pakta"), ["Pakta diteken"])
        article.headline = "Perjanjian batal"
        article.save()
        self.assertEqual(self.headlines(), ["Perjanjian batal"])
        article.delete()
        self.assertEqual(self.headlines(), [])

    def test_a_draft_is_not_found(self) -> None:
        article = Article.objects.create(headline="Konsep", body="Belum terbit.")
        self.assertEqual(self.headlines(), [])
        article.published = DAY
        article.save()
        self.assertEqual(self.headlines(), ["Konsep"])
        article.published = None
        article.save()
        self.assertEqual(self.headlines(), [])

    def test_nothing_of_a_transaction_before_it_is_committed(self) -> None:
        with transaction.atomic():
            write("Pakta diteken")
            self.assertEqual(self.headlines(), [])
        self.assertEqual(self.headlines(), ["Pakta diteken"])

    def test_nothing_of_a_transaction_that_is_rolled_back(self) -> None:
        kept = write("Tetap")
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            write("Pakta diteken")
            kept.delete()
            raise ZeroDivisionError
        self.assertEqual(self.headlines(), ["Tetap"])

    def test_nothing_of_a_savepoint_that_is_rolled_back(self) -> None:
        with transaction.atomic():
            write("Satu")
            with self.assertRaises(ZeroDivisionError), transaction.atomic():
                write("Dua")
                raise ZeroDivisionError
            with transaction.atomic():
                write("Tiga")
            write("Empat")
        self.assertEqual(sorted(self.headlines()), ["Empat", "Satu", "Tiga"])

    def test_what_is_committed_counts_not_what_was_saved_first(self) -> None:
        with transaction.atomic():
            article = write("Satu")
            Article.objects.filter(pk=article.pk).update(headline="Dua")
            article.headline = "never saved"
        self.assertEqual(self.headlines(), ["Dua"])

    def test_many_changes_of_a_transaction_are_one_commit_of_the_index(self) -> None:
        with mock.patch.object(
            SearchIndex, "add", autospec=True, side_effect=SearchIndex.add
        ) as add:
            with transaction.atomic():
                for number in range(20):
                    write(f"Berita {number}")
            self.assertEqual(add.call_count, 1)
        self.assertEqual(search.index.search("berita").total, 20)

    def test_an_index_that_cannot_be_written_fails_no_request(self) -> None:
        with (
            mock.patch.object(SearchIndex, "add", side_effect=IndexLocked("it is locked")),
            self.assertLogs("django.db.backends.base", "ERROR") as logged,
        ):
            write("Pakta diteken")
        self.assertIn("it is locked", logged.output[0])
        self.assertTrue(Article.objects.exists())
        self.assertEqual(self.headlines(), [])
        self.assertEqual(search.sync(), 1)
        self.assertEqual(self.headlines(), ["Pakta diteken"])

    def test_what_sends_no_signals_is_told_or_found(self) -> None:
        first, second = Article.objects.bulk_create(
            Article(headline=headline, published=DAY) for headline in ("Satu", "Dua")
        )
        self.assertEqual(self.headlines(), [])
        search.update([first])
        self.assertEqual(self.headlines(), ["Satu"])
        Article.objects.filter(pk=first.pk).delete()
        self.assertEqual(self.headlines(), [])
        self.assertEqual(search.sync(), 1)
        self.assertEqual(self.headlines(), ["Dua"])
        self.assertEqual(
            search.objects(search.index.search("dua").hits), {document_id(second): second}
        )


class Commands(WithIndex):
    """What is run at a terminal."""

    def run_command(self, *arguments: str) -> str:
        """Return what a command prints."""
        output = StringIO()
        call_command(*arguments, stdout=output)
        return output.getvalue().strip()

    def test_samples_are_loaded_once(self) -> None:
        self.assertRegex(
            self.run_command("load_samples"), r"^\d\d articles are loaded and indexed\.$"
        )
        self.assertIn("already", self.run_command("load_samples"))
        self.assertEqual(search.index.search("*").total, Article.objects.count())

    def test_sync_and_rebuild(self) -> None:
        Article.objects.bulk_create(
            Article(headline=f"Berita {number}", published=DAY) for number in range(3)
        )
        self.assertEqual(
            self.run_command("searchkit", "sync"), "3 articles were not in step, and are now."
        )
        self.assertEqual(self.run_command("searchkit", "rebuild"), "3 articles are indexed.")
        self.assertEqual(search.index.search("berita").total, 3)

    def test_an_error_is_said_without_a_traceback(self) -> None:
        self.index.mkdir()
        (self.index / "letter.txt").write_text("Dear Sir or Madam,")
        with self.assertRaisesRegex(CommandError, "not empty"):
            self.run_command("searchkit", "rebuild")

    def test_a_missing_setting_is_named(self) -> None:
        with (
            override_settings(SEARCHKIT_INDEX=None),
            self.assertRaisesRegex(ImproperlyConfigured, "SEARCHKIT_INDEX is not set"),
        ):
            self.run_command("searchkit", "sync")


class Pages(WithIndex):
    """What readers and editors see."""

    def test_hits_are_escaped_and_marked(self) -> None:
        write("Pakta <script>alert(1)</script>", "Parlemen mendukung <b>pakta</b>.")
        shown = self.client.get("/", {"q": "dukungan pakta"})
        self.assertContains(shown, "<mark>Pakta</mark> &lt;script&gt;alert(1)&lt;/script&gt;")
        self.assertContains(shown, "<mark>mendukung</mark> &lt;b&gt;<mark>pakta</mark>&lt;/b&gt;")
        self.assertNotContains(shown, "<script>")

    def test_an_article_has_the_words_of_the_query_marked(self) -> None:
        article = write("Pakta diteken", "Baris satu.\n\nParlemen mendukung.")
        write("Pakta lain", "Parlemen mendukung pakta.")
        found = self.client.get("/?q=dukungan").context["found"].hits[0]
        shown = self.client.get(f"{article.get_absolute_url()}?q=dukungan")
        self.assertContains(shown, "<p>Parlemen <mark>mendukung</mark>.</p>")
        self.assertContains(shown, "Similar articles")
        self.assertEqual(self.client.get(found.url).status_code, 200)

    def test_a_draft_and_what_is_not_there_cannot_be_read(self) -> None:
        draft = Article.objects.create(headline="Konsep")
        self.assertEqual(self.client.get(draft.get_absolute_url()).status_code, 404)
        self.assertEqual(self.client.get("/articles/99/").status_code, 404)

    def test_pages_and_facets(self) -> None:
        with transaction.atomic():
            for number in range(12):
                write(f"Berita {number}", section="Dunia" if number else "Seni")
        first = self.client.get("/?q=berita")
        self.assertContains(first, 'rel="next" href="?q=berita&amp;page=2"')
        second = self.client.get("/?q=berita&page=2")
        self.assertEqual([hit.rank for hit in second.context["found"].hits], [11, 12])
        self.assertContains(first, 'href="?q=berita&amp;section=Seni"')
        narrowed = self.client.get("/?q=berita&section=Seni")
        self.assertEqual(narrowed.context["found"].total, 1)
        self.assertContains(narrowed, '<a href="?q=berita" aria-current="true">Seni</a> 1')

    def test_odd_requests(self) -> None:
        self.assertEqual(self.client.get("/?page=x").status_code, 200)
        self.assertEqual(self.client.get(f"/?page={'9' * 5000}").status_code, 200)
        refused = self.client.get("/?page=9999999")
        self.assertContains(refused, "out of bounds", status_code=400)

    def test_what_is_written_in_the_admin_is_found(self) -> None:
        self.client.force_login(User.objects.create_superuser("editor"))
        values = {"headline": "Dari meja redaksi", "body": "Isi.", "published_0": "2024-06-20"}
        saved = self.client.post("/admin/news/article/add/", values | {"published_1": "09:30"})
        self.assertEqual(saved.status_code, 302)
        self.assertEqual(self.headlines("redaksi"), ["Dari meja redaksi"])
        article = Article.objects.get()
        chosen = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
        self.client.post("/admin/news/article/", chosen)
        self.assertEqual(self.headlines("redaksi"), [])


class InOneTransaction(WithIndex, TestCase):
    """The quicker tests of Django, of which nothing is ever committed."""

    def test_commits_are_captured(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            write("Pakta diteken")
        self.assertEqual(self.headlines(), ["Pakta diteken"])
