"""A file of named arrays: read by mapping it into memory, never by running anything.

Layout: the magic bytes, the length of the directory (4 bytes, little-endian), the directory (JSON:
name -> [dtype, offset, items]), then each array on an 8-byte boundary, offsets counted from the
end of the directory. Only integers of fixed size are accepted.
"""

import json
import mmap
import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from searchkit.engines.opening import IrregularFile, open_regular
from searchkit.engines.whoosh.checksums import BLOCK, Checksums
from searchkit.errors import REPAIR, IndexDamaged

MAGIC = b"SKTABLE1"
_DTYPES = frozenset({"|u1", "<u2", "<u4", "<u8", "<i8"})
_ALIGNMENT = 8

TEXT = ("utf-8", "surrogatepass")
"""How strings are encoded: any string has bytes of its own, lone surrogates included."""

Array = np.ndarray[Any, np.dtype[Any]]


class Pieces(NamedTuple):
    """An array that is written a piece at a time, in this dtype, whatever that of the pieces is."""

    dtype: np.dtype[Any]
    length: int
    parts: Iterable[Array]


def packed(strings: Sequence[str]) -> tuple[Array, Array]:
    """Return `strings` as two arrays: where each begins and the last ends, and their UTF-8."""
    encoded = [string.encode(*TEXT) for string in strings]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.uint64)
    return ends.astype(np.min_scalar_type(ends[-1])), np.frombuffer(
        b"".join(encoded), dtype=np.uint8
    )


def unpacked(ends: Array, text: Array) -> list[str] | None:
    """Return the strings of two arrays as `packed` gives them; None if they are damaged."""
    if ends.dtype.kind != "u" or text.dtype != np.uint8:
        return None
    data = text.tobytes()
    bounds = ends.tolist()
    try:
        return [data[start:end].decode(*TEXT) for start, end in pairwise(bounds)]
    except UnicodeDecodeError:
        return None


def write_tables(path: Path, arrays: Mapping[str, Array | Pieces]) -> None:
    """Write `arrays` to a new file at `path`."""
    directory: dict[str, tuple[str, int, int]] = {}
    offset = 0
    little = {name: _little_endian(array) for name, array in arrays.items()}
    for name, (dtype, length, _) in little.items():
        directory[name] = (dtype.str, offset, length)
        offset += _aligned(length * dtype.itemsize)
    header = json.dumps(directory).encode()
    header += b" " * (-(len(MAGIC) + 4 + len(header)) % _ALIGNMENT)
    with path.open("wb") as file:
        file.write(MAGIC + struct.pack("<I", len(header)) + header)
        for dtype, length, parts in little.values():
            for part in parts:
                file.write(np.ascontiguousarray(part, dtype).data)
            size = length * dtype.itemsize
            file.write(bytes(_aligned(size) - size))


def _little_endian(array: Array | Pieces) -> Pieces:
    if not isinstance(array, Pieces):
        array = Pieces(array.dtype, len(array), (array,))
    return array._replace(dtype=array.dtype.newbyteorder("<"))


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


