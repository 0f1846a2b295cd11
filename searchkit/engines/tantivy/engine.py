"""The engine of tantivy behind `searchkit.engines.base.Engine`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

from searchkit.engines.base import (
    Capabilities,
    Collapse,
    EngineStats,
    EngineWriter,
    Explanation,
    FacetsWanted,
    Filters,
    Matches,
    Order,
    Position,
)
from searchkit.engines.directories import DirectoryEngine
from searchkit.engines.fields import NEWS, Fields
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest, fields_of
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.rescoring import explain
from searchkit.engines.tantivy import dictionary
from searchkit.engines.tantivy.candidates import candidates
from searchkit.engines.tantivy.files import IndexFiles, publish_empty
from searchkit.engines.tantivy.queries import Translation
from searchkit.engines.tantivy.schema import keyword_field, layout_of
from searchkit.engines.tantivy.search import Asked, Search
from searchkit.engines.tantivy.snapshot import EVERYTHING, Snapshot, unscored
from searchkit.errors import QueryError, SettingsError
from searchkit.forking import lock_held_at_fork, renewed_at_fork
from searchkit.query import Node, Term
from searchkit.settings import Settings

RESCORED = 50
"""Documents that are scored at a time, unless the option `rescored` says another number."""

# Commits kept for those who page through them by relevance, and orders for the same.
_MOST_PAGED = 4


class TantivyEngine(DirectoryEngine):
    """A tantivy index in a folder.

    Safe to use from several threads: each search runs on one snapshot, and takes the newest commit
    when it begins. Writers exclude one another, also across processes, by a lock on a file.

    With `replacing`, the index is empty until its first commit. That takes the place of what others
    see in the folder until then, and `replacing` the place of its manifest.
    """

    capabilities: ClassVar = Capabilities(
        upkeep="searchkit.engines.tantivy.upkeep", rescored=RESCORED, schemas=True
    )
    format_version: ClassVar = 1

    def __init__(
        self,
        folder: Path,
        *,
        ranking: Ranking | None = None,
        memory_bytes: int = 256 * 1024 * 1024,
        lock_timeout: float = 10.0,
        replacing: Manifest | None = None,
        rescored: int = RESCORED,
        fields: Fields = NEWS,
    ) -> None:
        self.folder = folder
        self._files = IndexFiles(folder, replacing, layout_of(fields))
        self._ranking = ranking or Ranking()
        self._memory_bytes = memory_bytes
        self._lock_timeout = lock_timeout
        self._rescored = rescored
        # Declared for the class, and known better of this index.
        setattr(self, "capabilities", replace(self.capabilities, rescored=rescored))  # noqa: B010
        self._paging = lock_held_at_fork()
        self._paged: dict[str, Snapshot] = {}
        self._searches: dict[tuple[object, ...], Search] = {}
        # What tantivy has opened has locks of its own, which threads of the parent may hold.
        renewed_at_fork(self, self.close)
        self.snapshot()

    @classmethod
    def open(
        cls,
        location: Location,
        settings: Settings,
        *,
        ranking: Ranking | None = None,
        replacing: Manifest | None = None,
        fields: Fields = NEWS,
    ) -> Self:
        """Open the index there; see `searchkit.engines.base.Engine`."""
        return cls(
            location.directory,
            ranking=ranking,
            memory_bytes=int(settings.memory_mb * 1024 * 1024),
            lock_timeout=settings.lock_timeout,
            replacing=replacing,
            rescored=_rescored(settings),
            fields=fields,
        )

    @staticmethod
    def publish_empty(folder: Path) -> None:
        """Put the empty commit into `folder`, where the manifest must be."""
        publish_empty(folder, layout_of(fields_of(folder)))

    def snapshot(self) -> Snapshot:
        """Return the newest commit, opened once."""
        return self._files.snapshot()

    def writer(self) -> EngineWriter:
        """Return a writer; see `searchkit.engines.base.Engine`."""
        return self._files.writer(self._memory_bytes, self._lock_timeout)

    def optimize(self) -> None:
        """Write all documents anew, in one piece; see `searchkit.engines.base.Engine`."""
        self._files.rewrite(self._memory_bytes, self._lock_timeout)

    def search(
        self,
        node: Node,
        filters: Filters,
        offset: int,
        limit: int,
        *,
        recency: Recency | None = None,
        collapse: Collapse = "off",
        sort: Order = "relevance",
        after: Position | None = None,
        facets: FacetsWanted | None = None,
    ) -> Matches:
        """Return the ranked documents; see `searchkit.engines.base.Engine`."""
        snapshot = self._snapshot_for(after if sort == "relevance" else None)
        asked = Asked(filters, recency or self._ranking.recency, collapse, sort)
        search = self._continued(snapshot, node, asked) if after else None
        if search is None:
            search = Search(Translation(snapshot, node), asked, self._ranking, self._rescored)
        page = search.page(offset, limit, after)
        if sort == "relevance" and (page.last or after):
            self._keep(snapshot, node, asked, search)
        return Matches(
            total=search.total,
            matches=page.matches,
            before=page.before,
            last=page.last,
            facets=search.facets(facets) if facets else {},
            weights=search.weights,
        )

    def explain(
        self, node: Node, document_id: str, *, recency: Recency | None = None
    ) -> Explanation | None:
        """Return how a document that is scored first is scored; see `Engine`."""
        snapshot = self.snapshot()
        hit = snapshot.located(document_id)
        if hit is None:
            return None
        statistics = Translation(snapshot, node).statistics
        (found,) = candidates(snapshot, [hit], node)
        return explain(found, node, statistics, self._ranking, recency)

    def frequencies(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many documents each term is; see `searchkit.engines.base.Engine`."""
        return dictionary.frequencies(self.snapshot(), field, terms)

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what is stored under an id; None if nothing."""
        snapshot = self.snapshot()
        hit = snapshot.located(document_id)
        return None if hit is None else snapshot.stored(hit)

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that there are documents of."""
        snapshot = self.snapshot()
        return {each for each in ids if snapshot.located(each) is not None}

    def find(self, field: str, value: str) -> Iterator[dict[str, Any]]:
        """Yield the stored objects of all documents with `value` in a keyword field."""
        snapshot = self.snapshot()
        query = unscored(snapshot.term(keyword_field(field), value))
        return map(snapshot.stored, snapshot.in_order(query))

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield all stored objects; see `searchkit.engines.base.Engine`."""
        snapshot = self.snapshot()
        return map(snapshot.stored, snapshot.in_order(EVERYTHING))

    def keyword_values(self, field: str, prefixes: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Yield (value, documents) by prefix, ascending; see `searchkit.engines.base.Engine`."""
        return dictionary.keyword_values(self.snapshot(), field, prefixes)

    def frequent_values(
        self, field: str, prefixes: Iterable[str], most: int
    ) -> list[tuple[str, int]]:
        """Return the most frequent values by prefix; see `searchkit.engines.base.Engine`."""
        return dictionary.frequent_values(self.snapshot(), field, prefixes, most)

    def forms(self) -> Mapping[str, int]:
        """Return all folded forms with counts; see `searchkit.engines.base.Engine`."""
        return self.snapshot().forms

    def frequency(self, term: Term) -> int:
        """Return in how many documents a word stands; see `searchkit.engines.base.Engine`."""
        return dictionary.frequency(self.snapshot(), term)

    def stats(self) -> EngineStats:
        """Return the size of the index."""
        snapshot = self.snapshot()
        return EngineStats(
            documents=snapshot.kinds,
            terms=dictionary.stems(snapshot),
            segments=snapshot.segments,
            generation=snapshot.opstamp,
            disk_bytes=self._files.disk_bytes(),
        )

    def close(self) -> None:
        """Let go of the mapped files."""
        self._files.close()
        with self._paging:
            self._paged.clear()
            self._searches.clear()

    def _snapshot_for(self, position: Position | None) -> Snapshot:
        """Return the commit that a position by relevance belongs to, the newest for None."""
        newest = self.snapshot()
        if position is None or position.commit == newest.name:
            return newest
        with self._paging:
            kept = self._paged.get(position.commit)
        if kept is None:
            raise QueryError(
                "the index has changed since this cursor was given, and with it the scores; search "
                "again without it, or sort by date, where cursors outlast changes"
            )
        return kept

    def _continued(self, snapshot: Snapshot, node: Node, asked: Asked) -> Search | None:
        """Take out a search of which a page was given lately; None if there is none.

        So no other thread pages through it meanwhile, and it is not put back if that fails.
        """
        with self._paging:
            return self._searches.pop((snapshot.name, node, asked.key), None)

    def _keep(self, snapshot: Snapshot, node: Node, asked: Asked, search: Search) -> None:
        """Keep a search and its commit for who asks for the next page."""
        with self._paging:
            _put_last(self._paged, snapshot.name, snapshot)
            _put_last(self._searches, (snapshot.name, node, asked.key), search)


def _put_last(kept: dict[Any, Any], key: object, value: object) -> None:
    kept.pop(key, None)
    kept[key] = value
    for each in list(kept)[:-_MOST_PAGED]:
        del kept[each]


def _rescored(settings: Settings) -> int:
    """Return the option `rescored`; SettingsError when it is none."""
    value = settings.engines.get("tantivy", {}).get("rescored", RESCORED)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise SettingsError(
            f"[engines.tantivy] rescored is to be a whole number above 0, not {value!r}"
        )
    return value
