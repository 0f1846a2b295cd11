"""What the indexes for asyncio are made of: the methods of an index, run in threads.

A method that is awaited has the arguments, the result and the errors of the one it is named after,
and its documentation. Two pools of threads run them: one for what only reads, and one of a single
thread for what writes, since only one can write at a time. The event loop never waits for either.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial, wraps
from itertools import islice
from threading import Event, Lock
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar

from searchkit.arguments import check_callback
from searchkit.engines.location import Location
from searchkit.errors import SearchIndexError
from searchkit.forking import renewed_at_fork

STREAMED = 100
"""How many results of an iterator are fetched by a thread at a time."""


class _Closable(Protocol):
    """What any index is to `AsyncIndex`."""

    location: Location

    def close(self) -> None:
        """Give back what it holds."""


Index = TypeVar("Index", bound=_Closable)
Asynchronous = TypeVar("Asynchronous", bound="AsyncIndex[Any]")
Result = TypeVar("Result")
P = ParamSpec("P")


class AsyncIndex(Generic[Index]):
    """What every index for asyncio has: an index, threads, and an end.

    It is bound to no event loop; tasks, loops and threads may share it.
    """

    def __init__(self, index: Index) -> None:
        """Take over an open index, which is closed with this one."""
        self.sync = index
        """The index itself, for what there is no method for; safe to search meanwhile."""
        self._closed = False
        self._hire()
        renewed_at_fork(self, self._hire)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.sync!r}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        return self.sync.__reduce__()

    def _hire(self) -> None:
        # The threads and the lock of the process above are not those of this one.
        self._reads = ThreadPoolExecutor(thread_name_prefix="searchkit-read")
        self._writes = ThreadPoolExecutor(1, thread_name_prefix="searchkit-write")
        self._closing = Lock()
        if self._closed:
            self._dismiss()

    def _dismiss(self) -> None:
        self._reads.shutdown()
        self._writes.shutdown()

    @property
    def location(self) -> Location:
        """Where the index is."""
        return self.sync.location

    async def close(self) -> None:
        """Wait for the calls that have been made, and close the index; a second time, do nothing.

        Calls that are made later raise SearchIndexError.
        """
        await asyncio.shield(asyncio.to_thread(self._end))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    def _end(self) -> None:
        with self._closing:
            self._dismiss()
            if not self._closed:
                self._closed = True
                self.sync.close()

    def _begin(self, pool: ThreadPoolExecutor, call: Callable[[], Result]) -> "Future[Result]":
        try:
            return pool.submit(copy_context().run, _raising_what_can_be, call)
        except RuntimeError:  # what a pool that was shut down says
            raise SearchIndexError(f"the index {self.location} is closed; open it again") from None

    async def _read(self, call: Callable[[], Result]) -> Result:
        return await asyncio.wrap_future(self._begin(self._reads, call))

    async def _write(self, call: Callable[[], Result], stop: "Stop | None" = None) -> Result:
        running = self._begin(self._writes, call)
        future = asyncio.wrap_future(running)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            if not running.cancel():
                if stop:
                    stop.set()
                await _ended(future)
            raise


def _raising_what_can_be(call: Callable[[], Result]) -> Result:
    """Return what `call` does; a RuntimeError of StopIteration and of GeneratorExit.

    A future of asyncio takes no StopIteration: who waits for it would wait for ever. And
    GeneratorExit would close the coroutines that wait, instead of being raised in them.
    """
    try:
        return call()
    except (StopIteration, GeneratorExit) as error:
        raise RuntimeError(f"what was called raised {type(error).__name__}") from error


async def _ended(future: "asyncio.Future[Any]") -> None:
    """Wait until `future` is done, however often this is cancelled."""
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            continue
    if not future.cancelled():
        future.exception()  # looked at, so that asyncio does not complain of it


class _Stopped(Exception):
    """A run that was cancelled."""


class Stop(Event):
    """The `on_document` of a run, that ends it at its next document once it is set."""

    def __init__(self, on_document: Callable[[], None] | None) -> None:
        super().__init__()
        check_callback("on_document", on_document)
        self._on_document = on_document

    def __call__(self) -> None:
        """Be told of a document."""
        if self.is_set():
            raise _Stopped
        if self._on_document:
            self._on_document()


class Opening(Generic[Asynchronous]):
    """An index that is to be opened: await it, or put it into `async with`, which closes it."""

    def __init__(self, make: Callable[[], Asynchronous]) -> None:
        self._make = make
        self._made: Asynchronous | None = None

    def __await__(self) -> Generator[Any, None, Asynchronous]:
        return self._open().__await__()

    async def __aenter__(self) -> Asynchronous:
        self._made = await self._open()
        return self._made

    async def __aexit__(self, *error: object) -> None:
        if self._made is not None:
            await self._made.close()

    async def _open(self) -> Asynchronous:
        making = asyncio.ensure_future(asyncio.to_thread(_raising_what_can_be, self._make))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            # Nobody would close what is being opened.
            await _ended(making)
            if not making.cancelled() and not making.exception():
                await making.result().close()
            raise


def reading(
    method: Callable[Concatenate[Any, P], Result],
) -> Callable[Concatenate[AsyncIndex[Any], P], Coroutine[Any, Any, Result]]:
    """Return the method that awaits what `method`, which only reads, returns."""

    @wraps(method)
    async def read(self: AsyncIndex[Any], /, *args: P.args, **kwargs: P.kwargs) -> Result:
        return await self._read(partial(method, self.sync, *args, **kwargs))

    return read


def writing(
    method: Callable[Concatenate[Any, P], Result],
) -> Callable[Concatenate[AsyncIndex[Any], P], Coroutine[Any, Any, Result]]:
    """Return the method that awaits what `method`, which writes, returns."""

    @wraps(method)
    async def write(self: AsyncIndex[Any], /, *args: P.args, **kwargs: P.kwargs) -> Result:
        return await self._write(partial(method, self.sync, *args, **kwargs))

    return write


def streaming(
    method: Callable[Concatenate[Any, P], Iterable[Result]],
) -> Callable[Concatenate[AsyncIndex[Any], P], AsyncIterator[Result]]:
    """Return the method that yields what `method` does, STREAMED at a time."""

    @wraps(method)
    async def stream(
        self: AsyncIndex[Any], /, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncIterator[Result]:
        results = await self._read(lambda: iter(method(self.sync, *args, **kwargs)))
        while batch := await self._read(lambda: list(islice(results, STREAMED))):
            for result in batch:
                yield result

    return stream


def opening(
    method: Callable[P, Index], made: Callable[[Index], Asynchronous]
) -> Callable[P, Opening[Asynchronous]]:
    """Return the function that opens what `method` does, as `made` of it."""

    @wraps(method)
    def open_later(*args: P.args, **kwargs: P.kwargs) -> Opening[Asynchronous]:
        return Opening(lambda: made(method(*args, **kwargs)))

    return open_later


def in_thread(method: Callable[P, Result]) -> Callable[P, Coroutine[Any, Any, Result]]:
    """Return the function that awaits what `method`, of no open index, returns."""

    @wraps(method)
    async def run(*args: P.args, **kwargs: P.kwargs) -> Result:
        return await asyncio.to_thread(_raising_what_can_be, partial(method, *args, **kwargs))

    return run
