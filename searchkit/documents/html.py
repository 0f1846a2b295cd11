"""Saved HTML pages of news sites to an article and the items of the lists beside it.

No site is known by name. The headline is the <h1> that the page's own metadata confirms; lists are
groups of sibling blocks with one headline-like link each; the body is what trafilatura extracts
once the lists, bylines and boxes are out of its way.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml import html as markup_of

from searchkit.documents.decoding import decode, marked_encoding
from searchkit.documents.html_body import Body, read_body
from searchkit.documents.html_data import DATA_SCRIPTS, body_in_data, take_data
from searchkit.documents.html_linked_data import SCRIPTS, linked_article
from searchkit.documents.html_lists import LinkList, find_lists, is_in_text
from searchkit.documents.html_metadata import Metadata, dated_by_text, read_metadata, read_metas
from searchkit.documents.html_title import find_title
from searchkit.documents.identity import canonical_url, site_of, title_key
from searchkit.documents.models import Article, Page, SidebarItem, Sighting
from searchkit.documents.page_boxes import without_biography

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4096
# Browsers read what is declared as Latin-1 as its superset cp1252, and so must we.
_DECLARED_AS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252"}
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FEWEST_WORDS = 3
_FEW_WORDS = 100


def read_html(markup: bytes | str, origin: str, url: str = "", source: str = "") -> Page:
    """Return what a page holds; without article and items when there is nothing to be found.

    `url` is where the page came from, if that is known; links are resolved against it.
    """
    tree = _parse(markup)
    if tree is None:
        return Page(origin=origin)
    linked, data = linked_article(tree), take_data(tree)
    metas = read_metas(tree)
    title, heading = find_title(tree, linked, metas)
    lists = find_lists(tree, heading)
    listed = [element for found in lists for element in found.elements]
    in_text = [found for found in lists if is_in_text(found)]
    related = [link.title for found in in_text for link in found.links]
    lists = [found for found in lists if found not in in_text]
    meta = read_metadata(tree, linked, metas, url, heading, listed)
    address, site = meta.base, site_of(meta.base)
    publisher = source or meta.source or site
    names = (meta.reporter, meta.editor, publisher, *site.split("."), site)
    body = _whole(read_body(tree, heading, listed, names, related), linked, data, title)
    meta = dated_by_text(meta, body.paragraphs)
    article = None
    if title and _words(body.paragraphs) >= _FEWEST_WORDS:
        whole = _article(title, body, meta, publisher)
        article = whole if _is_article(whole, lists, meta.says_article) else None
    page = article.id if article else canonical_url(address) or origin
    own = title_key(title) if article else ""
    items: dict[str, SidebarItem] = {}
    for item in _items(lists, page, address, publisher):
        if title_key(item.title) != own:
            known = items.get(item.id)
            items[item.id] = known.merged(item) if known else item
    return Page(origin=origin, article=article, items=tuple(items.values()), warnings=meta.warnings)


def _whole(shown: Body, linked: dict[str, Any], data: list[str], title: str) -> Body:
    """Return the body that a page shows, or the one it holds as data if it shows little of it."""
    if _words(shown.paragraphs) >= _FEW_WORDS:
        return shown
    paragraphs, related = body_in_data(linked, data, title)
    if _words(paragraphs) <= 2 * _words(shown.paragraphs):
        return shown
    return replace(shown, paragraphs=paragraphs, related=shown.related or related)


def _words(paragraphs: tuple[str, ...]) -> int:
    return sum(len(text.split()) for text in paragraphs)


def _article(title: str, body: Body, meta: Metadata, source: str) -> Article:
    return Article(
        headline=title,
        body=without_biography(body.paragraphs, meta.reporter),
        section=meta.section,
        caption=body.caption,
        credit=body.credit,
        reporter=meta.reporter,
        editor=meta.editor,
        published=meta.published,
        source=source,
        url=meta.url,
        tags=meta.tags,
        related=body.related,
    )


def _items(lists: list[LinkList], page: str, url: str, source: str) -> Iterator[SidebarItem]:
    """Yield each link of the lists of a page as an item; links are resolved against `url`."""
    for found in lists:
        for link in found.links:
            yield SidebarItem(
                title=link.title,
                published=link.published,
                url=urljoin(url, link.href) if url else link.href,
                source=source,
                seen=(Sighting(page, found.heading),),
            )


def _is_article(article: Article, lists: list[LinkList], says_article: bool) -> bool:
    """Tell an article from an index page, whose text is its lists' leavings."""
    if says_article or article.published or article.reporter:
        return True
    links = sum(len(found.links) for found in lists)
    return len(article.text.split()) > 8 * links


def _parse(markup: bytes | str) -> markup_of.HtmlElement | None:
    text = _decoded(markup) if isinstance(markup, bytes) else markup
    text = _XML_DECLARATION.sub("", _UNWANTED.sub(" ", text))
    try:
        tree = markup_of.document_fromstring(text)
    except (etree.ParserError, ValueError):
        return None
    kept = {*tree.xpath(SCRIPTS), *tree.xpath(DATA_SCRIPTS)}
    for node in tree.xpath("//script|//style|//comment()"):
        if node.getparent() is not None and node not in kept:
            node.drop_tree()
    return tree


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    if not declared or marked_encoding(data):
        return decode(data)
    name = declared[1].decode("ascii").lower()
    try:
        encoding = codecs.lookup(_DECLARED_AS.get(name, name)).name
        # Many pages are UTF-8 whatever they declare; nothing else passes for it by chance.
        if encoding != "utf-8" and not _is_utf8(data):
            return data.decode(encoding, "replace")
    except (LookupError, UnicodeError):
        pass  # no encoding, or one that is not for text, such as base64
    return decode(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
