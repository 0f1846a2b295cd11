"""The lists beside an article: groups of sibling blocks, each with one headline-like link."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from searchkit.documents.dates import NoSuchDate, parse_published
from searchkit.documents.html_elements import INLINE, text_of
from searchkit.documents.html_lines import related_title
from searchkit.documents.page_lines import Kind, classify
from searchkit.documents.page_words import fold, is_list_heading, is_related_label

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
_RUNS_ON = INLINE | {"span"}
_SMALL_WORD = re.compile(r"\b[a-z]{2,}")  # dates, names and counts beside a headline have few
_MOST_BESIDE = 5
_LONGEST_BLOCK = 600
_MARKS = INLINE - {"small"}
_SHORTEST_TITLE = 20
_LEAST_OF_A_PARAGRAPH = 40
_NEAREST = 3


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
    in_text = _links_in_text(tree)
    anchors = [a for a in tree.iter("a") if a not in in_text and _is_headline(a)]
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
            elements = _elements(container, members)
            # Far above links that are spread over an article stands a heading of its text.
            if above is not None and (elements == (container,) or above.getnext() in elements[:1]):
                elements += (above,)
            lists.append(LinkList(elements, heading, tuple(links.values())))
    return lists


def _links_in_text(tree: HtmlElement) -> set[HtmlElement]:
    """Return the links of an article's text, which make no list whatever stands around them.

    Their line has many small words beside the links, or begins with "Baca juga".
    """
    return {
        link
        for links, line, beside in _lines_with_links(tree)
        if len(_SMALL_WORD.findall(beside)) > _MOST_BESIDE or related_title(line) is not None
        for link in links
    }


def _lines_with_links(tree: HtmlElement) -> Iterator[tuple[list[HtmlElement], str, str]]:
    """Yield the links of each line that has some, its text, and its text beside the links."""
    links: list[HtmlElement] = []
    line = beside = ""
    depth = 0
    for event, each in etree.iterwalk(tree, events=("start", "end")):
        if each.tag not in _RUNS_ON:
            if links:
                yield links, " ".join(line.split()), beside
            links, line, beside = [], "", ""
        if each.tag == "a":
            depth += 1 if event == "start" else -1
            links += [each] if event == "start" else []
        text = (each.text if event == "start" else each.tail) or ""
        line += text
        beside += "" if depth else text


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


def _elements(
    container: HtmlElement, members: list[tuple[HtmlElement, HtmlElement]]
) -> tuple[HtmlElement, ...]:
    """Return what to take out of the page for a list: its container, or its blocks one by one.

    A block with most of the text is no item: it is the article, and the link stands in it alone.
    """
    whole = len(text_of(container))
    lengths = {block: len(text_of(block)) for block, _ in members}
    items = [block for block in lengths if lengths[block] <= max(_LONGEST_BLOCK, whole / 2)]
    if len(items) == len(lengths) and sum(lengths.values()) * 2 > whole:
        return (container,)
    return tuple(items)


def _link(member: tuple[HtmlElement, HtmlElement]) -> tuple[str, str, datetime | None]:
    block, anchor = member
    title = _title(anchor)
    around = text_of(block).replace(title, " ")
    moments = [element.get("datetime") or "" for element in block.iter("time")]
    # Beside "2 jam lalu", the hour often stands in what the mouse shows.
    hints = (element.get("title") or "" for element in block.iter("*"))
    moments += [hint for hint in hints if classify(hint).kind is Kind.DATE]
    for text in (*moments, around):
        try:
            if found := parse_published(text):
                return title, anchor.get("href").strip(), found
        except NoSuchDate:
            continue
    return title, anchor.get("href").strip(), None


def _title(anchor: HtmlElement) -> str:
    """Return the headline of a link, which may wrap a whole card: section, headline and date."""
    inner = [text_of(h) for h in anchor.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    if title := next((text for text in inner if len(text.split()) >= _FEWEST_WORDS), ""):
        return title
    place = anchor
    while not any(text and text.strip() for text in (place.text, *(e.tail for e in place))):
        parts = [part for part in place if text_of(part)]
        if not parts or any(part.tag in _MARKS for part in parts):
            break
        titles = (part for part in parts if len(parts) == 1 or _is_title(text_of(part)))
        if (found := next(titles, None)) is None:
            break
        place = found
    return text_of(place)


def _is_title(text: str) -> bool:
    return (
        len(text.split()) >= _FEWEST_WORDS
        and len(text) >= _SHORTEST_TITLE
        and classify(text).kind is not Kind.DATE
    )


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
    if not 0 < len(text.split()) <= _LONGEST_HEADING or re.search(r"\d{4}", text):
        return ""
    inner = [each for each in element.iter(*_HEADINGS) if text_of(each)]
    if inner:
        return text_of(inner[0])
    classes = (each.get("class", "") for each in element.iter("*"))
    known = is_list_heading(fold(text)) or is_related_label(text)
    return text if known or any(map(_HEADING_CLASS.search, classes)) else ""


def is_in_text(found: LinkList) -> bool:
    """Return whether a list is one of "Baca juga" between the paragraphs of an article."""
    if not found.elements or not is_related_label(found.heading):
        return False
    around = (found.elements[0], *islice(found.elements[0].iterancestors(), _HIGHEST_CLIMB))
    beside = (
        each
        for up in around
        for before in (False, True)
        for each in islice(up.itersiblings("p", preceding=before), _NEAREST)
    )
    return any(len(text_of(each)) > _LEAST_OF_A_PARAGRAPH for each in beside)
