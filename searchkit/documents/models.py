"""What a page holds: at most one article, and the items of the lists beside it."""

import dataclasses
from dataclasses import field, replace
from datetime import datetime
from operator import attrgetter

from searchkit.arguments import check_text, check_type, in_order
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
    `searchkit.documents.identity`. Lists are made tuples; WrongType is raised for values of other
    types, so also for a `body` that is one str.
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
        _OF_ARTICLES.check(self)
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

    def __post_init__(self) -> None:
        if not type(self.page) is type(self.list) is str:
            check_text("page", self.page)
            check_text("list", self.list)


@dataclass(frozen=True, slots=True, kw_only=True)
class SidebarItem:
    """A headline in a list beside an article: Populer, UPDATE, an index page, a feed.

    `summary` is the teaser a feed gives with the headline, "" elsewhere. `seen` holds every page
    and list the item was met in, in the order met. Two items of the same title and date are the
    same item (same `id`), whatever page they come from. As for an `Article`, lists are made tuples,
    and WrongType is raised for values of other types.
    """

    title: str
    published: datetime | None = None
    url: str = ""
    summary: str = ""
    source: str = ""
    seen: tuple[Sighting, ...] = ()
    id: str = field(default="")

    def __post_init__(self) -> None:
        _OF_ITEMS.check(self)
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

    def __post_init__(self) -> None:
        check_text("origin", self.origin)
        check_type("article", self.article, Article | None, "an Article or None")
        for name, kind in (("items", SidebarItem), ("warnings", str)):
            values = in_order(
                name, getattr(self, name), kind, f"a list or tuple of {kind.__name__}"
            )
            object.__setattr__(self, name, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A page or record that could not be used; `line` counts from 1, None where there is none."""

    origin: str
    reason: str
    line: int | None = None

    def __post_init__(self) -> None:
        check_text("origin", self.origin)
        check_text("reason", self.reason)

    def __str__(self) -> str:
        place = f"{self.origin}:{self.line}" if self.line else self.origin
        return f"{place}: {self.reason}"


class _Values:
    """Looks at the values of a document: `texts` are str, `several` tuples of one `kind`."""

    def __init__(self, texts: str, several: str, kind: type) -> None:
        self._names, self._tuples, self._kind = texts.split(), several.split(), kind
        self._texts = attrgetter(*self._names)
        self._str, self._only = frozenset((str,)), frozenset((kind,))

    def check(self, document: Article | SidebarItem) -> None:
        """Raise WrongType for a value that cannot be, and make tuples of other iterables."""
        # By their exact types, which nearly all have, all are known at once: documents are many.
        if not self._str.issuperset(map(type, self._texts(document))):
            for name in self._names:
                check_text(name, getattr(document, name))
        for name in self._tuples:
            values = getattr(document, name)
            if type(values) is not tuple or not self._only.issuperset(map(type, values)):
                wanted = f"a list or tuple of {self._kind.__name__}"
                object.__setattr__(document, name, in_order(name, values, self._kind, wanted))
        if document.published is not None:
            check_type("published", document.published, datetime, "a datetime or None")


_OF_ARTICLES = _Values(
    "headline section caption credit reporter editor source url id", "body tags related", str
)
_OF_ITEMS = _Values("title url summary source id", "seen", Sighting)
