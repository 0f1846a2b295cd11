"""One commit of a tantivy index."""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tantivy

from searchkit.engines.base import IndexedDocument
from searchkit.engines.locking import WriterLock
from searchkit.engines.tantivy.boundary import is_panic, writing
from searchkit.engines.tantivy.linking import Linker
from searchkit.engines.tantivy.schema import LINKS, native, native_links
from searchkit.engines.tantivy.snapshot import Snapshot
from searchkit.errors import IndexLocked, IndexNotWritable

LEAST_BYTES = 15_000_000  # that tantivy wants a thread
_log = logging.getLogger(__name__)


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Target:
    """What is written to: `publish` is called after a commit, `discard` when there is none."""

    index: tantivy.Index
    publish: Callable[[], None] = _nothing
    discard: Callable[[], None] = _nothing


class TantivyWriter:
    """One commit; see `searchkit.engines.base.EngineWriter`.

    `before` is the commit that it follows, taken when the writer had `lock`, which it gives back
    when it ends.
    """

    def __init__(
        self,
        folder: Path,
        target: Target,
        lock: WriterLock,
        before: Snapshot,
        memory_bytes: int,
    ) -> None:
        self._folder = folder
        self._lock = lock
        self._before = before
        self._target = target
        self._added: set[str] = set()
        self._deleted: set[str] = set()
        self._broken = False
        self._linker = Linker(before)
        self._number = before.next_number
        threads = max(min(os.cpu_count() or 1, memory_bytes // (2 * LEAST_BYTES)), 1)
        size = max(memory_bytes // 2, threads * LEAST_BYTES)
        with writing(folder):
            self._writer = target.index.writer(size, threads)

    def before(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what the commit before this writer stores under `ids`, of those that are there."""
        hits = {each: self._before.located(each) for each in ids}
        return {each: self._before.stored(hit) for each, hit in hits.items() if hit is not None}

    def put(self, document: IndexedDocument) -> None:
        """Add a document, in place of the one of the same id."""
        # Half a document must never be committed, whatever the caller makes of the exception.
        self._broken, broken = True, self._broken
        self._delete(document.id)
        with writing(self._folder):
            self._writer.add_document(native(self._before.layout, document, self._number))
        self._added.add(document.id)
        self._number += 1
        self._linker.add(document.id, document.signature)
        self._broken = broken

    def delete(self, *document_ids: str) -> int:
        """Remove documents; return how many there were."""
        return sum(map(self._delete, document_ids))

    def _delete(self, document_id: str) -> bool:
        there = document_id in self._added or (
            document_id not in self._deleted and self._before.located(document_id) is not None
        )
        if there:
            with writing(self._folder):
                self._writer.delete_documents_by_term("id", document_id)
            self._added.discard(document_id)
            self._deleted.add(document_id)
        return there

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if not self._lock.held:
                raise IndexLocked(
                    f"{self._folder} is being written by the process that this one was forked "
                    "from; only that one can commit"
                )
            if kind is not None or self._broken:
                self._discard()
            elif self._added or self._deleted or self._target.publish is not _nothing:
                with writing(self._folder):
                    self._commit()
            else:
                self._discard()
        finally:
            self._lock.release()
        if kind is None and self._broken:
            raise IndexNotWritable(
                f"a document could not be added to {self._folder}, so nothing was; the index is "
                "as it was before"
            )

    def _commit(self) -> None:
        """Commit, and wait until segments are merged and those no longer needed are removed."""
        try:
            links = self._linker.links()
            if links is not None:
                self._writer.delete_documents_by_term(LINKS, LINKS)
                self._writer.add_document(native_links(self._before.layout, links))
            self._writer.commit()
            self._target.publish()
        except BaseException:
            self._discard()
            raise
        finish(self._writer, self._folder)

    def _discard(self) -> None:
        try:
            self._writer.rollback()
            self._writer.wait_merging_threads()
        except (ValueError, OSError):
            pass  # its threads have ended already
        except BaseException as error:
            if not is_panic(error):
                raise
        finally:
            self._target.discard()


def finish(writer: tantivy.IndexWriter, folder: Path) -> None:
    """Wait until segments are merged; what is committed is safe whether that succeeds or not."""
    try:
        writer.wait_merging_threads()
    except (ValueError, OSError) as error:
        _log.warning("segments of %s could not be merged: %s", folder, error)
