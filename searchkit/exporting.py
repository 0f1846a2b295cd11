"""Writes the documents of an index as JSON lines, from which the same index can be built."""

import gzip
import json
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any, BinaryIO

from searchkit.canonical import as_given
from searchkit.durable import replacing_file
from searchkit.errors import OutputNotWritable

_LEVEL = 6


def lines_of(documents: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a line of JSON, with its end, for each stored object, as it was given."""
    for stored in documents:
        yield json.dumps(as_given(stored), ensure_ascii=False) + "\n"


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Put `lines` into a file, gzipped if its name ends so; return how many there were.

    A file is put in place whole, or not at all; to a device or a pipe they are written as they
    come. Raises OutputNotWritable.
    """
    try:
        with _opened(path) as file:
            if path.suffix != ".gz":
                return _written(file, lines)
            # No name and no time in it: the same documents give the same bytes.
            packed = gzip.GzipFile("", "wb", _LEVEL, file, mtime=0)
            with closing(packed):
                return _written(packed, lines)
    except OSError as error:
        raise OutputNotWritable(
            f"{path} cannot be written ({error.strerror or error}); name another file"
        ) from error


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        is_file = True
    # A link stays: it is what it leads to that is written.
    return replacing_file(path.resolve(), alone=False) if is_file else path.open("wb")


def _written(file: Any, lines: Iterable[str]) -> int:
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 - the last one counts
        file.write(line.encode())
    return count
