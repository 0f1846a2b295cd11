"""What threads share when a process forks, as servers and `multiprocessing` have them do.

The child has one thread. A lock that another one held is never given back in it, and what that one
was changing is never finished; connections are still the parent's.
"""

import os
import threading
from collections.abc import Callable
from itertools import count
from typing import Any
from weakref import ref

_LONGEST_WAIT = 10.0
"""Seconds that a fork waits for a lock, should one be held by who waits for what forks."""

_numbers = count()
# Not WeakMethod: as a process ends, it complains of objects that outlive it.
_locks: dict[int, tuple[ref[Any], str]] = {}
_renewals: dict[int, tuple[ref[Any], str]] = {}
_held: list[Any] = []
_forking = threading.RLock()


def lock_held_at_fork() -> Any:
    """Return a lock that is free in a child, and what it guards whole: a fork waits for it.

    It is for what is soon done: who holds it waits for no other lock that is held for long.
    """
    lock = threading.RLock()
    _keep(_locks, lock, "acquire")
    return lock


def renewed_at_fork(owner: object, renew: Callable[[], None]) -> None:
    """Have a method of `owner` called in each child, for as long as that is there.

    It puts other things in the place of locks, threads and connections that are the parent's.
    """
    _keep(_renewals, owner, renew.__name__)


def _keep(kept: dict[int, tuple[ref[Any], str]], owner: object, method: str) -> None:
    number = next(_numbers)
    kept[number] = ref(owner, lambda _: kept.pop(number, None)), method


def _there(kept: dict[int, tuple[ref[Any], str]]) -> list[Any]:
    """Return the methods of those objects that are there still."""
    known = [(owner(), method) for owner, method in list(kept.values())]
    return [getattr(owner, method) for owner, method in known if owner is not None]


def _hold() -> None:
    for acquire in (_forking.acquire, *_there(_locks)):
        if acquire(timeout=_LONGEST_WAIT):
            _held.append(acquire.__self__)


def _release() -> None:
    while _held:
        _held.pop().release()


def _renew() -> None:
    _release()
    for renew in _there(_renewals):
        renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_renew)
