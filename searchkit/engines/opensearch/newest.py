"""The newest commit of an index, whatever index of OpenSearch the alias stands for by now."""

import time
from collections.abc import Callable
from typing import TypeVar

from searchkit.engines.base import Position
from searchkit.engines.fields import Fields
from searchkit.engines.manifest import Manifest
from searchkit.engines.opensearch import layout
from searchkit.engines.opensearch.commits import HEAD, Commit, Commits, Place
from searchkit.engines.opensearch.server import NotFound, Server
from searchkit.engines.opensearch.snapshot import Caches, Snapshot
from searchkit.errors import REBUILD, IndexDamaged, IndexVersionMismatch, QueryError
from searchkit.forking import lock_held_at_fork

T = TypeVar("T")

_LATELY_SECONDS = 1.0


class Newest:
    """Knows the newest commit. Safe to use from several threads."""

    def __init__(self, server: Server, fields: Fields) -> None:
        self._server = server
        self._fields = fields
        self.caches = Caches()
        self._guard = lock_held_at_fork()
        self._commits = Commits(server, "")
        self._manifest: Manifest | None = None
        self._last: tuple[Snapshot | None, float] = (None, 0.0)

    def nothing(self) -> Snapshot:
        """Return a commit without documents, of no index."""
        return self._of("", Commit(number=0))

    def snapshot(self) -> Snapshot:
        """Return the newest commit.

        Raises IndexMissing, ForeignIndex, IndexDamaged, and IndexVersionMismatch when the index is
        of another analyzer by now.
        """
        try:
            head = self._server.request("GET", f"/{self._server.options.name}/_doc/{HEAD}")
            commits = self.commits_of(head["_index"])
            commit = commits.commit(commits.number_in(Place(self._server, head)))
        except NotFound:
            layout.manifest_of(self._server)
            raise self._damaged() from None
        found = self._of(commits.index, commit)
        self._last = found, time.monotonic()
        return found

    def _of(self, index: str, commit: Commit) -> Snapshot:
        return Snapshot(self._server, index, commit, self.caches, self._fields)

    def lately(self) -> Snapshot:
        """Return what was the newest commit a second ago or later, mostly without a request."""
        found, when = self._last
        if found is None or time.monotonic() - when > _LATELY_SECONDS:
            return self.snapshot()
        return found

    def forget(self) -> None:
        """Take no earlier commit for the newest any more."""
        self._last = (None, 0.0)

    def commits_of(self, index: str) -> Commits:
        """Return the commits of an index, which must be of the kind that was opened."""
        with self._guard:
            if self._commits.index == index:
                return self._commits
        manifest = layout.manifest_of(self._server, index)
        with self._guard:
            if self._manifest not in (None, manifest):
                raise IndexVersionMismatch(
                    f"{self._server.options.url} was built anew by another analyzer, format or "
                    f"schema ({manifest.analyzer}, {manifest.version}) since it was opened; open "
                    "it again"
                )
            self._manifest = manifest
            self._commits = Commits(self._server, index)
            return self._commits

    def commit_of(self, newest: Snapshot, position: Position) -> Snapshot:
        """Return the commit that a position by relevance belongs to; QueryError if it is gone."""
        index, _, number = position.commit.rpartition("/")
        if index == newest.index and number.isdecimal() and len(number) < 16:
            try:
                return self._of(index, self.commits_of(index).commit(int(number)))
            except NotFound:
                pass
        raise QueryError(
            "the index has changed since this cursor was given, and with it the scores; search "
            "again without it, or sort by date, where cursors outlast changes"
        )

    def read(self, work: Callable[[Snapshot], T], *, lately: bool = False) -> T:
        """Return what `work` makes of the newest commit, or with `lately` of one that was it.

        It begins anew when the index was replaced, and the one before removed, meanwhile.
        """
        try:
            return work(self.lately() if lately else self.snapshot())
        except NotFound:
            try:
                return work(self.snapshot())
            except NotFound:
                raise self._damaged() from None

    def _damaged(self) -> IndexDamaged:
        return IndexDamaged(
            f"{self._server.options.url}: what says which documents are in it is missing; {REBUILD}"
        )
