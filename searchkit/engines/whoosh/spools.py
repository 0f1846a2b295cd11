"""Spools: the arrays of a segment that is being written, on disk as soon as they are long.

The tables of a segment take half a kilobyte a document. So that memory does not grow with them,
what is added to them goes to files without a name in the index directory, and what they become is
written a piece at a time.
"""

import mmap
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, closing
from io import FileIO
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np

from searchkit.durable import SUFFIX
from searchkit.engines.whoosh.tables import Array, Pieces

_IN_MEMORY = 2**16
"""Bytes of a spool, or of an output, from which on they go to its file."""

_PIECE = 2**16
"""Numbers that are read at a time."""


class Spools:
    """Makes the spools of a segment; their files lie in `folder` until they are closed."""

    def __init__(self, folder: Path, segment_name: str) -> None:
        self._folder = folder
        # Where a system has no files without a name, one that is left over is known by this.
        self._prefix = f"{segment_name}.spool"
        self._files = ExitStack()

    def new(self, code: str) -> "Spool":
        """Return an empty spool of numbers of a type, by its letter in `array` and numpy."""
        return Spool(self, code)

    def file(self) -> BinaryIO:
        """Return an empty file."""
        # Imported late: who only searches writes nothing.
        from tempfile import TemporaryFile

        # Without a buffer: a forked child must not write what its parent has still to write.
        return self._files.enter_context(
            TemporaryFile(buffering=0, dir=self._folder, prefix=self._prefix, suffix=SUFFIX)
        )

    def close(self) -> None:
        """Remove the files. What was taken from spools can be read on."""
        self._files.close()


class Spool:
    """Numbers of one type, in the order in which they are added."""

    def __init__(self, spools: Spools, code: str) -> None:
        self._spools = spools
        self._recent = array(code)
        self._most_recent = _IN_MEMORY // self._recent.itemsize
        self._file: BinaryIO | None = None
        self._on_disk = 0

    def __len__(self) -> int:
        return self._on_disk + len(self._recent)

    def append(self, number: int) -> None:
        """Add a number."""
        self._recent.append(number)
        if len(self._recent) >= self._most_recent:
            self._spill()

    def extend(self, numbers: "Array | array[int] | bytes") -> None:
        """Add the numbers of an array of the type, or those whose bytes these are."""
        self._recent.frombytes(bytes(numbers))
        if len(self._recent) >= self._most_recent:
            self._spill()

    def _spill(self) -> None:
        if self._file is None:
            self._file = self._spools.file()
        with memoryview(self._recent).cast("B") as data:
            _write_all(self._file, data)
        self._on_disk += len(self._recent)
        del self._recent[:]

    def values(self) -> Array:
        """Return all numbers: those of a file are mapped. No more can be added."""
        if self._file is None:
            return np.frombuffer(self._recent, self._recent.typecode)
        if self._recent:
            self._spill()
        data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(data, self._recent.typecode)

    def total(self) -> int:
        """Return the sum of all numbers, which are not signed. No more can be added."""
        return sum(int(piece.sum(dtype=np.uint64)) for piece in pieces_of(self.values()))

    def table(self) -> Pieces:
        """Return all as they are to be written: in the smallest type, if they are not signed."""
        values = self.values()
        if values.dtype.kind == "i":
            return Pieces(values.dtype, len(values), pieces_of(values))
        top = max((int(piece.max()) for piece in pieces_of(values)), default=0)
        return Pieces(np.min_scalar_type(top), len(values), pieces_of(values))

    def ends(self) -> Pieces:
        """Return where each piece of these sizes begins, and where the last one ends."""
        sizes = self.values()
        return Pieces(np.min_scalar_type(self.total()), len(sizes) + 1, _ends(sizes))


class Output:
    """A new file that is written from its beginning to its end.

    What is still to be written is kept here and not in a buffer of Python's: that a forked child
    would write, too, when it ends.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._waiting = bytearray()

    def write(self, data: "bytes | memoryview") -> None:
        """Write bytes, now or later."""
        if len(self._waiting) + len(data) > _IN_MEMORY:
            _write_all(self._file, self._waiting)
            self._waiting.clear()
        if len(data) > _IN_MEMORY:
            _write_all(self._file, data)
        else:
            self._waiting += data

    def close(self) -> None:
        """Write the rest, and close the file in any case."""
        with closing(self._file):
            _write_all(self._file, self._waiting)
            self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _write_all(file: "BinaryIO | FileIO", data: "bytes | bytearray | memoryview") -> None:
    """Write all of it, of which a file without a buffer may write a part at a time."""
    with memoryview(data) as left:
        written = 0
        while written < len(left):
            written += file.write(left[written:])


def pieces_of(values: Array) -> Iterator[Array]:
    """Yield an array in pieces of some ten thousand numbers, none of an empty one."""
    return (values[first : first + _PIECE] for first in range(0, len(values), _PIECE))


def _ends(sizes: Array) -> Iterator[Array]:
    end = np.zeros(1, dtype=np.uint64)
    yield end
    for piece in pieces_of(sizes):
        ends = end + np.cumsum(piece, dtype=np.uint64)
        yield ends
        end = ends[-1:]
