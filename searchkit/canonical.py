"""Stored objects and their JSON: the same text for equal objects, written and read fast."""

import json
from collections.abc import Mapping
from typing import Any

import orjson

OFFSETS = "offsets"
"""The name in a stored object of what `searchkit.analysis.offsets` writes."""

_ADDED = ("digest", OFFSETS)


def as_given(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored object less what indexing adds to it: its digest, and offsets."""
    return {name: value for name, value in stored.items() if name not in _ADDED}


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
