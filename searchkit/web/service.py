"""What every route works with: the index, and the threads in which it is asked and written."""

from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from searchkit.engines.base import ARTICLE, ITEM
from searchkit.search_index import SearchIndex
from searchkit.web.options import WebOptions
from searchkit.web.pool import Pool

Result = TypeVar("Result")

API = "/api/v1"
"""What the addresses of the API begin with."""

_WRITES_WAITING = 16


class Service:
    """An index behind a server; it stays the caller's to close."""

    def __init__(self, index: SearchIndex, options: WebOptions) -> None:
        self.index = index
        self.options = options
        self._searches = Pool("search", options.threads, options.concurrency, options.timeout)
        # One process writes at a time, and what is being committed is not given up.
        self._writes = Pool("write", 1, _WRITES_WAITING, None)

    async def search(self, function: Callable[[], Result], /) -> Result:
        """Return what `function`, which only reads, returns; see `Pool.run`."""
        return await self._searches.run(function)

    async def write(self, function: Callable[[], Result], /) -> Result:
        """Return what `function`, which writes, returns; see `Pool.run`."""
        return await self._writes.run(function)

    def documents(self) -> Mapping[str, int]:
        """Return how many documents there are of each kind, in a thread that searches."""
        # The stats of the index tell it, too, but count each term to do so, which takes seconds.
        page = self.index.search("*", limit=0, facets=("kind",), collapse="off", fragments=False)
        counts = {each.value: each.count for each in page.facets["kind"]}
        return {kind: counts.get(kind, 0) for kind in (ARTICLE, ITEM)}

    def close(self) -> None:
        """Wait for what has begun."""
        self._searches.close()
        self._writes.close()


def _of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Served = Annotated[Service, Depends(_of)]
