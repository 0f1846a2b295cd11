"""The footers by which tantivy's files are known to be as they were written.

A file ends with a JSON object, that has the CRC-32 of what comes before it, the length of the
object and a number that says that there is one.
"""

import json
import os
import struct
import zlib
from collections.abc import Callable
from typing import BinaryIO

_END = struct.Struct("<II")
_MAGIC = 1337
_LARGEST = 4096
_BLOCK = 1024 * 1024


def _nowhere(data: bytes) -> object:
    return None


def fault_of(file: BinaryIO, to: Callable[[bytes], object] = _nowhere) -> str:
    """Return what is wrong with a file of a segment, "" if nothing is; its bytes go to `to`."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _END.size, 0))
    end = file.read()
    if len(end) < _END.size:
        return "is cut short"
    length, magic = _END.unpack(end)
    body = size - _END.size - length
    if magic != _MAGIC or length > _LARGEST or body < 0:
        return "is cut short, or altered at its end"
    file.seek(body)
    try:
        expected = json.loads(file.read(length))["crc"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "is altered at its end"
    return "" if _crc(file, body, to) == expected else "is not as it was written"


def end_of(file: BinaryIO) -> tuple[int, bytes]:
    """Return (size, the last bytes) of a file, in which its checksum is."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _LARGEST, 0))
    return size, file.read()


def _crc(file: BinaryIO, body: int, to: Callable[[bytes], object]) -> int:
    file.seek(0)
    crc, place = 0, 0
    while data := file.read(_BLOCK):
        to(data)
        crc = zlib.crc32(data[: max(body - place, 0)], crc)
        place += len(data)
    return crc
