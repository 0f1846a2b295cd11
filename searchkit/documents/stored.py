"""Articles and items as JSON objects: what an index stores, `--json` prints and tests compare."""

from datetime import datetime
from typing import Any

from searchkit.documents.models import Article, SidebarItem, Sighting

_ARTICLE_TEXTS = ("headline", "section", "caption", "credit", "reporter", "editor", "source", "url")
_ITEM_TEXTS = ("title", "url", "summary", "source")


def to_stored(document: Article | SidebarItem) -> dict[str, Any]:
    """Return the JSON object for an article or item; its `kind` is "article" or "item"."""
    published = document.published.isoformat(timespec="minutes") if document.published else None
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
