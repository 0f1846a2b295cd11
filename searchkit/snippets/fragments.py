"""The best fragments of a text for a query."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import chain, pairwise

from searchkit.analysis import Analyzer, IndonesianAnalyzer, Token
from searchkit.analysis.finding import TokenFinder, Wanted
from searchkit.analysis.located import Located
from searchkit.query import Leaf
from searchkit.results import Fragment
from searchkit.snippets.beside import Beside, by_leaf, widened
from searchkit.snippets.cutting import Span, cut, trimmed, without
from searchkit.snippets.marks import Mark, Matcher, in_any_field, leaves_in
from searchkit.snippets.sentences import sentence_ends
from searchkit.snippets.spelled import Spelled

FRAGMENT_CHARACTERS = 240
"""The length that each fragment is kept to, unless a single mark is longer."""

_SHORTLIST = 8
"""Sentences looked at closely, for a text that has very many with a match."""

_NEAR = 20
"""Characters between two words of the query at which being near is worth half as much."""

_NEARNESS, _ORDER = 0.2, 0.1
"""What two words near each other are worth, and in the order of the query, beside themselves."""

_TYPED = 0.2
"""The share of a word's worth by which it is worth more spelled as it was typed."""

_OWN = 0.1
"""The share of a fragment's worth that its first sentence must bring, not those that follow."""


