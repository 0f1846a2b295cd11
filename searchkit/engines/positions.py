"""Where words stand in the documents of a page, for engines that keep positions."""

from collections.abc import Sequence
from typing import Any

import numpy as np

TOGETHER = 32
"""Documents in which words are looked up together; a page may have any number."""


def by_row(places: Sequence[np.ndarray[Any, np.dtype[Any]]], bits: int) -> dict[int, list[int]]:
    """Return positions, ascending and each once, by row, of the rows that have any.

    A place is the row, shifted by `bits`, and the position in it.
    """
    if not places:
        return {}
    # Asked for counts, it does without `numpy.ma`, which takes as long to import as a search takes.
    once, _ = np.unique(np.concatenate(places), return_counts=True)
    positions: dict[int, list[int]] = {}
    for place in once.tolist():
        positions.setdefault(place >> bits, []).append(place & (2**bits - 1))
    return positions
