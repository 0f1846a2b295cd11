"""The surface forms of an index, and which of them a pattern stands for.

The forms of all segments are brought together, so that a pattern stands for the same ones in each;
they are read when the first pattern is met, and kept with the snapshot.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from searchkit.cached import cached_property
from searchkit.engines.kept import Kept
from searchkit.engines.whoosh.patterns import Words
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.tables import Array
from searchkit.engines.whoosh.terms import TermsReader
from searchkit.query import MOST_EXPANSIONS, Fuzzy, Prefix, Synonym, Term, Wildcard
from searchkit.query.patterns import Pattern

_MOST_KEPT = 256
_MOST_COUNTED = 2**31 - 1


class Forms(NamedTuple):
    """The forms of a field in a segment: rows of its table of terms, indexes, occurrences."""

    rows: Array
    indexes: Array
    counts: Array


class Expansion(NamedTuple):
    """What a pattern stands for: forms, what an occurrence of each is worth, and where they are.

    `rows` has, for each segment, by field: (rows of the table of terms, the worth of each).
    """

    members: tuple[Synonym, ...]
    rows: tuple[dict[str, tuple[Array, Array]], ...]


class Vocabulary:
    """All forms of the text fields of some segments, ascending."""

    def __init__(self, segments: Sequence[tuple[TermsReader, Sequence[str]]]) -> None:
        """Read the forms of `segments`, each a reader and the text fields it has."""
        found = [
            {field: terms.beginning(field, EXACT) for field in fields} for terms, fields in segments
        ]
        lists = [forms for by_field in found for _, forms, _ in by_field.values()]
        self.forms = sorted(dict.fromkeys(chain.from_iterable(lists)))
        index = {form: number for number, form in enumerate(self.forms)}
        self._segments: list[Mapping[str, Forms]] = [
            {
                field: Forms(
                    rows,
                    np.fromiter(map(index.__getitem__, forms), dtype=np.int64, count=len(forms)),
                    np.minimum(counts.astype(np.uint64), _MOST_COUNTED).astype(np.int64),
                )
                for field, (rows, forms, counts) in by_field.items()
            }
            for by_field in found
        ]
        self._counts: dict[tuple[str, ...], Array] = {}
        self._expansions: Kept[tuple[Pattern, tuple[str, ...]], Expansion] = Kept(_MOST_KEPT)

    @cached_property
    def _words(self) -> Words:
        return Words(self.forms)

    def counts(self, fields: tuple[str, ...]) -> Array:
        """Return how often each form occurs in `fields`, deleted documents included."""
        if fields not in self._counts:
            counts = np.zeros(len(self.forms), dtype=np.int64)
            for by_field in self._segments:
                for field in fields:
                    if field in by_field:
                        # Not `+=`: a damaged table may name a form twice.
                        np.add.at(counts, by_field[field].indexes, by_field[field].counts)
            self._counts[fields] = counts
        return self._counts[fields]

    def expansion(self, pattern: Pattern, fields: tuple[str, ...]) -> Expansion:
        """Return what `pattern` stands for in `fields`; those asked for lately are kept.

        The nearest first, then the most frequent, then by alphabet: MOST_EXPANSIONS of them.
        """
        key = (pattern, fields)
        known = self._expansions.get(key)
        if known is None:
            known = self._expansions.keep(key, self._expanded(pattern, fields))
        return known

    def _expanded(self, pattern: Pattern, fields: tuple[str, ...]) -> Expansion:
        found, distances = self._fitting(pattern)
        counts = self.counts(fields)[found]
        held = counts > 0
        found, distances, counts = found[held], distances[held], counts[held]
        # One number to sort by: the distance, then the frequency, then the alphabet.
        order = (distances * 2**31 - np.minimum(counts, _MOST_COUNTED)) * len(self.forms) + found
        if len(order) > MOST_EXPANSIONS:
            best = np.argpartition(order, MOST_EXPANSIONS)[:MOST_EXPANSIONS]
            found, distances = found[best], distances[best]
        nearest = np.lexsort((found, distances))
        found = found[nearest]
        weights = np.exp2(-distances[nearest].astype(np.float64))
        return Expansion(
            tuple(
                Synonym(_exactly(self.forms[index]), "typed", weight)
                for index, weight in zip(found.tolist(), weights.tolist(), strict=True)
            ),
            tuple(_rows(by_field, fields, found, weights) for by_field in self._segments),
        )

    def _fitting(self, pattern: Pattern) -> tuple[Array, Array]:
        """Return (indexes of the forms that fit, how many edits away each is), ascending."""
        match pattern:
            case Prefix(form):
                first = bisect_left(self.forms, form)
                end = bisect_right(self.forms, form, first, key=lambda other: other[: len(form)])
                found = np.arange(first, end)
            case Wildcard(text):
                found = self._words.fitting(text)
            case Fuzzy(form, edits):
                return self._words.near(form, edits)
        return found, np.zeros(len(found), dtype=np.int64)


def _exactly(form: str) -> Term:
    return Term(form, form, exact=True)


def _rows(
    by_field: Mapping[str, Forms], fields: tuple[str, ...], found: Array, weights: Array
) -> dict[str, tuple[Array, Array]]:
    rows = {}
    for field in fields:
        if field in by_field and len(by_field[field].indexes):
            forms = by_field[field]
            places = np.minimum(np.searchsorted(forms.indexes, found), len(forms.indexes) - 1)
            here = forms.indexes[places] == found
            if here.any():
                rows[field] = (forms.rows[places[here]], weights[here])
    return rows
