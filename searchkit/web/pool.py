"""Threads in which searches run, so that the event loop never waits for one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import TypeVar

from searchkit.forking import renewed_at_fork

Result = TypeVar("Result")


class Overloaded(Exception):
    """As many requests as may wait are waiting."""


class TookTooLong(Exception):
    """What was asked for was not there in time."""


class Pool:
    """Runs functions in a bounded number of threads, for which a bounded number may wait."""

    def __init__(self, name: str, threads: int, most: int, timeout: float | None) -> None:
        """Take `most` functions at a time, each for at most `timeout` seconds; None is for ever."""
        self._hired = partial(ThreadPoolExecutor, threads, f"searchkit-{name}")
        self._most = most
        self._timeout = timeout
        self._begin()
        renewed_at_fork(self, self._begin)

    def _begin(self) -> None:
        self._threads = self._hired()
        self._busy = 0
        self._counting = Lock()

    async def run(self, function: Callable[[], Result], /) -> Result:
        """Return what `function` returns, run in a thread.

        Raises Overloaded when too many are waiting, and TookTooLong. A function that has begun goes
        on to its end all the same, and counts as waiting until then.
        """
        with self._counting:
            if self._busy >= self._most:
                raise Overloaded
            self._busy += 1
        running = self._threads.submit(function)
        running.add_done_callback(lambda _: self._done())
        future = asyncio.wrap_future(running)
        done, _ = await asyncio.wait([future], timeout=self._timeout)
        if not done:
            future.cancel()
            raise TookTooLong
        return future.result()

    def _done(self) -> None:
        with self._counting:
            self._busy -= 1

    def close(self) -> None:
        """Wait for what has begun, and drop what has not."""
        self._threads.shutdown(wait=True, cancel_futures=True)
