"""A file of named arrays: read by mapping it into memory, never by running anything.

Layout: the magic bytes, the length of the directory (4 bytes, little-endian), the directory (JSON:
name -> [dtype, offset, items]), then each array on an 8-byte boundary, offsets counted from the
end of the directory. Only plain unsigned, signed and floating dtypes of fixed size are accepted.
"""

import json
import mmap
import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from searchkit.errors import IndexDamaged

MAGIC = b"SKTABLE1"
_DTYPES = frozenset({"|u1", "<u2", "<u4", "<u8", "<i8", "<f4"})
_ALIGNMENT = 8

TEXT = ("utf-8", "surrogatepass")
"""How strings are encoded: any string has bytes of its own, lone surrogates included."""

Array = np.ndarray[Any, np.dtype[Any]]


def smallest(values: Array) -> Array:
    """Return `values` (non-negative integers) in the smallest unsigned dtype that holds them."""
    top = int(values.max()) if len(values) else 0
    if top < 2**8:
        return values.astype(np.uint8)
    if top < 2**16:
        return values.astype(np.uint16)
    return values.astype(np.uint32 if top < 2**32 else np.uint64)


def packed(strings: Sequence[str]) -> tuple[Array, Array]:
    """Return `strings` as two arrays: where each begins and the last ends, and their UTF-8."""
    encoded = [string.encode(*TEXT) for string in strings]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.uint64)
    return smallest(ends), np.frombuffer(b"".join(encoded), dtype=np.uint8)


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


def write_tables(path: Path, arrays: dict[str, Array]) -> None:
    """Write `arrays` to a new file at `path`."""
    directory: dict[str, tuple[str, int, int]] = {}
    offset = 0
    little = {
        name: np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        for name, array in arrays.items()
    }
    for name, array in little.items():
        directory[name] = (array.dtype.str, offset, len(array))
        offset += array.nbytes + -array.nbytes % _ALIGNMENT
    header = json.dumps(directory).encode()
    header += b" " * (-(len(MAGIC) + 4 + len(header)) % _ALIGNMENT)
    with path.open("wb") as file:
        file.write(MAGIC + struct.pack("<I", len(header)) + header)
        for array in little.values():
            file.write(array.data)
            file.write(b"\0" * (-array.nbytes % _ALIGNMENT))


class MappedFile:
    """A file mapped into memory, giving read-only arrays that cost nothing until touched.

    The mapping lives as long as any array taken from it, so a reader may be closed while another
    thread still holds a result.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self.size = path.stat().st_size
                self.buffer: mmap.mmap | bytes = (
                    mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""
                )
        except FileNotFoundError:
            raise IndexDamaged(
                f"{path} is missing from the index; rebuild it with `searchkit index`"
            ) from None

    def array(self, dtype: str, offset: int, count: int) -> Array:
        """Return `count` items of `dtype` from byte `offset`; IndexDamaged if there are fewer."""
        try:
            return np.frombuffer(self.buffer, dtype=dtype, count=count, offset=offset)
        except ValueError:
            raise self.damaged("it is shorter than its directory says") from None

    def release(self) -> None:
        """Give back the memory of what has been read; reading it again brings it back."""
        if isinstance(self.buffer, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self.buffer.madvise(mmap.MADV_DONTNEED)

    def damaged(self, reason: str) -> IndexDamaged:
        """Return the error to raise when the file's content cannot be what was written."""
        return IndexDamaged(f"{self.path} is damaged: {reason}; rebuild it with `searchkit index`")


def read_tables(path: Path) -> dict[str, Array]:
    """Return the arrays of the file at `path` by name; IndexDamaged if it is not one of ours."""
    file = MappedFile(path)
    start = len(MAGIC) + 4
    if file.size < start or file.buffer[: len(MAGIC)] != MAGIC:
        raise file.damaged("it does not begin as a table file does")
    (header_length,) = struct.unpack("<I", file.buffer[len(MAGIC) : start])
    try:
        directory = json.loads(file.buffer[start : start + header_length])
        entries = [(str(n), str(d), int(o), int(c)) for n, (d, o, c) in directory.items()]
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise file.damaged("its directory cannot be read") from None
    arrays: dict[str, Array] = {}
    for name, dtype, offset, count in entries:
        if dtype not in _DTYPES or offset < 0 or count < 0:
            raise file.damaged(f"its directory describes {name!r} impossibly")
        arrays[name] = file.array(dtype, start + header_length + offset, count)
    return arrays
