"""One commit of an index in a cluster, document by document.

All that is sent bears the number of the commit, which no reader takes notice of until the head of
the index names it: so a commit is seen whole or not at all, on all shards at once, whatever becomes
of the writer or of a node meanwhile.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from searchkit.engines.base import IndexedDocument
from searchkit.engines.opensearch import layout, pieces
from searchkit.engines.opensearch.bulk import BulkSender, Change, send
from searchkit.engines.opensearch.commits import Commit, Commits
from searchkit.engines.opensearch.copies import Signed, links_left, new_links
from searchkit.engines.opensearch.lease import Lease
from searchkit.engines.opensearch.mapping import to_source, version_id
from searchkit.engines.opensearch.server import Server
from searchkit.engines.opensearch.snapshot import Snapshot
from searchkit.engines.opensearch.upkeep import (
    count_words,
    described,
    merge,
    purge,
    refresh,
    undo_own,
)
from searchkit.engines.opensearch.words import WordCounter, Words
from searchkit.engines.rescoring import encode
from searchkit.errors import IndexNotWritable, SearchIndexError

_log = logging.getLogger(__name__)

_ORDER_BITS = 32
# Ids that are looked up at a time.
_BATCH = 1000
# Pieces that a reader has to add up before they are written anew as one.
_MOST_PIECES = 8


class OpenSearchWriter:
    """One commit; see `searchkit.engines.base.EngineWriter`.

    `before` is the commit that it follows, taken when the writer had the lock; with `fresh`, the
    name of an empty index, that is written, and then takes the place of the one before.
    `published` is called when the commit can be seen.
    """

    def __init__(
        self,
        server: Server,
        lease: Lease,
        before: Snapshot,
        fresh: str = "",
        published: Callable[[], None] = lambda: None,
    ) -> None:
        self._published = published
        self._server = server
        self._lease = lease
        self._before = before
        self._fresh = fresh
        index = fresh or before.index
        # What the new commit is added to.
        self._base = before.emptied(fresh) if fresh else before
        self._commits = Commits(server, index)
        self._head = self._commits.newest()[1]
        self._sender = BulkSender(server, index)
        self._words = WordCounter(before.fields.text)
        self._signed: dict[str, Signed] = {}
        # Ids whose earlier version goes, those that may be under way, and those that are there now.
        self._replaced: list[str] = []
        self._handled: set[str] = set()
        self._sent: set[str] = set()
        self._added: set[str] = set()
        self._changes = 0
        self._broken = False

    def before(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what the commit before this writer stores under `ids`, of those that are there."""
        return self._base.stored_of(list(ids))

    def put(self, document: IndexedDocument) -> None:
        """Add a document, in place of the one of the same id."""
        # Half a document must never be committed, whatever the caller makes of the exception.
        self._broken, broken = True, self._broken
        self._changes += 1
        number = self._lease.number
        order = (number << _ORDER_BITS) + self._changes
        record = encode(document.tokens, self._base.fields.text)
        source = to_source(document, record, number, order)
        self._words.add(document.tokens)
        self._supersede(document.id)
        self._signed.pop(document.id, None)
        change = Change.index(version_id(document.id, number), source)
        if "member" in source:
            signed = Signed(change.id, source["member"], document.signature)
            self._signed[document.id] = signed
        self._change(document.id, change)
        self._added.add(document.id)
        self._broken = broken

    def delete(self, *document_ids: str) -> int:
        """Remove documents; return how many there were."""
        self._broken, broken = True, self._broken
        ids = dict.fromkeys(document_ids)
        added = [each for each in ids if each in self._added]
        for each in added:
            self._added.discard(each)
            self._signed.pop(each, None)
            self._change(each, Change("delete", version_id(each, self._lease.number)))
        before = self._base.existing([each for each in ids if each not in self._handled])
        for each in before:
            self._changes += 1
            self._supersede(each)
        self._broken = broken
        return len(added) + len(before)

    def _supersede(self, document_id: str) -> None:
        """Let the version of the commit before, if there is one, end with this commit."""
        if self._base.commit.size and document_id not in self._handled:
            self._handled.add(document_id)
            self._replaced.append(document_id)
            if len(self._replaced) >= _BATCH:
                self._flush()

    def _change(self, document_id: str, change: Change) -> None:
        if document_id in self._sent:
            # Requests overtake one another: the earlier change must have arrived.
            self._flush()
            self._sender.drain()
            self._sent.clear()
        self._sent.add(document_id)
        if self._sender.add(change):
            self._flush()

    def _flush(self) -> None:
        self._lease.check()
        ids, self._replaced = self._replaced, []
        self._sender.flush(lambda: self._ending(ids))

    def _ending(self, ids: Sequence[str]) -> list[Change]:
        """Return the changes by which the versions of the commit before end."""
        return [
            Change.end(version_id(found.id, found.since), self._lease.number)
            for found in self._base.of_ids(ids)
        ]

    # The end

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        done = False
        try:
            if kind is None and not self._broken and (self._changes or self._fresh):
                self._commit()
                done = True
        finally:
            self._sender.close()
            if not done:
                self._undo()
            self._lease.release()
        if kind is None and self._broken:
            raise IndexNotWritable(
                f"a document could not be added to {self._server.options.url}, so nothing "
                "was; the index is as it was before"
            )

    def _commit(self) -> None:
        self._flush()
        self._sender.drain()
        links = self._write_links()
        words = self._write_words()
        refresh(self._server, self._commits.index)
        self._lease.check()
        commit = self._base.commit.following(self._lease.number, vocabulary=words, links=links)
        commit = replace(commit, **described(self._base.at(commit)))
        self._commits.write(commit)
        self._lease.check()
        self._commits.publish(commit, self._head)
        if self._fresh:
            layout.point(self._server, self._fresh, self._before.index)
        self._published()
        self._clean(commit)

    def _clean(self, commit: Commit) -> None:
        try:
            purge(self._server, self._commits, commit, self._server.options.kept)
        except SearchIndexError as error:
            _log.warning("what is out of date could not be removed: %s", error)

    def _write_links(self) -> tuple[str, ...]:
        kept = self._base.commit.links
        pairs, marked = new_links(self._base, list(self._signed.values()))
        changes = [Change.update(version, {"linked": True}) for version in marked]
        for start in range(0, len(changes), _BATCH):
            send(self._server, self._commits.index, changes[start : start + _BATCH])
        if not len(pairs):
            return kept
        data = pairs.astype("<i8").tobytes()
        if len(kept) >= _MOST_PIECES:
            data = self._base.links.to_bytes() + data
            kept = ()
        return (*kept, self._write("links", data))

    def _write_words(self) -> tuple[str, ...]:
        kept = self._base.commit.vocabulary
        words = self._words.words()
        if not words.forms:
            return kept
        if len(kept) >= _MOST_PIECES:
            words = Words.merged([self._base.words, words], self._base.fields.text)
            kept = ()
        return (*kept, self._write("words", words.to_bytes()))

    def _write(self, kind: str, data: bytes) -> str:
        name = f"{kind}-{self._lease.number}"
        return pieces.write_data(self._server, self._commits.index, name, data)

    def _undo(self) -> None:
        try:
            if self._fresh:
                # The alias may have been moved, though the answer that it was has been lost.
                if layout.target_of(self._server) != self._fresh:
                    layout.remove(self._server, self._fresh)
            elif self._changes:
                undo_own(self._server, self._commits, self._head, self._lease.number)
        except SearchIndexError as error:
            # Nobody sees it, and the next writer removes it.
            _log.warning("what an unfinished commit has left could not be removed: %s", error)


def write_anew(server: Server, lease: Lease, before: Snapshot) -> None:
    """Write a commit of the same documents, as small as it can be, and merge what is left."""
    commits = Commits(server, before.index)
    words = count_words(before).words()
    links = links_left(before).astype("<i8").tobytes() if before.commit.links else b""

    def written(kind: str, data: bytes) -> tuple[str, ...]:
        return (pieces.write_data(server, before.index, f"{kind}-{lease.number}", data),)

    head = commits.newest()[1]
    commit = before.commit.following(
        lease.number,
        vocabulary=written("words", words.to_bytes()),
        links=written("links", links) if links else (),
    )
    commits.write(commit)
    lease.check()
    commits.publish(commit, head)
    purge(server, commits, commit, 0.0)
    merge(server, before.index)
