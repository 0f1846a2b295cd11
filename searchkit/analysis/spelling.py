"""Words that are not spelled as the standard has it: everyday, old and foreign spellings.

All of it happens to folded words, before they are stemmed; a standard word stays as it is.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from searchkit.analysis import lexicon
from searchkit.analysis.lexicon import is_word, zipf
from searchkit.analysis.vocabulary import short_words

_SHORTEST = 5
_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu")
# The spelling before 1972 and, for oe, before 1947: Tjokroaminoto, Djakarta, Soerabaja.
_OLD = (("tj", "c"), ("dj", "j"), ("nj", "ny"), ("sj", "sy"))
# Without one of these a j or nj is today's: penjaringan, Benjamin.
_OLD_LETTERS = re.compile("tj|dj|sj|ch|oe")
_NASAL = re.compile("(?:m|n|ny|ngg?)[aeiou]")
_MUCH_RARER = 1.5
_RARER = 0.3


class Spelling(NamedTuple):
    """The standard spelling of a word, and whether the word may be a name instead."""

    word: str
    doubtful: bool = False


def standard(word: str) -> Spelling:
    """Return the standard spelling of a folded `word`; the word itself when none is known."""
    spellings = lexicon.spellings()
    if word in spellings:
        return Spelling(spellings[word])
    if word.endswith(_CLITICS):
        clitic = next(clitic for clitic in _CLITICS if word.endswith(clitic))
        listed = spellings.get(word.removesuffix(clitic))
        if listed is not None:
            return Spelling(listed + clitic)
    if word in lexicon.sastrawi_roots() or word in lexicon.derivations() or _is_name(word):
        return Spelling(word)
    # What looks like an everyday verb may be a place, as Nagan; the old spellings are of names.
    for doubtful, candidates in ((True, _everyday(word)), (False, _modern(word))):
        for candidate in candidates:
            if is_word(candidate):
                return Spelling(candidate, doubtful)
    return Spelling(word)


def _is_name(word: str) -> bool:
    return word in lexicon.names() or word in short_words()


def _everyday(word: str) -> Iterator[str]:
    """Yield the standard verbs of dengerin, nulis, ngejar: -in for -kan or -i, no me-."""
    # They keep the nasal before a vowel only: Nduga is no verb.
    if _NASAL.match(word):
        rarer = _MUCH_RARER if word.startswith(("ng", "ny")) else _RARER
        if zipf(f"me{word}") > zipf(word) - rarer:
            yield f"me{word}"
    if not word.endswith("in"):
        return
    stripped = word.removesuffix("in")
    stripped = lexicon.spellings().get(stripped, stripped)
    known = len(stripped) > 3 and stripped in lexicon.sastrawi_roots()
    if known and zipf(stripped) > zipf(word):
        yield from (f"{stripped}kan", f"{stripped}i")


def _modern(word: str) -> Iterator[str]:
    """Yield the spellings of today for one of before 1972, if they are not much rarer."""
    if len(word) < _SHORTEST or not _OLD_LETTERS.search(word):
        return
    for consonants, vowels in product((True, False), repeat=2):
        modern = word
        if consonants:
            for old, new in _OLD:
                modern = modern.replace(old, new.replace("j", "\0"))
            modern = modern.replace("ch", "kh").replace("j", "y").replace("\0", "j")
        if vowels:
            modern = modern.replace("oe", "u")
        if modern != word and zipf(modern) > zipf(word) - _MUCH_RARER:
            yield modern
