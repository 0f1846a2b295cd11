"""The lists beside an article: groups of sibling blocks, each with one headline-like link."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from searchkit.documents.dates import NoSuchDate, parse_published
from searchkit.documents.html_metadata import text_of

_FEWEST_WORDS, _FEWEST_CHARACTERS, _MOST_CHARACTERS = 4, 25, 250
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topik|topic|indeks?|index|kanal|kategori|category|fokus|search|cari|author|penulis"
    r"|trend\w*|user|login|register|about|tentang|redaksi|privacy|disclaimer|pedoman\S*)(?:/|$)",
    re.IGNORECASE,
)
_MENU = re.compile(
    r"(?:^|[\s_-])(?:menu|nav|navbar|breadcrumbs?|tags?|footer|share|social|paging|pagination)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "dt", "th", "legend", "caption")
_HEADING_CLASS = re.compile(r"title|head|judul|label|caption|jdl|mpn", re.IGNORECASE)
_LONGEST_HEADING = 6
_HIGHEST_CLIMB = 4


@dataclass(frozen=True, slots=True)
class Link:
    """A headline in a list."""

    title: str
    href: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class LinkList:
    """A list: the elements that hold it and its heading, the heading ("" if none), its links."""

    elements: tuple[HtmlElement, ...]
    heading: str
    links: tuple[Link, ...]


def find_lists(tree: HtmlElement, headline: HtmlElement | None) -> list[LinkList]:
    """Return the lists of a page in the order they stand in; [] if it has none."""
    anchors = [a for a in tree.iter("a") if _is_headline(a)]
    targets = _targets_below(anchors)
    groups: dict[HtmlElement, list[tuple[HtmlElement, HtmlElement]]] = {}
    for anchor in anchors:
        block = anchor
        while (up := block.getparent()) is not None and len(targets[up]) == 1:
            block = up
        if (container := block.getparent()) is not None:
            groups.setdefault(container, []).append((block, anchor))
    lists = []
    for container, members in groups.items():
        if headline is not None and headline in container.iterdescendants() and len(members) < 2:
            continue
        if _is_prose(container, members):
            continue
        heading, above = _heading(members[0][0])
        links = {title: Link(title, href, date) for title, href, date in map(_link, members)}
        if len(links) > 1 or heading:
            element = container if _is_mostly_links(container, members) else members[0][0]
            elements = (element,) if above is None else (element, above)
            lists.append(LinkList(elements, heading, tuple(links.values())))
    return lists


def _targets_below(anchors: list[HtmlElement]) -> dict[HtmlElement, set[str]]:
    targets: dict[HtmlElement, set[str]] = {}
    for anchor in anchors:
        target = anchor.get("href").partition("#")[0]
        for up in anchor.iterancestors():
            targets.setdefault(up, set()).add(target)
    return targets


def _is_headline(anchor: HtmlElement) -> bool:
    href = (anchor.get("href") or "").strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "whatsapp:")):
        return False
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if len(parts.path.strip("/")) < 2 or _NO_ARTICLE.search(parts.path):
        return False
    text = text_of(anchor)
    if not (len(text.split()) >= _FEWEST_WORDS or len(text) >= _FEWEST_CHARACTERS):
        return False
    if len(text) > _MOST_CHARACTERS or " " not in text:
        return False
    return not any(
        up.tag in ("nav", "footer") or _MENU.search(f"{up.get('class', '')} {up.get('id', '')}")
        for up in anchor.iterancestors()
    )


def _is_prose(container: HtmlElement, members: list[tuple[HtmlElement, HtmlElement]]) -> bool:
    """Return whether the links stand in running text rather than in a list."""
    if container.tag in ("p", "em", "strong", "i", "b"):
        return True
    linked = sum(len(text_of(anchor)) for _, anchor in members)
    loose = len(
        " ".join([container.text or "", *(child.tail or "" for child in container)]).split()
    )
    return loose > 15 and loose * 6 > linked


def _is_mostly_links(
    container: HtmlElement, members: list[tuple[HtmlElement, HtmlElement]]
) -> bool:
    blocks = sum(len(text_of(block)) for block, _ in members)
    return blocks * 2 > len(text_of(container))


def _link(member: tuple[HtmlElement, HtmlElement]) -> tuple[str, str, datetime | None]:
    block, anchor = member
    title = text_of(anchor)
    inner = [text_of(h) for h in anchor.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    title = next((text for text in inner if len(text.split()) >= _FEWEST_WORDS), title)
    around = text_of(block).replace(title, " ")
    moments = [element.get("datetime") or "" for element in block.iter("time")]
    for text in (*moments, around):
        try:
            if found := parse_published(text):
                return title, anchor.get("href").strip(), found
        except NoSuchDate:
            continue
    return title, anchor.get("href").strip(), None


def _heading(first: HtmlElement) -> tuple[str, HtmlElement | None]:
    """Return the nearest short title before the first block of a list, and its element."""
    place = first
    for _ in range(_HIGHEST_CLIMB):
        for sibling in place.itersiblings(preceding=True):
            if isinstance(sibling.tag, str) and (text := _heading_text(sibling)):
                return text, sibling
        if (place := place.getparent()) is None or place.tag in ("body", "html"):
            break
    return "", None


def _heading_text(element: HtmlElement) -> str:
    text = text_of(element)
    if 0 < len(text.split()) <= _LONGEST_HEADING and not re.search(r"\d{4}", text):
        inner = [each for each in element.iter(*_HEADINGS) if text_of(each)]
        if inner:
            return text_of(inner[0])
        if any(_HEADING_CLASS.search(each.get("class", "")) for each in element.iter("*")):
            return text
    return ""
