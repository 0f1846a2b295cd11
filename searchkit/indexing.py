"""Puts pages into an index: one run, one commit.

What is already there under the same id and has not changed is left alone; what has changed takes
its place. Sidebar items of all pages of a run are brought together first, since the same item
stands on many pages, and are then joined with what the index already knows of them.
"""

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from searchkit.arguments import check_type, wrong_type
from searchkit.canonical import to_json
from searchkit.documents import Article, Page, SidebarItem, Skipped
from searchkit.documents.stored import Document, encodable, from_stored, to_stored
from searchkit.engines.base import ARTICLE, ITEM, LONGEST_ID, Engine, EngineWriter, IndexedDocument
from searchkit.forking import lock_held_at_fork
from searchkit.seen import Seen, SeenArticles

if TYPE_CHECKING:
    from searchkit.preparing import Preparer

Source = Page | Article | SidebarItem | Skipped
Stored = dict[str, Any]

LOOKED_UP = 64
"""Documents of a run that are looked up in the index together: on a server that is a request."""

MOST_DETAILS = 1000
"""How many skipped pages, warnings and replaced articles a report names; the rest is counted."""

_SELDOM = 100
_WANTED = "an Article, a SidebarItem, a Page or a Skipped"


@dataclass(slots=True)
class IndexReport:
    """What a run did.

    `added`, `updated` and `unchanged` count documents by kind ("article", "item"); `skipped` and
    `warnings` hold the first 1,000 of their kind, `skipped_count` and `warning_count` all.
    `replaced` holds (origin, id) of the first 1,000 articles that took the place of one of the same
    id but another text earlier in the run, `replaced_count` counts all. The origin is "" for an
    article that came without a page.
    """

    added: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    replaced: list[tuple[str, str]] = field(default_factory=list)
    skipped_count: int = 0
    warning_count: int = 0
    replaced_count: int = 0

    @property
    def total(self) -> int:
        """The number of articles and items that were met, each counted once."""
        return sum(counts.total() for counts in (self.added, self.updated, self.unchanged))

    def skip(self, skipped: Skipped) -> None:
        """Count a page that could not be used."""
        self.skipped_count += 1
        if len(self.skipped) < MOST_DETAILS:
            self.skipped.append(skipped)

    def warn(self, warning: str) -> None:
        """Count something odd about a page that was used."""
        self.warning_count += 1
        if len(self.warnings) < MOST_DETAILS:
            self.warnings.append(warning)

    def replace(self, origin: str, article_id: str) -> None:
        """Count an article that took the place of another of the run."""
        self.replaced_count += 1
        if len(self.replaced) < MOST_DETAILS:
            self.replaced.append((origin, article_id))


