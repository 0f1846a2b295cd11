"""Folding of words: the forms of one spelling meet, whatever keyboard or scraper wrote it."""

import re
import unicodedata

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphen and zero-width characters: part of a word for the eye, no part of it for search."""

APOSTROPHES = "'’‘`ʼ´"
HYPHENS = "‐‑-"  # the plain one last, so that the string can stand in a character class

MARKS = (
    "\u0300-\u036f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
"""Accents, and the vowels of Hebrew and Arabic, which may be left out; for a character class.

U+0640 draws a word out and says nothing.
"""

# Letters with a stroke and the like, which Unicode does not take apart.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ħ": "h", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"}
)
_ANY_MARK = re.compile(f"[{MARKS}]")
_REMOVED = str.maketrans(dict.fromkeys(INVISIBLE + APOSTROPHES))
_HYPHENS = str.maketrans(dict.fromkeys(HYPHENS, "-"))
_LONGEST_UNIT = 3  # with its raised 2: km²
_POSSESSIVE = re.compile(f"[{APOSTROPHES}]s$", re.IGNORECASE)


def fold(word: str) -> str:
    """Return the folded form of `word`, under which it is indexed and looked up.

    Compatibility forms are unified (NFKC), case, diacritics and strokes removed (`Café` -> `cafe`,
    `Ødegaard` -> `odegaard`), and so are the vowel marks of Arabic and Hebrew; apostrophes and
    invisible characters dropped (`Jum'at` -> `jumat`), an English possessive removed. Letters of
    other scripts are kept, and a word stays one: white space comes of none. "" stays "".
    """
    if word.isascii() and "'" not in word and "`" not in word:
        # The word itself where it can be: there is one string then of what is met and its form.
        return word if word.islower() else word.lower()
    word = _POSSESSIVE.sub("", word).translate(_REMOVED).translate(_HYPHENS)
    # A raised 2 is written for reduplication (`anak²`); NFKC would glue it on as a digit.
    # But m² is m2.
    word = word if 1 < len(word) <= _LONGEST_UNIT else word.rstrip("²")
    one = len(word.split()) == 1
    word = unicodedata.normalize("NFKC", word).casefold().translate(_REMOVED)
    # NFKC spells some characters as several words: ﷺ is four.
    word = word.replace(" ", "") if one else word
    if word.isascii():
        return word
    bare = _ANY_MARK.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare.translate(_LETTERS))


def fold_value(value: str) -> str:
    """Return the folded form of a whole value, such as the name of a section or a reporter.

    Its words are folded and one space apart: `RINA  Wulandari` -> `rina wulandari`.
    """
    return " ".join(filter(None, map(fold, value.split())))
