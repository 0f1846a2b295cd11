"""Where words follow one another."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searchkit.engines.following import loose, tight
from searchkit.engines.whoosh.candidates import POSITION_BITS, Candidates, intersection, places_of
from searchkit.engines.whoosh.postings import PostingList
from searchkit.engines.whoosh.snapshot import SegmentView
from searchkit.engines.whoosh.tables import Array


class Spans(NamedTuple):
    """The occurrences of a phrase: postings of their first words, positions of their last ones."""

    postings: PostingList
    ends: Array


def find_spans(segment: SegmentView, lists: Sequence[PostingList], slop: int) -> Spans:
    """Return where the words of `lists` stand in this order, `slop` others among them at most.

    Of the occurrences that end with the same word only the shortest counts.
    """
    documents = intersection(segment, [postings.documents for postings in lists]).documents
    candidates = Candidates(segment, documents)
    # The same word may be there several times, and then is looked up once.
    known = {
        id(postings): places_of(postings, *candidates.align(postings.documents))
        for postings in lists
    }
    places = [known[id(postings)] for postings in lists]
    starts, ends = loose(places, slop) if slop else tight(places)
    rows, counts = np.unique(starts >> POSITION_BITS, return_counts=True)
    position = 2**POSITION_BITS - 1
    return Spans(PostingList(documents[rows], counts, starts & position), ends & position)
