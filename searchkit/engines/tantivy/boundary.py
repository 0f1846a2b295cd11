"""Where tantivy is called: what goes wrong there, as errors of searchkit.

A fault that tantivy does not expect is a panic, which Python sees as an exception that is no
`Exception`. tantivy has written a line about it to standard error by then.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from searchkit.engines.write_errors import write_errors
from searchkit.errors import REPAIR, IndexDamaged, IndexNotWritable, SearchIndexError

# Room below which a write that failed is taken to have failed for want of room.
_ROOM = 1024 * 1024


class reading:  # noqa: N801 - a context manager, entered some dozens of times a search
    """Raises IndexDamaged in place of what tantivy raises."""

    __slots__ = ("_folder",)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Translate what was raised."""
        if isinstance(error, OSError):
            raise SearchIndexError(
                f"{self._folder} cannot be read ({error.strerror or error}); check the disk and "
                "its permissions"
            ) from error
        if isinstance(error, ValueError | OverflowError) or (error is not None and is_panic(error)):
            raise IndexDamaged(
                f"{self._folder} is damaged ({_first_line(error)}); {REPAIR}"
            ) from None


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raise IndexNotWritable in place of what tantivy raises; the index must be as it was."""
    try:
        with write_errors(folder):
            yield
    except ValueError as error:
        reason = _first_line(error)
    except BaseException as error:
        if not is_panic(error):
            raise
        reason = _first_line(error)
    else:
        return
    # tantivy's threads do not say what the operating system told them.
    with write_errors(folder):
        _raise_cause(folder)
    raise IndexNotWritable(
        f"{folder} could not be written ({reason}); the index is as it was before"
    )


def is_panic(error: BaseException) -> bool:
    """Return whether tantivy has met a fault that it did not expect."""
    return type(error).__name__ == "PanicException"


def _raise_cause(folder: Path) -> None:
    """Raise the OSError of a write into `folder`, if there is one to be had."""
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    if shutil.disk_usage(folder).free < _ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")
