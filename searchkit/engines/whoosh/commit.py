"""One commit of the default engine, document by document."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from searchkit.engines.base import IndexedDocument
from searchkit.engines.whoosh.snapshot import Snapshot
from searchkit.engines.whoosh.writer import TokenWriter
from searchkit.engines.write_errors import write_errors
from searchkit.errors import IndexNotWritable


class WhooshWriter:
    """One commit; see `searchkit.engines.base.EngineWriter`.

    `before` is the commit that it will follow, taken when the writer had the lock.
    """

    def __init__(self, writer: TokenWriter, before: Snapshot) -> None:
        self._writer = writer
        self._before = before
        self._deleted: set[str] = set()
        self._broken = False

    def before(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what the commit before this writer stores under `ids`, of those that are there."""
        found = {each: self._before.stored(each) for each in ids}
        return {each: stored for each, stored in found.items() if stored is not None}

    def put(self, document: IndexedDocument) -> None:
        """Add a document, in place of the one of the same id."""
        # Half a document must never be committed, whatever the caller makes of the exception.
        self._broken, broken = True, self._broken
        with write_errors(self._writer.folder):
            self._delete(document.id)
            self._writer.add(document)
        self._broken = broken

    def delete(self, *document_ids: str) -> int:
        """Remove documents; return how many there were."""
        return sum(map(self._delete, document_ids))

    def _delete(self, document_id: str) -> bool:
        if self._writer.delete_added(document_id):
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
        changed = self._deleted or self._writer.pending
        if kind is not None or self._broken or not changed:
            self._writer.cancel()
        else:
            with write_errors(self._writer.folder):
                self._writer.commit()
        if kind is None and self._broken:
            raise IndexNotWritable(
                f"a document could not be added to {self._writer.folder}, so nothing was; the "
                "index is as it was before"
            )
