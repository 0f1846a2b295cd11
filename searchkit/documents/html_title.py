"""The headline of a saved page: what its metadata claim, as one of its elements shows it."""

import re
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from searchkit.documents.html_elements import text_of
from searchkit.documents.html_linked_data import string_of
from searchkit.documents.identity import title_key
from searchkit.documents.page_dates import read_when

_SITE_SUFFIX = re.compile(r"\s+[-|–—»•]\s+[^-|–—»•]{2,40}$")
_CUT_SHORT = re.compile(r"(?P<start>.{20,}?)\s*(?:\.{2,}|…)$")
_TITLE_TAGS = ("b", "strong", "font", "big", "div", "span", "td", "p", "center")
_FEWEST_WORDS, _NEXT = 4, 3


def find_title(
    tree: HtmlElement, linked: dict[str, Any], metas: dict[str, str]
) -> tuple[str, HtmlElement | None]:
    """Return the headline and its element: the heading that the metadata confirms.

    `linked` is the JSON-LD of the article, `metas` those of the page. ("", None) when a page has
    neither; the element is None when nothing shows the headline.
    """
    claimed = [string_of(linked.get("headline")), metas.get("og:title", "")]
    claimed += [metas.get("twitter:title", ""), *map(text_of, tree.xpath("//head/title")[:1])]
    named = [text for text in claimed if text]
    elements = tree.xpath("//*[@itemprop='headline' and not(self::meta)]|//h1|//h2|//h3")
    headings = [(text, h) for h in elements if title_key(text := text_of(h))]
    for text in named:
        if shown := _confirmed(text, headings):
            return shown
    if shown := _title_elsewhere(tree, [_SITE_SUFFIX.sub("", text) for text in named]):
        return shown
    first = next(((text, h) for text, h in headings if h.tag == "h1"), ("", None))
    dated = next(((text, h) for text, h in headings if _is_dated(text, h)), None)
    if dated and not first[0] and len(named) < 2:  # the title is that of the site
        return dated
    return (_SITE_SUFFIX.sub("", named[0]), first[1]) if named else first


def _confirmed(
    claimed: str, headings: list[tuple[str, HtmlElement]]
) -> tuple[str, HtmlElement] | None:
    """Return the heading that is most of the claimed title, or what that is cut short from."""
    key = title_key(claimed)
    inside = [(text, h) for text, h in headings if title_key(text) in key]
    inside = [(text, h) for text, h in inside if h.find(".//a") is None] or [
        (text, h) for text, h in inside if h.tag == "h1"
    ]
    longest = max(inside, key=lambda pair: len(pair[0]), default=None)
    if longest and len(title_key(longest[0])) > len(key) / 2:
        return longest
    if cut := _CUT_SHORT.match(_SITE_SUFFIX.sub("", claimed)):
        start = title_key(cut["start"])
        whole = ((text, h) for text, h in headings if title_key(text).startswith(start))
        return next(whole, None)
    return None


def _title_elsewhere(tree: HtmlElement, claimed: list[str]) -> tuple[str, HtmlElement] | None:
    """Return the first element, which is no heading, whose text is a claimed title."""
    keys = [title_key(title) for title in claimed if len(title.split()) >= _FEWEST_WORDS]
    for element in tree.iter(*_TITLE_TAGS) if keys else ():
        start = title_key(element.text or "")
        if start and any(key.startswith(start) for key in keys):
            text = text_of(element)
            if title_key(text) in keys:
                return text, element
    return None


def _is_dated(text: str, heading: HtmlElement) -> bool:
    """Return whether a heading is a headline: no link, and a date stands right behind it."""
    if len(text.split()) < _FEWEST_WORDS or heading.find(".//a") is not None:
        return False
    below = islice(heading.itersiblings(), _NEXT)
    return any((when := read_when(text_of(each))) and when.has_day for each in below)
