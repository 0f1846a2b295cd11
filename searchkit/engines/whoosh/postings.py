"""Posting lists: which documents hold a term, how often and where.

A posting list is three arrays: document numbers (ascending), frequencies, and the positions of all
occurrences one after another (empty for a term kept without positions). On disk they follow one
another, each in the smallest unsigned dtype that holds it, so that reading one is three views of
mapped memory and no decoding; of frequencies that are all 1 there is nothing on disk.

Many lists at once are packed and unpacked with a few operations on arrays, whatever their number.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from searchkit.engines.whoosh.tables import TEXT, Array, MappedFile

_DTYPES = ("|u1", "<u2", "<u4")
_ALL_ONE = 3
"""The code of frequencies that are all 1, in place of that of a dtype."""

_WIDTHS = np.array([1, 2, 4, 0])
"""Bytes of a number by code."""


def term_key(field: str, term: str) -> bytes:
    """Return the key of a term: the field, a zero byte and the term.

    So the keys of a field stand together in the order of their terms. Any string has a key of its
    own, lone surrogates included.
    """
    return f"{field}\0{term}".encode(*TEXT)


def split_key(key: bytes) -> tuple[str, str]:
    """Return the field and the term of a key; what is no text in it is replaced."""
    try:
        field, _, term = key.decode(*TEXT).partition("\0")
    except UnicodeDecodeError:
        field, _, term = key.decode("utf-8", "replace").partition("\0")
    return field, term


class PostingList(NamedTuple):
    """The postings of one term in one field of one segment."""

    documents: Array
    frequencies: Array
    positions: Array


class PostingLists(NamedTuple):
    """The posting lists of many terms, one after another.

    `keys` ascend; `lengths` are by key how many documents a list has, `occurrences` how many
    positions. The last columns hold those of all lists, as 32-bit numbers. A term with the same
    postings as an earlier one has an empty list, and in `before` how many keys before it, of these
    and those given before, that one stands; the others have 0 there, and no empty list.
    """

    keys: list[bytes]
    before: Array
    lengths: Array
    occurrences: Array
    documents: Array
    frequencies: Array
    positions: Array


class LongList(NamedTuple):
    """The posting list of a term that is too long to be in memory as a whole.

    `parts` reads it from the beginning: some documents at a time, with their frequencies and their
    positions. There is one document at least.
    """

    key: bytes
    parts: Callable[[], Iterator[PostingList]]


class Packed(NamedTuple):
    """Posting lists as bytes: `codes` and `sizes` (bytes) are by list, `data` those of all."""

    codes: Array
    sizes: Array
    data: Array


def starts_of(lengths: Array) -> Array:
    """Return where each of several runs of these lengths begins, when one follows another."""
    ends = np.cumsum(lengths, dtype=np.int64)
    return ends - lengths


def starts_at(lengths: Array, chosen: Array) -> Array:
    """Return `starts_of(lengths)[chosen]`, which takes a third of the time: `chosen` ascends."""
    if not len(chosen):
        return np.empty(0, dtype=np.int64)
    steps = np.add.reduceat(lengths, chosen, dtype=np.int64)
    steps[1:] = steps[:-1]
    steps[0] = lengths[: chosen[0]].sum(dtype=np.int64)
    return np.cumsum(steps)


def run_starts(values: Array) -> Array:
    """Return where each run of equal values begins."""
    begins = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    return begins.nonzero()[0]


def within(lengths: Array) -> Array:
    """Return 0, 1, ... for each run of these lengths, one run after another."""
    return counted_up(np.zeros(len(lengths), dtype=np.int64), lengths)


def counted_up(starts: Array, lengths: Array) -> Array:
    """Return the numbers from each of `starts` on, so many as `lengths` has, one run after another.

    So are the places of runs that begin at `starts`.
    """
    places: Array = np.arange(int(lengths.sum(dtype=np.int64)), dtype=np.int64)
    places += np.repeat(starts - starts_of(lengths), lengths)
    return places


def packed(lists: PostingLists) -> Packed:
    """Return posting lists as they stand on disk."""
    counts = (lists.lengths, lists.lengths, lists.occurrences)
    codes = _codes([_tops(column, count) for column, count in zip(lists[4:], counts, strict=True)])
    bytes_of = [count * _WIDTHS[code] for count, code in zip(counts, codes, strict=True)]
    sizes: Array = bytes_of[0] + bytes_of[1] + bytes_of[2]
    data = np.empty(int(sizes.sum()), dtype=np.uint8)
    at = starts_of(sizes)
    for column, count, code, size in zip(lists[4:], counts, codes, bytes_of, strict=True):
        for places, wanted, number in _by_width(at, count, code):
            values = column[np.repeat(wanted, count)].astype(_DTYPES[number]).view(np.uint8)
            for byte, part in enumerate(values.reshape(-1, int(_WIDTHS[number])).T):
                data[places + byte] = part
        at = at + size
    return Packed(_joined(codes).astype(np.uint8), sizes, data)


def described(long: LongList) -> tuple[int, int, int]:
    """Return of a long list its code, and how many documents and positions it has."""
    tops, counts = np.zeros((2, 3), dtype=np.int64)
    for part in long.parts():
        tops = np.maximum(tops, [column.max(initial=0) for column in part])
        counts += [len(column) for column in part]
    code = _joined(_codes(tops.reshape(3, 1)))
    return int(code[0]), int(counts[0]), int(counts[2])


def packed_parts(long: LongList, codes: int) -> Iterator[Array]:
    """Yield a long list of that code as it stands on disk, some of it at a time."""
    for column in range(3):
        code = codes >> (2 * column) & 3
        if code != _ALL_ONE:
            for part in long.parts():
                yield part[column].astype(_DTYPES[code])


def packed_sizes(codes: Array, lengths: Array, occurrences: Array) -> Array:
    """Return by list how many bytes it takes on disk."""
    widths = [_WIDTHS[codes >> shift & 3] for shift in (0, 2, 4)]
    sizes: Array = lengths * (widths[0] + widths[1]) + occurrences * widths[2]
    return sizes


def unpacked(
    data: Array, offsets: Array, codes: Array, lengths: Array, occurrences: Array
) -> tuple[Array, Array, Array]:
    """Return (documents, frequencies, positions) of the lists at `offsets` of `data`, as 32 bits.

    Raises IndexError when a list would end behind the data.
    """
    columns = []
    at = offsets.astype(np.int64)
    for shift, count in enumerate((lengths, lengths, occurrences)):
        code = codes >> (2 * shift) & 3
        values = np.ones(int(count.sum(dtype=np.int64)), dtype=np.uint32)
        for places, wanted, number in _by_width(at, count, code):
            numbers = data[places].astype(np.uint32)
            for byte in range(1, int(_WIDTHS[number])):
                numbers |= data[places + byte].astype(np.uint32) << np.uint32(8 * byte)
            values[np.repeat(wanted, count)] = numbers
        columns.append(values)
        at = at + count * _WIDTHS[code]
    documents, frequencies, positions = columns
    return documents, frequencies, positions


def _by_width(at: Array, count: Array, code: Array) -> Iterator[tuple[Array, Array, int]]:
    """Yield (place of each number, which lists they are of, code) for each width of numbers."""
    for number, width in enumerate(_WIDTHS[:_ALL_ONE].tolist()):
        wanted = (code == number) & (count > 0)
        if wanted.any():
            chosen = count[wanted]
            yield np.repeat(at[wanted], chosen) + width * within(chosen), wanted, number


def _tops(values: Array, counts: Array) -> Array:
    """Return by list its largest value, 0 for none."""
    tops = np.zeros(len(counts), dtype=np.int64)
    having = np.flatnonzero(counts)
    if len(having):
        tops[having] = np.maximum.reduceat(values, starts_of(counts[having]))
    return tops


def _codes(tops: Sequence[Array] | Array) -> list[Array]:
    """Return by column and list the code of its numbers, of which `tops` are the largest."""
    codes = [(top >= 2**8).astype(np.int64) + (top >= 2**16) for top in tops]
    codes[1][tops[1] == 1] = _ALL_ONE
    return codes


def _joined(codes: Sequence[Array]) -> Array:
    """Return the codes of the three columns of lists as one by list."""
    joined: Array = codes[0] | codes[1] << 2 | codes[2] << 4
    return joined


def read_postings(
    file: MappedFile, offset: int, codes: int, documents: int, positions: int
) -> PostingList:
    """Return the posting list at `offset`, as views of the mapped file."""
    arrays = []
    for shift, count in enumerate((documents, documents, positions)):
        code = codes >> (2 * shift) & 3
        if code == _ALL_ONE:
            if shift != 1:
                raise file.damaged("a posting list is described impossibly")
            arrays.append(np.broadcast_to(np.uint8(1), count))
            continue
        values = file.array(_DTYPES[code], offset, count)
        arrays.append(values)
        offset += values.nbytes
    return PostingList(*arrays)
