"""What tests of indexes for asyncio are run by."""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event
from typing import Any, TypeVar

import pytest

from searchkit import (
    AsyncSearchIndex,
    SearchIndex,
)

Result = TypeVar("Result")


def run(
    index: SearchIndex, work: Callable[[AsyncSearchIndex], Awaitable[Result]]
) -> tuple[AsyncSearchIndex, Result]:
    """Return the index for asyncio that `work` was done with, closed, and what it returned."""

    async def main() -> tuple[AsyncSearchIndex, Result]:
        async with AsyncSearchIndex(index) as opened:
            return opened, await asyncio.wait_for(work(opened), 30)

    return asyncio.run(main())


class Gate:
    """Takes the place of a method; is told of being called, and waits to be let through."""

    def __init__(self, owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._method = getattr(owner, name)
        self.reached, self.opened = Event(), Event()
        self.calls = 0
        monkeypatch.setattr(owner, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        self.reached.set()
        assert self.opened.wait(10)
        return self._method(*args, **kwargs)


async def until(event: Event) -> None:
    assert await asyncio.to_thread(event.wait, 10)


async def cancelled(task: "asyncio.Task[Any]") -> bool:
    """Whether the task ends as cancelled."""
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()
