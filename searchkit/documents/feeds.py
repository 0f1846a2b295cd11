"""RSS and Atom files, read by feedparser.

An entry that comes with its whole text is an article. An entry with a teaser only is an item of the
list that the feed is: the headline and teaser of an article to be found elsewhere.
"""

import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from searchkit.documents.dates import NoSuchDate, parse_published
from searchkit.documents.identity import site_of
from searchkit.documents.models import Article, Page, SidebarItem, Sighting, Skipped
from searchkit.documents.records import read_record

_FEWEST_PARAGRAPHS = 3
_FEWEST_CHARACTERS = 1000
_EMAIL = re.compile(r"[(<]?\b[^\s(<]{1,64}@[\w.-]+[)>]?")
_LONGEST_END = 100  # characters of a text in which the mark of a cut is looked for
_CUT = re.compile(r"\[\s*(?:\.\.\.|…)\s*\](?:\W*\w+){0,6}\W*$")
_MAYBE_CUT = re.compile(r"(?:\.\.\.|…)\W*$")


def read_feed(data: bytes, origin: str, source: str = "") -> Iterator[Page | Skipped]:
    """Yield a page for each article of a feed, then one with all its items.

    A broken feed gives what feedparser recovers of it; nothing at all is skipped, with the reason.
    """
    # Only bytes are given: feedparser would fetch a string that looks like an address.
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    title = " ".join(feed.feed.get("title", "").split())
    source = source or site_of(feed.feed.get("link", "")) or title
    page = feed.feed.get("link", "") or origin
    items: list[SidebarItem] = []
    warnings: list[str] = []
    for number, entry in enumerate(feed.entries, start=1):
        read = _read_entry(entry, f"{origin}#{number}", source, page)
        if isinstance(read, Skipped) or (read.article and _is_whole(entry, read.article)):
            yield read
        elif read.article:
            warnings += read.warnings
            items.append(_item(read.article, Sighting(page, title)))
    if items:
        yield Page(origin=origin, items=tuple(items), warnings=tuple(warnings))
    elif not feed.entries:
        reason = getattr(feed, "bozo_exception", None) or "it has no entries"
        yield Skipped(origin=origin, reason=f"no feed entries could be read: {reason}")


def _read_entry(entry: Any, origin: str, source: str, base: str) -> Page | Skipped:
    """Return the page of an entry; its link may be relative to `base`, the address of the site."""
    contents, others = _texts(entry)
    page = read_record(
        {
            "title": entry.get("title", ""),
            "body": max([*contents, ""], key=len),
            "summary": max([entry.get("summary", ""), *others], key=len),
            "date": _date(entry),
            "section": (entry.get("tags") or [{}])[0].get("term") or "",
            "tags": [tag.get("term") or "" for tag in entry.get("tags", [])],
            "author": _authors(entry),
            "source": source,
            "url": _absolute(entry.get("link", ""), base),
        },
        origin,
    )
    if isinstance(page, Skipped):
        return Skipped(origin=origin, reason="the feed entry has no title and no text")
    return page


def _texts(entry: Any) -> tuple[list[str], list[str]]:
    """Return the whole texts of an entry, and the others that feedparser takes for such.

    They are the description of its picture, or the teaser where that stands behind it.
    """
    found = entry.get("content", [])
    plain = [
        each for each in found if "media_content" in entry and each.get("type") == "text/plain"
    ]
    whole = [each for each in found if each not in plain]
    return [each.get("value", "") for each in whole], [each.get("value", "") for each in plain]


def _date(entry: Any) -> str:
    for name in ("published", "updated", "created"):
        text = str(entry.get(name, ""))
        try:
            if text and parse_published(text):
                return text
        except NoSuchDate:
            return text
    return ""


def _authors(entry: Any) -> list[str]:
    """Return the names of the authors, without the e-mail addresses that RSS asks for."""
    many = entry.get("authors", [])
    # Of one author the text itself: feedparser takes it apart at the wrong place for long domains.
    names = [each.get("name") for each in many] if len(many) > 1 else [entry.get("author")]
    found = [_EMAIL.sub("", name or "").strip() for name in names]
    return [re.sub(r"^\((.*)\)$", r"\1", name) for name in found]


def _absolute(link: str, base: str) -> str:
    try:
        return urljoin(base, link) if link and urlsplit(base).scheme in ("http", "https") else link
    except ValueError:
        return link


def _is_whole(entry: Any, article: Article) -> bool:
    """Tell an article from its beginning, which would take the place of the article in an index."""
    end = article.text[-_LONGEST_END:]
    if _CUT.search(end):
        return False
    texts, _ = _texts(entry)
    if any(text.strip() for text in texts) and not _MAYBE_CUT.search(end):
        return bool(article.body)
    return len(article.body) >= _FEWEST_PARAGRAPHS or len(article.text) >= _FEWEST_CHARACTERS


def _item(article: Article, sighting: Sighting) -> SidebarItem:
    return SidebarItem(
        title=article.headline or article.text,
        published=article.published,
        url=article.url,
        summary=" ".join(article.body),
        source=article.source,
        seen=(sighting,),
    )
