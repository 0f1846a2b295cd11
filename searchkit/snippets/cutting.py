"""Cutting a long sentence to the length of a fragment, without cutting a word or a mark."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from searchkit.snippets.marks import Mark

_BLANK = re.compile(r"\s+")
_LONGEST_WORD = 30
_JOINERS = "\u200d"
_HIGH_SURROGATES = ("\ud800", "\udbff")
_LOW_SURROGATES = ("\udc00", "\udfff")


class Span(NamedTuple):
    """A piece of a text, as offsets into it, with the marks that lie in it."""

    start: int
    end: int
    marks: tuple[Mark, ...]

    def within(self, start: int, end: int) -> "Span":
        """Return the part from `start` to `end`, which cut no mark."""
        return Span(start, end, tuple(m for m in self.marks if start <= m.start and m.end <= end))


def without(used: Span, spans: Sequence[Span]) -> list[Span]:
    """Return what is left of `spans` outside `used`, in the same order."""
    left: list[Span] = []
    for span in spans:
        if span.end <= used.start or used.end <= span.start:
            left.append(span)
        else:
            sides = ((span.start, used.start), (used.end, span.end))
            left += [span.within(start, end) for start, end in sides if start < end]
    return left


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return `start` and `end` without the blanks at both ends."""
    piece = text[start:end].rstrip()
    return start + len(piece) - len(piece.lstrip()), start + len(piece)


def cut(text: str, span: Span, worths: Sequence[float], length: int) -> Span:
    """Return the part of `span` that shows the most, at most `length` characters, or one mark.

    `worths` is by leaf what showing it is worth. The part begins and ends between words, unless a
    word has no end within reach; then still not within a mark, a surrogate pair or a character
    with its accents.
    """
    marks = _densest(span.marks, worths, length)
    first, last = (marks[0].start, marks[-1].end) if marks else (span.start, span.start)
    if last - span.start <= length * 3 // 4:
        start = span.start
    else:
        start = max(span.start, first - max(0, length - (last - first)) // 3)
    end = min(span.end, max(start + length, last))
    start = max(span.start, min(start, end - length))
    start = _start_between_words(text, span.marks, start, first) if start > span.start else start
    end = _end_between_words(text, span.marks, last, end) if end < span.end else end
    return span.within(start, end)


def _densest(marks: Sequence[Mark], worths: Sequence[float], length: int) -> Sequence[Mark]:
    """Return the marks that fit in `length` and are worth the most; of equals the most marks."""
    if not marks or marks[-1].end - marks[0].start <= length:
        return marks
    counts: Counter[int] = Counter()
    best, chosen, worth, end = (-1.0, 0), slice(0), 0.0, 0
    for start, mark in enumerate(marks):
        while end < len(marks) and (end <= start or marks[end].end - mark.start <= length):
            worth += sum(worths[leaf] for leaf in marks[end].leaves if not counts[leaf])
            counts.update(marks[end].leaves)
            end += 1
        found = (round(worth, 6), end - start)
        if found > best:
            best, chosen = found, slice(start, end)
        counts.subtract(mark.leaves)
        worth -= sum(worths[leaf] for leaf in mark.leaves if not counts[leaf])
    return marks[chosen]


def _start_between_words(text: str, marks: Sequence[Mark], start: int, first: int) -> int:
    """Return the place from `start` up to `first` where a word begins that no mark began before."""
    while start < first:
        if around := _mark_around(marks, start):
            start = around.end
        elif text[start - 1].isspace():
            break
        elif blank := _BLANK.search(text, start, first):
            start = blank.end()
        else:
            while start < first and not _is_between_characters(text, start):
                start += 1
            break
    return start


def _end_between_words(text: str, marks: Sequence[Mark], last: int, end: int) -> int:
    """Return the place from `end` back to `last` where a word has ended and no mark goes on.

    If the word at `last` has not ended by then, the place after it, or `end` if that is far.
    """
    place = end
    while place > last and not text[place].isspace():
        around = _mark_around(marks, place)
        place = around.start if around else place - 1
    if place > last or text[last].isspace():
        around = _mark_around(marks, place)
        return _end_between_words(text, marks, last, around.start) if around else place
    after = _BLANK.search(text, last, end + _LONGEST_WORD)
    place = after.start() if after else end
    if around := _mark_around(marks, place):
        place = around.start
    while place < len(text) and not _is_between_characters(text, place):
        place += 1
    return place


def _mark_around(marks: Sequence[Mark], place: int) -> Mark | None:
    """Return the mark that a cut at `place` would cut, if any."""
    before = bisect_left(marks, place, key=lambda mark: mark.start) - 1
    return marks[before] if before >= 0 and marks[before].end > place else None


def _is_between_characters(text: str, place: int) -> bool:
    """Return whether no accent, joiner, variant or half of a surrogate pair is cut off there."""
    before, after = text[place - 1], text[place]
    if _LOW_SURROGATES[0] <= after <= _LOW_SURROGATES[1]:
        return not _HIGH_SURROGATES[0] <= before <= _HIGH_SURROGATES[1]
    return not (unicodedata.category(after)[0] == "M" or after in _JOINERS or before in _JOINERS)
