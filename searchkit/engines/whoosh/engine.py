"""The default engine behind `searchkit.engines.base.Engine`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from whoosh.index import TOC

from searchkit.engines.base import (
    Capabilities,
    Collapse,
    EngineStats,
    EngineWriter,
    Explanation,
    FacetsWanted,
    Filters,
    Match,
    Matches,
    Order,
    Position,
)
from searchkit.engines.directories import DirectoryEngine
from searchkit.engines.fields import NEWS, Fields
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest, check_built
from searchkit.engines.opening import unreadable
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.whoosh import dictionary
from searchkit.engines.whoosh.evaluation import Evaluation
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.engines.whoosh.ordering import Placed, page_of, to_order
from searchkit.engines.whoosh.ordering import after as later_than
from searchkit.engines.whoosh.positions import PagePositions
from searchkit.engines.whoosh.ranked import Hidden, Ranked, find
from searchkit.engines.whoosh.replacing import ReplacingIndex
from searchkit.engines.whoosh.segment import UNDATED
from searchkit.engines.whoosh.snapshot import Mask, Snapshot
from searchkit.engines.write_errors import write_errors
from searchkit.errors import QueryError
from searchkit.forking import lock_held_at_fork
from searchkit.query import Node, Term
from searchkit.results import FacetCount
from searchkit.settings import Settings

if TYPE_CHECKING:
    from searchkit.engines.whoosh.writer import TokenWriter

# Commits kept for those who page through them by relevance.
_MOST_PAGED = 4


class WhooshEngine(DirectoryEngine):
    """A Whoosh index in a folder.

    Safe to use from several threads: each search runs on one snapshot, and takes the newest commit
    when it begins. Writers exclude one another, also across processes, by a lock on a file.

    With `replacing`, the index is empty until its first commit. That takes the place of what others
    see in the folder until then, and `replacing` the place of its manifest.
    """

    capabilities: ClassVar = Capabilities(upkeep="searchkit.engines.whoosh.upkeep", schemas=True)
    format_version: ClassVar = 4

    def __init__(
        self,
        folder: Path,
        *,
        ranking: Ranking | None = None,
        memory_bytes: int = 256 * 1024 * 1024,
        lock_timeout: float = 10.0,
        replacing: Manifest | None = None,
        fields: Fields = NEWS,
    ) -> None:
        self.folder = folder
        self._index = (
            ReplacingIndex(folder, replacing, fields) if replacing else SafeIndex(folder, fields)
        )
        self._ranking = ranking or Ranking()
        self._memory_bytes = memory_bytes
        self._lock_timeout = lock_timeout
        self._opening = lock_held_at_fork()
        self._built: Manifest | None = None
        # The newest commit known, and the state of the index by then.
        self._newest: tuple[Snapshot, tuple[int, int, int]] | None = None
        self._forms: tuple[Snapshot | None, dict[str, int]] = (None, {})
        self._paged: dict[str, Snapshot] = {}
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
            fields=fields,
        )

    @staticmethod
    def publish_empty(folder: Path) -> None:
        """Put the empty commit into `folder`, which must exist."""
        with write_errors(folder):
            SafeIndex(folder).write_toc([], 0)

    def snapshot(self) -> Snapshot:
        """Return the newest commit, opened once."""
        try:
            # The operating system is asked without the lock: a process that is forked meanwhile
            # would wait for ever for a thread that it has not.
            newest = self._newest
            if newest is None or newest[1] != self._index.state():
                with self._opening:
                    newest = self._newest
                    if newest is None or newest[1] != self._index.state():
                        newest = self._newest = self._index.read_newest(self._opened)
            return newest[0]
        except OSError as error:
            raise unreadable(self.folder, error) from error

    def _opened(self, toc: TOC) -> Snapshot:
        if not self._index.pending:
            self._built = check_built(self.folder, self._index.fields, self._built)
        return Snapshot(self._index, toc, self._ranking)

    def writer(self) -> EngineWriter:
        """Return a writer; see `searchkit.engines.base.Engine`."""
        # Imported late, as all that who only searches has no use for.
        from searchkit.engines.whoosh.commit import WhooshWriter

        writer = self._token_writer()
        try:
            # The lock is held now, so what is the newest commit stays it.
            return WhooshWriter(writer, self.snapshot())
        except BaseException:
            writer.cancel()
            raise

    def _token_writer(self) -> "TokenWriter":
        from searchkit.engines.whoosh.writer import TokenWriter

        with write_errors(self.folder):
            return TokenWriter(self._index, self._memory_bytes, self._lock_timeout)

    def optimize(self) -> None:
        """Join all segments; see `searchkit.engines.base.Engine`."""
        writer = self._token_writer()
        with write_errors(self.folder):
            writer.merge_all()

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
        evaluation = Evaluation(snapshot, node)
        recency = recency or self._ranking.recency
        shown, hidden = find(evaluation, filters, recency, collapse)
        shown = to_order(snapshot, shown, sort)
        left = shown
        if after is not None:
            later = later_than(snapshot, shown, sort, after)
            left = shown.only(later)
            offset = 0
        page = page_of(snapshot, left, sort, offset, limit)
        before = len(shown.documents) - len(left.documents) + offset
        last = None
        if page and before + len(page) < len(shown.documents):
            last = self._position(snapshot, page[-1], sort)
        counts = {}
        if facets:
            again = partial(find, evaluation, recency=recency, how=collapse)
            counts = _counts(snapshot, facets, filters, shown, again)
        return Matches(
            total=len(shown.documents),
            matches=_matches(snapshot, hidden, page),
            before=before,
            last=last,
            facets=counts,
            weights=evaluation.idf,
        )

    def explain(
        self, node: Node, document_id: str, *, recency: Recency | None = None
    ) -> Explanation | None:
        """Return how `search` scores a document; see `searchkit.engines.base.Engine`."""
        from searchkit.engines.whoosh.explaining import explain

        snapshot = self.snapshot()
        place = snapshot.locate(document_id)
        if place is None:
            return None
        number = snapshot.segments.index(place[0])
        return explain(
            Evaluation(snapshot, node), number, place[1], recency or self._ranking.recency
        )

    def frequencies(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many documents each term is; see `searchkit.engines.base.Engine`."""
        readers = [segment.terms for segment in self.snapshot().segments]
        return {term: sum(r.document_count(field, term) for r in readers) for term in terms}

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what is stored under an id; None if nothing."""
        return self.snapshot().stored(document_id)

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that there are documents of."""
        snapshot = self.snapshot()
        return {each for each in ids if snapshot.locate(each) is not None}

    def find(self, field: str, value: str) -> Iterator[dict[str, Any]]:
        """Yield the stored objects of all documents with `value` in a keyword field."""
        for segment in self.snapshot().segments:
            for number in np.flatnonzero(segment.holding(field, value) & segment.live):
                yield segment.documents.stored_fields(int(number))

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield all stored objects; see `searchkit.engines.base.Engine`."""
        for segment in self.snapshot().segments:
            for number in np.flatnonzero(segment.live):
                yield segment.documents.stored_fields(int(number))

    def keyword_values(self, field: str, prefixes: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Yield (value, documents) by prefix, ascending; see `searchkit.engines.base.Engine`."""
        counts: Counter[str] = Counter()
        wanted = sorted(set(prefixes))
        for segment in self.snapshot().segments:
            values = {v for prefix in wanted for v, _ in segment.terms.counted(field, prefix)}
            for value in values:
                if (found := segment.postings(field, value)) is not None:
                    counts[value] += int(np.count_nonzero(segment.live[found.documents]))
        yield from sorted((value, count) for value, count in counts.items() if count)

    def frequent_values(
        self, field: str, prefixes: Iterable[str], most: int
    ) -> list[tuple[str, int]]:
        """Return the most frequent values by prefix; see `searchkit.engines.base.Engine`."""
        return dictionary.frequent_values(self.snapshot(), field, prefixes, most)

    def forms(self) -> Mapping[str, int]:
        """Return all folded forms with counts; see `searchkit.engines.base.Engine`."""
        snapshot = self.snapshot()
        known, forms = self._forms
        if known is not snapshot:
            forms = dictionary.forms(snapshot)
            self._forms = snapshot, forms
        return forms

    def frequency(self, term: Term) -> int:
        """Return in how many documents a word stands; see `searchkit.engines.base.Engine`."""
        return dictionary.frequency(self.snapshot(), term)

    def stats(self) -> EngineStats:
        """Return the size of the index."""
        snapshot = self.snapshot()
        documents = {"article": 0, "item": 0}
        for segment in snapshot.segments:
            articles = int(np.count_nonzero(segment.articles & segment.live))
            documents["article"] += articles
            documents["item"] += int(np.count_nonzero(segment.live)) - articles
        return EngineStats(
            documents=documents,
            terms=snapshot.distinct_terms,
            segments=len(snapshot.segments),
            generation=snapshot.generation,
            disk_bytes=self._disk_bytes(),
        )

    def _disk_bytes(self) -> int:
        total = 0
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # a writer may remove it
                total += path.stat().st_size if path.is_file() else 0
        return total

    def close(self) -> None:
        """Let go of the mapped files."""
        with self._opening:
            self._newest = None
            self._forms = (None, {})
            self._paged.clear()

    def _snapshot_for(self, position: Position | None) -> Snapshot:
        """Return the commit that a position by relevance belongs to, the newest for None."""
        newest = self.snapshot()
        if position is None or position.commit == newest.commit:
            return newest
        with self._opening:
            kept = self._paged.get(position.commit)
        if kept is None:
            raise QueryError(
                "the index has changed since this cursor was given, and with it the scores; search "
                "again without it, or sort by date, where cursors outlast changes"
            )
        return kept

    def _position(self, snapshot: Snapshot, hit: Placed, sort: Order) -> Position:
        """Return where a hit stands; by relevance, keep its commit for who asks for the next."""
        if sort == "relevance":
            with self._opening:
                if snapshot.commit != next(reversed(self._paged), ""):
                    self._paged.pop(snapshot.commit, None)
                    self._paged[snapshot.commit] = snapshot
                    for commit in list(self._paged)[:-_MOST_PAGED]:
                        del self._paged[commit]
        _, _, document_id, _, _, score, moment = hit
        dated = None if moment == UNDATED else moment
        return Position(score, dated, document_id, snapshot.commit)


