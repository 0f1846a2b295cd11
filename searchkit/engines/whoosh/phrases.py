"""Where words follow one another."""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

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
    starts, ends = _loose(places, slop) if slop else _tight(places)
    rows, counts = np.unique(starts >> POSITION_BITS, return_counts=True)
    position = 2**POSITION_BITS - 1
    return Spans(PostingList(documents[rows], counts, starts & position), ends & position)


def _tight(places: Sequence[Array]) -> tuple[Array, Array]:
    """Return (first words, last words) of where all follow one another directly."""
    moved = [each - distance for distance, each in enumerate(places)]
    starts = reduce(_common, sorted(moved, key=len))
    return starts, starts + (len(places) - 1)


def _common(few: Array, many: Array) -> Array:
    """Return the keys in both, ascending."""
    if not len(many):
        return many
    found = np.minimum(np.searchsorted(many, few), len(many) - 1)
    common: Array = few[many[found] == few]
    return common


def _loose(places: Sequence[Array], slop: int) -> tuple[Array, Array]:
    """Return (first words, last words) of where all follow, each at its next place."""
    starts = ends = places[0]
    for distance, following in enumerate(places[1:], start=1):
        found = np.searchsorted(following, ends, side="right")
        there = found < len(following)
        starts, ends = starts[there], following[found[there]]
        near = ends - starts <= distance + slop
        starts, ends = starts[near], ends[near]
    shortest = np.diff(ends, append=-1) != 0
    return starts[shortest], ends[shortest]
