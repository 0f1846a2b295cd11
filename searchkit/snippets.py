"""Fragments: the pieces of a document that show why it matched.

The text is analysed again with the analyzer of the index, so that marks are exact offsets into the
stored text whatever engine found the document, and a word is marked in its own spelling
(`dukungan` for a query of `mendukung`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from searchkit.analysis import Analyzer, Token
from searchkit.query import InFields, Leaf, Phrase, Synonyms, Term
from searchkit.results import Fragment

FRAGMENT_CHARACTERS = 240
"""The length that fragments are kept to, whole sentences permitting."""

_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])|\n\s*")


class Mark(NamedTuple):
    """A matched place: offsets into the text, and which leaf of the query matched."""

    start: int
    end: int
    leaf: int


def find_marks(tokens: Sequence[Token], leaves: Sequence[Leaf]) -> list[Mark]:
    """Return where `leaves` match in `tokens`, in the order of the text, not overlapping.

    A phrase is marked as one place; of two places that overlap the longer one is kept. A place
    where any of several synonyms matches has the number of their leaf.
    """
    terms: dict[str, int] = {}
    phrases: list[tuple[Phrase, int]] = []
    for typed, number, node in _nodes(leaves):
        if isinstance(node, Phrase):
            phrases.append((node, number))
        elif typed or node.term not in terms:
            terms[node.term] = number
    marks = [Mark(t.start, t.end, terms[t.term]) for t in tokens if t.term in terms]
    for phrase, number in phrases:
        marks += _phrase_marks(tokens, phrase, number)
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    kept: list[Mark] = []
    for mark in marks:
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _nodes(leaves: Sequence[Leaf]) -> Iterator[tuple[bool, int, Term | Phrase]]:
    """Yield (whether typed, number of the leaf, node), what was typed before its synonyms."""
    leaves = [leaf.leaf if isinstance(leaf, InFields) else leaf for leaf in leaves]
    for number, leaf in enumerate(leaves):
        typed = leaf.members[0].node if isinstance(leaf, Synonyms) else leaf
        if isinstance(typed, Term | Phrase):
            yield True, number, typed
    for number, leaf in enumerate(leaves):
        if isinstance(leaf, Synonyms):
            for member in leaf.members[1:]:
                yield False, number, member.node


def _phrase_marks(tokens: Sequence[Token], phrase: Phrase, number: int) -> list[Mark]:
    wanted = [term.term for term in phrase.terms]
    size = len(wanted)
    return [
        Mark(tokens[i].start, tokens[i + size - 1].end, number)
        for i in range(len(tokens) - size + 1)
        if tokens[i].term == wanted[0] and [t.term for t in tokens[i : i + size]] == wanted
    ]


class Highlighter:
    """Finds marks and fragments in the texts of one document, for one query."""

    def __init__(self, analyzer: Analyzer, leaves: Sequence[Leaf]) -> None:
        self._analyzer = analyzer
        self._leaves = leaves
        self._found: dict[str, list[Mark]] = {}

    def _marks(self, text: str) -> list[Mark]:
        """Return the marks of `text`, which is analysed once for `whole` and `best` together."""
        if text not in self._found:
            self._found[text] = find_marks(self._analyzer.analyze(text), self._leaves)
        return self._found[text]

    def whole(self, block: str, text: str) -> Fragment:
        """Return all of `text` with its marks."""
        marks = self._marks(text)
        return Fragment(block, text, marks=tuple((mark.start, mark.end) for mark in marks))

    def best(self, block: str, text: str, most: int = 2) -> tuple[Fragment, ...]:
        """Return up to `most` fragments, in the order of the text; () if nothing matches.

        The first is the sentence with the most of the query in it, the next ones bring words that
        are not yet shown.
        """
        marks = self._marks(text)
        sentences = _sentences(text, marks)
        chosen: list[_Span] = []
        shown: set[int] = set()
        while marks and len(chosen) < most:
            best = max(sentences, key=lambda s: (len(s.leaves - shown), len(s.marks), -s.start))
            if not best.leaves - shown:
                break
            span = _widened(best, sentences, text)
            chosen.append(span)
            shown |= span.leaves
            sentences = [s for s in sentences if s.end <= span.start or s.start >= span.end]
            if not sentences:
                break
        return tuple(_fragment(block, text, s) for s in sorted(chosen, key=lambda s: s.start))

    def opening(self, block: str, text: str) -> Fragment:
        """Return the beginning of `text`, for a document whose match is elsewhere."""
        spans = _sentences(text, [])
        return _fragment(block, text, _widened(spans[0], spans, text))


class _Span(NamedTuple):
    start: int
    end: int
    marks: tuple[Mark, ...]

    @property
    def leaves(self) -> set[int]:
        return {mark.leaf for mark in self.marks}

    def within(self, start: int, end: int) -> "_Span":
        inside = tuple(m for m in self.marks if start <= m.start and m.end <= end)
        return _Span(start, end, inside)


def _sentences(text: str, marks: Sequence[Mark]) -> list[_Span]:
    """Split `text` into sentences with the marks that lie in each; never empty."""
    borders = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    spans: list[_Span] = []
    following = 0
    for start, end in pairwise(borders):
        inside: list[Mark] = []
        while following < len(marks) and marks[following].start < end:
            inside.append(marks[following])
            following += 1
        if start < end:
            spans.append(_Span(start, max(end, inside[-1].end) if inside else end, tuple(inside)))
    return spans or [_Span(0, len(text), ())]


def _widened(span: _Span, sentences: Sequence[_Span], text: str) -> _Span:
    """Bring a sentence to the length of a fragment: cut it, or add the sentences that follow."""
    if span.end - span.start > FRAGMENT_CHARACTERS:
        return _cut(span, text)
    for following in sentences:
        if following.start != span.end:
            continue
        if following.end - span.start > FRAGMENT_CHARACTERS or "\n" in text[span.start : span.end]:
            break
        span = _Span(span.start, following.end, span.marks + following.marks)
    return span


def _cut(span: _Span, text: str) -> _Span:
    """Keep the part of a long sentence that shows the most of the query, cut between words."""
    start, shown = span.start, span.within(span.start, span.start + FRAGMENT_CHARACTERS)
    for mark in span.marks:
        here = max(span.start, mark.start - FRAGMENT_CHARACTERS // 4)
        inside = span.within(here, here + FRAGMENT_CHARACTERS)
        if len(inside.leaves) > len(shown.leaves):
            start, shown = here, inside
    first, last = (shown.marks[0], shown.marks[-1]) if shown.marks else (None, None)
    if start > span.start:
        start = text.find(" ", start, first.start if first else span.end) + 1 or start
    end = min(span.end, start + FRAGMENT_CHARACTERS)
    if end < span.end:
        blank = text.rfind(" ", last.end if last else start + 1, end)
        end = blank if blank > 0 else max(end, last.end if last else end)
    return span.within(start, end)


def _fragment(block: str, text: str, span: _Span) -> Fragment:
    piece = text[span.start : span.end].rstrip()
    marks = tuple((mark.start - span.start, mark.end - span.start) for mark in span.marks)
    end = span.start + len(piece)
    cut_after = bool(text[end:].strip())
    return Fragment(block, piece, span.start, marks, span.start > 0, cut_after)
