"""The pages: search and read."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from news.models import Article
from searchkit import DocumentNotFound, Hit, QueryError
from searchkit.integrations.django import document_id, search

FACETS = ("section", "month")
PAGE = 10


def find(request: HttpRequest) -> HttpResponse:
    """Show what is found for the query `q`, or the newest articles."""
    query = request.GET.get("q", "").strip()
    chosen = {facet: request.GET.getlist(facet) for facet in FACETS}
    typed = request.GET.get("page", "")
    number = int(typed) if typed.isdecimal() and len(typed) < 9 else 1
    try:
        found = search.index.search(
            query or "*",
            limit=PAGE,
            offset=max(number - 1, 0) * PAGE,
            sort="relevance" if query else "newest",
            section=chosen["section"],
            month=chosen["month"],
            facets=FACETS,
            multi_select=True,
        )
    except QueryError as error:
        return render(request, "news/refused.html", {"query": query, "error": error}, status=400)
    pages = Paginator(range(found.total), PAGE)
    return render(
        request,
        "news/find.html",
        {
            "query": query,
            "meant": found.suggestion if found.corrections else query,
            "found": found,
            "facets": [(facet, found.facets[facet], chosen[facet]) for facet in FACETS],
            "page": pages.get_page(number),
        },
    )


def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an article, the words of the query `q` marked."""
    article = get_object_or_404(Article, pk=pk, published__isnull=False)
    query = request.GET.get("q", "")
    index = search.index
    return render(
        request,
        "news/read.html",
        {
            "article": article,
            "query": query,
            "headline": index.mark(query, article.headline, "headline"),
            "paragraphs": [index.mark(query, text, "body") for text in article.paragraphs],
            "similar": _similar(article),
        },
    )


def _similar(article: Article) -> Sequence[Hit]:
    try:
        return search.index.similar(document_id(article), limit=5, fragments=False).hits
    except DocumentNotFound:  # not yet in the index
        return ()
