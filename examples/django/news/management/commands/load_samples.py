"""`manage.py load_samples`."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from news.models import Article
from searchkit import Page
from searchkit.documents.reading import read_sources
from searchkit.integrations.django import search
from searchkit.samples import sample_pages


class Command(BaseCommand):
    """Fill an empty database with the articles that come with searchkit."""

    help = "Fill an empty database with the articles that come with searchkit."

    def handle(self, **_: object) -> None:
        """Do it."""
        if Article.objects.exists():
            self.stdout.write("There are articles already; nothing was loaded.")
            return
        pages = (page for page in read_sources([sample_pages()]) if isinstance(page, Page))
        Article.objects.bulk_create(
            Article(
                headline=sample.headline,
                body=sample.text,
                section=sample.section,
                reporter=sample.reporter,
                published=sample.published or timezone.now(),
            )
            for sample in (page.article for page in pages)
            if sample is not None
        )
        # bulk_create sends no signals.
        self.stdout.write(f"{search.sync()} articles are loaded and indexed.")