def _matches(snapshot: Snapshot, hidden: Hidden, page: Sequence[Placed]) -> tuple[Match, ...]:
    """Return the matches of a page."""
    stored = [segment.documents.stored_fields for segment in snapshot.segments]
    positions = PagePositions(snapshot, page).of
    return tuple(
        [
            Match(
                document_id,
                score,
                partial(stored[segment], document),
                _copies(snapshot, hidden, segment, document) if hidden.behind else (),
                partial(positions, row),
            )
            for row, (_, _, document_id, segment, document, score, _) in enumerate(page)
        ]
    )


def _copies(snapshot: Snapshot, hidden: Hidden, segment: int, document: int) -> tuple[str, ...]:
    """Return the ids of the copies behind a document, newest first."""
    behind = hidden.documents(segment, document)
    copies = sorted((-m, snapshot.segments[s].documents.id(d)) for m, s, d in behind)
    return tuple(each for _, each in copies)


def _counts(
    snapshot: Snapshot,
    facets: FacetsWanted,
    filters: Filters,
    shown: Ranked,
    again: Callable[[Filters], tuple[Ranked, Hidden]],
) -> dict[str, tuple[FacetCount, ...]]:
    """Return the facets of what is `shown`; `again` finds what other filters would show."""
    counts = {}
    for field in facets.fields:
        own = facets.multi_select and field in filters.values
        counted = again(filters.without(field))[0] if own else shown
        counts[field] = snapshot.facet(field).counts(_masks(snapshot, counted), facets.most)
    return counts


def _masks(snapshot: Snapshot, ranked: Ranked) -> list[Mask]:
    """Return which documents of each segment are among those ranked."""
    masks = []
    for number, segment in enumerate(snapshot.segments):
        mask = np.zeros(segment.size, dtype=bool)
        mask[ranked.documents[ranked.segments == number]] = True
        masks.append(mask)
    return masks
