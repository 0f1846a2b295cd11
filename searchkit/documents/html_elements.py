"""The text of the elements of a saved page, as it reads."""

from lxml import etree
from lxml.html import HtmlElement

INLINE = frozenset(
    "a|abbr|b|bdi|bdo|cite|code|em|font|i|ins|mark|q|s|small|strong|sub|sup|tt|u|var|wbr".split("|")  # noqa: SIM905
)
"""Elements that do not set their text apart from what stands around it."""
_BREAK = "\v"  # which is blank, and no XML can hold


def text_of(element: HtmlElement) -> str:
    """Return the text of an element in one line, as it reads: blocks apart, inline marks joined."""
    return " ".join(_text(element).split())


def lines_of(element: HtmlElement) -> list[str]:
    """Return the lines of an element's text that line breaks make; [] if it has no text."""
    lines = (" ".join(line.split()) for line in _text(element).split(_BREAK))
    return [line for line in lines if line]


def _text(element: HtmlElement) -> str:
    pieces: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        apart = "" if each.tag in INLINE else _BREAK if each.tag == "br" else " "
        if event == "start":
            pieces += (" " if _is_next_link(each) else apart, each.text or "")
        elif each is not element:
            pieces += (apart, each.tail or "")
    return "".join(pieces)


def _is_next_link(element: HtmlElement) -> bool:
    """Return whether a link follows another one directly, as in a menu."""
    before = element.getprevious() if element.tag == "a" else None
    return before is not None and before.tag == "a" and not before.tail
