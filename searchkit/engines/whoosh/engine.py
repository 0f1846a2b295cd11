"""The default engine behind `searchkit.engines.base.Engine`."""

import errno
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from whoosh.index import LockError

from searchkit.engines.base import (
    KEYWORD_FIELDS,
    TEXT_FIELDS,
    Collapse,
    EngineStats,
    Explanation,
    FacetsWanted,
    Filters,
    IndexedDocument,
    Match,
    Matches,
    Position,
    Ranking,
    Recency,
    Sort,
)
from searchkit.engines.whoosh import dictionary
from searchkit.engines.whoosh.evaluation import Evaluation
from searchkit.engines.whoosh.explaining import explain
from searchkit.engines.whoosh.index import INDEX_NAME, SafeIndex
from searchkit.engines.whoosh.ordering import after as later_than
from searchkit.engines.whoosh.ordering import page_of
from searchkit.engines.whoosh.ranked import Hidden, Ranked, rank
from searchkit.engines.whoosh.ranked import collapse as collapsed
from searchkit.engines.whoosh.segment import UNDATED
from searchkit.engines.whoosh.snapshot import Mask, Snapshot
from searchkit.engines.whoosh.writer import TokenWriter
from searchkit.errors import IndexLocked, IndexNotWritable, QueryError
from searchkit.query import Node, Term

_OWN_FILE = re.compile(
    rf"_{INDEX_NAME}_\d+\.(toc|new)|{INDEX_NAME}_[a-z0-9]+\.\w+|{INDEX_NAME}_WRITELOCK"
)
# Commits kept for those who page through them by relevance.
_MOST_PAGED = 4
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


class WhooshEngine:
    """A Whoosh index in a folder.

    Safe to use from several threads: each search runs on one snapshot, and takes the newest commit
    when it begins. Writers exclude one another across processes by a lock on a file.
    """

    def __init__(
        self,
        folder: Path,
        *,
        ranking: Ranking | None = None,
        memory_bytes: int = 256 * 1024 * 1024,
        lock_timeout: float = 10.0,
    ) -> None:
        self.folder = folder
        self._index = SafeIndex(folder)
        self._ranking = ranking or Ranking()
        self._memory_bytes = memory_bytes
        self._lock_timeout = lock_timeout
        self._opening = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._forms: tuple[int, dict[str, int]] = (-1, {})
        self._paged: dict[str, Snapshot] = {}
        self.snapshot()

    @classmethod
    def create(cls, folder: Path) -> None:
        """Publish an empty index in `folder`, which must exist."""
        with _write_errors(folder):
            SafeIndex(folder).write_toc([], 0)

    @classmethod
    def remove(cls, folder: Path) -> None:
        """Remove the files of an index in `folder`, and no others."""
        if folder.is_dir():
            for path in folder.iterdir():
                if _OWN_FILE.fullmatch(path.name):
                    path.unlink()

    def snapshot(self) -> Snapshot:
        """Return the newest commit, opened once."""
        with self._opening:
            current = self._snapshot
            if current is None or current.generation != self._index.latest_generation():
                current = self._snapshot = self._open_newest()
            return current

    def _open_newest(self) -> Snapshot:
        # A writer may remove the files of one commit just after it has published the next.
        for attempts_left in (2, 1, 0):
            generation = self._index.latest_generation()
            try:
                return Snapshot(self._index, self._index._read_toc(), self._ranking)
            except Exception:
                if not attempts_left or generation == self._index.latest_generation():
                    raise
        raise AssertionError("unreachable")

    def writer(self) -> "WhooshWriter":
        """Return a writer; see `searchkit.engines.base.Engine`."""
        return WhooshWriter(self, self._token_writer())

    def _token_writer(self) -> TokenWriter:
        with _write_errors(self.folder):
            try:
                return TokenWriter(self._index, self._memory_bytes, self._lock_timeout)
            except LockError:
                raise IndexLocked(
                    f"{self.folder} is being written by another process; waited "
                    f"{self._lock_timeout:g} s: try again when it has finished"
                ) from None

    def optimize(self) -> None:
        """Join all segments; see `searchkit.engines.base.Engine`."""
        writer = self._token_writer()
        with _write_errors(self.folder):
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
        sort: Sort = "relevance",
        after: Position | None = None,
        facets: FacetsWanted | None = None,
    ) -> Matches:
        """Return the ranked documents; see `searchkit.engines.base.Engine`."""
        snapshot = self._snapshot_for(after if sort == "relevance" else None)
        evaluation = Evaluation(snapshot, node)

        def run(filters: Filters) -> tuple[Ranked, Hidden]:
            found = rank(evaluation, filters, recency or self._ranking.recency)
            return collapsed(snapshot, found, collapse)

        shown, hidden = run(filters)
        left = shown
        if after is not None:
            later = later_than(snapshot, shown, sort, after)
            left = shown.only(later)
            offset = 0
        rows = page_of(snapshot, left, sort, offset, limit)
        before = len(shown.documents) - len(left.documents) + offset
        last = None
        if rows and before + len(rows) < len(shown.documents):
            last = self._position(snapshot, left, *rows[-1], sort)
        counts = {}
        for field in facets.fields if facets else ():
            assert facets is not None
            own = facets.multi_select and field in filters.values
            counted = run(filters.without(field))[0] if own else shown
            counts[field] = snapshot.facet(field).counts(_masks(snapshot, counted), facets.most)
        return Matches(
            total=len(shown.documents),
            matches=tuple(self._match(snapshot, left, hidden, index) for index, _ in rows),
            before=before,
            last=last,
            facets=counts,
            weights=evaluation.idf,
        )

    def explain(
        self, node: Node, document_id: str, *, recency: Recency | None = None
    ) -> Explanation | None:
        """Return how `search` scores a document; see `searchkit.engines.base.Engine`."""
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
        place = self.snapshot().locate(document_id)
        return place[0].documents.stored_fields(place[1]) if place else None

    def find(self, field: str, value: str) -> Iterator[dict[str, Any]]:
        """Yield the stored objects of all documents with `value` in a keyword field."""
        for segment in self.snapshot().segments:
            for number in np.flatnonzero(segment.holding(field, value) & segment.live):
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
        if known != snapshot.generation:
            forms = dictionary.forms(snapshot)
            self._forms = snapshot.generation, forms
        return forms

    def frequency(self, term: Term) -> int:
        """Return in how many documents a word stands; see `searchkit.engines.base.Engine`."""
        return dictionary.frequency(self.snapshot(), term)

    def stats(self) -> EngineStats:
        """Return the size of the index."""
        snapshot = self.snapshot()
        documents = {"article": 0, "item": 0}
        terms: dict[str, set[bytes]] = {name: set() for name in TEXT_FIELDS}
        for segment in snapshot.segments:
            articles = int(np.count_nonzero(segment.articles & segment.live))
            documents["article"] += articles
            documents["item"] += int(np.count_nonzero(segment.live)) - articles
            for field, term in segment.terms.terms():
                if field not in KEYWORD_FIELDS and not term.startswith(b"="):
                    terms.setdefault(field, set()).add(term)
        return EngineStats(
            documents=documents,
            terms={field: len(known) for field, known in terms.items()},
            segments=len(snapshot.segments),
            generation=snapshot.generation,
            disk_bytes=sum(f.stat().st_size for f in self.folder.iterdir() if f.is_file()),
        )

    def close(self) -> None:
        """Let go of the mapped files."""
        with self._opening:
            self._snapshot = None
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

    def _position(
        self, snapshot: Snapshot, ranked: Ranked, index: int, document_id: str, sort: Sort
    ) -> Position:
        """Return where a hit stands; by relevance, keep its commit for who asks for the next."""
        if sort == "relevance":
            with self._opening:
                self._paged.pop(snapshot.commit, None)
                self._paged[snapshot.commit] = snapshot
                for commit in list(self._paged)[:-_MOST_PAGED]:
                    del self._paged[commit]
        moment = int(ranked.moments[index])
        dated = None if moment == UNDATED else moment
        return Position(float(ranked.scores[index]), dated, document_id, snapshot.commit)

    @staticmethod
    def _match(snapshot: Snapshot, ranked: Ranked, hidden: Hidden, index: int) -> Match:
        segment, document = int(ranked.segments[index]), int(ranked.documents[index])
        stored = snapshot.segments[segment].documents.stored_fields(document)
        behind = hidden.documents(segment, document)
        copies = sorted((-moment, snapshot.segments[s].documents.id(d)) for moment, s, d in behind)
        return Match(float(ranked.scores[index]), stored, tuple(each for _, each in copies))


