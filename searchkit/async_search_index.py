"""`AsyncSearchIndex`: an index for asyncio."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from searchkit.async_index import (
    AsyncIndex,
    Stop,
    in_thread,
    opening,
    reading,
    streaming,
    writing,
)
from searchkit.indexing import IndexReport, Source
from searchkit.search_index import SearchIndex


def _made(index: SearchIndex) -> "AsyncSearchIndex":
    return AsyncSearchIndex(index)


class AsyncSearchIndex(AsyncIndex[SearchIndex]):
    """A `SearchIndex` for asyncio: its methods, awaited.

    Each runs in a thread and has the arguments, result and errors of the method of that name.
    `open`, `create`, `open_or_create` and `rebuild` are awaited or put into `async with`; what
    yields is to be read by `async for`. Any number of tasks may search; what writes is done one
    after another, in the order in which it was called. Functions that are given, and iterators of
    documents, run in a thread.

    A search that is cancelled ends at once, and what its thread still finds is dropped. A write
    that is cancelled is not begun, or ends first: `add` and `add_files` at the next document,
    leaving the index as it was, unless they are committing; the others by being done. So once the
    task has ended, nothing more happens to the index. `backup` and other class methods go on.

    >>> async with AsyncSearchIndex.open_or_create("index") as index:        # doctest: +SKIP
    ...     page = await index.search("pakta pertahanan")
    """

    open = staticmethod(opening(SearchIndex.open, _made))
    create = staticmethod(opening(SearchIndex.create, _made))
    open_or_create = staticmethod(opening(SearchIndex.open_or_create, _made))
    rebuild = staticmethod(opening(SearchIndex.rebuild, _made))

    search = reading(SearchIndex.search)
    similar = reading(SearchIndex.similar)
    explain = reading(SearchIndex.explain)
    get = reading(SearchIndex.get)
    suggest = reading(SearchIndex.suggest)
    mark = reading(SearchIndex.mark)
    analyze = reading(SearchIndex.analyze)
    article_of = reading(SearchIndex.article_of)
    list_names = reading(SearchIndex.list_names)
    stats = reading(SearchIndex.stats)

    documents = streaming(SearchIndex.documents)
    export_lines = streaming(SearchIndex.export_lines)
    items_seen_on = streaming(SearchIndex.items_seen_on)

    delete = writing(SearchIndex.delete)
    optimize = writing(SearchIndex.optimize)
    export = writing(SearchIndex.export)
    export_site = writing(SearchIndex.export_site)

    check = staticmethod(in_thread(SearchIndex.check))
    repair = staticmethod(in_thread(SearchIndex.repair))
    backup = staticmethod(in_thread(SearchIndex.backup))
    restore = staticmethod(in_thread(SearchIndex.restore))
    migrate = staticmethod(in_thread(SearchIndex.migrate))

    async def add(
        self, documents: Iterable[Source], on_document: Callable[[], None] | None = None
    ) -> IndexReport:
        """Add documents in one commit; see `SearchIndex.add`, and the class on cancelling."""
        stop = Stop(on_document)
        return await self._write(partial(self.sync.add, documents, stop), stop)

    async def add_files(
        self,
        paths: str | Path | Iterable[str | Path],
        on_document: Callable[[], None] | None = None,
    ) -> IndexReport:
        """Read and add files; see `SearchIndex.add_files`, and the class on cancelling."""
        stop = Stop(on_document)
        return await self._write(partial(self.sync.add_files, paths, stop), stop)

    @property
    def path(self) -> Path:
        """The directory of the index; SearchIndexError when it is on a server."""
        return self.sync.path
