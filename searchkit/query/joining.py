"""Words that are written together, apart, or with a hyphen: Covid 19, prakerja, e-KTP.

An index has them as a page does, the parts of a hyphen as two words, so that a query asks for both.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from searchkit.analysis import Analyzer, stop_words
from searchkit.analysis.lexicon import zipf_of_one
from searchkit.query.thesaurus import is_telling
from searchkit.query.tree import Phrase, Term
from searchkit.shipped import shipped_lines

_NUMBERED = re.compile(r"([^\W\d_]+)([0-9]+)")
_SHORTEST = 3
"""Letters of what follows a prefix: Antara is not antar a, nor subuh sub uh."""
_LEAST_COMMON = 3.5


@cache
def prefixes() -> tuple[str, ...]:
    """Return the prefixes of `data/prefixes.txt`, the longest first."""
    listed = " ".join(shipped_lines("searchkit.query", "data/prefixes.txt")).split()
    return tuple(sorted(listed, key=lambda prefix: (-len(prefix), prefix)))


def written_as_one(terms: Sequence[Term], analyzer: Analyzer) -> Iterator[tuple[int, Term]]:
    """Yield each two words that may be one, with the place of the first: Covid-19, pramusim.

    They are a word and a number, or a prefix and a word. In order; none for most queries.
    """
    for place, (first, second) in enumerate(pairwise(terms)):
        if (sign := _sign(first, second)) is None:
            continue
        tokens = analyzer.analyze(f"{first.form}{sign}{second.form}")
        if len(tokens) == 1:
            yield place, Term(tokens[0].term, tokens[0].form)


def written_apart(term: Term, analyzer: Analyzer) -> Phrase | None:
    """Return the two words that one may be written in, None for most words.

    Behind a prefix they are those that by far most words with it are made of: the second is
    commoner than the whole, as it is not in Prabowo.
    """
    if match := _NUMBERED.fullmatch(term.form):
        parts = match.groups()
    elif (rest := _behind_prefix(term.term)) and is_telling(term):
        parts = (term.term.removesuffix(rest), rest)
    else:
        return None
    tokens = analyzer.analyze(" ".join(parts))
    words = tuple(Term(token.term, token.form) for token in tokens)
    return Phrase(words) if len(words) == len(parts) else None


def _sign(first: Term, second: Term) -> str | None:
    """Return what stands between two words where they are one; None where they are not."""
    if second.form.isdecimal() and first.form.isalpha() and is_telling(first):
        return "-"
    if first.form in prefixes() and _may_follow(second.form):
        return ""
    return None


def _may_follow(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and word not in stop_words()


def _behind_prefix(word: str) -> str:
    """Return what follows the prefix of a word, "" if it has none."""
    if not word.startswith(prefixes()):
        return ""
    rests = (word.removeprefix(prefix) for prefix in prefixes() if word.startswith(prefix))
    own = zipf_of_one(word)
    found = ((rest, zipf_of_one(rest)) for rest in rests if _may_follow(rest))
    return next((rest for rest, zipf in found if zipf >= _LEAST_COMMON and zipf > own), "")
