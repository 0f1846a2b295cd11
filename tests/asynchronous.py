"""What tests of indexes for asyncio are run by."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
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


class Door:
    """A place in a thread where it waits to be let through."""

    def __init__(self) -> None:
        self.reached, self.opened = Event(), Event()

    def wait(self) -> None:
        """Tell that this place was reached, and wait."""
        self.reached.set()
        assert self.opened.wait(10)


class Gate(Door):
    """Takes the place of a method; is told of being called, and waits to be let through."""

    def __init__(self, owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._method = getattr(owner, name)
        self.calls = 0
        monkeypatch.setattr(owner, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        self.wait()
        return self._method(*args, **kwargs)


async def until(event: Event) -> None:
    assert await asyncio.to_thread(event.wait, 10)


async def cancelled(task: "asyncio.Task[Any]") -> bool:
    """Whether the task ends as cancelled."""
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


async def cancelled_at(door: Door, work: Coroutine[Any, Any, Any]) -> bool:
    """Whether `work` ends as cancelled, not before its thread is let through the door."""
    task = asyncio.ensure_future(work)
    await until(door.reached)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    task.cancel()  # which is not changed by impatience
    door.opened.set()
    await asyncio.wait([task])
    return task.cancelled()
