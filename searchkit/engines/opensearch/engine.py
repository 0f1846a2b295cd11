"""An index in an OpenSearch cluster behind `searchkit.engines.base.Engine`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, ClassVar, Self, TypeVar

from searchkit.engines.base import (
    ARTICLE,
    ITEM,
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
from searchkit.engines.fields import NEWS, Fields
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest
from searchkit.engines.opensearch import dictionary, layout
from searchkit.engines.opensearch.facets import facets_of
from searchkit.engines.opensearch.newest import Newest
from searchkit.engines.opensearch.options import read_options
from searchkit.engines.opensearch.ranked import (
    Search,
    best_of,
    matches_of,
    ordered_by,
    page_by_relevance,
    page_in_order,
)
from searchkit.engines.opensearch.server import Server
from searchkit.engines.opensearch.snapshot import Snapshot
from searchkit.engines.opensearch.translation import any_of
from searchkit.engines.opensearch.upkeep import undo
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.rescoring import explain
from searchkit.errors import SearchIndexError
from searchkit.query import Node, Term
from searchkit.settings import Settings

RESCORED = 200
"""How many documents are ranked by searchkit's formulas when nothing else is set."""


T = TypeVar("T")


class OpenSearchEngine:
    """An index in a cluster.

    Safe to use from several threads: each search runs on one commit, the newest when it begins.
    """

    capabilities: ClassVar = Capabilities(directory=False, rescored=RESCORED, schemas=True)
    format_version: ClassVar = 1

    def __init__(
        self,
        server: Server,
        *,
        ranking: Ranking | None = None,
        lock_timeout: float = 10.0,
        replacing: Manifest | None = None,
        fields: Fields = NEWS,
    ) -> None:
        self._server = server
        self._ranking = ranking or Ranking()
        self._lock_timeout = lock_timeout
        self._replacing = replacing
        self._newest = Newest(server, fields)
        if replacing is None:
            self.snapshot()

    @classmethod
    def is_free(cls, location: Location, settings: Settings) -> bool:
        """Return whether a new index may be made there; see `searchkit.engines.base.Engine`."""
        with closing(_server(location, settings)) as server:
            return not layout.is_there(server)

    @classmethod
    def manifest(cls, location: Location, settings: Settings) -> Manifest:
        """Return the manifest there; see `searchkit.engines.base.Engine`."""
        with closing(_server(location, settings)) as server:
            return layout.manifest_of(server)

    @classmethod
    def create(cls, location: Location, manifest: Manifest, settings: Settings) -> None:
        """Put an empty index there; see `searchkit.engines.base.Engine`."""
        with closing(_server(location, settings)) as server:
            layout.create(server, manifest)

    @classmethod
    def remove(cls, location: Location, settings: Settings) -> None:
        """Remove the index there; see `searchkit.engines.base.Engine`."""
        from searchkit.engines.opensearch.lease import locked

        with closing(_server(location, settings)) as server:
            layout.manifest_of(server)
            with locked(server, settings.lock_timeout) as lease:
                layout.remove(server, lease.index)

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
            _server(location, settings),
            ranking=ranking,
            lock_timeout=settings.lock_timeout,
            replacing=replacing,
            fields=fields,
        )

    def snapshot(self) -> Snapshot:
        """Return the newest commit; of an index that is to be replaced, an empty one."""
        return self._newest.snapshot() if self._replacing is None else self._newest.nothing()

    def _read(self, work: Callable[[Snapshot], T], *, lately: bool = False) -> T:
        if self._replacing is not None:
            return work(self._newest.nothing())
        return self._newest.read(work, lately=lately)

    # Writing

    def writer(self) -> EngineWriter:
        """Return a writer; see `searchkit.engines.base.Engine`."""
        # Imported late, as all that who only searches has no use for.
        from searchkit.engines.opensearch.lease import acquired
        from searchkit.engines.opensearch.writer import OpenSearchWriter

        lease = acquired(self._server, self._lock_timeout)
        try:
            before = self.snapshot()
            fresh = ""
            if self._replacing is not None:
                before = before.emptied(lease.index)
                fresh = layout.fresh_name(self._server)
                layout.make(self._server, fresh, self._replacing)
            else:
                undo(self._server, self._newest.commits_of(lease.index), lease.number)
            return OpenSearchWriter(self._server, lease, before, fresh, self._published)
        except BaseException:
            lease.release()
            raise

    def _published(self) -> None:
        self._replacing = None
        self._newest.forget()

    def optimize(self) -> None:
        """Count all words anew and merge; see `searchkit.engines.base.Engine`."""
        from searchkit.engines.opensearch.lease import locked
        from searchkit.engines.opensearch.writer import write_anew

        with locked(self._server, self._lock_timeout) as lease:
            undo(self._server, self._newest.commits_of(lease.index), lease.number)
            write_anew(self._server, lease, self.snapshot())
        self._newest.forget()

    # Searching

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

        def work(newest: Snapshot) -> Matches:
            snapshot = newest
            if after is not None and sort == "relevance":
                snapshot = self._newest.commit_of(newest, after)
            search = self._search(snapshot, node, filters, recency, collapse)
            return self._page(search, sort, offset, limit, after, facets)

        return self._read(work)

    def _search(
        self,
        snapshot: Snapshot,
        node: Node,
        filters: Filters,
        recency: Recency | None,
        collapse: Collapse = "off",
    ) -> Search:
        return Search(
            snapshot=snapshot,
            node=node,
            filters=filters,
            ranking=self._ranking,
            recency=recency or self._ranking.recency,
            collapse=collapse,
            rescored=self._server.options.rescored,
            statistics=snapshot.statistics(node),
        )

    def _page(
        self,
        search: Search,
        sort: Order,
        offset: int,
        limit: int,
        after: Position | None,
        facets: FacetsWanted | None,
    ) -> Matches:
        snapshot = search.snapshot
        weights = {leaf: search.statistics.idf(leaf) for leaf in search.statistics.having}
        fields = facets.fields if facets else ()
        if not snapshot.commit.size:
            return Matches(0, (), facets=dict.fromkeys(fields, ()), weights=weights)
        if sort == "relevance":
            best = self._newest.caches.ranked.get(search.key, lambda: best_of(search))
            collapsed = best.collapsed
            page = page_by_relevance(search, best, offset, limit, after)
        else:
            collapsed = search.collapsed()
            page = page_in_order(search, collapsed, sort, offset, limit, after)
        last = None
        if page.hits and page.before + len(page.hits) < page.total:
            found, score = page.hits[-1]
            last = Position(score, ordered_by(found, sort), found.id, snapshot.name)
        return Matches(
            total=page.total,
            matches=matches_of(snapshot, page.hits, collapsed.behind),
            before=page.before,
            last=last,
            facets=facets_of(search, facets, collapsed) if facets else {},
            weights=weights,
        )

    def explain(
        self, node: Node, document_id: str, *, recency: Recency | None = None
    ) -> Explanation | None:
        """Return how `search` scores a document; see `searchkit.engines.base.Engine`."""

        def work(snapshot: Snapshot) -> Explanation | None:
            search = self._search(snapshot, node, Filters(), recency)
            for candidate in search.candidates(snapshot.of_ids([document_id], search.fields)):
                return explain(candidate, node, search.statistics, search.ranking, search.recency)
            return None

        return self._read(work)

    # The dictionary

    def frequencies(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many documents each term is; see `searchkit.engines.base.Engine`."""
        asked = list(dict.fromkeys(terms))
        numbers = self._read(
            lambda snapshot: snapshot.counted(
                f"t.{field}", asked, lambda term: {"term": {f"t.{field}": term}}
            ),
            lately=True,
        )
        return dict(zip(asked, numbers, strict=True))

    def frequency(self, term: Term) -> int:
        """Return in how many documents a word stands; see `searchkit.engines.base.Engine`."""
        stem, form = {"term": {"all": term.term}}, {"term": {"all_form": term.form}}
        (number,) = self._read(
            lambda snapshot: snapshot.counted("word", [term], lambda _: any_of([stem, form])),
            lately=True,
        )
        return number

    def forms(self) -> Mapping[str, int]:
        """Return all folded forms with counts; see `searchkit.engines.base.Engine`."""
        return self._read(lambda snapshot: snapshot.words.counted, lately=True)

    def keyword_values(self, field: str, prefixes: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Yield (value, documents) by prefix, ascending; see `searchkit.engines.base.Engine`."""
        wanted = tuple(sorted(set(prefixes)))
        yield from self._read(
            lambda snapshot: snapshot.caches.values.get(
                (snapshot.name, field, wanted),
                lambda: list(dictionary.keyword_values(snapshot, field, wanted)),
            ),
            lately=True,
        )

    def frequent_values(
        self, field: str, prefixes: Iterable[str], most: int
    ) -> list[tuple[str, int]]:
        """Return the most frequent values by prefix; see `searchkit.engines.base.Engine`."""
        return self._read(
            lambda snapshot: dictionary.frequent_values(snapshot, field, prefixes, most)
        )

    # Documents

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what is stored under an id; None if nothing."""
        return self._read(lambda snapshot: snapshot.stored(document_id))

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that there are documents of."""
        asked = list(dict.fromkeys(ids))
        return self._read(lambda snapshot: snapshot.existing(asked))

    def find(self, field: str, value: str) -> Iterator[dict[str, Any]]:
        """Yield the stored objects of all documents with `value` in a keyword field."""
        having = {"term": {f"k.{field}": value}}
        yield from self._read(lambda snapshot: list(snapshot.documents([having])), lately=True)

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield all stored objects; see `searchkit.engines.base.Engine`.

        A commit can be read to its end for `kept` seconds after the next; SearchIndexError when
        that was not long enough.
        """
        snapshot, number = self.snapshot(), 0
        for number, stored in enumerate(snapshot.documents(), start=1):  # noqa: B007
            yield stored
        if number != snapshot.commit.size:
            raise SearchIndexError(
                f"{self._server.options.url} has changed while its documents were read, and "
                "the rest of them is gone; begin again, or raise `kept` in [engines.opensearch]"
            )

    def stats(self) -> EngineStats:
        """Return the size of the index."""

        def work(snapshot: Snapshot) -> EngineStats:
            commit = snapshot.commit
            found = self._server.request("GET", f"/{snapshot.index}/_stats/store,segments")["_all"]
            return EngineStats(
                documents={ARTICLE: 0, ITEM: 0, **commit.documents},
                terms=dict.fromkeys(snapshot.fields.text, 0) | snapshot.words.distinct_stems(),
                segments=int(found["primaries"]["segments"]["count"]),
                generation=commit.number,
                disk_bytes=int(found["total"]["store"]["size_in_bytes"]),
            )

        return self._read(work)

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()


def _server(location: Location, settings: Settings) -> Server:
    return Server(read_options(location.url, settings.engines.get("opensearch", {})))
