"""Folding of words: the forms of one spelling meet, whatever keyboard or scraper wrote it."""

import re
import unicodedata

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphen and zero-width characters: part of a word for the eye, no part of it for search."""

APOSTROPHES = "'’‘`ʼ´"
HYPHENS = "‐‑-"  # the plain one last, so that the string can stand in a character class

_REMOVED = str.maketrans(dict.fromkeys(INVISIBLE + APOSTROPHES))
_HYPHENS = str.maketrans(dict.fromkeys(HYPHENS, "-"))
_POSSESSIVE = re.compile(f"[{APOSTROPHES}]s$", re.IGNORECASE)


def fold(word: str) -> str:
    """Return the folded form of `word`, under which it is indexed and looked up.

    Compatibility forms are unified (NFKC), case and diacritics removed (`Café` -> `cafe`),
    apostrophes and invisible characters dropped (`Jum'at` -> `jumat`), an English possessive
    removed. Letters of other scripts are kept, and a word stays one: white space comes of none. ""
    stays "".
    """
    if word.isascii() and "'" not in word and "`" not in word:
        # The word itself where it can be: there is one string then of what is met and its form.
        return word if word.islower() else word.lower()
    word = _POSSESSIVE.sub("", word).translate(_REMOVED).translate(_HYPHENS)
    # A raised 2 is written for reduplication (`anak²`); NFKC would glue it on as a digit.
    word = word.rstrip("²")
    one = len(word.split()) == 1
    word = unicodedata.normalize("NFKC", word).casefold().translate(_REMOVED)
    # NFKC spells some characters as several words: ﷺ is four.
    word = word.replace(" ", "") if one else word
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    return unicodedata.normalize(
        "NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")
    )


def fold_value(value: str) -> str:
    """Return the folded form of a whole value, such as the name of a section or a reporter.

    Its words are folded and one space apart: `RINA  Wulandari` -> `rina wulandari`.
    """
    return " ".join(filter(None, map(fold, value.split())))
