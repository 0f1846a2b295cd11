"""Patterns of what an index has in parts (rusia-ukr*, pascabenc*, rp5*) or as a code (covid-*).

A pattern is one word to an engine. Which words the parts of it may be is read off the forms of the
index, and what they come to, off the analyzer.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import nsmallest
from typing import NamedTuple

from searchkit.analysis import Analyzer
from searchkit.analysis.lexicon import BOUND_FORMS
from searchkit.analysis.tokenizer import CURRENCY
from searchkit.query.patterns import fitting, form_test
from searchkit.query.spelled import MOST_BESIDE, in_capitals, pattern_of, spelled
from searchkit.query.tree import MOST_EXPANSIONS, Prefix, Synonym, Wildcard, typed_form

_WILD = frozenset("*?")
_STUCK = re.compile(rf"(?:{'|'.join(BOUND_FORMS)})(?=[^\W\d_])|{CURRENCY}(?=[0-9])")
"""A bound form before a word, a currency before an amount."""
_LEAST_LETTERS = 2
"""Of the wild part beside a hyphen: fewer are any word that happens to stand beside the other."""


class Forms(NamedTuple):
    """The forms of an index, ascending, and by each in how many documents it is."""

    ascending: Sequence[str]
    counts: Mapping[str, int]


class FormsOfIndex:
    """The forms of an index, put in order once for as long as `forms` gives the same object."""

    def __init__(self, forms: Callable[[], Mapping[str, int]] = dict) -> None:
        self._forms = forms
        self._known = Forms((), {})

    def __call__(self) -> Forms:
        """Return the forms as they are now."""
        counts, known = self._forms(), self._known
        if known.counts is not counts:
            known = self._known = Forms(sorted(counts), counts)
        return known


class _Cut(NamedTuple):
    """A pattern in two: the plain text before its `wild` part or after it, with what joins them."""

    before: str
    wild: str
    after: str
    hyphen: bool


def apart(
    pattern: Prefix | Wildcard, forms: Callable[[], Forms], analyzer: Analyzer
) -> Prefix | Wildcard:
    """Return `pattern` with the words beside it that are spelled so, but have other forms.

    `forms` gives those of an index. Words added are up to MOST_BESIDE, the most frequent first:
    codes, which have no hyphen, and words one after another.
    """
    cut = _cut(typed_form(pattern))
    if cut is None:
        return pattern
    found: dict[tuple[str, ...], None] = {}
    for way in _ways(pattern, cut, forms(), analyzer):
        found[way] = None
        if len(found) == MOST_BESIDE + len(pattern.also):
            break
    ways = [Synonym(spelled(way), "typed") for way in found]
    new = [way for way in ways if way not in pattern.also][:MOST_BESIDE]
    return replace(pattern, also=(*pattern.also, *new)) if new else pattern


def _cut(text: str) -> _Cut | None:
    """Return a pattern cut at a hyphen, or behind what is stuck to the rest; else None."""
    before, hyphen, wild = text.rpartition("-")
    if before and wild and _WILD.isdisjoint(before):
        return _Cut(before + hyphen, wild, "", hyphen=True)
    wild, hyphen, after = text.partition("-")
    if wild and after and _WILD.isdisjoint(after):
        return _Cut("", wild, hyphen + after, hyphen=True)
    if stuck := _STUCK.match(text):
        return _Cut(stuck[0], text[stuck.end() :], "", hyphen=False)
    return None


def _ways(
    pattern: Prefix | Wildcard, cut: _Cut, forms: Forms, analyzer: Analyzer
) -> Iterator[tuple[str, ...]]:
    """Yield the forms of what is spelled as `pattern` and has none that fits by itself."""
    fits = form_test(pattern)
    if cut.hyphen:
        first, last = cut.before[:-1], cut.after[1:]
        for form in _frequent(f"{first}{cut.wild}{last}", forms):
            inside = form[len(first) : len(form) - len(last)]
            if _forms_of(f"{cut.before}{inside}{cut.after}", analyzer) == (form,):
                yield (form,)
        # Where hyphens make one word of some, as of anak-anak, words with a blank are not meant.
        if sum(map(str.isalnum, cut.wild)) < _LEAST_LETTERS or fitting(pattern, forms.ascending):
            return
    for form in _frequent(cut.wild, forms):
        if form in analyzer.stop_words:
            continue
        parts = _forms_of(f"{cut.before}{form}{cut.after}", analyzer)
        if len(parts) > 1 and form in parts and not any(map(fits, parts)):
            yield parts
            yield tuple(in_capitals(part, analyzer) or part for part in parts)


def _frequent(text: str, forms: Forms) -> list[str]:
    """Return the forms that fit a pattern, the most frequent first, up to MOST_EXPANSIONS."""
    found = [(-forms.counts[form], form) for _, form in fitting(pattern_of(text), forms.ascending)]
    return [form for _, form in nsmallest(MOST_EXPANSIONS, found)]


def _forms_of(text: str, analyzer: Analyzer) -> tuple[str, ...]:
    return tuple(token.form for token in analyzer.analyze(text))
