"""JSON objects that carry a checksum of themselves."""

import json
import zlib
from typing import Any

_MARK = b', "checksum": "'
_END = b'"}'


def sealed(value: dict[str, Any]) -> bytes:
    """Return `value`, which must not be empty, as JSON that ends with its checksum (CRC-32)."""
    body = json.dumps(value).encode()[:-1]
    return body + _MARK + b"%08x" % zlib.crc32(body) + _END


def unsealed(data: bytes) -> dict[str, Any]:
    """Return the object that `sealed` has written; ValueError if it is not as it was written."""
    body, mark, end = data.rpartition(_MARK)
    if not mark or end != b"%08x" % zlib.crc32(body) + _END:
        raise ValueError("the checksum is another")
    try:
        value = json.loads(body + b"}")
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, dict):
        raise ValueError(value)
    return value
