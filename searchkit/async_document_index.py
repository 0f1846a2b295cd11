"""`AsyncDocumentIndex`: an index of documents of a schema, for asyncio."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from searchkit.async_index import (
    AsyncIndex,
    Stop,
    in_thread,
    opening,
    reading,
    streaming,
    writing,
)
from searchkit.document_index import DocumentIndex
from searchkit.indexing import IndexReport
from searchkit.schema import Schema


def _made(index: DocumentIndex) -> "AsyncDocumentIndex":
    return AsyncDocumentIndex(index)


class AsyncDocumentIndex(AsyncIndex[DocumentIndex]):
    """A `DocumentIndex` for asyncio: its methods, awaited.

    All that `AsyncSearchIndex` says of threads, cancelling and closing is true of it. The number of
    documents is `await index.count()`.

    >>> async with AsyncDocumentIndex.open_or_create("shop", schema) as index:  # doctest: +SKIP
    ...     page = await index.search("batik")
    """

    open = staticmethod(opening(DocumentIndex.open, _made))
    create = staticmethod(opening(DocumentIndex.create, _made))
    open_or_create = staticmethod(opening(DocumentIndex.open_or_create, _made))
    rebuild = staticmethod(opening(DocumentIndex.rebuild, _made))

    search = reading(DocumentIndex.search)
    count = reading(DocumentIndex.count)
    scores = reading(DocumentIndex.scores)
    similar = reading(DocumentIndex.similar)
    get = reading(DocumentIndex.get)
    suggest = reading(DocumentIndex.suggest)
    mark = reading(DocumentIndex.mark)
    stats = reading(DocumentIndex.stats)

    documents = streaming(DocumentIndex.documents)

    delete = writing(DocumentIndex.delete)
    delete_where = writing(DocumentIndex.delete_where)
    clear = writing(DocumentIndex.clear)
    optimize = writing(DocumentIndex.optimize)

    check = staticmethod(in_thread(DocumentIndex.check))
    repair = staticmethod(in_thread(DocumentIndex.repair))
    backup = staticmethod(in_thread(DocumentIndex.backup))
    restore = staticmethod(in_thread(DocumentIndex.restore))
    migrate = staticmethod(in_thread(DocumentIndex.migrate))

    async def add(
        self, documents: Iterable[Any], on_document: Callable[[], None] | None = None
    ) -> IndexReport:
        """Add documents in one commit; see `DocumentIndex.add`, and the class on cancelling."""
        stop = Stop(on_document)
        return await self._write(partial(self.sync.add, documents, stop), stop)

    @property
    def schema(self) -> Schema:
        """The schema of the index."""
        return self.sync.schema
