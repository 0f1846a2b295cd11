"""What the templates are given: hits, facets, pages and documents, ready to be shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from searchkit.documents import Article, SidebarItem
from searchkit.errors import DocumentNotFound, QueryError
from searchkit.results import Fragment, ResultPage
from searchkit.search_index import SearchIndex
from searchkit.web.facets import FACET_LIMIT
from searchkit.web.language import Wording
from searchkit.web.page_query import FACETS, MOST_PAGES, PAGE_SIZE, PageQuery
from searchkit.wording.dates import format_date, format_moment

ITEMS_SHOWN = 5
"""Items of sidebars shown beside the articles."""

SIMILAR_SHOWN = 5
MOST_COPIES = 10
MOST_BESIDE = 60
_AROUND = 2  # pages named on either side of the one shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An item seen beside an article: its title, and the document that tells of it."""

    title: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a query found: hits, on the first page of articles items beside them (None if none).

    `answered` is the query that was answered: it differs where a slip in it was corrected, or its
    last word is not taken as the beginning of one after all.
    """

    hits: ResultPage
    items: ResultPage | None
    answered: PageQuery


def search(index: SearchIndex, query: PageQuery) -> Found:
    """Return what a query finds.

    What is still being typed is answered by words that begin so, when there are such; else as it
    stands.
    """
    if query.prefix:
        found = _hits(index, query, tolerant=False)
        if found.total and not found.relaxed:
            # What could be meant instead was made of the query with its word finished.
            found = replace(found, suggestion=None)
            return Found(hits=found, items=_items(index, query, found), answered=query)
        query = query.having(prefix=False, page=query.page, cursor=query.cursor)
    found = _hits(index, query)
    if found.corrections and found.suggestion:
        # What was found by another word is asked for by that word from here on.
        query = query.having(text=found.suggestion, page=query.page, cursor=query.cursor)
    return Found(hits=found, items=_items(index, query, found), answered=query)


def _hits(index: SearchIndex, query: PageQuery, **options: Any) -> ResultPage:
    counted = FACETS[query.kind]
    asked = query.arguments() | options
    return index.search(
        query.words, facets=counted, facet_limit=FACET_LIMIT, multi_select=True, **asked
    )


def _items(index: SearchIndex, query: PageQuery, found: ResultPage) -> ResultPage | None:
    if query.kind == "item" or query.blank or query.page > 1 or query.cursor:
        return None
    if any(field not in FACETS["item"] for field in query.chosen):
        return None  # an item has no section: none of them can match
    item_query = query.having(kind="item", exact=True)
    items = index.search(item_query.words, **(item_query.arguments() | {"limit": ITEMS_SHOWN}))
    if items.relaxed and found.total and not found.relaxed:
        return None  # beside articles with all of the words, some of them tell nothing
    return items if items.total else None


def numbers(query: PageQuery, total: int) -> list[int | None]:
    """Return the numbers of the pages to name, None for a gap; [] if there is only one."""
    last = min(MOST_PAGES, -(-total // PAGE_SIZE))
    if last < 2:
        return []
    near = range(max(1, query.page - _AROUND), min(last, query.page + _AROUND) + 1)
    shown: list[int | None] = []
    for number in sorted({1, *near, last}):
        if shown and number - (shown[-1] or 0) > 1:
            shown.append(None)
        shown.append(number)
    return shown


def after(page: ResultPage, query: PageQuery) -> PageQuery | None:
    """Return the query for the hits after these; None if there are none."""
    if page.offset + len(page.hits) >= page.total:
        return None
    if query.cursor or query.page >= MOST_PAGES:
        return query.having(cursor=page.next_cursor) if page.next_cursor else None
    return query.having(page=query.page + 1)


def copies(index: SearchIndex, ids: tuple[str, ...]) -> list[Article]:
    """Return the first of the copies that a hit stands for, less those deleted meanwhile."""
    found = (_document(index, document_id) for document_id in ids[:MOST_COPIES])
    return [document for document in found if isinstance(document, Article)]


def day(moment: datetime | None, say: Wording) -> str:
    """Return the day of a hit in words; "" if it has none."""
    return format_date(moment, say.language) if moment else ""


def moment(moment: datetime | None, say: Wording) -> str:
    """Return day and time of a document in words; "" if it has none."""
    return format_moment(moment, say.language) if moment else ""


def paragraphs(index: SearchIndex, text: str, body: tuple[str, ...]) -> list[Fragment]:
    """Return the paragraphs of an article with the places that match the query `text`."""
    whole = mark(index, text, "\n\n".join(body), "body")
    made, start = [], 0
    for paragraph in body:
        end = start + len(paragraph)
        marks = tuple(
            (max(a, start) - start, min(b, end) - start)
            for a, b in whole.marks
            if a < end and b > start
        )
        made.append(Fragment("body", paragraph, start, marks))
        start = end + 2
    return made


def mark(index: SearchIndex, query: str, text: str, field: str) -> Fragment:
    """Return `text`, that of `field`, with what matches; unmarked when the query is impossible."""
    if not query:
        return Fragment(field, text)
    try:
        return index.mark(query, text, field)
    except QueryError:
        return Fragment(field, text)


def beside(index: SearchIndex, article: Article) -> dict[str, list[Beside]]:
    """Return what stood beside an article, by list, in the order in which it was found."""
    lists: dict[str, list[Beside]] = {}
    for number, item in enumerate(index.items_seen_on(article.id)):
        if number == MOST_BESIDE:
            break
        shown = Beside(title=item.title, target=index.article_of(item) or item.id)
        for sighting in item.seen:
            if sighting.page == article.id:
                lists.setdefault(sighting.list, []).append(shown)
    return lists


def sightings(index: SearchIndex, item: SidebarItem) -> Iterator[tuple[str, str, str]]:
    """Yield list, page and, if it is in the index, headline of the articles beside an item."""
    for sighting in item.seen[:MOST_BESIDE]:
        document = _document(index, sighting.page)
        headline = document.headline if isinstance(document, Article) else ""
        yield sighting.list, sighting.page, headline


def _document(index: SearchIndex, document_id: str) -> Article | SidebarItem | None:
    try:
        return index.get(document_id)
    except DocumentNotFound:
        return None