class IndexRun:
    """Takes in pages and commits them together.

    `on_document` is called after each document that came in, for a progress display.
    """

    def __init__(
        self, engine: Engine, preparer: "Preparer", on_document: Callable[[], None] | None = None
    ) -> None:
        self._engine = engine
        self._preparer = preparer
        self._on_document = on_document or (lambda: None)
        self._items: dict[str, SidebarItem] = {}
        self._waiting: list[_Waiting] = []
        self._met = SeenArticles()
        self.report = IndexReport()

    def run(self, sources: Iterable[Source]) -> IndexReport:
        """Index `sources` and return the report; on an exception the index is as it was before.

        Raises IndexLocked or IndexNotWritable when the index cannot be written.
        """
        check_type("documents", sources, Iterable, f"a list, each part {_WANTED}")
        with _few_collections, closing(self._preparer), self._engine.writer() as writer:
            for source in sources:
                self._take(writer, source)
            self._put_articles(writer)
            self._put_items(writer)
            self._put_all(writer, self._preparer.finish())
            # What is left to do, to commit, needs memory.
            self._met = SeenArticles()
        return self.report

    def _put(self, writer: EngineWriter, document: Article | SidebarItem, stored: Stored) -> None:
        self._put_all(writer, self._preparer.add(document, stored))

    @staticmethod
    def _put_all(writer: EngineWriter, prepared: Iterable[IndexedDocument]) -> None:
        for document in prepared:
            writer.put(document)

    def _take(self, writer: EngineWriter, source: Source) -> None:
        match source:
            case Skipped():
                self.report.skip(source)
            case Article() | SidebarItem():
                self._take_one(writer, source)
            case Page():
                for warning in source.warnings:
                    self.report.warn(f"{source.origin}: {warning}")
                if source.article:
                    self._take_one(writer, source.article, source.origin)
                for item in source.items:
                    self._take_one(writer, item, source.origin)
            case _:
                raise wrong_type("a document", source, _WANTED)

    def _take_one(
        self, writer: EngineWriter, document: Article | SidebarItem, origin: str = ""
    ) -> None:
        if len(document.id) > LONGEST_ID:
            start = f"{document.id[:60]}..."
            reason = f"the id {start} is longer than {LONGEST_ID:,} characters"
            self.report.skip(Skipped(origin=origin or start, reason=reason))
        elif isinstance(document, SidebarItem):
            self._collect(document)
        else:
            self._waiting.append(_Waiting(*_stored(document), origin))
            if len(self._waiting) >= LOOKED_UP:
                self._put_articles(writer)
            self._on_document()

    def _collect(self, item: SidebarItem) -> None:
        known = self._items.get(item.id)
        self._items[item.id] = known.merged(item) if known else item
        self._on_document()

    def _put_articles(self, writer: EngineWriter) -> None:
        """Put in the articles that are waiting."""
        waiting, self._waiting = self._waiting, []
        ids = [each.article.id for each in waiting]
        before = writer.before([each for each in ids if self._met.get(each) is None])
        for each in waiting:
            self._put_article(writer, each, before.get(each.article.id))

    def _put_article(self, writer: EngineWriter, new: "_Waiting", before: Stored | None) -> None:
        """Put in an article; `before` is what the index has of it, unless it was met in the run."""
        article, stored, digest, origin = new
        number = int(digest[1:], 16)  # of a digest, 60 bits are enough to know it by
        met = self._met.get(article.id)
        if met is None:
            unchanged = self._is_unchanged(before, digest)
            changed = not unchanged
        else:
            changed = met.digest != number
            unchanged = met.unchanged and not changed
            if changed:
                self.report.replace(origin, article.id)
            if met.unchanged and changed:
                # Met twice in this run, the second time with another text.
                self.report.unchanged[ARTICLE] -= 1
                self.report.updated[ARTICLE] += 1
        if changed:
            self._put(writer, article, stored | {"digest": digest})
        self._met.put(article.id, Seen(number, unchanged))

    def _is_unchanged(self, before: Stored | None, digest: str) -> bool:
        """Return whether an article is indexed as it is, and count it."""
        if before is None:
            self.report.added[ARTICLE] += 1
            return False
        if before.get("digest") == digest:
            self.report.unchanged[ARTICLE] += 1
            return True
        self.report.updated[ARTICLE] += 1
        return False

    def _put_items(self, writer: EngineWriter) -> None:
        """Put in the items that were met."""
        items = iter(self._items.values())
        while some := list(islice(items, LOOKED_UP)):
            before = writer.before([item.id for item in some])
            for item in some:
                self._put_item(writer, item, before.get(item.id))

    def _put_item(self, writer: EngineWriter, item: SidebarItem, before: Stored | None) -> None:
        if before is not None:
            known = from_stored(before)
            if isinstance(known, SidebarItem):
                item = known.merged(item)
        document, stored, digest = _stored(item)
        if before and before.get("digest") == digest:
            self.report.unchanged[ITEM] += 1
            return
        (self.report.updated if before else self.report.added)[ITEM] += 1
        self._put(writer, document, stored | {"digest": digest})


class _Waiting(NamedTuple):
    """An article, what is to be stored of it, the digest of that, and where it comes from."""

    article: Article
    stored: Stored
    digest: str
    origin: str


class _FewCollections:
    """Has cycles of objects looked for seldom: a run makes many objects, and hardly a cycle.

    That is a setting of the whole process: the first run of several at once changes it, the last
    puts it back.
    """

    def __init__(self) -> None:
        self._changing = lock_held_at_fork()
        self._runs = 0
        self._usual = (0, 0, 0)

    def __enter__(self) -> None:
        with self._changing:
            if not self._runs:
                self._usual = gc.get_threshold()
                often, later, last = self._usual
                gc.set_threshold(_seldom(often), later, _seldom(last))
            self._runs += 1

    def __exit__(self, *_: object) -> None:
        with self._changing:
            self._runs -= 1
            if not self._runs:
                gc.set_threshold(*self._usual)


def _seldom(threshold: int) -> int:
    return min(threshold * _SELDOM, 2**31 - 1)


_few_collections = _FewCollections()


def _stored(document: Document) -> tuple[Document, Stored, str]:
    """Return a document as it can be kept, the object to store without its digest, and that."""
    stored = to_stored(document)
    try:
        return document, stored, digest_of(stored)
    except UnicodeEncodeError:
        document = encodable(document)
        stored = to_stored(document)
        return document, stored, digest_of(stored)


def digest_of(document: dict[str, Any]) -> str:
    """Return the digest by which a stored object is known to have changed.

    Raises UnicodeEncodeError for half a surrogate pair.
    """
    return hashlib.sha256(to_json(document)).hexdigest()[:16]
