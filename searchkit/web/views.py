"""What the templates are given: hits, facets, pages and documents, ready to be shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from searchkit.analysis.normalization import fold_value
from searchkit.documents import Article, SidebarItem
from searchkit.errors import DocumentNotFound, QueryError
from searchkit.results import Fragment, ResultPage
from searchkit.search_index import SearchIndex
from searchkit.web.language import Wording
from searchkit.web.page_query import FACETS, MOST_PAGES, PAGE_SIZE, PageQuery
from searchkit.wording.dates import format_date, format_moment, format_month

ITEMS_SHOWN = 5
"""Items of sidebars shown beside the articles."""

SIMILAR_SHOWN = 5
MOST_COPIES = 10
MOST_BESIDE = 60
FACET_LIMIT = 60
FACET_OPEN = 8
"""Values of a facet that are shown before the rest is asked for."""

_AROUND = 2  # pages named on either side of the one shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value of a facet, with the query that chooses it or, when chosen, lets it go.

    `count` is None when so few hits have it that it was not counted.
    """

    label: str
    count: int | None
    chosen: bool
    query: PageQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A facet: its chosen values and the commonest, and the rest of those counted."""

    name: str
    values: list[FacetValue]
    rest: list[FacetValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An item seen beside an article: its title, and the document that tells of it."""

    title: str
    target: str


def search(index: SearchIndex, query: PageQuery) -> tuple[ResultPage, ResultPage | None]:
    """Return the hits of a query and, on the first page of articles, items that match as well."""
    found = index.search(
        query.text or "*",
        facets=FACETS[query.kind],
        facet_limit=FACET_LIMIT,
        multi_select=True,
        **query.arguments(),
    )
    if query.kind == "item" or query.blank or query.page > 1 or query.cursor:
        return found, None
    text = found.suggestion if found.corrections and found.suggestion else query.text or "*"
    item_query = query.having(kind="item", text=text, exact=True)
    asked = item_query.arguments() | {"limit": ITEMS_SHOWN}
    if any(field not in FACETS["item"] for field in query.chosen):
        return found, None  # an item has no section: none of them can match
    items = index.search(text, **asked)
    if items.relaxed and found.total and not found.relaxed:
        return found, None  # beside articles with all of the words, some of them tell nothing
    return found, items if items.total else None


def facets(page: ResultPage, query: PageQuery, say: Wording) -> list[Facet]:
    """Return the facets that there is something to choose of."""
    made = [
        _facet(name, counts, query, say)
        for name, counts in ((name, page.facets.get(name, ())) for name in FACETS[query.kind])
        if len(counts) > 1 or name in query.chosen
    ]
    return [facet for facet in made if facet.values]


def _facet(name: str, counts: Any, query: PageQuery, say: Wording) -> Facet:
    chosen = {fold_value(value): value for value in query.chosen.get(name, ())}
    counted = {fold_value(each.value): each for each in counts if each.value}
    order = list(counted)
    if name == "month":
        order.sort(reverse=True)
    keys = [*chosen, *(key for key in order if key not in chosen)]
    values = []
    for key in keys:
        value = counted[key].value if key in counted else chosen[key]
        count = counted[key].count if key in counted else None
        shown = _month(value, say) if name == "month" else value
        values.append(
            FacetValue(
                label=shown, count=count, chosen=key in chosen, query=query.toggled(name, value)
            )
        )
    open_values = max(FACET_OPEN, len(chosen))
    return Facet(name=name, values=values[:open_values], rest=values[open_values:])


def _month(value: str, say: Wording) -> str:
    year, _, month = value.partition("-")
    known = year.isdigit() and month.isdigit() and 1 <= int(month) <= 12
    return format_month(int(year), int(month), say.language) if known else value


def chips(query: PageQuery, say: Wording) -> list[tuple[str, str, PageQuery]]:
    """Return what narrows a query: kind of filter, value, and the query without it."""
    made = [
        (name, _month(value, say) if name == "month" else value, query.toggled(name, value))
        for name, values in query.chosen.items()
        for value in values
    ]
    for name, day in (("since", query.since), ("until", query.until)):
        if day:
            made.append((name, format_date(day, say.language), query.having(**{name: None})))
    return made


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
    whole = mark(index, text, "\n\n".join(body))
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


def mark(index: SearchIndex, query: str, text: str) -> Fragment:
    """Return `text` with the places that match; unmarked when the query is impossible."""
    if not query:
        return Fragment("", text)
    try:
        return index.mark(query, text)
    except QueryError:
        return Fragment("", text)


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
