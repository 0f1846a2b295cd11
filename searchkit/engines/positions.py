"""Where words stand in the documents of a page, for engines that keep positions."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from searchkit.analysis.located import Occurrences

TOGETHER = 32
"""Documents in which words are looked up together; a page may have any number."""

NOWHERE = Occurrences({}, {})

Places = np.ndarray[Any, np.dtype[Any]]
"""Where a word stands, ascending: a row, shifted by some bits, and the position in it."""


def by_row(
    terms: Mapping[str, Places], forms: Mapping[str, Places], bits: int
) -> dict[int, Occurrences]:
    """Return where words stand by row, of the rows in which any does."""
    rows: dict[int, tuple[dict[str, list[int]], ...]] = defaultdict(lambda: ({}, {}))
    for kind, words in enumerate((terms, forms)):
        for word, places in words.items():
            for place in places.tolist():
                found = rows[place >> bits][kind]
                found.setdefault(word, []).append(place & (2**bits - 1))
    return {row: Occurrences(*found) for row, found in rows.items()}
