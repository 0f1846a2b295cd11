"""What the tools of the MCP server return, as the types of which clients get the JSON schema."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from pydantic import BaseModel, Field

from searchkit.documents import Article, SidebarItem
from searchkit.documents.blocks import headline_of, text_of
from searchkit.results import Hit, ResultPage

DOCUMENT_URI = "searchkit://document/{document_id}"
"""The address of a document as a resource, as a URI template."""

MOST_OFFSET = 10_000
"""Hits that can be skipped."""

# What no reader of a page sees, but a language model would be told: control characters, turns of
# the direction of writing, blanks without width, and the tags and selectors in which texts are
# hidden. Joiners stay, since scripts and emoji are spelt with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\U000e0000-\U000e0fff]"
)

Score = Annotated[float, Field(description="How well it matches; to be compared within one result")]


class HitResult(BaseModel):
    """A document that matches."""

    rank: int = Field(description="From 1 over the whole result")
    id: str = Field(description="What show and similar take")
    uri: str = Field(description="The document as a resource")
    kind: str = Field(description='"article", or "item" for a headline in a list beside one')
    headline: str
    snippets: list[str] = Field(description="Pieces of the text, with what matched in «»")
    published: str | None = Field(description="ISO 8601; null when the page has no date")
    section: str
    source: str
    reporter: str
    url: str = Field(description='Where the page is on the web; "" when not known')
    lists: list[str] = Field(description="For an item: the lists in which it stood")
    article_id: str | None = Field(description="For an item: its article, if that is in the index")
    copies: list[str] = Field(description="Ids of other articles of nearly the same text")
    score: Score


class FacetResult(BaseModel):
    """A value of a facet."""

    value: str
    count: int = Field(description="How many of all hits have it")


class SearchResult(BaseModel):
    """One page of hits."""

    query: str
    total: int = Field(description="How many documents match in all")
    hits: list[HitResult]
    next_offset: int | None = Field(
        description=f"The offset of the hits after these; null: no more, or beyond {MOST_OFFSET:,}"
    )
    relaxed: bool = Field(
        description="True when no document has all the words: the hits have some of them"
    )
    suggestion: str | None = Field(description="The query with its misspelt words corrected")
    corrected: bool = Field(
        description="True when the query found nothing: the hits are those of the suggestion"
    )
    facets: dict[str, list[FacetResult]]


class BesideResult(BaseModel):
    """A headline in a list beside an article."""

    id: str
    title: str
    lists: list[str]


class DocumentResult(BaseModel):
    """A document whole, or a part of a long one."""

    id: str
    uri: str
    kind: str = Field(description='"article", or "item" for a headline in a list beside one')
    headline: str
    published: str | None = Field(description="ISO 8601; null when the page has no date")
    section: str
    source: str
    reporter: str
    url: str
    tags: list[str]
    caption: str = Field(description="Of the picture")
    text: str = Field(description="Paragraphs, with a blank line between; of an item, its teaser")
    text_length: int = Field(description="Characters of the whole text")
    next_offset: int | None = Field(description="Where the text goes on; null at its end")
    beside: list[BesideResult] = Field(description="Headlines in the lists beside an article")
    lists: list[str] = Field(description="For an item: the lists in which it stood")
    article_id: str | None = Field(description="For an item: its article, if that is in the index")


class SuggestResult(BaseModel):
    """Completions, the commonest first."""

    completions: list[str]


def visible(text: str) -> str:
    """Return `text` without the characters that no reader of a page sees."""
    return _UNSEEN.sub("", text)


def uri_of(document_id: str) -> str:
    """Return the address of a document as a resource."""
    return DOCUMENT_URI.format(document_id=quote(document_id, safe=""))


def search_result(page: ResultPage) -> SearchResult:
    """Return a page of hits as the tools give it."""
    end = page.offset + len(page.hits)
    return SearchResult(
        query=visible(page.query),
        total=page.total,
        hits=[_hit_result(hit) for hit in page.hits],
        next_offset=end if page.hits and end < page.total and end <= MOST_OFFSET else None,
        relaxed=page.relaxed,
        suggestion=page.suggestion and visible(page.suggestion),
        corrected=bool(page.corrections),
        facets={
            name: [FacetResult(value=visible(each.value), count=each.count) for each in counts]
            for name, counts in page.facets.items()
        },
    )


def document_result(
    document: Article | SidebarItem,
    beside: Iterable[SidebarItem],
    article_id: str,
    offset: int,
    limit: int,
) -> DocumentResult:
    """Return `limit` characters of a document from `offset`, and all else that is known of it."""
    article = document if isinstance(document, Article) else None
    item = document if isinstance(document, SidebarItem) else None
    text = text_of(document)
    end = offset + limit
    return DocumentResult(
        id=document.id,
        uri=uri_of(document.id),
        kind="article" if article else "item",
        headline=visible(headline_of(document)),
        published=_written(document.published),
        section=visible(article.section) if article else "",
        source=visible(document.source),
        reporter=visible(article.reporter) if article else "",
        url=visible(document.url),
        tags=[visible(tag) for tag in article.tags] if article else [],
        caption=visible(article.caption) if article else "",
        text=visible(text[offset:end]),
        text_length=len(text),
        next_offset=end if limit and end < len(text) else None,
        beside=[
            BesideResult(id=other.id, title=visible(other.title), lists=_lists(other))
            for other in beside
        ],
        lists=_lists(item) if item else [],
        article_id=article_id or None,
    )


def _hit_result(hit: Hit) -> HitResult:
    return HitResult(
        rank=hit.rank,
        id=hit.id,
        uri=uri_of(hit.id),
        kind=hit.kind,
        headline=visible(hit.headline),
        snippets=[visible(fragment.plain()) for fragment in hit.fragments],
        published=_written(hit.published),
        section=visible(hit.section),
        source=visible(hit.source),
        reporter=visible(hit.reporter),
        url=visible(hit.url),
        lists=[visible(name) for name in hit.lists],
        article_id=hit.article_id or None,
        copies=list(hit.copies),
        score=round(hit.score, 4),
    )


def _lists(item: SidebarItem) -> list[str]:
    return list(dict.fromkeys(visible(seen.list) for seen in item.seen if seen.list))


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None
