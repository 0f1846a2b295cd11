"""What a search returns: a page of hits with the places where they matched."""

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime

from searchkit.arguments import check_text
from searchkit.documents import Article, SidebarItem, Sighting
from searchkit.values import dataclass

_TAG = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a document's text with the matched places in it.

    `block` names the part of the document (headline, body, caption, ...), `start` is the offset of
    `text` in that part, and `marks` are (start, end) offsets into `text`, ascending, not
    overlapping. `cut_before` and `cut_after` say that the part goes on there.
    """

    block: str
    text: str
    start: int = 0
    marks: tuple[tuple[int, int], ...] = ()
    cut_before: bool = False
    cut_after: bool = False
    score: float = 0.0

    def marked(
        self, before: str, after: str, prepare: Callable[[str], str] = lambda text: text
    ) -> str:
        """Return the text with `before` and `after` around every mark.

        `prepare` is applied to each piece of text, never to the tags. With neither, removing the
        tags gives the text back exactly.
        """
        pieces: list[str] = []
        done = 0
        for start, end in self.marks:
            pieces += (prepare(self.text[done:start]), before, prepare(self.text[start:end]), after)
            done = end
        pieces.append(prepare(self.text[done:]))
        return "".join(pieces)

    def plain(self) -> str:
        """Return the text with its marks in guillemets: «kata»."""
        return self.marked("«", "»")

    def html(self, tag: str = "mark", css_class: str = "") -> str:
        """Return the text as safe HTML: escaped first, then marked with `tag`.

        With `css_class` the tags have that `class`. ValueError if `tag` is not the name of a tag.
        """
        check_text("tag", tag)
        check_text("css_class", css_class)
        if not _TAG.fullmatch(tag):
            raise ValueError(
                f"{tag!r} is not the name of a tag; write a name such as 'mark' or 'b'"
            )
        # Imported late: it brings the names of all characters, and few programs show HTML.
        import html

        named = f' class="{html.escape(css_class)}"' if css_class else ""
        return self.marked(f"<{tag}{named}>", f"</{tag}>", html.escape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document that matches.

    `kind` is "article" or "item". `rank` counts from 1 over the whole result. `blocks` names the
    parts that matched, the most telling first. `fragments` are pieces of text around the matches,
    in the order of the text, after `title`, which is the whole headline with its marks. For an
    item, `seen` tells on which pages and in which lists it stood, and `article_id` names the
    article of that headline if it is indexed ("" if not). `copies` are the ids of other articles
    of nearly the same body that match, newest first, which this one stands for; the score is that
    of the best of them all. `document` is all of the document, as it is stored.
    """

    rank: int
    id: str
    kind: str
    score: float
    title: Fragment
    fragments: tuple[Fragment, ...]
    blocks: tuple[str, ...]
    published: datetime | None
    section: str
    source: str
    reporter: str
    url: str
    seen: tuple[Sighting, ...] = ()
    article_id: str = ""
    copies: tuple[str, ...] = ()
    document: Article | SidebarItem = field(repr=False)

    @property
    def headline(self) -> str:
        """The headline as plain text."""
        return self.title.text

    @property
    def snippet(self) -> Fragment:
        """The fragment that shows the most of the query; the headline if there is none."""
        return max(self.fragments, key=lambda fragment: fragment.score, default=self.title)

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the lists in which an item was seen, each once."""
        return tuple(dict.fromkeys(sighting.list for sighting in self.seen if sighting.list))


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a query, as typed, and the one that it was most likely meant to be."""

    typed: str
    taken: str


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet, in its commonest spelling, and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """The hits of rank `offset + 1` up to `offset + limit`, in order; `total` counts all.

    `relaxed` tells that no document has all the words of the query, so that documents with some of
    them are shown. `seconds` is the time the search took. `facets` has, by each facet asked for,
    its values with the number of all hits that have them: the highest first, equals by value.
    `next_cursor` asks for the hits after these, see `SearchIndex.search`; None if there are none,
    and on a page of limit 0, which has no last hit to go on from.

    `suggestion` is the query with the words corrected that the index does not know, else as typed;
    None when there is nothing to correct or the corrected query finds nothing. Where the query as
    typed found nothing, or `relaxed` only, the hits are those of the suggestion, and `corrections`
    tells which words were taken for which; () when the hits are those of the query as typed. Where
    little is found, `suggestion` may also have rare words as they are mostly spelled, see
    docs/suggest.md.
    """

    query: str
    total: int
    offset: int
    limit: int
    relaxed: bool
    seconds: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    next_cursor: str | None = None
    suggestion: str | None = None
    corrections: tuple[Correction, ...] = ()
