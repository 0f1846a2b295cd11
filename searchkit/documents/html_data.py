"""The text of an article that a page holds only as data, for its scripts to show."""

from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from searchkit.documents.html_lines import is_furniture
from searchkit.documents.html_linked_data import read_script
from searchkit.documents.identity import title_key
from searchkit.documents.records import read_body

DATA_SCRIPTS = "//script[starts-with(normalize-space(@type), 'application/json')]"
"""XPath of the elements that hold the data of a page drawn by its scripts."""

_DEEPEST = 12
_FEWEST_WORDS = 30


def take_data(tree: HtmlElement) -> list[str]:
    """Take the data scripts out of a page, and return what they hold, in order."""
    scripts = tree.xpath(DATA_SCRIPTS)
    for script in scripts:
        script.drop_tree()
    return [script.text or "" for script in scripts]


def body_in_data(
    linked: dict[str, Any], data: list[str], title: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paragraphs of the article called `title`, and its "Baca juga" headlines.

    They come from `linked`, its JSON-LD, else from the longest text beside that title in `data`.
    Both are () when neither has a text.
    """
    texts = [str(linked.get("articleBody") or "")]
    texts += [
        max(_texts_beside(read_script(text), title_key(title)), key=len, default="")
        for text in data
    ]
    for text in texts:
        if len(text.split()) >= _FEWEST_WORDS:
            body, related = read_body(text)
            return tuple(part for part in body if not is_furniture(part)), related
    return (), ()


def _texts_beside(data: Any, key: str, deepest: int = _DEEPEST) -> Iterator[str]:
    """Yield all texts in each object of which one value is the title."""
    if not deepest or not isinstance(data, dict | list):
        return
    values = list(data.values()) if isinstance(data, dict) else data
    if isinstance(data, dict) and any(isinstance(v, str) and title_key(v) == key for v in values):
        yield from _texts(data, deepest)
        return
    for value in values:
        yield from _texts_beside(value, key, deepest - 1)


def _texts(data: Any, deepest: int) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif deepest and isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _texts(value, deepest - 1)
