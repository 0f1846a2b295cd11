"""The search of the magazine."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL

PAGE = 10


def found(articles: Any, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what is found of the articles for the query `q`, and counts of sections.

    If a `section` is named it is what is found there; `page` is the number of the page.

    Without a query these are all articles, the newest first.
    """
    query = asked.get("q", "").strip()
    section = asked.get("section", "")
    counts = _search(query, articles).facet("section")
    if section:
        articles = articles.filter(section=section)
    results = _search(query, articles).annotate_fragments("fragments")
    return {
        "query": query,
        "section": section,
        "sections": [(name, count) for name, count in counts.items() if name],
        "found": Paginator(results, PAGE).get_page(asked.get("page")),
    }


def completions(articles: Any, typed: str) -> list[str]:
    """Return titles that have words which begin as those that are being typed; the best first."""
    results = get_search_backend().autocomplete(typed, articles)[:8]
    return [article.title for article in results]


def _search(query: str, articles: Any) -> Any:
    if query:
        return articles.search(query)
    return articles.search(MATCH_ALL, order_by="-published")
