"""The text of an article: what trafilatura extracts once everything else is out of its way."""

import logging
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import trafilatura
from lxml import html as markup_of
from lxml.etree import XPath
from lxml.html import HtmlElement

from searchkit.documents.html_elements import INLINE, text_of
from searchkit.documents.html_lines import is_furniture, related_title, without_byline
from searchkit.documents.page_captions import split_credit, take_caption
from searchkit.documents.page_words import is_summary_label

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_NO_TEXT = re.compile(
    r"(?:^|[\s_-])(?:komentar|comments?|cookies?|consent)(?:$|[\s_-])", re.IGNORECASE
)
_BOX = re.compile(
    r"(?:^|[\s_-])(?<!\bno-)(?<!\bwith-)(?<!\bhas-)"
    r"(?:share\w*|sharing|sosmed|social\w*|komentar|comments?|related|terkait|bacajuga\w*"
    r"|baca[_-]?juga|breadcrumbs?|banner\w*|ads?|advert\w*|iklan|sidebar|popular|populer|terpopuler"
    r"|newsletter|penulis\S*|byline|author|tags?|editor|rating|vote\w*|sumber_?foto)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"caption|(?:^|[\s_-])(?:photo|pic|foto|img)(?:$|[\s_-])", re.IGNORECASE)
_CREDIT = re.compile(r"author|credit|kredit|copyright|source|sumber|fotografer", re.IGNORECASE)
_GONE = (
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "iframe",
    "noscript",
    "button",
    "select",
    "ins",
)
_BLOCKS = frozenset(
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure"  # noqa: SIM905
    "|footer|form|h1|h2|h3|h4|h5|h6|header|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot"
    "|th|thead|tr|ul".split("|")
)
_LOOSE_TEXT = XPath(".//text()[not(ancestor::a)]")
_HEADINGS = ("p", "div", "h2", "h3", "h4", "h5", "strong", "b", "span", "summary")
_RUNS_ON = INLINE | {"span"}
_SENTENCE = 40
_SOME_PROSE = 200
_MOST_OF_IT = 0.6
_FEWEST_CHARACTERS = 25
_FIRST = 3
_LONGEST_LINK = 250


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a page: paragraphs, the picture's caption and credit, "Baca juga" headlines."""

    paragraphs: tuple[str, ...]
    caption: str
    credit: str
    related: tuple[str, ...]


def read_body(
    tree: HtmlElement,
    heading: HtmlElement | None,
    lists: list[HtmlElement],
    names: Iterable[str] = (),
    related: Iterable[str] = (),
) -> Body:
    """Return the text of the article under `heading`, without the elements of `lists`.

    `names` are those of its people and its paper, which may stand above it, `related` the headlines
    of the lists that stand in it. `tree` is taken apart in the course of it.
    """
    for element in lists:
        _drop(element, heading)
    main = _main_block(tree, heading)
    for element in list(tree.iter(*_GONE)):
        # Some pages stand in a form as a whole.
        _drop(element, heading, main if element.tag == "form" else None)
    captions = _take_captions(tree, heading)
    _drop_boxes(tree, heading, main)
    scope = _scope(tree, heading)
    _wrap_loose_text(scope)
    _drop_summaries(scope)
    related = tuple(dict.fromkeys((*_take_related(scope), *related)))
    _drop_up_to(heading, scope)
    paragraphs = list(without_byline(_extract(scope), names))
    caption, credit = captions[0] if captions else _take_credited(paragraphs)
    if not paragraphs:  # a gallery says all it has to say under its pictures
        paragraphs, caption = list(dict.fromkeys(text for text, _ in captions if text)), ""
    return Body(tuple(paragraphs), caption, credit, related)


def _drop_boxes(tree: HtmlElement, heading: HtmlElement | None, main: HtmlElement | None) -> None:
    """Remove the elements whose names say that they are beside the text, but for what holds it."""
    for element in _named(tree, _NO_TEXT):
        _drop(element, heading, main)
    most = _prose(_body_of(tree)) / 2  # of what is left: comments may be longer than the article
    for element in _named(tree, _BOX):
        # A page may call anything a box, even what holds its text. "Baca juga" is read below.
        if _prose(element) < most and not _is_related(element):
            _drop(element, heading, main)


def _is_related(element: HtmlElement) -> bool:
    """Return whether an element is a "Baca juga" line, or the link in one."""
    line = element.getparent() if element.tag == "a" else element
    return line is not None and related_title(text_of(line)) is not None


def _body_of(tree: HtmlElement) -> HtmlElement:
    body = tree.find("body")
    return tree if body is None else body


def _named(tree: HtmlElement, names: re.Pattern[str]) -> list[HtmlElement]:
    """Return the elements whose class or id says that they are something."""
    return [
        element
        for element in tree.iter()
        if isinstance(element.tag, str)
        and element.tag != "body"
        and names.search(f"{element.get('class', '')} {element.get('id', '')}")
    ]


def _main_block(tree: HtmlElement, heading: HtmlElement | None) -> HtmlElement | None:
    """Return the element that has the most prose of its own near the headline; None for none.

    Comments and teasers may be longer than a short article, but each stands in a block by itself.
    """
    around = () if heading is None else heading.iterancestors()
    near = next((up for up in around if _prose(up) >= _SOME_PROSE), _body_of(tree))
    lengths: Counter[HtmlElement] = Counter()
    for text in _LOOSE_TEXT(near):
        if len(text.strip()) > _SENTENCE:
            holder = text.getparent().getparent() if text.is_tail else text.getparent()
            while holder is not near and (holder.tag in _RUNS_ON or holder.tag == "p"):
                holder = holder.getparent()
            lengths[holder] += len(text)
    return max(lengths, key=lengths.__getitem__, default=None)


def _drop(element: HtmlElement, *kept: HtmlElement | None) -> None:
    """Remove an element, unless it is one of those to keep or around one."""
    if element.getparent() is None:
        return
    if any(each is element or element in each.iterancestors() for each in kept if each is not None):
        return
    element.drop_tree()


def _drop_up_to(heading: HtmlElement | None, scope: HtmlElement) -> None:
    """Remove the headline and what stands before it: menus, breadcrumbs, kickers."""
    if heading is None or heading is scope or scope not in heading.iterancestors():
        return
    for place in [heading, *heading.iterancestors()]:
        if place is scope:
            break
        for sibling in list(place.itersiblings(preceding=True)):
            sibling.getparent().remove(sibling)
    _drop(heading)


def _take_captions(tree: HtmlElement, heading: HtmlElement | None) -> list[tuple[str, str]]:
    """Remove the captions of the page; return those of the article, each with its credit."""
    near = _around(tree, heading)
    classed = set(_named(tree, _CAPTION))
    named = [
        element
        for element in tree.iter("figcaption", "div", "span", "p", "figure")
        if (element.tag == "figcaption" or element in classed) and len(text_of(element)) <= 600
    ]
    captions: dict[HtmlElement, tuple[str, str]] = {}
    for element in named:
        around = set(element.iterancestors())
        text = "" if element.tag == "figure" or around & captions.keys() else text_of(element)
        if text and near in around:
            is_credit = _CREDIT.search(element.get("class", ""))
            captions[element] = ("", text) if is_credit else _split_credit(element, text)
    for element in named:
        _drop(element, heading)
    return _joined(list(captions.values()))


def _joined(captions: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return captions and credits with each credit that stands alone beside its caption."""
    found: list[tuple[str, str]] = []
    for caption, credit in captions:
        above = found[-1] if found else ("", "")
        if found and ((not above[0] and not credit) or (not caption and not above[1])):
            found[-1] = (above[0] or caption, above[1] or credit)
        else:
            found.append((caption, credit))
    return found


def _take_credited(paragraphs: list[str]) -> tuple[str, str]:
    """Take the caption that no markup tells, but its credit, out of the first paragraphs.

    Return it and the credit; both are "" if there is none.
    """
    for at, text in enumerate(paragraphs[: min(_FIRST, len(paragraphs) - 1)]):
        if credited := split_credit(text, strict=True):
            paragraphs.pop(at)
            caption, credit = credited
            return caption or take_caption(paragraphs, at), credit
    return "", ""


def _split_credit(element: HtmlElement, text: str) -> tuple[str, str]:
    """Return (caption, credit): the part that is marked as the credit, or else stands last.

    Where no part is, the rules of page text tell it.
    """
    parts = {
        e: part for e in element.iterdescendants("*") if (part := text_of(e)) not in ("", text)
    }
    marked = [part for e, part in parts.items() if _CREDIT.search(e.get("class", ""))]
    last = [part for e, part in parts.items() if e.tag in ("span", "small", "cite")]
    last = [part for part in last if text.rstrip(" .)]").endswith(part.rstrip(" .)]"))]
    credit = (marked or last or [""])[-1]
    if not credit and (credited := split_credit(text, strict=True)):
        return credited
    before, _, after = text.rpartition(credit) if credit else (text, "", "")
    return " ".join(re.sub(r"[(\[]\s*[)\]]", " ", f"{before} {after}").split()), credit


def _scope(tree: HtmlElement, heading: HtmlElement | None) -> HtmlElement:
    """Return the element that holds the article: the one marked so, or the one around it.

    Where each part of a text is marked, it is the one around all of them.
    """
    marked = [
        each
        for each in tree.xpath("//*[@itemprop='articleBody']")
        if len(text_of(each)) >= _FEWEST_CHARACTERS
    ]
    if not marked:
        return _around(tree, heading)
    common = [marked[0], *marked[0].iterancestors()]
    for each in marked[1:]:
        around = {each, *each.iterancestors()}
        common = [up for up in common if up in around]
    return common[0]


def _around(tree: HtmlElement, heading: HtmlElement | None) -> HtmlElement:
    """Return the smallest element around the headline that has most of the prose."""
    body = _body_of(tree)
    if heading is None or heading.getparent() is None:
        return body
    whole = _prose(body)
    for up in heading.iterancestors():
        if up is body or _prose(up) >= _MOST_OF_IT * whole:
            return up
    return body


def _prose(element: HtmlElement) -> int:
    """Return the number of characters outside links in texts long enough to be sentences."""
    return sum(len(t) for t in _LOOSE_TEXT(element) if len(t.strip()) > _SENTENCE)


def _wrap_loose_text(scope: HtmlElement) -> None:
    """Put text that stands in a block beside other blocks or line breaks into paragraphs.

    Extractors look for paragraphs, and pass over what older sites write straight into a <div>.
    """
    for parent in list(scope.iter("div", "section", "article", "td", "main", "body")):
        children = list(parent)
        run = markup_of.Element("p")
        run.text, parent.text = parent.text, None
        new: list[HtmlElement] = []

        def finish(run: HtmlElement, new: list[HtmlElement] = new) -> HtmlElement:
            if text_of(run):
                new.append(run)
            return markup_of.Element("p")

        for child in children:
            tail, child.tail = child.tail, None
            parent.remove(child)
            if child.tag == "br":
                run = finish(run)
                run.text = tail
            elif child.tag in _BLOCKS:
                run = finish(run)
                new.append(child)
                run.text = tail
            else:
                child.tail = tail
                run.append(child)
        finish(run)
        parent.extend(new)


def _take_related(scope: HtmlElement) -> tuple[str, ...]:
    related: list[str] = []
    for element in list(scope.iter("p", "div", "li", "strong", "blockquote", "table", "h4")):
        if element is not scope and (title := related_title(text_of(element))) is not None:
            below = None if title else element.getnext()
            if below is not None and _is_link(below):
                related.append(text_of(below))
                _drop(below)
            related.append(title)
            _drop(element)
    return tuple(filter(None, related))


def _drop_summaries(scope: HtmlElement) -> None:
    """Remove the headings of summaries, each with the list of points right below it."""
    for element in [each for each in scope.iter(*_HEADINGS) if is_summary_label(text_of(each))]:
        points = element.getnext()
        if points is not None and _is_list(points):
            _drop(points)
            _drop(element)


def _is_list(element: HtmlElement) -> bool:
    """Return whether all that an element holds is a list."""
    text = text_of(element)
    return any(text_of(points) == text for points in element.iter("ul", "ol"))


def _is_link(element: HtmlElement) -> bool:
    """Return whether all that an element holds is a link."""
    text = text_of(element)
    return len(text) < _LONGEST_LINK and any(text_of(link) == text for link in element.iter("a"))


def _extract(scope: HtmlElement) -> tuple[str, ...]:
    inner = markup_of.tostring(scope, encoding="unicode")
    own = _own_paragraphs(scope)
    text = trafilatura.extract(
        f"<html><body><article>{inner}</article></body></html>",
        include_comments=False,
        include_tables=False,
        favor_recall=True,
        deduplicate=False,
    )
    extracted = _cleaned((text or "").split("\n"))
    # A text too short for an extractor's statistics, such as the line under a photograph, is all
    # the article there is.
    if sum(map(len, extracted)) < _MOST_OF_IT * sum(map(len, own)):
        return own
    return extracted


def _own_paragraphs(scope: HtmlElement) -> tuple[str, ...]:
    found = [text_of(p) for p in scope.iter("p", "li", "blockquote", "h2", "h3")]
    return _cleaned(text for text in found if len(text) >= _FEWEST_CHARACTERS)


def _cleaned(lines: object) -> tuple[str, ...]:
    texts = (" ".join(line.split()).removeprefix("- ") for line in lines)  # type: ignore[attr-defined]
    return tuple(text for text in texts if re.search(r"\w", text) and not is_furniture(text))
