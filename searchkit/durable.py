"""Files that outlive a crash and a power cut: flushed to the disk, and put in place whole."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

SUFFIX = ".new"
"""Of a file that is still being written; what bears it after a crash is of no use."""


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` at `path`, in place of what is there: whole and on the disk, or not at all.

    After an OSError what was there is there still, unless it was the flushing of the directory that
    failed.
    """
    with replacing_file(path) as file:
        file.write(data)


@contextmanager
def replacing_file(path: Path, *, alone: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write that is put at `path` when the block ends well; see `replace_file`.

    It is written beside `path`, flushed, renamed, and the directory flushed; of a file that is
    there it keeps the mode. `alone` says that a lock keeps other writers of `path` away: else it is
    written under a name of its own, which stays when the process is killed.
    """
    own = "" if alone else f".{os.urandom(4).hex()}"
    temporary = path.with_name(path.name + own + SUFFIX)
    try:
        # A link lying there must not lead the data elsewhere: "x" opens none.
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            _take_mode(temporary, path)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def _take_mode(file: Path, other: Path) -> None:
    """Let only those read a file who may read the other, if that is a file."""
    with suppress(OSError):
        mode = other.lstat().st_mode
        if stat.S_ISREG(mode):
            file.chmod(stat.S_IMODE(mode))


def flush_file(path: Path) -> None:
    """Wait until the content of the file is on the disk."""
    with path.open("rb+") as file:  # Windows flushes only what is open for writing
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until the names of the files in `folder` are on the disk, where a system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
