"""The pages of the magazine, and what of them is searched."""

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from majalah.finding import found


class FrontPage(Page):
    """The front page, on which articles are searched; the newest are on it."""

    subpage_types = ("majalah.ArticlePage",)
    max_count = 1

    def get_context(self, request: HttpRequest) -> dict[str, object]:
        """Return what the template is given, with what was asked for by `request`."""
        articles = ArticlePage.objects.live().child_of(self)
        return {**super().get_context(request), **found(articles, request.GET)}


class ArticlePage(Page):
    """An article."""

    body = models.TextField(blank=True)
    section = models.CharField(max_length=100, blank=True)
    reporter = models.CharField(max_length=100, blank=True)
    published = models.DateTimeField(null=True, blank=True)

    # The title, and what Wagtail itself asks for, are in Page.search_fields.
    search_fields = (
        *Page.search_fields,
        index.SearchField("body"),
        index.SearchField("reporter", boost=2),
        index.FilterField("section"),
        index.FilterField("published"),
    )
    content_panels = (
        *Page.content_panels,
        FieldPanel("body"),
        FieldPanel("section"),
        FieldPanel("reporter"),
        FieldPanel("published"),
    )
    parent_page_types = ("majalah.FrontPage",)
    subpage_types = ()
