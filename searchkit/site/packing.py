"""The files of data of a site: compressed, sorted into shards that are fetched one by one."""

import gzip
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

SUFFIX = ".pack"
"""Of gzipped data under a name that no server knows, so that none unpacks it on the way."""

SHARD = 48 * 1024
"""Bytes of a shard before it is compressed, unless a single entry is longer."""

_LEVEL = 9


def to_json(value: Any) -> bytes:
    """Return `value` as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def write_pack(path: Path, data: bytes) -> None:
    """Write a pack; the same data give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(SUFFIX).write_bytes(gzip.compress(data, _LEVEL, mtime=0))


def order_of(text: str) -> bytes:
    """Return by what JavaScript orders texts: their units of UTF-16."""
    return text.encode("utf-16-be", "surrogatepass")


def shards(sizes: Iterable[int]) -> list[range]:
    """Return runs of the numbers of things of these sizes, each run about a shard large."""
    ends = list(accumulate(sizes))
    runs: list[range] = []
    start = 0
    while start < len(ends):
        before = ends[start - 1] if start else 0
        stop = max(bisect_right(ends, before + SHARD, start), start + 1)
        runs.append(range(start, stop))
        start = stop
    return runs


def write_entries(folder: Path, entries: Mapping[str, tuple[Any, bytes]]) -> list[str]:
    """Write entries by key, each JSON and bytes, as shards; return the first key of each shard.

    A shard is the length of its head in four bytes, the head, and the bytes of its entries one
    after another. The head has the `keys`, the `values` and, by key, the `ends` of the bytes.
    """
    keys = sorted(entries, key=order_of)
    runs = shards(len(entries[key][1]) + 2 * len(key) + 8 for key in keys)
    for number, run in enumerate(runs):
        mine = [keys[place] for place in run]
        head = to_json(
            {
                "keys": mine,
                "values": [entries[key][0] for key in mine],
                "ends": list(accumulate(len(entries[key][1]) for key in mine)),
            }
        )
        body = b"".join(entries[key][1] for key in mine)
        write_pack(folder / str(number), len(head).to_bytes(4, "little") + head + body)
    return [keys[run[0]] for run in runs]
