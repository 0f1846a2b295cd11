"""Where words stand in the documents of a page."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import numpy as np

from searchkit.analysis.finding import Positions, Words
from searchkit.engines.whoosh.candidates import POSITION_BITS, Candidates, places_of
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.snapshot import SegmentView, Snapshot

_TOGETHER = 32
"""Documents in which words are looked up together; a page may have any number."""

_POSITION = 2**POSITION_BITS - 1


def positions_in(
    snapshot: Snapshot, segments: Sequence[int], documents: Sequence[int]
) -> Iterator[Positions]:
    """Yield what tells where words stand in each document, by its segment and its number there."""
    places = list(zip(segments, documents, strict=True))
    for start in range(0, len(places), _TOGETHER):
        some = places[start : start + _TOGETHER]
        looked_up = {
            number: _Lookup(snapshot.segments[number], [d for s, d in some if s == number])
            for number, _ in some
        }
        yield from (partial(looked_up[number].of, document) for number, document in some)


class _Lookup:
    """Where words stand in some documents of a segment: looked up in all when asked of one."""

    def __init__(self, segment: SegmentView, documents: Iterable[int]) -> None:
        self._segment = segment
        self._documents = sorted(documents)
        self._known: dict[tuple[str, Words], dict[int, Sequence[int]]] = {}

    def of(self, document: int, field: str, words: Words) -> Sequence[int]:
        """Return where `words` stand in a document; see `searchkit.analysis.finding.Positions`."""
        key = field, words
        if key not in self._known:
            self._known[key] = self._looked_up(field, words)
        return self._known[key].get(document, ())

    def _looked_up(self, field: str, words: Words) -> dict[int, Sequence[int]]:
        """Return the positions by document, of those that have any."""
        if field not in self._segment.text_fields:
            return {}
        candidates = Candidates(self._segment, np.array(self._documents))
        found = []
        for term in (*words.terms, *(EXACT + form for form in words.forms)):
            postings = self._segment.postings(field, term)
            if postings is not None:
                there, rows = candidates.align(postings.documents)
                if len(rows):
                    found.append(places_of(postings, there, rows))
        positions: dict[int, list[int]] = {}
        for place in np.unique(np.concatenate(found)).tolist() if found else ():
            document = self._documents[place >> POSITION_BITS]
            positions.setdefault(document, []).append(place & _POSITION)
        return dict(positions)
