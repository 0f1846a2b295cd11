"""Checksums of a file, a block at a time, so that what is read of it can be verified as it is read.

They are CRC-32 (ISO 3309): they find damage, whatever its kind, but not a forger.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from searchkit.engines.opening import open_regular
from searchkit.engines.whoosh.streams import crc32
from searchkit.values import dataclass

BLOCK = 64 * 1024
"""Bytes of a file that have a checksum of their own; the last block may be shorter."""

_DTYPE = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Checksums:
    """The size of a file in bytes, and the checksums of its blocks, 4 bytes each."""

    size: int
    blocks: bytes

    @classmethod
    def of(cls, path: Path) -> "Checksums":
        """Return those of the file at `path`, reading it once; OSError if it cannot be read."""
        size, sums = 0, []
        with open_regular(path) as file:
            while data := file.read(BLOCK):
                size += len(data)
                sums.append(crc32(data))
        return cls(size, np.array(sums, dtype=_DTYPE).tobytes())

    @classmethod
    def read(cls, value: Any) -> "Checksums":
        """Return those that `written` gave; ValueError or TypeError if `value` is none of these."""
        size, blocks = value
        if type(size) is not int or size < 0:
            raise ValueError(size)
        sums = cls(size, bytes.fromhex(blocks))
        if len(sums.blocks) != 4 * sums.count:
            raise ValueError(size)
        return sums

    def written(self) -> tuple[int, str]:
        """Return them as JSON takes them."""
        return self.size, self.blocks.hex()

    @property
    def _sums(self) -> np.ndarray[Any, np.dtype[Any]]:
        return np.frombuffer(self.blocks, dtype=_DTYPE)

    @property
    def count(self) -> int:
        """The number of blocks."""
        return -(-self.size // BLOCK)

    def fits(self, number: int, data: bytes) -> bool:
        """Return whether `data` is what was written as that block."""
        size = min(BLOCK, self.size - number * BLOCK)
        return len(data) == size and crc32(data) == int(self._sums[number])

    def damaged(self, data: memoryview, first: int = 0, end: int | None = None) -> Iterator[int]:
        """Yield which of the blocks from `first` up to `end` are not what was written in `data`."""
        expected = self._sums[first:end].tolist()
        for number, sum_ in enumerate(expected, start=first):
            if crc32(data[number * BLOCK : (number + 1) * BLOCK]) != sum_:
                yield number