class MappedFile:
    """A file mapped into memory, giving read-only arrays that cost nothing until touched.

    With `checksums` each block of the file is verified when it is read for the first time. The
    mapping lives as long as any array taken from it, so a reader may be closed while another thread
    still holds a result.
    """

    def __init__(self, path: Path, checksums: Checksums | None = None) -> None:
        self.path = path
        self._checksums = checksums
        try:
            with open_regular(path) as file:
                self.size = os.fstat(file.fileno()).st_size
                self.buffer: mmap.mmap | bytes = (
                    mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""
                )
        except FileNotFoundError:
            raise IndexDamaged(f"{path} is missing from the index; {REPAIR}") from None
        except IrregularFile as error:
            raise self.damaged(f"it is {error.strerror}") from None
        if checksums and checksums.size != self.size:
            raise self.damaged(f"it has {self.size} bytes instead of {checksums.size}")
        self._unread = bytearray(b"\1" * checksums.count if checksums else b"")

    def array(self, dtype: str, offset: int, count: int) -> Array:
        """Return `count` items of `dtype` from byte `offset`; IndexDamaged if there are fewer."""
        array = self.unverified(dtype, offset, count)
        self.verify(offset, offset + array.nbytes)
        return array

    def unverified(self, dtype: str, offset: int, count: int) -> Array:
        """Return what `array` does, to be used only as far as it has been verified."""
        try:
            return np.frombuffer(self.buffer, dtype=dtype, count=count, offset=offset)
        except (ValueError, OverflowError):
            raise self.damaged("it is shorter than its directory says") from None

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` up to `end`, as far as there are any."""
        self.verify(start, end)
        return self.buffer[start:end]

    def verify(self, start: int, end: int) -> None:
        """Raise IndexDamaged unless the bytes from `start` up to `end` are those written."""
        first, last = start // BLOCK, -(-end // BLOCK)
        if self._unread.find(1, first, last) >= 0:
            self._verify_blocks(first, last)

    def verify_each(self, starts: Array, sizes: Array) -> None:
        """Raise IndexDamaged unless the bytes of all these ranges are those written."""
        blocks = len(self._unread)
        touched = np.zeros(blocks + 1, dtype=np.int64)
        np.add.at(touched, np.minimum(starts // BLOCK, blocks), 1)
        np.add.at(touched, np.minimum(-(-(starts + sizes) // BLOCK), blocks), -1)
        for number in np.flatnonzero(np.cumsum(touched)[:-1]).tolist():
            if self._unread[number]:
                self._verify_blocks(number, number + 1)

    def _verify_blocks(self, first: int, last: int) -> None:
        assert self._checksums, "there are blocks to verify"
        for number in self._checksums.damaged(memoryview(self.buffer), first, last):
            end = min((number + 1) * BLOCK, self.size) - 1
            raise self.damaged(f"bytes {number * BLOCK} to {end} are not those that were written")
        last = min(last, len(self._unread))
        self._unread[first:last] = bytes(last - first)

    def release(self) -> None:
        """Give back the memory of what has been read; reading it again brings it back."""
        if isinstance(self.buffer, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self.buffer.madvise(mmap.MADV_DONTNEED)

    def damaged(self, reason: str) -> IndexDamaged:
        """Return the error to raise when the file's content cannot be what was written."""
        return IndexDamaged(f"{self.path} is damaged: {reason}; {REPAIR}")


class Tables(Mapping[str, Array]):
    """The arrays of a file by name, each verified when it is taken."""

    def __init__(self, file: MappedFile, places: Mapping[str, tuple[str, int, int]]) -> None:
        self._file = file
        self._places = places

    def __getitem__(self, name: str) -> Array:
        return self._file.array(*self._places[name])

    def place(self, name: str) -> tuple[mmap.mmap | bytes, int]:
        """Return the bytes that hold an array, and where in them it begins."""
        return self._file.buffer, self._places[name][1]

    def release(self) -> None:
        """Give back the memory of what has been read; see `MappedFile.release`."""
        self._file.release()

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def read_tables(path: Path, checksums: Checksums | None = None) -> Tables:
    """Return the arrays of the file at `path` by name; IndexDamaged if it is not one of ours."""
    file = MappedFile(path, checksums)
    start = len(MAGIC) + 4
    if file.size < start or file.read(0, len(MAGIC)) != MAGIC:
        raise file.damaged("it does not begin as a table file does")
    (header_length,) = struct.unpack("<I", file.read(len(MAGIC), start))
    try:
        directory = json.loads(file.read(start, start + header_length))
        entries = [(str(n), str(d), int(o), int(c)) for n, (d, o, c) in directory.items()]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise file.damaged("its directory cannot be read") from None
    places: dict[str, tuple[str, int, int]] = {}
    for name, dtype, offset, count in entries:
        if dtype not in _DTYPES or offset < 0 or count < 0:
            raise file.damaged(f"its directory describes {name!r} impossibly")
        begin = start + header_length + offset
        if begin + count * np.dtype(dtype).itemsize > file.size:
            raise file.damaged("it is shorter than its directory says")
        places[name] = (dtype, begin, count)
    return Tables(file, places)
