"""Who wrote and edited the article of a saved page, as its metadata or its bylines say."""

import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from searchkit.documents.html_elements import text_of
from searchkit.documents.html_linked_data import string_of, values_of
from searchkit.documents.page_bylines import byline, is_byline_label, longest_name

_BYLINE = re.compile(
    r"^(?P<role>penulis|pewarta|reporter|laporan|oleh|kontributor|wartawan|fotografer|editor"
    r"|penyunting)\s*:\s*(?P<name>[^|:\n]{3,60}?)\s*(?:[|\n].*)?$",
    re.IGNORECASE | re.DOTALL,
)
_NO_PERSON = re.compile(
    r"https?:|\.com|\.id\b|\b(?:media|news|redaksi|cyber|online|network|tim|admin|desk)\b|[/@]",
    re.IGNORECASE,
)
_MAY_SAY = ("p", "div", "span", "tr", "li", "td", "strong", "b", "h4", "h5", "h6")
_EDITORS = ("editor", "penyunting")
_MOST_PARTS = 6
_LONGEST_NAME, _SHORT = 60, 120


def find_people(
    tree: HtmlElement, metas: dict[str, str], linked: dict[str, Any], listed: list[HtmlElement]
) -> dict[str, str]:
    """Return the "reporter" and the "editor", as far as they are persons; {} for nobody.

    `linked` is the JSON-LD of the article; what stands in the elements of `listed` is of others.
    """
    others = {each for element in listed for each in element.iter()}
    labelled: dict[str, str] = {}
    apart: dict[str, str] = {}
    for element in tree.iter(*_MAY_SAY):
        if len(element) > _MOST_PARTS:
            continue
        text = text_of(element)[:_SHORT]
        if match := _BYLINE.match(text):
            role = "editor" if match["role"].lower() in _EDITORS else "reporter"
            _keep(labelled, role, match["name"].strip(" :,-"))
        elif len(text) < _LONGEST_NAME and element not in others:
            for role, name in _unmarked(element, text).items():
                _keep(apart, role, name)
    people = labelled
    for editor in map(string_of, values_of(linked.get("editor"))):
        _keep(people, "editor", editor)
    _keep(people, "editor", apart.get("editor", ""))
    named = [*map(_bare, _authors(tree, linked)), apart.get("reporter", "")]
    named.append(_bare(metas.get("author", "")))
    # Where an editor publishes it, the metadata call him the author too.
    for name in sorted(named, key=lambda name: name == people.get("editor")):
        _keep(people, "reporter", name)
    return people


def _keep(people: dict[str, str], role: str, name: str) -> None:
    if name and len(name) < _LONGEST_NAME and not _NO_PERSON.search(name):
        people.setdefault(role, name)


def _unmarked(element: HtmlElement, text: str) -> dict[str, str]:
    """Return the names behind a label without a colon: `Oleh Rina`, or set apart by markup."""
    first = text_of(element[0]) if len(element) and not (element.text or "").strip() else ""
    name = text[len(first) :].strip()
    if first and is_byline_label(first) and longest_name(name):
        return {"editor" if first.lower() in _EDITORS else "reporter": name}
    return byline(text)


def _authors(tree: HtmlElement, linked: dict[str, Any]) -> Iterator[str]:
    yield from map(string_of, values_of(linked.get("author")))
    for marked in ("@itemprop='author' and not(self::meta)", "@class='author' or @rel='author'"):
        yield from map(text_of, tree.xpath(f"//*[{marked}]"))


def _bare(name: str) -> str:
    """Return a name without its label and without the site behind it."""
    name = re.sub(r"\s+-\s+\S+$", "", name)
    return re.sub(r"^\s*(?:oleh|by|pewarta|penulis)\s*:?\s+", "", name, flags=re.IGNORECASE)
