"""Articles and items as JSON objects: what an index stores, `--json` prints and tests compare."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from searchkit.documents.models import Article, SidebarItem, Sighting

Document = TypeVar("Document", Article, SidebarItem)

_ARTICLE_TEXTS = ("headline", "section", "caption", "credit", "reporter", "editor", "source", "url")
_ITEM_TEXTS = ("title", "url", "summary", "source")
_NAMES = {
    "article": {"id", "kind", "published", *_ARTICLE_TEXTS, "body", "tags", "related"},
    "item": {"id", "kind", "published", *_ITEM_TEXTS, "seen"},
}


def to_stored(document: Article | SidebarItem) -> dict[str, Any]:
    """Return the JSON object for an article or item; its `kind` is "article" or "item"."""
    published = _written(document.published) if document.published else None
    if isinstance(document, Article):
        return {
            "id": document.id,
            "kind": "article",
            "published": published,
            **{name: getattr(document, name) for name in _ARTICLE_TEXTS},
            "body": list(document.body),
            "tags": list(document.tags),
            "related": list(document.related),
        }
    return {
        "id": document.id,
        "kind": "item",
        "published": published,
        **{name: getattr(document, name) for name in _ITEM_TEXTS},
        "seen": [[sighting.page, sighting.list] for sighting in document.seen],
    }


def _written(moment: datetime) -> str:
    whole = not moment.second and not moment.microsecond
    return moment.isoformat(timespec="minutes" if whole else "auto")


def is_stored(record: Mapping[Any, Any]) -> bool:
    """Return whether `record` has the names of an object that `to_stored` gives, and no other."""
    kind = record.get("kind")
    return isinstance(kind, str) and set(record) == _NAMES.get(kind)


def read_stored(record: Mapping[str, Any]) -> Article | SidebarItem:
    """Return the article or item of an object for which `is_stored` is true.

    Raises ValueError when a value is not of the kind that `to_stored` gives.
    """
    for name, value in record.items():
        if not _fits(name, value):
            raise ValueError(f"{name} is not as searchkit writes it")
    return from_stored(dict(record))


def _fits(name: str, value: object) -> bool:
    if name == "published" and value is None:
        return True
    if name not in ("body", "tags", "related", "seen"):
        return isinstance(value, str)
    if not isinstance(value, list):
        return False
    if name == "seen":
        return all(isinstance(pair, list) and len(pair) == 2 and _texts(pair) for pair in value)
    return _texts(value)


def _texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def encodable(document: Document) -> Document:
    """Return `document` with "?" for each half of a surrogate pair, which is no character."""
    text = json.dumps(to_stored(document), ensure_ascii=False)
    clean = from_stored(json.loads(text.encode(errors="replace")))
    assert isinstance(clean, type(document)), "its kind is the same"
    return clean


def from_stored(stored: dict[str, Any]) -> Article | SidebarItem:
    """Return the article or item of a stored object.

    Raises KeyError, TypeError or ValueError when `stored` is not what `to_stored` gives.
    """
    published = datetime.fromisoformat(stored["published"]) if stored["published"] else None
    if stored["kind"] == "article":
        return Article(
            id=stored["id"],
            published=published,
            **{name: str(stored[name]) for name in _ARTICLE_TEXTS},
            body=tuple(map(str, stored["body"])),
            tags=tuple(map(str, stored["tags"])),
            related=tuple(map(str, stored["related"])),
        )
    return SidebarItem(
        id=stored["id"],
        published=published,
        **{name: str(stored[name]) for name in _ITEM_TEXTS},
        seen=tuple(Sighting(str(page), str(name)) for page, name in stored["seen"]),
    )
