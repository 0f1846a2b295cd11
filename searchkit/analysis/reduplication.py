"""Words said twice: whole (anak-anak), inside affixes (kehati-hatian), varied (sayur-mayur)."""

import re

from searchkit.analysis.lexicon import is_word, sastrawi_roots, zipf

_BEHIND = re.compile("(?:kan|an|i|in)?(?:nya|ku|mu)?(?:lah|kah|pun)?")
_SHORTEST = 3
_SHORTEST_VARIED = 4
_VOWELS = str.maketrans("", "", "aeiou")


def said_twice(first: str, second: str) -> str:
    """Return what the end of `first` and the start of `second` share, if it is a word, or "".

    So affixes around the whole are passed over: kehati-hatian gives hati. Other words that are
    joined are not said twice, though their ends are alike: NasDem-Demokrat.
    """
    for length in range(min(len(first), len(second)), _SHORTEST - 1, -1):
        shared = second[:length]
        behind = _BEHIND.fullmatch(second, length)
        if behind and first.endswith(shared) and is_word(shared):
            return shared
    return ""


def varied_root(first: str, second: str) -> str:
    """Return the root of a word repeated with another consonant or other vowels, or "".

    The half that is a word of its own is the root, of two the commoner: sayur in sayur-mayur,
    balik in bolak-balik.
    """
    if len(first) != len(second) or len(first) < _SHORTEST_VARIED:
        return ""
    rhyming = first[1:] == second[1:]
    if not rhyming and first.translate(_VOWELS) != second.translate(_VOWELS):
        return ""
    roots = [half for half in (first, second) if half in sastrawi_roots()]
    # Of one, nothing need be known: the list of common words takes its time to read.
    return max(roots, key=zipf) if len(roots) > 1 else "".join(roots)
