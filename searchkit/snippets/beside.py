"""Stop words that are part of a name: the Via of Via Vallen, for which only Vallen is looked up.

A common word says nothing about a document, so that no place of it is marked. Beside a word that it
was typed beside, and with a capital as that one, it is part of the name.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from searchkit.analysis import Analyzer
from searchkit.analysis.normalization import fold
from searchkit.query.syntax import And, Boosted, Field, Or, Syntax, Word, Words
from searchkit.query.tree import Leaf, typed_terms
from searchkit.snippets.marks import Mark

Beside = Mapping[tuple[str, bool], frozenset[str]]
"""The forms of the stop words typed directly before (True) or after (False) a word, by its stem."""

_LONGEST = 20  # characters of a stop word
_BEFORE, _AFTER = re.compile(r"(?<!\w)(\w+) \Z"), re.compile(r" (\w+)(?!\w)")


def stop_words_beside(node: Syntax, analyzer: Analyzer) -> Beside:
    """Return the stop words typed beside other words in a query; {} for most queries."""
    stops = analyzer.stop_words
    found: defaultdict[tuple[str, bool], frozenset[str]] = defaultdict(frozenset)
    for words in _runs(node):
        if stops.isdisjoint(map(fold, words)):
            continue
        tokens = analyzer.analyze(" ".join(words))
        for first, second in pairwise(tokens):
            if first.form in stops and second.form not in stops:
                found[second.term, True] |= {first.form}
            elif second.form in stops and first.form not in stops:
                found[first.term, False] |= {second.form}
    return found


def _runs(node: Syntax) -> Iterator[list[str]]:
    """Yield the words that were typed side by side, but for what is excluded."""
    match node:
        case Words(children):
            for plain, run in groupby(children, lambda child: isinstance(child, Word)):
                if plain:
                    yield [child.text for child in run if isinstance(child, Word)]
                else:
                    for child in run:
                        yield from _runs(child)
        case And(children) | Or(children):
            for child in children:
                yield from _runs(child)
        case Field(_, inner) | Boosted(inner, _):
            yield from _runs(inner)


def by_leaf(leaves: Sequence[Leaf], beside: Beside) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return the stop words typed before and after each leaf; [] if there are none."""
    none = frozenset[str]()
    ends = [typed_terms(leaf) for leaf in leaves] if beside else []
    return [
        (beside.get((terms[0].term, True), none), beside.get((terms[-1].term, False), none))
        if terms
        else (none, none)
        for terms in ends
    ]


def widened(
    text: str, marks: Sequence[Mark], beside: Sequence[tuple[frozenset[str], frozenset[str]]]
) -> list[Mark]:
    """Return `marks` with the stop words beside them that are written as part of the same name.

    `beside` is that of `by_leaf`.
    """
    found: list[Mark] = []
    for number, mark in enumerate(marks):
        start, end = mark.start, mark.end
        earliest = found[-1].end if found else 0
        latest = marks[number + 1].start if number + 1 < len(marks) else len(text)
        if text[start].isupper():
            first = _BEFORE.search(text, max(earliest, start - _LONGEST), start)
            if first and _is_of_name(first[1], [beside[leaf][0] for leaf in mark.leaves]):
                start = first.start(1)
            second = _AFTER.match(text, end, min(latest, end + _LONGEST))
            if second and _is_of_name(second[1], [beside[leaf][1] for leaf in mark.leaves]):
                end = second.end(1)
        found.append(Mark(start, end, mark.leaves))
    return found


def _is_of_name(word: str, typed: Sequence[frozenset[str]]) -> bool:
    return word.istitle() and any(fold(word) in forms for forms in typed)
