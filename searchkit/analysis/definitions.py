"""Abbreviations that a text itself defines: `Badan Narkotika Nasional (BNN)`.

Source: A. Schwartz, M. Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text", Pacific Symposium on Biocomputing 8, 2003. There, the letters of the short form
must be met in order in the words before it. Indonesian acronyms are built of syllables, also of
inner ones (`Kementerian Pertahanan`, Kemenhan), so here each word must give its beginning, or three
letters or more that stand in it together (han) or in order with its first or its last among them
(`Negeri`, gri); of a short form in capitals, each word must give its beginning. A number says the
letter before it so many times (`Badan Pelindungan Pekerja Migran Indonesia`, BP2MI).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from searchkit.analysis.lexicon import sastrawi_roots
from searchkit.analysis.normalization import fold
from searchkit.analysis.stopwords import stop_words

MOST_WORDS = 12
"""Words of a long form."""

_LEAST_INNER = 3
_REACH = 160
_BRACKETS = re.compile(r"\(([^()\n]{2,120})\)")
_SHORT = re.compile(r"[A-Z](?:[A-Za-z]|(?<=[A-Z])[2-4](?!\d)){1,11}(?:-[A-Z]{1,3})?")
_LONGEST_SHORT = 20  # characters, with blanks
_LAST_SHORT = re.compile(rf"(?<![\w-])({_SHORT.pattern})\s?$")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# What a long form does not go across.
_BORDER = re.compile(r"[.;:!?\"“”()\[\]\n–—0-9]")
_SEPARATOR = "\t"
_REPEATED = re.compile(r"([a-z])([2-4])")


class Definition(NamedTuple):
    """A short form with the long form that a text gives for it, both as written there."""

    short: str
    long: str


def find_definitions(text: str) -> list[Definition]:
    """Return the definitions in `text`, each once, in order; [] if there are none."""
    found: dict[Definition, None] = {}
    for match in _BRACKETS.finditer(text):
        inner = match[1].strip()
        before = text[max(0, match.start() - _REACH) : match.start()]
        if _SHORT.fullmatch(inner):
            long = _long_before(inner, _BORDER.split(before)[-1])
            definition = Definition(inner, long)
        elif (short := _short_before(before)) and not _BORDER.search(inner):
            words = _WORD.findall(inner)
            fits = len(words) <= MOST_WORDS and _spells(short, tuple(words))
            definition = Definition(short, " ".join(words) if fits else "")
        else:
            continue
        if definition.long and not _is_ordinary(fold(definition.short)):
            found[definition] = None
    return list(found)


def _short_before(text: str) -> str:
    """Return what is written like a short form at the end of `text`; "" if nothing is."""
    match = _LAST_SHORT.search(text, max(0, len(text) - _LONGEST_SHORT))
    return match[1] if match else ""


def _long_before(short: str, text: str) -> str:
    """Return the shortest run of words at the end of `text` that spells `short`; "" if none."""
    words = _WORD.findall(text)[-MOST_WORDS:]
    first = fold(short)[0]
    for start in range(len(words) - 2, -1, -1):
        # Whatever the first word gives, it is its beginning that begins the short form.
        if fold(words[start]).startswith(first) and _spells(short, tuple(words[start:])):
            return " ".join(words[start:])
    return ""


@lru_cache(4096)
def _spells(short: str, words: tuple[str, ...]) -> bool:
    """Return whether `words`, two or more, each give their part of `short`, in order.

    What papers spell out they spell out often, so it is kept.
    """
    parts = [part for word in words for part in fold(word).split("-")]
    stops = stop_words()
    content = [part for part in parts if part not in stops]
    if len(content) < 2 or parts[0] in stops or parts[-1] in stops:
        return False
    letters = _REPEATED.sub(lambda m: m[1] * int(m[2]), fold(short).replace("-", ""))
    if len(content) > len(letters):
        return False
    # Where the letters used up so far may end: a set of ends after each word.
    ends = {0}
    for number, part in enumerate(parts):
        reached = set(ends) if part in stops else set()
        for end in ends:
            for size in range(1, len(letters) - end + 1):
                if _gives(part, letters[end : end + size], number == 0, short.isupper()):
                    reached.add(end + size)
        ends = reached
    return len(letters) in ends


def _gives(word: str, chunk: str, first: bool, spelled: bool) -> bool:
    """Return whether `word` can stand behind `chunk`; `spelled` is for a short form in capitals."""
    if word.startswith(chunk):
        return True
    if spelled or len(chunk) < _LEAST_INNER or (first and chunk[0] != word[0]):
        return False
    if chunk in word:
        return True
    rest = iter(word)
    from_an_end = chunk[0] == word[0] or chunk[-1] == word[-1]
    return from_an_end and all(letter in rest for letter in chunk)


def _is_ordinary(word: str) -> bool:
    """Return whether a folded word is of those that are not learned as short forms."""
    return word in sastrawi_roots() or word in stop_words()


# A definition in the index: keyword values that begin with what they are looked up by.


def lookup_key(forms: Sequence[str]) -> str:
    """Return what stands for a run of folded words: its words without stop words and hyphens."""
    stops = stop_words()
    return " ".join(form for form in forms if form not in stops).replace("-", " ")


def to_keywords(definitions: Sequence[Definition]) -> tuple[str, ...]:
    """Return the keyword values of `definitions`: two each, by the short and by the long form."""
    return tuple(dict.fromkeys([value for each in definitions for value in _values_of(each)]))


@lru_cache(4096)
def _values_of(definition: Definition) -> tuple[str, str]:
    short, long = definition
    by_short, by_long = (lookup_key([fold(word) for word in side.split()]) for side in definition)
    return _SEPARATOR.join((by_short, short, long)), _SEPARATOR.join((by_long, short, long))


def from_keyword(value: str) -> tuple[str, Definition] | None:
    """Return (key, definition) of a keyword value; None if it is not one."""
    cells = value.split(_SEPARATOR)
    return (cells[0], Definition(cells[1], cells[2])) if len(cells) == 3 else None
