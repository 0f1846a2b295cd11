"""Where words stand in the documents of a page."""

from collections.abc import Sequence

import numpy as np

from searchkit.analysis.finding import Words
from searchkit.engines.positions import TOGETHER, by_row
from searchkit.engines.whoosh.candidates import POSITION_BITS, Candidates, places_of
from searchkit.engines.whoosh.ordering import Placed
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.snapshot import SegmentView, Snapshot


class PagePositions:
    """Where words stand in the documents of a page: looked up in several when asked of one."""

    def __init__(self, snapshot: Snapshot, page: Sequence[Placed]) -> None:
        self._snapshot = snapshot
        self._page = page
        self._known: dict[tuple[int, int, str, Words], dict[int, list[int]]] = {}

    def of(self, row: int, field: str, words: Words) -> Sequence[int]:
        """Return where `words` stand in the document in that row of the page.

        See `searchkit.analysis.finding.Positions`.
        """
        start = row - row % TOGETHER
        _, _, _, number, asked, *_ = self._page[row]
        key = start, number, field, words
        if key not in self._known:
            some = self._page[start : start + TOGETHER]
            documents = sorted(
                document for _, _, _, segment, document, *_ in some if segment == number
            )
            segment = self._snapshot.segments[number]
            self._known[key] = _looked_up(segment, documents, field, words)
        return self._known[key].get(asked, ())


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
