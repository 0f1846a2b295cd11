"""Files of an index directory, which may be a stranger's: opened without surprises."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from searchkit.errors import SearchIndexError

# Absent on Windows, whose directories hold no pipes.
_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


class IrregularFile(OSError):
    """A link, a pipe, a device or a directory in the place of a file."""


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read, and nothing but a file: a link could lead anywhere, a pipe never end.

    Raises IrregularFile, or another OSError when it cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _WITHOUT_WAITING | _BINARY)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK, errno.ENXIO):
            raise _irregular(path) from None
        raise
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    raise _irregular(path)


def unreadable(path: Path, error: OSError) -> SearchIndexError:
    """Return the error to raise when an index cannot be read."""
    return SearchIndexError(
        f"{path} cannot be read ({error.strerror}); check the disk and its permissions"
    )


def _irregular(path: Path) -> IrregularFile:
    return IrregularFile(errno.EINVAL, "a link, a pipe or a directory, not a file", str(path))
