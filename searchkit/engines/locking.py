"""The lock by which the writers of an index exclude one another.

The operating system holds it, on a file in the index directory, so it ends with the process however
that ends, and a file left by a crash locks nothing. The file tells who holds the lock, for whoever
waits in vain. Two writers of one process exclude one another as those of two do; a forked child
holds nothing.
"""

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from searchkit.errors import IndexLocked, IndexNotWritable, SearchIndexError

FILE_NAME = "MAIN_WRITELOCK"

_UNSUPPORTED = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
_POLL_SECONDS = 0.05
_LONGEST_TEXT = 200
_LARGEST = 4096


class WriterLock:
    """The lock of the index in a folder; not held until `acquire`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE_NAME
        self._lock: Any = None
        self._descriptor = -1

    @property
    def held(self) -> bool:
        """Whether this process holds the lock by this object; a forked child does not."""
        return self._lock is not None and bool(self._lock.is_locked)

    def acquire(self, timeout: float) -> None:
        """Wait for the lock for `timeout` seconds.

        Raises IndexLocked, naming the holder, when it is not free in time; IndexNotWritable where
        the file system has no locks; OSError when the file cannot be written.
        """
        # Imported late: who only searches needs no lock.
        from filelock import FileLock, Timeout

        lock = FileLock(
            self._path,
            poll_interval=_POLL_SECONDS,
            thread_local=False,
            fallback_to_soft=False,
            preserve_lock_file=True,
            on_acquired=self._describe,
        )
        try:
            lock.acquire(timeout=timeout)
        except Timeout:
            raise IndexLocked(
                f"{self._folder} is being written by {_holder(self._path)}; waited {timeout:g} s: "
                "try again when it has finished"
            ) from None
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            raise IndexNotWritable(
                f"{self._folder} is on a file system without file locks ({error.strerror}), which "
                "keep two writers apart; put the index on a local disk with --index-dir"
            ) from error
        self._lock = lock

    def release(self) -> None:
        """Give the lock back; nothing is done when it is not held."""
        if self.held:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            self._lock.release()
        self._lock = None

    def _describe(self, descriptor: int) -> None:
        import platform
        import shlex

        self._descriptor = descriptor
        holder = {
            "pid": os.getpid(),
            "host": platform.node(),
            "since": datetime.now().astimezone().isoformat(" ", "seconds"),
            "command": shlex.join(sys.argv)[:_LONGEST_TEXT],
        }
        # Emptied first: on a full disk nothing is said rather than the name of an earlier holder.
        # Windows lets nobody else read the first byte of a locked file, so that says nothing.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, b" " + json.dumps(holder).encode())


@contextmanager
def unless_written(folder: Path) -> Iterator[bool]:
    """Give whether nobody writes the index in a folder, and keep writers away meanwhile.

    What a writer has not published yet looks like a leftover. Where nobody can write, nobody does.
    """
    lock = WriterLock(folder)
    try:
        lock.acquire(0)
    except IndexLocked:
        yield False
        return
    except (OSError, SearchIndexError):
        pass
    try:
        yield True
    finally:
        lock.release()


def _holder(path: Path) -> str:
    """Return who holds the lock, as its file says; the directory may be a stranger's."""
    try:
        with path.open("rb") as file:
            file.seek(1)
            said = json.loads(file.read(_LARGEST))
        pid, host, since = int(said["pid"]), _shown(said["host"]), _shown(said["since"])
        command = _shown(said["command"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return "another process"
    who = "this process itself" if pid == os.getpid() else "another process"
    return f"{who} (pid {pid} on {host} since {since}: {command})"


def _shown(text: object) -> str:
    return "".join(c if c.isprintable() else " " for c in str(text)[:_LONGEST_TEXT])
