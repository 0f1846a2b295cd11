"""What a page holds: at most one article, and the items of the lists beside it."""

import dataclasses
from dataclasses import field, replace
from datetime import datetime

from searchkit.documents.identity import article_id, item_id
from searchkit.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A news article.

    `body` holds its paragraphs in reading order, without captions, lists or links to other pages.
    `published` carries a time zone whenever the page gave one; it is None when the page gave no
    date or one that does not exist. Text fields are "" when the page does not have them, and keep
    the page's own spelling (`reporter` may be in capitals). `related` holds the headlines of
    "Baca juga" links inside the body. `id` is derived when not given, see
    `searchkit.documents.identity`.
    """

    headline: str
    body: tuple[str, ...]
    section: str = ""
    caption: str = ""
    credit: str = ""
    reporter: str = ""
    editor: str = ""
    published: datetime | None = None
    source: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            derived = article_id(self.url, self.headline, self.published, self.body)
            object.__setattr__(self, "id", derived)

    @property
    def text(self) -> str:
        """The body as one string, a blank line between paragraphs."""
        return "\n\n".join(self.body)


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """Where an item was seen: `page` is an article id, else the page's URL or file name."""

    page: str
    list: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SidebarItem:
    """A headline in a list beside an article: Populer, UPDATE, an index page, a feed.

    `summary` is the teaser a feed gives with the headline, "" elsewhere. `seen` holds every page
    and list the item was met in, in the order met. Two items of the same title and date are the
    same item (same `id`), whatever page they come from.
    """

    title: str
    published: datetime | None = None
    url: str = ""
    summary: str = ""
    source: str = ""
    seen: tuple[Sighting, ...] = ()
    id: str = field(default="")

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", item_id(self.title, self.published))

    def merged(self, other: "SidebarItem") -> "SidebarItem":
        """Return this item with what `other`, the same item seen elsewhere, adds to it."""
        known = set(self.seen)
        return replace(
            self,
            url=self.url or other.url,
            summary=self.summary or other.summary,
            source=self.source or other.source,
            seen=self.seen + tuple(s for s in other.seen if s not in known),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page or record gave: an article, items, or both.

    `origin` names the file (with `:line` or a URL after it inside a container). `warnings` are
    sentences about what was odd but did not cost the page, such as a date that does not exist.
    """

    origin: str
    article: Article | None = None
    items: tuple[SidebarItem, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A page or record that could not be used; `line` counts from 1, None where there is none."""

    origin: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.origin}:{self.line}" if self.line else self.origin
        return f"{place}: {self.reason}"
