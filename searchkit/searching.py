"""Runs queries: from typed text to a page of hits with fragments."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from searchkit.analysis import Analyzer
from searchkit.documents import Article, SidebarItem
from searchkit.documents.blocks import blocks_of
from searchkit.documents.identity import title_key
from searchkit.documents.stored import from_stored
from searchkit.engines.base import ARTICLE, Collapse, Engine, Filters, Match, Matches, Recency
from searchkit.errors import IndexDamaged
from searchkit.query import Node, Query, leaves, parse_query
from searchkit.query.expansion import Expander
from searchkit.results import Fragment, Hit, ResultPage
from searchkit.snippets import Highlighter


def search(
    engine: Engine,
    analyzer: Analyzer,
    expander: Expander,
    text: str,
    filters: Filters,
    offset: int,
    limit: int,
    *,
    recency: Recency | None = None,
    collapse: Collapse = "off",
    fragments: bool = True,
) -> ResultPage:
    """Return the hits of rank `offset + 1` to `offset + limit` for `text`, expanded.

    Without `fragments` the hits are the same but have no marks, blocks and fragments. When no
    document has all the words, documents with some of them are ranked instead and the page says
    so. Raises QueryError when the query is beyond its limits.
    """
    started = time.perf_counter()
    query = parse_query(text, analyzer, expand=expander.expand)

    def run(node: Node) -> Matches:
        return engine.search(node, filters, offset, limit, recency=recency, collapse=collapse)

    matches, relaxed = _matches(run, query)
    wanted = list(dict.fromkeys(leaves(query.node)))
    hits = tuple(
        _hit(engine, Highlighter(analyzer, wanted) if fragments else None, match, offset + n)
        for n, match in enumerate(matches.matches, start=1)
    )
    return ResultPage(
        query=text,
        total=matches.total,
        offset=offset,
        limit=limit,
        relaxed=relaxed,
        seconds=time.perf_counter() - started,
        hits=hits,
    )


def _matches(run: Callable[[Node], Matches], query: Query) -> tuple[Matches, bool]:
    matches = run(query.node)
    if matches.total or query.loose is None:
        return matches, False
    relaxed = run(query.relaxed().node)
    return relaxed, relaxed.total > 0


def _hit(engine: Engine, highlighter: Highlighter | None, match: Match, rank: int) -> Hit:
    document = read_document(match.stored)
    blocks = blocks_of(document)
    wholes: dict[str, Fragment] = {}
    if highlighter:
        wholes = {name: highlighter.whole(name, text) for name, text in blocks.items() if text}
    first = next(iter(blocks))
    matched = tuple(name for name, fragment in wholes.items() if fragment.marks)
    article = document if isinstance(document, Article) else None
    return Hit(
        rank=rank,
        id=document.id,
        kind=match.stored["kind"],
        score=match.score,
        title=wholes.get(first) or Fragment(first, blocks[first]),
        fragments=_fragments(highlighter, blocks, matched) if highlighter else (),
        blocks=matched,
        published=document.published,
        section=article.section if article else "",
        source=document.source,
        reporter=article.reporter if article else "",
        url=document.url,
        seen=() if isinstance(document, Article) else document.seen,
        article_id="" if isinstance(document, Article) else linked_article(engine, document),
        copies=match.copies,
    )


def _fragments(
    highlighter: Highlighter, blocks: dict[str, str], matched: tuple[str, ...]
) -> tuple[Fragment, ...]:
    """Return fragments of the running text that matched, else the opening of the body."""
    for name in ("body", "caption", "teaser"):
        if name in matched:
            return highlighter.best(name, blocks[name])
    for name in ("body", "teaser"):
        if text := blocks.get(name):
            return (highlighter.opening(name, text),)
    return ()


def linked_article(engine: Engine, item: SidebarItem) -> str:
    """Return the id of the article with the title of `item`; "" if it is not indexed.

    Of several, the one nearest in time to the item is meant.
    """
    candidates = [
        article for article in _titled(engine, item.title) if isinstance(article, Article)
    ]
    if not candidates:
        return ""
    return min(candidates, key=lambda article: (_distance(article, item), article.id)).id


def _distance(article: Article, item: SidebarItem) -> float:
    if article.published is None or item.published is None:
        return float("inf")
    return abs((article.published - item.published).total_seconds())


def _titled(engine: Engine, title: str) -> Iterator[Article | SidebarItem]:
    for stored in engine.find("title", title_key(title)):
        if stored.get("kind") == ARTICLE:
            yield read_document(stored)


def read_document(stored: dict[str, Any]) -> Article | SidebarItem:
    """Return the document of a stored object; IndexDamaged if it is not one."""
    try:
        return from_stored(stored)
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(
            f"a stored document is not as searchkit wrote it ({type(error).__name__}: {error}); "
            "rebuild the index with `searchkit index --rebuild`"
        ) from error
