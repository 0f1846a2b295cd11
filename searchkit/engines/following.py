"""Where the words of a phrase follow one another.

A place is one number, in which what is not to be crossed (a document, a field) stands above the
position, with room between: words of two documents are never near. Places are given by word, each
ascending.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def tight(places: Sequence[Array]) -> tuple[Array, Array]:
    """Return (first words, last words) of where all follow one another directly."""
    moved = [each - distance for distance, each in enumerate(places)]
    starts = reduce(_common, sorted(moved, key=len))
    return starts, starts + (len(places) - 1)


def _common(few: Array, many: Array) -> Array:
    """Return the places in both, ascending."""
    if not len(many):
        return many
    found = np.minimum(np.searchsorted(many, few), len(many) - 1)
    common: Array = few[many[found] == few]
    return common


def loose(places: Sequence[Array], slop: int) -> tuple[Array, Array]:
    """Return (first words, last words) of where all follow, each at its next place.

    Of the occurrences that end with the same word only the shortest counts.
    """
    starts = ends = places[0]
    for distance, following in enumerate(places[1:], start=1):
        found = np.searchsorted(following, ends, side="right")
        there = found < len(following)
        starts, ends = starts[there], following[found[there]]
        near = ends - starts <= distance + slop
        starts, ends = starts[near], ends[near]
    shortest = np.diff(ends, append=-1) != 0
    return starts[shortest], ends[shortest]
