"""Patterns as words are spelled, where an index has a word under other forms.

A compound written as one has its halves for forms, a code no hyphen, and an abbreviation that is
another word without its capitals keeps them. A pattern means such a word when its spelling fits.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from searchkit.analysis import Analyzer
from searchkit.analysis.normalization import fold
from searchkit.analysis.tokenizer import CURRENCY
from searchkit.query.patterns import Pattern, fitting, form_test
from searchkit.query.syntax import units_of
from searchkit.query.tree import Fuzzy, Phrase, Prefix, Synonym, Term, Wildcard

MOST_BESIDE = 16
"""Words beside a pattern: each is looked up in every text field."""

_AMOUNT = re.compile(rf"{CURRENCY}?[0-9][0-9.,:]*", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=[0-9])\.(?=[0-9]{3}(?![0-9]))")
_POINT = re.compile(r"(?<=[0-9])[.:]")
_ENDS_OF_WORD = ("-", ".", ",")
_SIGNS_AROUND = re.compile(r"\A[^\w*?]+|[^\w*?]+\Z")


def folded_pattern(pattern: str, analyzer: Analyzer) -> str:
    """Return a pattern with the text between its wildcards folded, as the forms of an index are.

    What `analyzer` reads as a code is without its hyphen, a number without the marks of thousands
    and with a comma before its decimals, a tag without its #. "" if nothing is left.
    """
    pieces: list[str] = []
    for wild, run in groupby(units_of(pattern), key=lambda unit: unit[1]):
        text = "".join(char for char, _ in run)
        pieces.append(text if wild else _folded(text, analyzer))
    return _SIGNS_AROUND.sub("", "".join(pieces))


def _folded(text: str, analyzer: Analyzer) -> str:
    text = fold(text).replace("*", "").replace("?", "")
    if _AMOUNT.fullmatch(text):
        return _POINT.sub(",", _THOUSANDS.sub("", text))
    if "-" in text.strip("-") and any(char.isdigit() for char in text):
        tokens = analyzer.analyze(text)
        if len(tokens) == 1 and tokens[0].form == text.replace("-", ""):
            return tokens[0].form
    return text


def pattern_of(text: str) -> Prefix | Wildcard:
    """Return what is looked up for a folded text with `*` and `?`."""
    begins = "?" not in text and text.find("*") == len(text) - 1
    return Prefix(text[:-1]) if begins else Wildcard(text)


def fuzzy(text: str, edits: int, analyzer: Analyzer) -> list[Pattern]:
    """Return what is looked up for the words of `text`; a compound written as one is one word."""
    words = [fold(token.form) for token in analyzer.analyze(text)]
    whole = "".join(words)
    found = [whole] if whole == fold(text) else words
    return [as_spelled(Fuzzy(word, edits), analyzer) for word in found if word]


def respelled(analyzer: Analyzer) -> Mapping[str, tuple[str, ...]]:
    """Return the forms of each spelling that is no form of the index by itself; {} if none is."""
    found: Mapping[str, tuple[str, ...]] = getattr(analyzer, "respelled", {})
    return found


def in_capitals(form: str, analyzer: Analyzer) -> str:
    """Return the form of the abbreviation that is `form` without its capitals: AS of as; or ""."""
    forms = respelled(analyzer).get(form, ())
    return forms[0] if len(forms) == 1 else ""


def as_spelled(pattern: Pattern, analyzer: Analyzer) -> Pattern:
    """Return `pattern` with the words beside it that fit as they are spelled, by their forms.

    They are up to MOST_BESIDE, the nearest of a fuzzy word's first.
    """
    fits, known = form_test(pattern), respelled(analyzer)
    ways = [
        (edits, known[spelling])
        for edits, spelling in sorted(fitting(pattern, sorted(known)))
        # Where a part fits, the word is found by it.
        if not any(map(fits, known[spelling]))
    ][:MOST_BESIDE]
    if isinstance(pattern, Prefix) and pattern.form.endswith(_ENDS_OF_WORD):
        # What stands before a hyphen or a full stop may be a word by itself: AS-*, dr.*.
        before = [token.form for token in analyzer.analyze(pattern.form)]
        if len(before) == 1:
            ways += [(0, forms) for forms in (tuple(before), known.get(before[0])) if forms]
    also = tuple(Synonym(spelled(forms), "typed", 0.5**edits) for edits, forms in ways)
    return replace(pattern, also=also) if also else pattern


def spelled(forms: tuple[str, ...]) -> Term | Phrase:
    """Return what is to be looked up for a word of these forms."""
    if len(forms) == 1:
        return Term(forms[0], forms[0], exact=True)
    return Phrase(tuple(Term(form, form) for form in forms), exact=True)