class Highlighter:
    """Finds marks and fragments in the texts of documents, for one query.

    `weights` is what each leaf is worth showing, best its inverse document frequency; a leaf that
    is not in it is worth 1. `beside` are the stop words typed beside others, which are marked where
    they are part of a name. Made once for a query, not safe to share between threads.

    Of a document that an index has found, it may tell where the words of the query stand: that is
    `located`. Without, each word of a text is looked at; the result is the same.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        leaves: Sequence[Leaf],
        weights: Mapping[Leaf, float] | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._leaves = leaves
        self._worths = [(weights or {}).get(leaf, 1.0) for leaf in leaves]
        self._beside = by_leaf(leaves, beside or {})
        self._spelled = Spelled(leaves)
        self._analyzer = analyzer
        wanted = Matcher(dict(enumerate(map(in_any_field, leaves)))).wanted
        self._words = wanted.words
        self._finder = _finder(analyzer, wanted)
        self._matchers: dict[tuple[int, ...], Matcher] = {}
        self._found: dict[tuple[str, str], list[Mark]] = {}

    def whole(self, block: str, text: str, located: Located | None = None) -> Fragment:
        """Return all of `text`, that of the field `block`, with its marks."""
        marks = self._marks(block, text, located)
        return Fragment(block, text, marks=tuple((mark.start, mark.end) for mark in marks))

    def best(
        self, block: str, text: str, located: Located | None = None, *, most: int = 2
    ) -> tuple[Fragment, ...]:
        """Return up to `most` fragments, in the order of the text; () if nothing matches.

        The best one shows the most of the query, by weight: its words near each other, in its
        order and as they were typed. The others bring words that are not yet shown. All begin and
        end with sentences where those are short enough, else between words. `Fragment.score` says
        what each is worth.
        """
        marks = self._marks(block, text, located)
        matched = _leaves_of(marks)
        # Of one word as typed a sentence shows no more than another: the first is the best.
        if len(matched) == 1:
            spans = list(_around(text, marks, self._spelled.first(text, marks)))
        else:
            spans = list(chain.from_iterable(_paragraphs(text, marks)))
        chosen: list[tuple[float, Span]] = []
        shown: frozenset[int] = frozenset()
        while shown < matched and len(chosen) < most:
            score, span = self._best(text, spans, shown)
            if not score:
                break
            chosen.append((score, span))
            shown |= _leaves_of(span.marks)
            spans = without(span, spans)
        chosen.sort(key=lambda pair: pair[1].start)
        return tuple(_fragment(block, text, span, score) for score, span in chosen)

    def opening(self, block: str, text: str) -> Fragment:
        """Return the beginning of `text`, for a document whose match is elsewhere."""
        spans = list(_sentences(text, 0, min(len(text), 2 * FRAGMENT_CHARACTERS), ()))
        return _fragment(block, text, _framed(text, spans, 0, self._worths), 0.0)

    def _marks(self, block: str, text: str, located: Located | None = None) -> list[Mark]:
        """Return the marks of `text`, which is looked through once for `whole` and `best`."""
        key = (block, text)
        if key not in self._found:
            tokens = self._tokens(block, text, located)
            marks = self._matcher(block).marks(text, tokens) if tokens else []
            self._found[key] = widened(text, marks, self._beside) if self._beside else marks
        return self._found[key]

    def _tokens(self, block: str, text: str, located: Located | None) -> Sequence[Token]:
        """Return the tokens of `text`, at least those that any leaf may match."""
        if located and self._words is not None:
            tokens = located.tokens(block, text, self._words)
            if tokens is not None:
                return tokens
        return self._finder.find(text) if self._finder else self._analyzer.analyze(text)

    def _matcher(self, block: str) -> Matcher:
        leaves = leaves_in(block, self._leaves)
        key = tuple(leaves)
        if key not in self._matchers:
            self._matchers[key] = Matcher(leaves)
        return self._matchers[key]

    def _best(self, text: str, spans: Sequence[Span], shown: frozenset[int]) -> tuple[float, Span]:
        """Return the fragment that shows most of what is not yet shown, and what it is worth."""
        own = [self._worth(span.marks, shown) if span.marks else 0.0 for span in spans]
        likely = [number for number, worth in enumerate(own) if worth]
        if len(likely) > _SHORTLIST:
            likely = sorted(nlargest(_SHORTLIST, likely, key=lambda n: (own[n], -n)))
        worths = [0.0 if n in shown else worth for n, worth in enumerate(self._worths)]
        best, best_score = spans[0], 0.0
        for number in likely:
            span = _framed(text, spans, number, worths)
            same = span.marks == spans[number].marks
            whole = own[number] if same else self._worth(span.marks, shown)
            score = (1 - _OWN) * whole + _OWN * own[number]
            if score + _TYPED * whole > best_score:
                typed = self._spelled.leaves(text, span.marks) - shown
                score += (1 - _OWN) * _TYPED * sum(self._worths[leaf] for leaf in typed)
            if score > best_score:
                best, best_score = span, score
        return best_score, best

    def _worth(self, marks: Sequence[Mark], shown: frozenset[int]) -> float:
        """Return what `marks` are worth after what is `shown`; 0 if they bring nothing new."""
        new = _leaves_of(marks) - shown
        if not new:
            return 0.0
        worth = sum(self._worths[leaf] for leaf in new) or 1e-6
        if len(marks) == 1:
            return worth
        near: dict[frozenset[int], float] = {}
        for mark, following in pairwise(marks):
            pair = mark.leaves | following.leaves
            if len(pair) > 1 and mark.leaves != following.leaves:
                lesser = min(self._greatest(mark), self._greatest(following))
                in_order = min(mark.leaves) < min(following.leaves)
                closeness = _NEAR / (_NEAR + following.start - mark.end)
                found = lesser * closeness * (_NEARNESS + _ORDER * in_order)
                near[pair] = max(found, near.get(pair, 0.0))
        return worth + sum(near.values())

    def _greatest(self, mark: Mark) -> float:
        return max(self._worths[leaf] for leaf in mark.leaves)


def _finder(analyzer: Analyzer, wanted: Wanted) -> TokenFinder | None:
    """Return what finds the wanted tokens; None if a text has to be analysed for that."""
    return analyzer.finder(wanted) if isinstance(analyzer, IndonesianAnalyzer) else None


def _fragment(block: str, text: str, span: Span, score: float) -> Fragment:
    start, end = trimmed(text, span.start, span.end)
    marks = tuple((mark.start - start, mark.end - start) for mark in span.marks)
    before, after = bool(text[:start].strip()), bool(text[end:].strip())
    return Fragment(block, text[start:end], start, marks, before, after, score)


def _leaves_of(marks: Sequence[Mark]) -> frozenset[int]:
    if len(marks) == 1:
        return marks[0].leaves
    return frozenset().union(*[mark.leaves for mark in marks])


def _paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[Iterator[Span]]:
    """Yield the sentences of each paragraph of `text` that has marks, with these."""
    done = 0
    while done < len(marks):
        start = text.rfind("\n", 0, marks[done].start) + 1
        end = text.find("\n", marks[done].end) + 1 or len(text)
        first = done
        while done < len(marks) and marks[done].start < end:
            done += 1
        yield _sentences(text, start, end, marks[first:done])


def _sentences(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Span]:
    """Yield the sentences of a paragraph with their marks, never none; a mark joins its two."""
    first = last = 0
    for border in sentence_ends(text, start, end):
        while last < len(marks) and marks[last].start < border:
            last += 1
        if last and marks[last - 1].end > border:
            continue
        yield Span(start, border, tuple(marks[first:last]))
        start, first = border, last


def _around(text: str, marks: Sequence[Mark], number: int) -> Iterator[Span]:
    """Yield the sentence with a mark and those after it that a fragment of it may go on to."""
    place = marks[number].start
    paragraph = text.rfind("\n", 0, place) + 1
    marks = marks[bisect_left(marks, paragraph, key=lambda mark: mark.start) :]
    first: Span | None = None
    for span in next(_paragraphs(text, marks)):
        first = first or (span if span.end > place else None)
        if first:
            yield span
            if span.end - first.start > FRAGMENT_CHARACTERS:
                return


def _framed(text: str, spans: Sequence[Span], number: int, worths: Sequence[float]) -> Span:
    """Bring a sentence to the length of a fragment: cut it, or add the sentences that follow."""
    span = spans[number]
    if span.end - span.start > FRAGMENT_CHARACTERS:
        return cut(text, span, worths, FRAGMENT_CHARACTERS)
    for following in spans[number + 1 :]:
        if following.start != span.end or text[span.end - 1] == "\n":
            break
        if following.end - span.start > FRAGMENT_CHARACTERS:
            break
        span = Span(span.start, following.end, span.marks + following.marks)
    return span
