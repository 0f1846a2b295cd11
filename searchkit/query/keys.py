"""What short and long forms are looked up by: their folded words, a blank apart.

A compound is one word in a key, however it is spelled: `Pekan Olah Raga` and `Pekan Olahraga`; and
so is a bound form with what follows it: `Antar Kota` and `Antarkota`. A long form has a second key
without the stop words inside it, which queries leave out; those at its ends are part of the name:
without them, Lalu Lintas would be any `lintas`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from searchkit.analysis import stop_words
from searchkit.analysis.lexicon import BOUND_FORMS, compounds
from searchkit.analysis.normalization import fold

_SPACES = re.compile(r"[\s,/()]+")
_BEGINNING = 3


def key_of(text: str) -> str:
    """Return the key of a text with all its words."""
    return keys_of(text)[0]


@lru_cache(4096)
def keys_of(text: str) -> tuple[str, ...]:
    """Return the key of a text, and the one without the stop words inside if that is another."""
    words = [text] if text.isalnum() else _SPACES.split(text)
    return keys_of_words([fold(word) for word in words if word])


def keys_of_words(words: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of folded words, as `keys_of` does."""
    stops = stop_words()
    inside = [word for word in words[1:-1] if word not in stops]
    keys = [joined(words)]
    if len(inside) < len(words) - 2:
        keys.append(joined([words[0], *inside, words[-1]]))
    return tuple(keys)


def joined(words: Iterable[str]) -> str:
    """Return the key of folded words: hyphens part them, compounds are one."""
    text = " ".join(words)
    return text if text.isalpha() else " ".join(together(text.replace("-", " ").split(" ")))


def together(words: Sequence[str]) -> list[str]:
    """Return `words` with the halves of each compound, and their affixes, made one."""
    found = list(words[:1])
    for word in words[1:]:
        if found[-1] in BOUND_FORMS or is_compound(found[-1], word):
            found[-1] += word
        else:
            found.append(word)
    return found


def is_compound(first: str, second: str) -> bool:
    """Return whether two folded words are the halves of a compound, with affixes or without."""
    for start, end in _by_beginning().get(second[:_BEGINNING], ()):
        if second.startswith(end) and first.endswith(start):
            return True
    return False


@cache
def _by_beginning() -> dict[str, list[tuple[str, str]]]:
    """Return the compounds by how their second words begin."""
    table: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in compounds().values():
        table[pair[1][:_BEGINNING]].append(pair)
    return dict(table)


def opening_of(key: str) -> str:
    """Return the first two words of a key; "" when it has only one."""
    first = key.find(" ")
    if first < 0:
        return ""
    second = key.find(" ", first + 1)
    return key if second < 0 else key[:second]
