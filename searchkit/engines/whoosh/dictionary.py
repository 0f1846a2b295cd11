"""The dictionary of a snapshot: which words and values there are, and in how many documents.

Counts come from the tables of terms, without looking at a posting; so they include documents that
are deleted but not merged away yet.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.snapshot import Snapshot
from searchkit.query import Term


def forms(snapshot: Snapshot) -> dict[str, int]:
    """Return the folded forms of all text fields, each with its documents in the field of most."""
    counts: dict[str, int] = {}
    for field in snapshot.fields.text:
        found: Counter[str] = Counter()
        for segment in snapshot.segments:
            # Of one segment no term comes twice, and an empty counter takes a whole dict at once.
            found.update(dict(segment.terms.counted(field, EXACT)))
        for term, count in found.items():
            form = term.removeprefix(EXACT)
            if count > counts.get(form, 0):
                counts[form] = count
    return counts


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
