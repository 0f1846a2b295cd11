"""How articles are indexed: all that the project has to say about it."""

import searchkit
from news.models import Article
from searchkit.integrations.django import search


@search.register(Article)
def to_article(article: Article) -> searchkit.Article | None:
    """Return what is to be found of an article; nothing of a draft."""
    if article.published is None:
        return None
    return searchkit.Article(
        headline=article.headline,
        body=tuple(article.paragraphs),
        section=article.section,
        reporter=article.reporter,
        published=article.published,
        url=article.get_absolute_url(),
    )
