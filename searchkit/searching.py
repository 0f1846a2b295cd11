"""Runs queries: from typed text to a page of hits with fragments."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any, Literal, NamedTuple

from searchkit.analysis import Analyzer
from searchkit.asking import Asked
from searchkit.correcting import Corrector
from searchkit.documents import Article, SidebarItem
from searchkit.documents.blocks import blocks_of
from searchkit.documents.identity import title_key
from searchkit.documents.stored import from_stored
from searchkit.engines.base import (
    ARTICLE,
    ITEM,
    Engine,
    FacetsWanted,
    Match,
    Matches,
    Position,
)
from searchkit.errors import REPAIR, IndexDamaged
from searchkit.filtering import zoned
from searchkit.paging import (
    Cursor,
    changed_meaning,
    digest_of,
    read_cursor,
    to_cursor,
    wrong_search,
)
from searchkit.query import Node, Query, Syntax, distinct_leaves, parse_query
from searchkit.query.expansion import Expander
from searchkit.query.lowering import JAKARTA
from searchkit.query.syntax import All
from searchkit.results import Correction, Fragment, Hit, ResultPage
from searchkit.snippets import Highlighter
from searchkit.snippets.beside import stop_words_beside

FEW = 10
"""Hits up to which a word of a query may be one that is mostly spelled otherwise."""


def search(
    engine: Engine, analyzer: Analyzer, expander: Expander, text: str, asked: Asked
) -> ResultPage:
    """Return the hits of rank `offset + 1` to `offset + limit` for `text`, expanded.

    Without `fragments` the hits are the same but have no marks, blocks and fragments. When no
    document has all the words, documents with some of them are ranked instead and the page says
    so; or, when a word was misspelled and `tolerant`, those of the corrected query, see
    `ResultPage.corrections`. Raises QueryError when the query is beyond its limits
    or the cursor is not one for it.
    """
    started = time.perf_counter()
    cursor = None if asked.cursor is None else read_cursor(asked.cursor)
    today = datetime.now(JAKARTA).date() if cursor is None else cursor.today
    read = partial(parse_query, analyzer=analyzer, today=today, expand=expander.expand)
    query = read(text)
    corrector = Corrector(engine, analyzer, expander.expand, text)
    corrected = corrector.correct()
    meant = read(corrected.text) if corrected else None
    found, of = answer(engine, query, meant, asked, cursor)
    if corrected is None:
        suggestion = spelled_otherwise(engine, corrector, read, found, asked)
    else:
        suggestion = None if of == "typed" else corrected.text
    after = None
    if last := found.matches.last:
        mark = asked.mark(meant if meant and of == "meant" else query, relaxed=found.relaxed)
        after = to_cursor(Cursor(mark, digest_of((found.node,)), today, last))
    taken = corrected.corrections if corrected and of == "meant" else ()
    told = Told(after, suggestion, taken)
    return page_of(engine, analyzer, text, found, asked, started, told)


class Found(NamedTuple):
    """What matches, the node that it was found by, whether that is relaxed, and what was typed."""

    matches: Matches
    node: Node
    relaxed: bool
    syntax: Syntax = All()


class Told(NamedTuple):
    """What a page tells beside its hits, as `ResultPage` has it."""

    next_cursor: str | None = None
    suggestion: str | None = None
    corrections: tuple[Correction, ...] = ()


def page_of(
    engine: Engine,
    analyzer: Analyzer,
    text: str,
    found: Found,
    asked: Asked,
    started: float,
    told: Told | None = None,
) -> ResultPage:
    """Return what was found as a page, with the places where its words stand."""
    matches, node, relaxed, syntax = found
    highlighter = None
    if asked.fragments:
        beside = stop_words_beside(syntax, analyzer)
        highlighter = Highlighter(analyzer, distinct_leaves(node), matches.weights, beside)
    hits = tuple(
        _hit(engine, highlighter, match, rank)
        for rank, match in enumerate(matches.matches, start=matches.before + 1)
    )
    return ResultPage(
        query=text,
        total=matches.total,
        offset=matches.before,
        limit=asked.limit,
        relaxed=relaxed,
        seconds=time.perf_counter() - started,
        hits=hits,
        facets=matches.facets,
        **(told or Told())._asdict(),
    )


def mark(analyzer: Analyzer, expander: Expander, text: str, marked: str, field: str) -> Fragment:
    """Return all of `marked`, the text of `field`, with what matches the query `text`, expanded."""
    query = parse_query(text, analyzer, expand=expander.expand)
    beside = stop_words_beside(query.syntax, analyzer)
    return Highlighter(analyzer, distinct_leaves(query.node), beside=beside).whole(field, marked)


def answer(
    engine: Engine, query: Query, meant: Query | None, asked: Asked, cursor: Cursor | None = None
) -> tuple[Found, Literal["typed", "suggested", "meant"]]:
    """Return what is found, and by which query: as typed, so with `meant` worth a hint, or `meant`.

    `meant` is the query corrected, if there is anything to correct in it.
    """
    if cursor is not None:
        return _continued(engine, query, meant, asked, cursor)
    found = _found(engine, query, asked)
    other = _found(engine, meant, asked) if meant else None
    if other is None or not other.matches.total:
        return found, "typed"
    if asked.tolerant and (found.relaxed or not found.matches.total):
        return other, "meant"
    return found, "suggested"


def spelled_otherwise(
    engine: Engine,
    corrector: Corrector,
    read: Callable[[str], Query],
    found: Found,
    asked: Asked,
) -> str | None:
    """Return the query with rare words as they are mostly spelled, if that finds more; else None.

    Looked into only where `found`, what there is for it, is little: see FEW. `read` parses.
    """
    if found.matches.total > FEW and not found.relaxed:
        return None
    other = corrector.spelled_otherwise()
    if other is None:
        return None
    counted = replace(asked, offset=0, limit=0, cursor=None, facets=FacetsWanted())
    matches, _, relaxed, _ = _found(engine, read(other.text), counted)
    fewer = 0 if found.relaxed else found.matches.total
    return other.text if matches.total > fewer and not relaxed else None


def _continued(
    engine: Engine, query: Query, meant: Query | None, asked: Asked, cursor: Cursor
) -> tuple[Found, Literal["typed", "suggested", "meant"]]:
    """Return what stands after a cursor, in the search that has given it."""
    for reading, relaxed in product((query, meant), (False, True)):
        if reading is None or cursor.search != asked.mark(reading, relaxed=relaxed):
            continue
        node = reading.relaxed().node if relaxed else reading.node
        if asked.sort == "relevance" and cursor.meaning != digest_of((node,)):
            raise changed_meaning()
        matches = _run(engine, node, asked, cursor.position)
        found = Found(matches, node, relaxed, reading.syntax)
        if reading is meant:
            return found, "meant"
        counted = replace(asked, limit=0, facets=FacetsWanted())
        hint = meant is not None and _found(engine, meant, counted).matches.total
        return found, "suggested" if hint else "typed"
    raise wrong_search()


def _found(engine: Engine, query: Query, asked: Asked) -> Found:
    """Return what matches a query, or some of its words when nothing does."""
    matches = _run(engine, query.node, asked)
    if matches.total or query.loose is None:
        return Found(matches, query.node, False, query.syntax)
    loose = query.relaxed().node
    matches = _run(engine, loose, asked)
    return Found(matches, loose, matches.total > 0, query.syntax)


def _run(engine: Engine, node: Node, asked: Asked, after: Position | None = None) -> Matches:
    return engine.search(
        node,
        asked.filters,
        asked.offset,
        asked.limit,
        recency=asked.recency,
        collapse=asked.collapse,
        sort=asked.sort,
        after=after,
        facets=asked.facets,
    )


def _hit(engine: Engine, highlighter: Highlighter | None, match: Match, rank: int) -> Hit:
    stored = match.stored()
    document = read_document(stored)
    blocks = blocks_of(document)
    wholes: dict[str, Fragment] = {}
    if highlighter:
        located = match.located(stored)
        wholes = {
            name: highlighter.whole(name, text, located) for name, text in blocks.items() if text
        }
    first = next(iter(blocks))
    matched = tuple(name for name, fragment in wholes.items() if fragment.marks)
    article = document if isinstance(document, Article) else None
    return Hit(
        rank=rank,
        id=document.id,
        kind=ARTICLE if article else ITEM,
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
        document=document,
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
    return abs((zoned(article.published) - zoned(item.published)).total_seconds())


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
            f"{REPAIR}"
        ) from error
