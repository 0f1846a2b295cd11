"""JSON of stored objects: the same text for equal objects, written and read fast."""

import json
from typing import Any

import orjson


def to_json(value: dict[str, Any]) -> bytes:
    """Return an object as JSON, its keys in order, without blanks.

    Raises UnicodeEncodeError for half a surrogate pair.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # It knows neither halves of surrogate pairs nor numbers of more than 64 bits.
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()


def from_json(text: bytes) -> Any:
    """Return what JSON says; ValueError when it is not JSON."""
    return orjson.loads(text)
