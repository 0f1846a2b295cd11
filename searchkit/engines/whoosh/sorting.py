"""Strings put into order without one being made: there are hundreds of thousands in a segment."""

import numpy as np

from searchkit.engines.whoosh.tables import Array

PADDING = 16
"""Bytes that follow the last string."""

_HEADS = 16
"""Bytes by which strings are sorted at a time, as two numbers."""

_KEPT = np.array([2**64 - 2 ** (64 - 8 * kept) for kept in range(9)], dtype=np.uint64)
"""By number of bytes, what keeps the first ones of a number of eight."""


def alphabetical(text: Array, starts: Array, ends: Array) -> tuple[Array, Array]:
    """Return the order of strings, and at each place of it whether a string comes there first.

    They are the bytes of `text` from `starts` to `ends`, with PADDING behind the last one. They are
    sorted by their first sixteen bytes, and those that are alike so far by the sixteen that follow,
    until none are. Equal ones keep the order in which they are given.
    """
    order = np.arange(len(starts), dtype=np.uint32)
    places, group = order.copy(), np.zeros(len(starts), dtype=np.uint32)
    first = np.ones(len(starts), dtype=bool)
    done = 0
    while len(places):
        some = order[places]
        begin = starts[some] + starts.dtype.type(done)
        left = np.minimum(ends[some] - begin, _HEADS).astype(np.uint8)
        # Where one ends and others go on with zero bytes, it is the first.
        keys = (left, _head(text, begin, left, 8), _head(text, begin, left, 0), group)
        ascending = np.lexsort(keys)
        order[places] = some[ascending]
        differs = np.ones(len(places) + 1, dtype=bool)
        differs[1:-1] = False
        for key in keys:
            sorted_key = key[ascending]
            differs[1:-1] |= sorted_key[1:] != sorted_key[:-1]
        first[places] = differs[:-1]
        alike = ~(differs[1:] & differs[:-1]) & (left[ascending] == _HEADS)
        group = differs.cumsum(dtype=np.uint32)[:-1][alike]
        places = places[alike]
        done += _HEADS
    return order, first


def _head(text: Array, begin: Array, left: Array, first: int) -> Array:
    """Return, as a number, the eight bytes from the `first` one behind `begin` on.

    Those are zeros of which fewer are `left`.
    """
    numbers = np.ndarray(len(text) - 7, ">u8", text, strides=(1,))  # from any place on
    head: Array = numbers[begin + first]
    head &= _KEPT[np.clip(left, first, first + 8) - first]
    return head
