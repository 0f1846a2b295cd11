"""Fills the magazine with the articles that come with searchkit."""

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import Page, Site

from majalah.models import ArticlePage, FrontPage
from searchkit import Page as ReadPage
from searchkit.documents.reading import read_sources
from searchkit.samples import sample_pages


class Command(BaseCommand):
    """Make the front page the home page of the site, with the sample articles below it."""

    help = "Fills an empty magazine with the articles that come with searchkit."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load them, once."""
        if FrontPage.objects.exists():
            self.stdout.write("There is a front page already; nothing was loaded.")
            return
        front = FrontPage(title="Majalah", slug="majalah")
        Page.get_first_root_node().add_child(instance=front)
        site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
        site.root_page, site.hostname, site.site_name = front, "localhost", "Majalah"
        site.save()
        for read in read_sources([sample_pages()]):
            if isinstance(read, ReadPage) and read.article:
                article = read.article
                front.add_child(
                    instance=ArticlePage(
                        title=article.headline,
                        body=article.text,
                        section=article.section or "",
                        reporter=article.reporter or "",
                        published=article.published,
                    )
                )
        self.stdout.write(f"{ArticlePage.objects.count()} articles are loaded and indexed.")
