"""Where words stand in the documents of a page."""

from collections.abc import Sequence

import numpy as np

from searchkit.analysis.located import Occurrences, Words
from searchkit.engines.positions import NOWHERE, TOGETHER, Places, by_row
from searchkit.engines.whoosh.candidates import POSITION_BITS, Candidates, places_of
from searchkit.engines.whoosh.ordering import Placed
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.snapshot import SegmentView, Snapshot


class PagePositions:
    """Where words stand in the documents of a page: looked up in several when asked of one."""

    def __init__(self, snapshot: Snapshot, page: Sequence[Placed]) -> None:
        self._snapshot = snapshot
        self._page = page
        self._known: dict[tuple[int, int, str, Words], dict[int, Occurrences]] = {}

    def of(self, row: int, field: str, words: Words) -> Occurrences:
        """Return where `words` stand in the document in that row of the page."""
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
        return self._known[key].get(asked, NOWHERE)


def _looked_up(
    segment: SegmentView, documents: Sequence[int], field: str, words: Words
) -> dict[int, Occurrences]:
    """Return where words stand in a field by document, of those in which any does."""
    if field not in segment.text_fields:
        return {}
    candidates = Candidates(segment, np.array(documents))

    def places(word: str) -> Places:
        postings = segment.postings(field, word)
        if postings is None:
            return np.empty(0, dtype=np.int64)
        return places_of(postings, *candidates.align(postings.documents))

    terms = {term: places(term) for term in words.terms}
    forms = {form: places(EXACT + form) for form in words.forms}
    return {documents[row]: found for row, found in by_row(terms, forms, POSITION_BITS).items()}
