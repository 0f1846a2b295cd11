"""Marks: where the leaves of a query match in a text."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from searchkit.analysis import Token
from searchkit.analysis.finding import Wanted
from searchkit.analysis.located import Words
from searchkit.analysis.normalization import HYPHENS
from searchkit.analysis.numbers import DATE_SIGNS
from searchkit.query import Fuzzy, InFields, Leaf, Phrase, Prefix, Synonyms, Term, Wildcard
from searchkit.query.patterns import form_test

_NONE: frozenset[int] = frozenset()

Simple = Term | Phrase | Prefix | Wildcard | Fuzzy


class Mark(NamedTuple):
    """A matched place: offsets into the text, and the numbers of the leaves that match there."""

    start: int
    end: int
    leaves: frozenset[int]


def find_marks(
    text: str, tokens: Sequence[Token], leaves: Sequence[Leaf], field: str = ""
) -> list[Mark]:
    """Return where `leaves` match among the `tokens` of `text`, the text of `field`.

    Marks are in the order of the text and neither overlap nor touch: places that do are one mark,
    and so are the day and the month of 3/6 and the two of e-KTP. A phrase is one mark, broken only
    where other words stand in it (which its slop allows) and at the end of a paragraph. A word
    typed in one leaf that is another's synonym belongs to the first. Leaves for other fields match
    nowhere.
    """
    return Matcher(leaves_in(field, leaves)).marks(text, tokens)


def leaves_in(field: str, leaves: Sequence[Leaf]) -> dict[int, Leaf]:
    """Return those of `leaves` that are looked for in `field`, by their number in `leaves`."""
    return {
        number: in_any_field(leaf)
        for number, leaf in enumerate(leaves)
        if not isinstance(leaf, InFields) or field in leaf.fields
    }


def in_any_field(leaf: Leaf) -> Leaf:
    """Return what a leaf looks for, in whatever fields."""
    return leaf.leaf if isinstance(leaf, InFields) else leaf


class Matcher:
    """The leaves of a query by what they look at: stems, forms, phrases, patterns."""

    def __init__(self, leaves: Mapping[int, Leaf]) -> None:
        self._terms: dict[str, frozenset[int]] = {}
        self._forms: dict[str, frozenset[int]] = {}
        self._phrases: list[tuple[Phrase, frozenset[int]]] = []
        self._patterns: list[tuple[Callable[[str], bool], frozenset[int]]] = []
        for node, numbers in _numbers_by_node(leaves).items():
            match node:
                case Term(term, form, exact):
                    words = self._forms if exact else self._terms
                    key = form if exact else term
                    words[key] = words.get(key, _NONE) | numbers
                case Phrase():
                    self._phrases.append((node, numbers))
                case _:
                    self._patterns.append((form_test(node), numbers))
        self._fitting: dict[str, frozenset[int]] = {}
        inside = [(phrase.exact, term) for phrase, _ in self._phrases for term in phrase.terms]
        self._all_terms = {*self._terms, *(term.term for exact, term in inside if not exact)}
        self._all_forms = {*self._forms, *(term.form for exact, term in inside if exact)}

    @property
    def wanted(self) -> Wanted:
        """Which tokens may be part of a mark."""
        words = Words(frozenset(self._all_terms), frozenset(self._all_forms))
        return Wanted(self._is_wanted, None if self._patterns else words)

    def _is_wanted(self, term: str, form: str) -> bool:
        return (
            term in self._all_terms
            or form in self._all_forms
            or bool(self._patterns and self._fits(form))
        )

    def marks(self, text: str, tokens: Sequence[Token]) -> list[Mark]:
        """Return the marks in `text`, of which `tokens` are at least the wanted ones."""
        marks = [
            Mark(*self._place(text, token), numbers)
            for token in tokens
            if (numbers := self._matching(token))
        ]
        if self._phrases:
            by_word = _tokens_by_word(tokens)
            for phrase, numbers in self._phrases:
                for run in _runs(phrase, by_word):
                    marks += _phrase_marks(text, run, numbers)
        return _joined(text, sorted(marks))

    def _matching(self, token: Token) -> frozenset[int]:
        numbers = self._terms.get(token.term, _NONE)
        if self._forms and token.form in self._forms:
            numbers |= self._forms[token.form]
        return numbers | self._fits(token.form) if self._patterns else numbers

    def _place(self, text: str, token: Token) -> tuple[int, int]:
        """Return where the word of a token is; of a pattern's it is what is written as one."""
        start, end = token.start, token.end
        if self._patterns and self._fits(token.form):
            while start and text[start - 1].isalpha() and text[start].isalpha():
                start -= 1
            while end < len(text) and text[end].isalpha() and text[end - 1].isalpha():
                end += 1
        return start, end

    def _fits(self, form: str) -> frozenset[int]:
        """Return the leaves of the patterns that mean `form`."""
        found = self._fitting.get(form)
        if found is None:
            fitting = (numbers for fits, numbers in self._patterns if fits(form))
            found = self._fitting[form] = _NONE.union(*fitting)
        return found


