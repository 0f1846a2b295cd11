"""The dictionary of a snapshot: which words and values there are, and in how many documents.

Counts come from the tables of terms, without looking at a posting; so they include documents that
are deleted but not merged away yet.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import compress, repeat
from typing import TYPE_CHECKING

import numpy as np

from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.snapshot import Snapshot
from searchkit.query import Term

if TYPE_CHECKING:
    from numpy.typing import NDArray


def forms(snapshot: Snapshot) -> dict[str, int]:
    """Return the folded forms of all text fields, each with its documents in the field of most."""
    fields = [_forms_of(field, snapshot) for field in snapshot.fields.text]
    counts = max(fields, key=len, default={})
    # Not a form at a time: there are some hundred thousand, and a person waits.
    for found in (found for found in fields if found is not counts):
        more = np.fromiter(found.values(), np.int64, len(found)) > _numbers(counts, found)
        counts.update(compress(found.items(), more.tolist()))
    return counts


def _forms_of(field: str, snapshot: Snapshot) -> dict[str, int]:
    """Return the folded forms of a field, each with its documents in all segments."""
    found: dict[str, int] = {}
    for segment in snapshot.segments:
        rows, terms, _ = segment.terms.beginning(field, EXACT)
        numbers = segment.terms.document_counts(rows)
        if found:
            numbers = numbers + _numbers(found, terms)
        found.update(zip(terms, numbers.tolist(), strict=True))
    return found


def _numbers(counts: Mapping[str, int], terms: Collection[str]) -> "NDArray[np.int64]":
    """Return the count of each term, 0 where there is none."""
    return np.fromiter(map(counts.get, terms, repeat(0)), np.int64, len(terms))


def frequent_values(
    snapshot: Snapshot, field: str, prefixes: Iterable[str], most: int
) -> list[tuple[str, int]]:
    """Return the `most` most frequent values of each prefix, most frequent first."""
    values: dict[str, int] = {}
    for prefix in set(prefixes):
        found: Counter[str] = Counter()
        for segment in snapshot.segments:
            if counts := dict(segment.terms.counted(field, prefix, most)):
                found.update(counts)
        if found:
            values |= sorted(found.items(), key=lambda item: (-item[1], item[0]))[:most]
    return sorted(values.items(), key=lambda item: (-item[1], item[0]))


def frequency(snapshot: Snapshot, term: Term) -> int:
    """Return in how many documents that are not deleted a word stands, by stem or by form."""
    known = snapshot.frequencies.get(term)
    if known is None:
        known = snapshot.frequencies.keep(term, _counted(snapshot, term))
    return known


def _counted(snapshot: Snapshot, term: Term) -> int:
    total = 0
    for segment in snapshot.segments:
        having = np.zeros(segment.size, dtype=bool)
        for field in segment.text_fields:
            for text in (term.term, EXACT + term.form):
                if (postings := segment.postings(field, text)) is not None:
                    having[postings.documents] = True
        total += int(np.count_nonzero(having & segment.live))
    return total
