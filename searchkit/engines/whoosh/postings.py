"""Postings in memory and on disk: which documents hold a term, how often and where.

A posting list is three arrays: document numbers (ascending), frequencies, and the positions of all
occurrences one after another (empty for a term kept without positions). On disk they follow one
another, each in the smallest unsigned dtype that holds it, so that reading one is three views of
mapped memory and no decoding.
"""

import heapq
import struct
from array import array
from collections.abc import Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from searchkit.engines.whoosh.tables import Array, MappedFile, smallest

_CODES = {"|u1": 0, "<u2": 1, "<u4": 2, "<u8": 3}
_DTYPES = {code: dtype for dtype, code in _CODES.items()}
_RUN_RECORD = struct.Struct("<HII")

_Entry = tuple["array[int]", "array[int]"]

# What an entry of the pool costs beside its numbers: two array objects, a tuple, a key.
_ENTRY_BYTES = 320
_POSTING_BYTES = 8
_POSITION_BYTES = 4


def term_key(field: str, term: str) -> bytes:
    """Return the key of a term: the field, a zero byte and the term.

    So the keys of a field stand together in the order of their terms. Any string has a key of its
    own, lone surrogates included.
    """
    return f"{field}\0{term}".encode("utf-8", "surrogatepass")


def split_key(key: bytes) -> tuple[str, str]:
    """Return the field and the term of a key; what is no text in it is replaced."""
    try:
        field, _, term = key.decode("utf-8", "surrogatepass").partition("\0")
    except UnicodeDecodeError:
        field, _, term = key.decode("utf-8", "replace").partition("\0")
    return field, term


class PostingList(NamedTuple):
    """The postings of one term in one field of one segment."""

    documents: Array
    frequencies: Array
    positions: Array


class PostingPool:
    """Collects postings term by term, in bounded memory.

    Documents must be added in ascending order. When the estimated size passes `limit_bytes`, what
    there is goes to a sorted run in `folder`; `merged` joins the runs again.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._fields: dict[str, dict[str, _Entry]] = {}
        self._size = 0
        self._runs: list[Path] = []

    def add(
        self,
        field: str,
        document: int,
        positions_by_term: Mapping[str, list[int]],
        prefix: str = "",
    ) -> None:
        """Add the postings of one field of a document; `prefix` is put before each term."""
        terms = self._fields.setdefault(field, {})
        size = 0
        for term, positions in positions_by_term.items():
            term = prefix + term
            entry = terms.get(term)
            if entry is None:
                entry = terms[term] = (array("I"), array("I"))
                size += _ENTRY_BYTES
            entry[0].extend((document, len(positions)))
            entry[1].extend(positions)
            size += _POSITION_BYTES * len(positions)
        self._size += size + _POSTING_BYTES * len(positions_by_term)

    def count(self, field: str, document: int, counts: Mapping[str, int]) -> None:
        """Add the postings of one field of a document without positions."""
        terms = self._fields.setdefault(field, {})
        before = len(terms)
        for term, frequency in counts.items():
            entry = terms.get(term)
            if entry is None:
                entry = terms[term] = (array("I"), array("I"))
            entry[0].extend((document, frequency))
        self._size += _ENTRY_BYTES * (len(terms) - before) + _POSTING_BYTES * len(counts)

    def add_list(self, key: bytes, postings: PostingList) -> None:
        """Add a whole posting list under `key`, as when segments are merged."""
        field, term = split_key(key)
        terms = self._fields.setdefault(field, {})
        if term not in terms:
            terms[term] = (array("I"), array("I"))
            self._size += _ENTRY_BYTES
        entry = terms[term]
        pairs = np.column_stack((postings.documents, postings.frequencies)).astype(np.uint32)
        entry[0].frombytes(pairs.tobytes())
        entry[1].frombytes(postings.positions.astype(np.uint32).tobytes())
        self._size += pairs.nbytes + _POSITION_BYTES * len(postings.positions)
        self.spill_if_full()

    def spill_if_full(self) -> None:
        """Write a run when the limit is passed; called between documents."""
        if self._size < self._limit:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{len(self._runs)}.run"
        with path.open("wb") as file:
            for key, pairs, positions in self._sorted():
                file.write(_RUN_RECORD.pack(len(key), len(pairs), len(positions)))
                file.write(key)
                pairs.tofile(file)
                positions.tofile(file)
        self._runs.append(path)
        self._fields = {}
        self._size = 0

    def merged(self) -> Iterator[tuple[bytes, PostingList]]:
        """Yield (key, posting list) in ascending order of keys, and empty the pool."""
        # heapq.merge is stable: of equal keys, the earlier run, with the earlier documents, is
        # first. What is still in memory is the latest.
        sources = [_read_run(path) for path in self._runs]
        sources.append(self._sorted())
        current: bytes | None = None
        pairs, positions = array("I"), array("I")
        for key, more_pairs, more_positions in heapq.merge(*sources, key=itemgetter(0)):
            if key != current:
                if current is not None:
                    yield current, _posting_list(pairs, positions)
                current, pairs, positions = key, more_pairs, more_positions
            else:
                pairs += more_pairs
                positions += more_positions
        if current is not None:
            yield current, _posting_list(pairs, positions)
        self._fields = {}

    def cleanup(self) -> None:
        """Remove the runs; also called by Whoosh when a writer is cancelled."""
        for path in self._runs:
            path.unlink(missing_ok=True)
        self._runs = []

    def _sorted(self) -> Iterator[tuple[bytes, "array[int]", "array[int]"]]:
        # Code points and their UTF-8 bytes have the same order.
        for field in sorted(self._fields):
            terms = self._fields[field]
            for term in sorted(terms):
                yield term_key(field, term), *terms[term]


def _read_run(path: Path) -> Iterator[tuple[bytes, "array[int]", "array[int]"]]:
    with path.open("rb") as file:
        while record := file.read(_RUN_RECORD.size):
            key_length, pair_count, position_count = _RUN_RECORD.unpack(record)
            key = file.read(key_length)
            pairs, positions = array("I"), array("I")
            pairs.fromfile(file, pair_count)
            positions.fromfile(file, position_count)
            yield key, pairs, positions


def _posting_list(pairs: "array[int]", positions: "array[int]") -> PostingList:
    table = np.frombuffer(pairs, dtype=np.uint32).reshape(-1, 2)
    return PostingList(table[:, 0], table[:, 1], np.frombuffer(positions, dtype=np.uint32))


def packed(postings: PostingList) -> tuple[int, bytes]:
    """Return (dtype codes for the term table, the bytes of a posting list on disk)."""
    codes = 0
    pieces = []
    for shift, values in enumerate(postings):
        values = smallest(values)
        codes |= _CODES[values.dtype.newbyteorder("<").str] << (2 * shift)
        pieces.append(np.ascontiguousarray(values).tobytes())
    return codes, b"".join(pieces)


def read_postings(
    file: MappedFile, offset: int, codes: int, documents: int, positions: int
) -> PostingList:
    """Return the posting list at `offset`, as views of the mapped file."""
    arrays = []
    for shift, count in enumerate((documents, documents, positions)):
        dtype = _DTYPES[codes >> (2 * shift) & 3]
        values = file.array(dtype, offset, count)
        arrays.append(values)
        offset += values.nbytes
    return PostingList(*arrays)
