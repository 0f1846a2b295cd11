"""Large data of an index in pieces: compressed, and kept as documents that no search finds."""

import base64
import binascii
import zlib
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from searchkit.engines.opensearch.server import NotFound, Server
from searchkit.errors import REBUILD, IndexDamaged

_PIECE = 4 * 1024 * 1024
_LARGEST = 2**30

T = TypeVar("T")


def write_data(server: Server, index: str, name: str, data: bytes) -> str:
    """Keep `data` under a name of its own; return what `read_data` takes."""
    packed = zlib.compress(data, 1)
    starts = range(0, len(packed), _PIECE)
    for number, start in enumerate(starts):
        text = base64.b64encode(packed[start : start + _PIECE]).decode()
        server.request("PUT", f"/{index}/_doc/{name}-{number}", {"meta": text})
    return f"{name}/{len(starts)}"


def read_data(server: Server, index: str, kept: str, read: Callable[[bytes], T]) -> T:
    """Return what `read` makes of the data kept so; IndexDamaged where it raises ValueError."""
    try:
        pieces = [
            server.request("GET", f"/{index}/_doc/{name}")["_source"]["meta"]
            for name in names_of(kept)
        ]
        inflating = zlib.decompressobj()
        data = inflating.decompress(b"".join(map(base64.b64decode, pieces)), _LARGEST)
        if not inflating.eof:
            raise ValueError("it is cut short")
        return read(data)
    except (ValueError, KeyError, TypeError, binascii.Error, zlib.error, NotFound) as error:
        raise IndexDamaged(
            f"{server.options.url}: {kept.partition('/')[0]} is damaged ({error}); {REBUILD}"
        ) from error


def remove_data(server: Server, index: str, name: str) -> None:
    """Remove what is kept under a name; nothing if there is nothing."""
    for number in count():
        try:
            server.request("DELETE", f"/{index}/_doc/{name}-{number}")
        except NotFound:
            return


def names_of(kept: str) -> list[str]:
    """Return the ids of the documents that hold what is kept so."""
    name, _, pieces = kept.partition("/")
    return [f"{name}-{number}" for number in range(int(pieces))]
