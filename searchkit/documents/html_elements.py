"""The text of the elements of a saved page, as it reads."""

from lxml import etree
from lxml.html import HtmlElement

INLINE = frozenset(
    "a|abbr|b|bdi|bdo|cite|code|em|font|i|ins|mark|q|s|small|strong|sub|sup|tt|u|var|wbr".split("|")  # noqa: SIM905
)
"""Elements that do not set their text apart from what stands around it."""


def text_of(element: HtmlElement) -> str:
    """Return the text of an element in one line, as it reads: blocks apart, inline marks joined."""
    pieces: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            pieces += ("" if each.tag in INLINE else " ", each.text or "")
        elif each is not element:
            pieces += ("" if each.tag in INLINE else " ", each.tail or "")
    return " ".join("".join(pieces).split())
