"""Where the leaves of a query occur in one segment.

A leaf is looked up as parts: one posting list for each field and, of synonyms, each member; of a
pattern, one for each field that has all its forms. So all leaves are computed with alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from searchkit.engines.whoosh.candidates import Candidates, Found, places_of, union
from searchkit.engines.whoosh.phrases import find_spans
from searchkit.engines.whoosh.postings import PostingList
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.snapshot import Mask, Scores, SegmentView, Snapshot
from searchkit.engines.whoosh.tables import Array
from searchkit.query import Fuzzy, InFields, Leaf, Phrase, Prefix, Synonym, Synonyms, Term, Wildcard

Unwrapped = Term | Phrase | Synonyms | Prefix | Wildcard | Fuzzy


class Part(NamedTuple):
    """The postings of a member of a leaf in a field, by the first words of its occurrences.

    `ends` are the positions of their last words, None where they are single words. `unsorted` are
    the postings of all forms of a pattern, one list after another; those of `postings` are then
    added up by document, each form by its worth, and have no positions.
    """

    field: str
    member: Synonym
    postings: PostingList
    ends: Array | None = None
    unsorted: PostingList | None = None


class Occurrences:
    """The parts of one leaf in the segment of that number.

    `documents` are those that hold the leaf, deleted ones included, ascending.
    """

    def __init__(self, snapshot: Snapshot, number: int, leaf: Leaf) -> None:
        self.segment = snapshot.segments[number]
        asked, fields = in_fields(leaf, snapshot.fields.text)
        self._fields = [field for field in self.segment.text_fields if field in fields]
        self._exact: str | None = None
        if isinstance(asked, Prefix | Wildcard | Fuzzy):
            found = snapshot.vocabulary.expansion(asked, fields)
            self._members = (*found.members, *asked.also)
            self.parts = [
                *_merged_parts(self.segment, found.rows[number], found.members),
                *chain.from_iterable(
                    _parts(self.segment, self._fields, each) for each in asked.also
                ),
            ]
        else:
            self._members = (
                asked.members if isinstance(asked, Synonyms) else (Synonym(asked, "typed"),)
            )
            self.parts = list(self.parts_by_member())
            first = self._members[0].node
            if isinstance(first, Term) and not first.exact:
                self._exact = EXACT + first.form
        holding = union([part.postings.documents for part in self.parts], self.segment.size)
        self.documents: Array = holding.documents.astype(np.int64, copy=False)
        self.found = Found(self.documents)

    def parts_by_member(self) -> Iterator[Part]:
        """Yield the parts with one for each form of a pattern."""
        for member in self._members:
            yield from _parts(self.segment, self._fields, member)

    def frequency(self, candidates: Candidates) -> Scores:
        """Return the weighted, length-normalised frequency by candidate, over all fields."""
        total = np.zeros(len(candidates), dtype=np.float32)
        for part in self.parts:
            self._add(total, candidates, part.field, part.postings, part.member.weight)
        return total

    def exact(self, candidates: Candidates) -> Scores | None:
        """Return the same for the typed form alone; None where all or none has that form."""
        if self._exact is None:
            return None
        total = np.zeros(len(candidates), dtype=np.float32)
        for field in self._fields:
            if (postings := self.segment.postings(field, self._exact)) is not None:
                self._add(total, candidates, field, postings, 1.0)
        return total

    def _add(
        self,
        total: Scores,
        candidates: Candidates,
        field: str,
        postings: PostingList,
        weight: float,
    ) -> None:
        places, rows = candidates.align(postings.documents)
        worth = self.segment.worth(field)[candidates.documents[rows]]
        if weight != 1:
            worth *= np.float32(weight)
        total[rows] += worth * postings.frequencies[places]

    def is_in(self, field: str) -> bool:
        """Return whether any document holds the leaf in `field`."""
        return any(part.field == field for part in self.parts)

    def holding(self, field: str, candidates: Candidates) -> Mask:
        """Return which candidates hold the leaf in `field`."""
        mask = np.zeros(len(candidates), dtype=bool)
        for part in self.parts:
            if part.field == field:
                mask[candidates.align(part.postings.documents)[1]] = True
        return mask

    def places(self, field: str, candidates: Candidates) -> tuple[Array, Array]:
        """Return (first words, last words) of all occurrences in `field`, where `is_in` it.

        Both ascend. A place is the index of the candidate, shifted, and the position in it.
        """
        key = (id(self), field)
        if key not in candidates.places:
            candidates.places[key] = self._places(field, candidates)
        return candidates.places[key]

    def _places(self, field: str, candidates: Candidates) -> tuple[Array, Array]:
        starts = []
        ends = []
        parts = [part for part in self.parts if part.field == field]
        for part in parts:
            postings = part.unsorted or part.postings
            there = candidates.align(postings.documents, ascending=part.unsorted is None)
            starts.append(places_of(postings, *there))
            if part.ends is None:
                ends.append(starts[-1])
            else:
                ends.append(places_of(postings._replace(positions=part.ends), *there))
        if len(starts) == 1 and not parts[0].unsorted:
            return starts[0], ends[0]
        return np.sort(np.concatenate(starts)), np.sort(np.concatenate(ends))


def in_fields(leaf: Leaf, fields: tuple[str, ...]) -> tuple[Unwrapped, tuple[str, ...]]:
    """Return a leaf without the `InFields` around it, and which of the `fields` to look in."""
    while isinstance(leaf, InFields):
        fields = tuple(field for field in fields if field in leaf.fields)
        leaf = leaf.leaf
    return leaf, fields


def _parts(segment: SegmentView, fields: Sequence[str], member: Synonym) -> Iterator[Part]:
    for field in fields:
        match member.node:
            case Term() as term:
                if (postings := segment.postings(field, _key(term, term.exact))) is not None:
                    yield Part(field, member, postings)
            case Phrase(terms, slop, exact):
                lists = [segment.postings(field, _key(term, exact)) for term in terms]
                found = [postings for postings in lists if postings is not None]
                if len(found) == len(lists):
                    postings, ends = find_spans(segment, found, slop)
                    if len(postings.documents):
                        yield Part(field, member, postings, ends)


def _key(term: Term, exact: bool) -> str:
    return EXACT + term.form if exact else term.term


def _merged_parts(
    segment: SegmentView,
    rows: dict[str, tuple[Array, Array]],
    members: tuple[Synonym, ...],
) -> Iterator[Part]:
    """Yield by field the forms of a pattern, which stand in `rows`, each of some worth, as one."""
    for field, (numbers, weights) in rows.items():
        lists = [segment.terms.posting_list_at(row) for row in numbers.tolist()]
        whole = PostingList(*(np.concatenate(column) for column in zip(*lists, strict=True)))
        segment.check(whole, field, "forms of a pattern")
        worths = np.repeat(weights, [len(postings.documents) for postings in lists])
        sums = np.bincount(whole.documents, worths * whole.frequencies, minlength=segment.size)
        documents = np.flatnonzero(sums)
        summed = PostingList(documents, sums[documents].astype(np.float32), whole.positions[:0])
        # What each form is worth is in the sums already.
        yield Part(field, replace(members[0], weight=1.0), summed, unsorted=whole)