def _numbers_by_node(leaves: Mapping[int, Leaf]) -> dict[Simple, frozenset[int]]:
    """Return the leaves that each word, phrase and pattern belongs to.

    Where it is typed, those in which it is typed; else those in which it is a synonym.
    """
    typed: dict[Simple, set[int]] = defaultdict(set)
    others: dict[Simple, set[int]] = defaultdict(set)
    for number, leaf in leaves.items():
        match leaf:
            case Synonyms(members):
                typed[_key(members[0].node)].add(number)
                for member in members[1:]:
                    others[_key(member.node)].add(number)
            case InFields():
                raise AssertionError("unreachable: taken out by leaves_in")
            case _:
                typed[_key(leaf)].add(number)
                for member in getattr(leaf, "also", ()):
                    others[_key(member.node)].add(number)
    return {node: frozenset(numbers) for node, numbers in (others | typed).items()}


def _key(node: Simple) -> Simple:
    """Return `node` without what makes no difference to what it matches."""
    if isinstance(node, Term):
        return Term("", node.form, exact=True) if node.exact else Term(node.term, "")
    return node


_Word = tuple[bool, str]


def _tokens_by_word(tokens: Sequence[Token]) -> dict[_Word, list[Token]]:
    """Return the tokens by (False, term) and by (True, form), each in the order of the text."""
    by_word: dict[_Word, list[Token]] = defaultdict(list)
    for token in tokens:
        by_word[False, token.term].append(token)
        by_word[True, token.form].append(token)
    return by_word


def _runs(phrase: Phrase, by_word: Mapping[_Word, list[Token]]) -> Iterator[list[Token]]:
    """Yield the words of each place where `phrase` matches; of places of one end the shortest."""
    words = [(phrase.exact, t.form if phrase.exact else t.term) for t in phrase.terms]
    if any(word not in by_word for word in words):
        return
    columns = [([token.position for token in by_word[word]], by_word[word]) for word in words]
    latest: list[Token] = []
    for first in columns[0][1]:
        run = _run_from(first, columns[1:], phrase.slop)
        if run and latest and run[-1] != latest[-1]:
            yield latest
        latest = run or latest
    if latest:
        yield latest


def _run_from(
    first: Token, columns: Sequence[tuple[list[int], list[Token]]], slop: int
) -> list[Token]:
    """Return `first` and the nearest tokens of the columns that follow on it; [] if too far."""
    run = [first]
    for number, (positions, tokens) in enumerate(columns, start=1):
        place = bisect_right(positions, run[-1].position)
        if place == len(tokens) or positions[place] - first.position - number > slop:
            return []
        run.append(tokens[place])
    return run


def _phrase_marks(text: str, run: Sequence[Token], numbers: frozenset[int]) -> Iterator[Mark]:
    """Yield a mark for each part of a phrase that no other word and no paragraph's end breaks."""
    start = 0
    for place in range(1, len(run) + 1):
        last = run[place - 1]
        if (
            place == len(run)
            or run[place].position != last.position + 1
            or "\n" in text[last.end : run[place].start]
        ):
            yield Mark(run[start].start, last.end, numbers)
            start = place


def _joined(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return ordered `marks` with those that overlap or touch made one."""
    joined: list[Mark] = []
    for mark in marks:
        last = joined[-1] if joined else None
        if last and (mark.start <= last.end or _is_one_word(text, last.end, mark.start)):
            joined[-1] = Mark(last.start, max(last.end, mark.end), last.leaves | mark.leaves)
        else:
            joined.append(mark)
    return joined


def _is_one_word(text: str, end: int, start: int) -> bool:
    """Return whether all that stands between two marks is what makes them one word: e-KTP, 3/6."""
    if start != end + 1:
        return False
    before, sign, after = text[end - 1], text[end], text[start]
    if before.isdigit() and after.isdigit():
        return sign in DATE_SIGNS
    return sign in HYPHENS and before.isalnum() and after.isalnum()
