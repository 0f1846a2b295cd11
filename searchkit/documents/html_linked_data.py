"""The JSON-LD of a saved page: the object that describes its article, and what values it holds."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from searchkit.documents.identity import title_key

SCRIPTS = "//script[starts-with(normalize-space(@type), 'application/ld+json')]"
"""XPath of the elements that hold JSON-LD; a type may have parameters behind it."""

_ARTICLE_TYPE = re.compile(r"article|posting|report", re.IGNORECASE)
_TITLES = "//head/title/text()|//meta[@property='og:title']/@content|//h1//text()"
_CDATA = re.compile(r"(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>")
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")
_DEEPEST = 6
_PEOPLE = ("author", "editor")


def linked_article(tree: HtmlElement) -> dict[str, Any]:
    """Return the JSON-LD object that is the article of the page's title; {} if there is none.

    Of several that are articles it is the first where none has that title. Its author and editor
    are given in full where the page describes them elsewhere.
    """
    nodes = [
        node for script in tree.xpath(SCRIPTS) for node in _nodes(read_script(script.text or ""))
    ]
    articles = [node for node in nodes if _is_article(node)]
    if not articles:
        return {}
    shown = {title_key(text) for text in tree.xpath(_TITLES) if len(articles) > 1}
    named = (node for node in articles if _is_title(string_of(node.get("headline")), shown))
    article = next(named, articles[0])
    known = {str(each["@id"]): each for each in nodes if "@id" in each and "name" in each}
    people = {role: _resolved(article[role], known) for role in _PEOPLE if role in article}
    return {**article, **people}


def _is_article(node: dict[str, Any]) -> bool:
    kinds = values_of(node.get("@type"))
    return any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in kinds)


def _is_title(headline: str, shown: set[str]) -> bool:
    key = title_key(headline)
    return key != "" and any(text.startswith(key) for text in shown)


def linked_crumbs(tree: HtmlElement) -> list[str]:
    """Return the names in the first breadcrumb of the JSON-LD, in order; [] if there is none."""
    for script in tree.xpath(SCRIPTS):
        for node in _nodes(read_script(script.text or "")):
            if "BreadcrumbList" in values_of(node.get("@type")):
                steps = values_of(node.get("itemListElement"))
                return [name for step in steps if (name := _crumb(step))]
    return []


def _crumb(step: Any) -> str:
    if not isinstance(step, dict):
        return ""
    item = step.get("item")  # many a site gives the address alone here
    return string_of(step.get("name")) or (string_of(item) if isinstance(item, dict) else "")


def string_of(value: Any) -> str:
    """Return a value, the name of an object, or the first of several, in one line; "" if none."""
    value = next(iter(values_of(value)), "")
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    # Many sites put text that is escaped for HTML into their JSON.
    return " ".join(unescape(str(value or "")).split())


def values_of(value: Any, deepest: int = _DEEPEST) -> list[Any]:
    """Return the values of a property, which may be one, or lists in a list; [] for none."""
    if isinstance(value, list):
        inner = value if deepest else []
        return [each for part in inner for each in values_of(part, deepest - 1)]
    return [value] if value else []


def read_script(text: str) -> Any:
    """Return the JSON value in a script, also in a CDATA section; None if it is broken or too deep.

    A comma behind the last of several values, as templates write it, is passed over.
    """
    text = _CDATA.sub("", text)
    for each in (text, _LAST_COMMA.sub("", text)):
        try:
            return json.loads(each, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: Any, deepest: int = _DEEPEST) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
    if not deepest:
        return
    inner = [data.get("@graph"), data.get("mainEntity")] if isinstance(data, dict) else data
    for each in inner if isinstance(inner, list) else []:
        yield from _nodes(each, deepest - 1)


def _resolved(value: Any, known: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        known.get(str(each.get("@id")), each)
        if isinstance(each, dict) and "name" not in each
        else each
        for each in values_of(value)
    ]
