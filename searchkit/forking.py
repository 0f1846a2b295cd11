"""What threads share when a process forks, as servers and `multiprocessing` have them do.

The child has one thread. A lock that another one held is never given back in it, and what that one
was changing is never finished; connections are still the parent's.
"""

import os
import threading
from collections.abc import Callable
from itertools import count
from typing import Any
from weakref import WeakMethod, ref

_LONGEST_WAIT = 10.0
"""Seconds that a fork waits for a lock, should one be held by who waits for what forks."""

_numbers = count()
_locks: dict[int, ref[Any]] = {}
_renewals: dict[int, ref[Any]] = {}
_held: list[Any] = []
_forking = threading.RLock()


def lock_held_at_fork() -> Any:
    """Return a lock that is free in a child, and what it guards whole: a fork waits for it.

    It is for what is soon done: who holds it waits for no other lock that is held for long.
    """
    lock = threading.RLock()
    _keep(_locks, ref, lock)
    return lock


def renewed_at_fork(renew: Callable[[], None]) -> None:
    """Have a method called in each child, for as long as its object is there.

    It puts other things in the place of locks, threads and connections that are the parent's.
    """
    _keep(_renewals, WeakMethod, renew)


def _keep(kept: dict[int, ref[Any]], kind: type[ref[Any]], thing: object) -> None:
    number = next(_numbers)
    kept[number] = kind(thing, lambda _: kept.pop(number, None))


def _there(kept: dict[int, ref[Any]]) -> list[Any]:
    return [thing for each in list(kept.values()) if (thing := each()) is not None]


def _hold() -> None:
    for lock in (_forking, *_there(_locks)):
        if lock.acquire(timeout=_LONGEST_WAIT):
            _held.append(lock)


def _release() -> None:
    while _held:
        _held.pop().release()


def _renew() -> None:
    _release()
    for renew in _there(_renewals):
        renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_renew)
