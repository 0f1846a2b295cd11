"""Who wrote and edited the article of a saved page, as its metadata or its bylines say."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lxml.html import HtmlElement

from searchkit.documents.html_elements import lines_of, text_of
from searchkit.documents.html_linked_data import string_of, values_of
from searchkit.documents.identity import title_key
from searchkit.documents.page_bylines import (
    byline,
    is_byline_label,
    longest_name,
    without_site,
)
from searchkit.documents.page_dates import read_when
from searchkit.documents.page_lines import is_site
from searchkit.documents.page_words import fold, is_on_menus, labels

_NO_PERSON = re.compile(
    r"https?:|\.com|\.id\b|\b(?:media|news|redaksi|cyber|online|network|tim|admin|desk)\b|[/@]",
    re.IGNORECASE,
)
_MAY_SAY = ("p", "div", "span", "tr", "li", "td", "strong", "b", "h4", "h5", "h6")
_AUTHORS = (
    "//*[@itemprop='author' and not(self::meta)]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' author ') or @rel='author']",
)
_BELOW = "following::*[not(*)][position() <= 8]"
_FEWEST_WORDS_OF_A_NAME = 2
_MOST_PARTS = 6
_LONGEST_NAME, _SHORT = 60, 120


def find_people(
    tree: HtmlElement,
    metas: dict[str, str],
    linked: dict[str, Any],
    listed: list[HtmlElement],
    heading: HtmlElement | None,
) -> dict[str, str]:
    """Return the "reporter" and the "editor", as far as they are persons; {} for nobody.

    `linked` is the JSON-LD of the article, `heading` the element of its headline; what stands in
    the elements of `listed` is of others.
    """
    others = {each for element in listed for each in element.iter()}
    people, apart = _shown(tree, others)
    editors = [*map(string_of, values_of(linked.get("editor"))), apart.get("editor", "")]
    editors += [string_of(each) for each in values_of(linked.get("author")) if _is_editor(each)]
    editors += map(text_of, tree.xpath("//*[@itemprop='editor' and not(self::meta)]"))
    for editor in (*editors, *_in_metas(metas, "editor")):
        _keep(people, "editor", editor)
    named = [*map(_bare, _authors(tree, linked, others)), apart.get("reporter", "")]
    named += [*map(_bare, _in_metas(metas, "author")), _beside_date(heading, others)]
    papers = _papers(metas, linked)
    # Where an editor publishes it, the metadata call him the author too.
    for name in sorted(named, key=lambda name: name == people.get("editor")):
        if title_key(name) not in papers:
            _keep(people, "reporter", name)
    return people


def _shown(tree: HtmlElement, others: set[HtmlElement]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the people that a label with a colon names, and those of other bylines, by role."""
    labelled: dict[str, str] = {}
    apart: dict[str, str] = {}
    for element in tree.iter(*_MAY_SAY):
        if len(element) <= _MOST_PARTS and element not in others:
            for line, people in _bylines(element):
                for role, name in people.items():
                    _keep(labelled if ":" in line else apart, role, name)
    return labelled, apart


def _beside_date(heading: HtmlElement | None, others: set[HtmlElement]) -> str:
    """Return the name that stands alone between the headline and its date; "" if none does."""
    below = [] if heading is None else heading.xpath(_BELOW)
    texts = [text for each in below if each not in others and (text := text_of(each))]
    for name, date in pairwise(texts):
        when = read_when(date)
        is_name = longest_name(name) >= _FEWEST_WORDS_OF_A_NAME and not is_on_menus(fold(name))
        if is_name and when and when.has_day:
            return without_site(name)
    return ""


def _in_metas(metas: dict[str, str], role: str) -> list[str]:
    """Return what the metas say of a role, be they called `author` or `content_author`."""
    return [text for name, text in metas.items() if re.split("[:_.-]", name)[-1] == role]


def _keep(people: dict[str, str], role: str, name: str) -> None:
    if len(name) >= _LONGEST_NAME or is_site(name) or _NO_PERSON.search(name):
        return
    if name:
        people.setdefault(role, name)


def _bylines(element: HtmlElement) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the lines of an element, each with the names that it has as a byline, by role."""
    lines = lines_of(element)
    # A label without a colon may be set apart by markup.
    first = text_of(element[0]) if len(element) and not (element.text or "").strip() else ""
    name = " ".join(lines)[len(first) :].strip()
    if first and is_byline_label(first) and longest_name(name):
        yield first, {labels()[fold(first)]: name}
    for line in lines:
        if len(line) < _SHORT:
            when = read_when(line)  # Oleh Rina | 3 Juni 2024
            yield line, when.people if when else byline(line)


def _authors(tree: HtmlElement, linked: dict[str, Any], others: set[HtmlElement]) -> Iterator[str]:
    for author in values_of(linked.get("author")):
        if not _is_organization(author) and not _is_editor(author):
            yield string_of(author)
    for marked in _AUTHORS:
        for element in tree.xpath(marked):
            if element not in others:
                yield text_of(element)


def _papers(metas: dict[str, str], linked: dict[str, Any]) -> set[str]:
    """Return the keys of the names by which the page calls its paper."""
    authors = filter(_is_organization, values_of(linked.get("author")))
    named = [metas.get("og:site_name"), linked.get("publisher"), *authors]
    return {title_key(string_of(name)) for name in named}


def _is_organization(author: Any) -> bool:
    return isinstance(author, dict) and "Organization" in str(author.get("@type"))


def _is_editor(author: Any) -> bool:
    title = string_of(author.get("jobTitle")) if isinstance(author, dict) else ""
    return labels().get(fold(title)) == "editor"


def _bare(name: str) -> str:
    """Return a name without its label and without the site behind it."""
    name = re.sub(r"\s+-\s+\S+$", "", name)
    return re.sub(r"^\s*(?:oleh|by|pewarta|penulis)\s*:?\s+", "", name, flags=re.IGNORECASE)
