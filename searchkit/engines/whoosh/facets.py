"""The facets of a segment, in its `SEGMENT.tables`: which documents have which values; counting.

A facet is kept as pairs of a document and an ordinal, the number of one of the spellings met in the
segment, so that to count is one pass over an array.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from searchkit.analysis.normalization import fold_value
from searchkit.engines.whoosh.spools import Spools, pieces_of
from searchkit.engines.whoosh.tables import Array, Pieces, packed, unpacked
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

    def __init__(self, fields: Sequence[str], spools: Spools) -> None:
        self._numbers: dict[str, dict[str, int]] = {field: {} for field in fields}
        # By field, pair by pair, the documents and the ordinals.
        self._pairs = {field: (spools.new("I"), spools.new("I")) for field in fields}

    def add(self, document: int, facets: Mapping[str, tuple[str, ...]]) -> None:
        """Add the facets of a document."""
        for field, values in facets.items():
            numbers = self._numbers[field]
            documents, ordinals = self._pairs[field]
            for value in values:
                documents.append(document)
                ordinals.append(numbers.setdefault(value, len(numbers)))

    def add_merged(self, field: str, column: Column, numbers: Array) -> None:
        """Add a facet of another segment; `numbers` are its documents' new ones, -1 for deleted."""
        known = self._numbers[field]
        documents, ordinals = self._pairs[field]
        # By ordinal there the one here, -1 for a spelling that has not been met.
        renamed = np.full(len(column.spellings), -1, dtype=np.int64)
        for old, those in zip(pieces_of(column.documents), pieces_of(column.ordinals), strict=True):
            new = numbers[old]
            kept = new >= 0
            for ordinal in np.unique(those[kept & (renamed[those] < 0)]).tolist():
                spelling = column.spellings[ordinal]
                renamed[ordinal] = known.setdefault(spelling, len(known))
            documents.extend(new[kept].astype(np.uint32))
            ordinals.extend(renamed[those[kept]].astype(np.uint32))

    def tables(self) -> dict[str, Array | Pieces]:
        """Return the arrays that `read_column` needs."""
        tables: dict[str, Array | Pieces] = {}
        for field, numbers in self._numbers.items():
            documents, ordinals = self._pairs[field]
            tables[f"facet.{field}.documents"] = documents.table()
            tables[f"facet.{field}.ordinals"] = ordinals.table()
            ends, text = packed(list(numbers))
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
