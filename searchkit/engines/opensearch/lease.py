"""The lock by which the writers of an index exclude one another: a document with an end.

Its holder goes on to put the end off. A writer that dies is known by its process being gone, on
this machine, or by the end having passed; the clocks of machines that write should agree within a
few seconds. Numbers of commits are given out with the lock, and none twice.
"""

import logging
import os
import platform
import random
import shlex
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from searchkit.engines.opensearch import layout
from searchkit.engines.opensearch.commits import Commits, Place, write_meta
from searchkit.engines.opensearch.server import Conflict, NotFound, Server
from searchkit.errors import IndexDamaged, IndexLocked, SearchIndexError

_log = logging.getLogger(__name__)

LOCK = "lock"

_POLL_SECONDS = 0.1
_LONGEST_TEXT = 200


class Lease:
    """The lock of an index, held from `acquire` to `release`; `number` is that of its commit."""

    def __init__(self, server: Server, index: str) -> None:
        self.index = index
        self._server = server
        self._commits = Commits(server, index)
        self._seconds = server.options.lease
        self._token = uuid.uuid4().hex
        self._stopping = threading.Event()
        self._end = 0.0
        self._pid = os.getpid()
        self.number = 0

    def acquire(self, timeout: float) -> None:
        """Wait for the lock for `timeout` seconds.

        Raises IndexLocked, naming the holder, when it is not free in time; NotFound when the index
        is not there any more.
        """
        deadline = time.monotonic() + timeout
        while True:
            place = self._read()
            holder = place.get("holder") if place else None
            # It is ours already where the answer was lost, and the request met itself.
            if holder is None or _is_gone(holder) or (place and self._is_mine(place)):
                with suppress(Conflict):
                    self._take(place)
                    break
            if time.monotonic() >= deadline:
                raise IndexLocked(
                    f"{self._server.options.url} is being written by {_shown(holder)}; waited "
                    f"{timeout:g} s: try again when it has finished"
                )
            time.sleep(_POLL_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311
        threading.Thread(target=self._go_on, name="searchkit-lease", daemon=True).start()

    def check(self) -> None:
        """Raise IndexLocked unless the lock is held, by this process, for long enough to write."""
        if os.getpid() != self._pid or self._stopping.is_set() or time.monotonic() >= self._end:
            raise IndexLocked(
                f"{self._server.options.url}: the lock of this writer was lost, for it could "
                f"not be renewed in {self._seconds:g} s; nothing was changed: run it again"
            )

    def release(self) -> None:
        """Give the lock back; nothing is done when it is not held."""
        self._stopping.set()
        with suppress(SearchIndexError):
            # A conflict is with the thread that puts the end off, and came between.
            while (place := self._read()) is not None and self._is_mine(place):
                with suppress(Conflict):
                    self._write(place, None, self.number)

    def _read(self) -> Place | None:
        try:
            return self._commits.place(LOCK)
        except NotFound:
            self._server.request("GET", f"/{self.index}/_settings")
            return None

    def _is_mine(self, place: Place) -> bool:
        holder = place.get("holder")
        return isinstance(holder, dict) and holder.get("token") == self._token

    def _take(self, place: Place | None) -> None:
        newest = 0
        # Of an index that is to be replaced there may be nothing sound.
        with suppress(NotFound, IndexDamaged):
            newest = self._commits.newest()[0].number
        issued = place.get("issued") if place else 0
        issued = max(issued if isinstance(issued, int) else 0, newest) + 1
        self._renew(place, issued)
        self.number = issued

    def _renew(self, place: Place | None, issued: int) -> None:
        asked = time.monotonic()
        holder = {
            "token": self._token,
            "pid": os.getpid(),
            "host": _machine(),
            "since": datetime.now().astimezone().isoformat(" ", "seconds"),
            "command": shlex.join(sys.argv)[:_LONGEST_TEXT],
            "end": time.time() + self._seconds,
        }
        self._write(place, holder, issued)
        # What is sent must have arrived when the lock is another's.
        self._end = asked + self._seconds * 0.8

    def _write(self, place: Place | None, holder: Mapping[str, Any] | None, issued: int) -> None:
        condition = place.condition if place else {"op_type": "create"}
        data = {"issued": issued, "holder": holder}
        write_meta(self._server, self.index, LOCK, data, **condition)

    def _go_on(self) -> None:
        pause = self._seconds / 4
        while not self._stopping.wait(pause):
            started = time.monotonic()
            # A request whose answer was lost has done its work: sent again, it meets a Conflict.
            pause = self._seconds / 60
            try:
                place = self._commits.place(LOCK)
                if not self._is_mine(place):
                    self._stopping.set()
                elif not self._stopping.is_set():
                    self._renew(place, self.number)
                    # What it took has gone from the time that it has brought.
                    pause = max(pause, self._seconds / 4 - (time.monotonic() - started))
            except NotFound:
                # The index was removed: what is sent to it yet would make one of no mapping.
                self._stopping.set()
            except SearchIndexError as error:
                _log.info("the lock of %s could not be put off: %s", self.index, error)


def acquired(server: Server, timeout: float) -> Lease:
    """Return the lock of the index that the alias stands for, held.

    Raises as `Lease.acquire` and `layout.target_of` do.
    """
    while True:
        lease = Lease(server, layout.target_of(server))
        try:
            lease.acquire(timeout)
        except NotFound:
            continue
        try:
            # Whoever had it before and was thought dead may be about to move the alias.
            layout.remove_leftovers(server, lease.index)
            if layout.target_of(server) == lease.index:
                return lease
        except NotFound:
            pass
        except BaseException:
            lease.release()
            raise
        lease.release()


@contextmanager
def locked(server: Server, timeout: float) -> Iterator[Lease]:
    """Hold the lock for a block; raises as `acquired` does."""
    lease = acquired(server, timeout)
    try:
        yield lease
    finally:
        lease.release()


def _is_gone(holder: Mapping[str, Any]) -> bool:
    """Return whether the holder of a lock is known to write no more."""
    try:
        pid, end = int(holder["pid"]), float(holder["end"])
        here = holder["host"] == _machine() and os.name == "posix"
    except (KeyError, TypeError, ValueError, OverflowError):
        return True  # no writer of ours has written that
    if time.time() > end:
        return True
    if here:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False
    return False


def _machine() -> str:
    """Return the name of this machine, and of the container in which a process has its number."""
    with suppress(OSError):
        return f"{platform.node()} {Path('/proc/self/ns/pid').readlink()}"
    return platform.node()


def _shown(holder: Mapping[str, Any] | None) -> str:
    if holder is None:
        return "another process"
    mine = holder["pid"] == os.getpid() and holder["host"] == _machine()
    who = "this process itself" if mine else "another process"
    host = str(holder["host"]).partition(" ")[0]
    since, command = (str(holder.get(name))[:_LONGEST_TEXT] for name in ("since", "command"))
    text = f"{who} (pid {holder['pid']} on {host} since {since}: {command})"
    return "".join(c if c.isprintable() else " " for c in text)
