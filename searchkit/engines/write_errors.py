"""What the operating system says of a write that failed, as an error with the way out."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from searchkit.errors import IndexNotWritable

_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def write_errors(folder: Path) -> Iterator[None]:
    """Raise IndexNotWritable in place of an OSError; the block must have left the index as it was.

    The message has the folder, the reason and what to do.
    """
    try:
        yield
    except OSError as error:
        raise IndexNotWritable(_message(folder, error)) from error


def _message(folder: Path, error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.errno in _READ_ONLY:
        return (
            f"{folder} cannot be written ({reason}); check its permissions, or choose another "
            "place with --index-dir"
        )
    if error.errno in _FULL:
        return (
            f"the disk of {folder} is full ({reason}, {_free(folder)}); make room and run it "
            "again: the index is as it was before"
        )
    return f"{folder} could not be written ({reason}); the index is as it was before"


def _free(folder: Path) -> str:
    try:
        # Imported late, as all that a program which only searches has no use for.
        from shutil import disk_usage

        return f"{disk_usage(folder).free // 2**20} MB free"
    except OSError:
        return "free space unknown"
