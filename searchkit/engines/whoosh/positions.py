"""Where words stand in the documents of a page."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import repeat

import numpy as np

from searchkit.analysis.finding import Positions, Words
from searchkit.engines.positions import TOGETHER, by_row
from searchkit.engines.whoosh.candidates import POSITION_BITS, Candidates, places_of
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.snapshot import SegmentView, Snapshot


def positions_in(
    snapshot: Snapshot, segments: Sequence[int], documents: Sequence[int]
) -> Iterator[Positions]:
    """Return what tells where words stand in each document, by its segment and its number there."""
    page = _Page(snapshot, segments, documents)
    return map(partial, repeat(page.positions), range(len(documents)))


class _Page:
    """Where words stand in documents: looked up in several when asked of one."""

    def __init__(
        self, snapshot: Snapshot, segments: Sequence[int], documents: Sequence[int]
    ) -> None:
        self._snapshot = snapshot
        self._segments = segments
        self._documents = documents
        self._known: dict[tuple[int, int, str, Words], dict[int, list[int]]] = {}

    def positions(self, row: int, field: str, words: Words) -> Sequence[int]:
        """Return where `words` stand in the document in that row of the page.

        See `searchkit.analysis.finding.Positions`.
        """
        start, number = row - row % TOGETHER, self._segments[row]
        key = start, number, field, words
        if key not in self._known:
            some = slice(start, start + TOGETHER)
            pairs = zip(self._segments[some], self._documents[some], strict=True)
            documents = sorted(document for segment, document in pairs if segment == number)
            segment = self._snapshot.segments[number]
            self._known[key] = _looked_up(segment, documents, field, words)
        return self._known[key].get(self._documents[row], ())


def _looked_up(
    segment: SegmentView, documents: Sequence[int], field: str, words: Words
) -> dict[int, list[int]]:
    """Return the positions of words in a field by document, of those that have any."""
    if field not in segment.text_fields:
        return {}
    candidates = Candidates(segment, np.array(documents))
    found = []
    for term in (*words.terms, *(EXACT + form for form in words.forms)):
        postings = segment.postings(field, term)
        if postings is not None:
            there, rows = candidates.align(postings.documents)
            if len(rows):
                found.append(places_of(postings, there, rows))
    return {documents[row]: places for row, places in by_row(found, POSITION_BITS).items()}
