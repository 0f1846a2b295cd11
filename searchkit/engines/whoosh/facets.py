"""The facets of a segment, in its `SEGMENT.tables`: which documents have which values; counting.

A facet is kept as pairs of a document and an ordinal, the number of one of the spellings met in the
segment, so that to count is one pass over an array.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from searchkit.analysis.normalization import fold_value
from searchkit.engines.whoosh.tables import Array, packed, smallest, unpacked
from searchkit.results import FacetCount


class Column(NamedTuple):
    """A facet of a segment: `documents` and `ordinals` are pairs, ordinals number `spellings`."""

    documents: Array
    ordinals: Array
    spellings: Sequence[str]


def read_column(tables: Mapping[str, Array], field: str, size: int) -> Column | None:
    """Return a facet in the tables of a segment of `size` documents; None if damaged."""
    empty = np.empty(0, dtype=np.uint8)
    documents, ordinals, ends, text = (
        tables.get(f"facet.{field}.{part}", empty)
        for part in ("documents", "ordinals", "ends", "text")
    )
    spellings = unpacked(ends, text)
    if spellings is None or len(documents) != len(ordinals):
        return None
    for numbers, bound in ((documents, size), (ordinals, len(spellings))):
        if numbers.dtype.kind != "u" or (len(numbers) and int(numbers.max()) >= bound):
            return None
    return Column(documents, ordinals, spellings)


class FacetCollector:
    """Collects the facets of a new segment: of these facet fields."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._numbers: dict[str, dict[str, int]] = {field: {} for field in fields}
        # A document, an ordinal, a document, ...
        self._pairs = {field: array("I") for field in fields}
        self._merged: dict[str, list[Array]] = {field: [] for field in fields}

    def add(self, document: int, facets: Mapping[str, tuple[str, ...]]) -> None:
        """Add the facets of a document."""
        for field, values in facets.items():
            numbers = self._numbers[field]
            for value in values:
                self._pairs[field].extend((document, numbers.setdefault(value, len(numbers))))

    def add_merged(self, field: str, column: Column, numbers: Array) -> None:
        """Add a facet of another segment; `numbers` are its documents' new ones, -1 for deleted."""
        known = self._numbers[field]
        documents = numbers[column.documents]
        kept = documents >= 0
        used = {column.spellings[n]: n for n in np.unique(column.ordinals[kept]).tolist()}
        ordinals = np.zeros(len(column.spellings), dtype=np.int64)
        for spelling, old in used.items():
            ordinals[old] = known.setdefault(spelling, len(known))
        pairs = np.column_stack((documents[kept], ordinals[column.ordinals[kept]]))
        self._merged[field].append(pairs.astype(np.uint32))

    def tables(self) -> dict[str, Array]:
        """Return the arrays that `read_column` needs."""
        tables: dict[str, Array] = {}
        for field, numbers in self._numbers.items():
            added = np.array(self._pairs[field], dtype=np.uint32).reshape(-1, 2)
            pairs = np.concatenate([*self._merged[field], added])
            ends, text = packed(list(numbers))
            tables[f"facet.{field}.documents"] = smallest(pairs[:, 0])
            tables[f"facet.{field}.ordinals"] = smallest(pairs[:, 1])
            tables[f"facet.{field}.ends"] = ends
            tables[f"facet.{field}.text"] = text
        return tables


class Facet:
    """A facet over all segments: spellings that fold alike are one value.

    Values are numbered in the order of their commonest spellings.
    """

    def __init__(self, columns: Sequence[Column], live: Sequence[Array]) -> None:
        spellings: dict[str, Counter[str]] = {}
        for column, alive in zip(columns, live, strict=True):
            used = column.ordinals[alive[column.documents]]
            counts = np.bincount(used, minlength=len(column.spellings))
            for spelling, count in zip(column.spellings, counts.tolist(), strict=True):
                spellings.setdefault(fold_value(spelling), Counter())[spelling] += count
        shown = {key: min(c, key=lambda s: (-c[s], s)) for key, c in spellings.items()}
        self._numbers = {key: n for n, key in enumerate(sorted(shown, key=lambda k: (shown[k], k)))}
        self._shown = [shown[key] for key in self._numbers]
        self._pairs = [self._numbered(column) for column in columns]

    def _numbered(self, column: Column) -> tuple[Array, Array]:
        """Return the pairs of (document, value number) of a segment, each once."""
        numbers = [self._numbers[fold_value(spelling)] for spelling in column.spellings]
        found = np.array(numbers, dtype=np.int64)[column.ordinals]
        keys = np.unique(column.documents.astype(np.int64) * max(len(self._shown), 1) + found)
        documents, values = np.divmod(keys, max(len(self._shown), 1))
        return documents, values

    def holding(self, number: int, size: int, wanted: frozenset[str]) -> Array:
        """Return which of the `size` documents of a segment have one of the folded values."""
        documents, values = self._pairs[number]
        chosen = np.zeros(len(self._shown), dtype=bool)
        chosen[[self._numbers[value] for value in wanted if value in self._numbers]] = True
        mask = np.zeros(size, dtype=bool)
        mask[documents[chosen[values]]] = True
        return mask

    def counts(self, masks: Sequence[Array], most: int) -> tuple[FacetCount, ...]:
        """Return the `most` frequent values of the documents in `masks`, one a segment."""
        totals = np.zeros(len(self._shown), dtype=np.int64)
        for (documents, values), mask in zip(self._pairs, masks, strict=True):
            totals += np.bincount(values[mask[documents]], minlength=len(totals))
        order = np.argsort(-totals, kind="stable")[:most]
        return tuple(FacetCount(self._shown[n], int(totals[n])) for n in order if totals[n])