def _masks(snapshot: Snapshot, ranked: Ranked) -> list[Mask]:
    """Return which documents of each segment are among those ranked."""
    masks = []
    for number, segment in enumerate(snapshot.segments):
        mask = np.zeros(segment.size, dtype=bool)
        mask[ranked.documents[ranked.segments == number]] = True
        masks.append(mask)
    return masks


class WhooshWriter:
    """One commit; see `searchkit.engines.base.EngineWriter`."""

    def __init__(self, engine: WhooshEngine, writer: TokenWriter) -> None:
        self._engine = engine
        self._writer = writer
        # The lock is held now, so this is the commit that the new one will follow.
        self._before = engine.snapshot()
        self._added: dict[str, int] = {}
        self._deleted: set[str] = set()

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what the commit before this writer stores under an id; None if nothing."""
        place = self._before.locate(document_id)
        return place[0].documents.stored_fields(place[1]) if place else None

    def put(self, document: IndexedDocument) -> None:
        """Add a document, in place of the one of the same id."""
        with _write_errors(self._engine.folder):
            self.delete(document.id)
            self._added[document.id] = self._writer.add(document)

    def delete(self, document_id: str) -> bool:
        """Remove a document; return whether there was one."""
        if document_id in self._added:
            self._writer.delete_added(self._added.pop(document_id))
            return True
        place = None if document_id in self._deleted else self._before.locate(document_id)
        if place is None:
            return False
        segment = place[0].segment
        mine = next(s for s in self._writer.segments if s == segment)
        mine.delete_document(place[1])
        self._deleted.add(document_id)
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        changed = self._added or self._deleted
        if kind is not None or not changed:
            self._writer.cancel()
            return
        with _write_errors(self._engine.folder):
            self._writer.commit()


@contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _READ_ONLY:
            raise IndexNotWritable(
                f"{folder} cannot be written ({error.strerror}); check its permissions, or choose "
                "another place with --index-dir"
            ) from error
        if error.errno == errno.ENOSPC:
            free = shutil.disk_usage(folder).free // 2**20
            raise IndexNotWritable(
                f"the disk of {folder} is full ({free} MB free); the index is as it was before"
            ) from error
        raise
