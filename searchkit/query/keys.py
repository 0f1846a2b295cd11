"""What short and long forms are looked up by: their folded words, a blank apart.

A compound is one word in a key, however it is spelled: `Pekan Olah Raga` and `Pekan Olahraga`, and
so is a word behind a bound form: `Anti Kekerasan`. A long form has a second key without the stop
words inside it, which queries leave out; those at its ends are part of the name: without them, Lalu
Lintas would be any `lintas`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from searchkit.analysis import stop_words
from searchkit.analysis.lexicon import bound_form, compounds
from searchkit.analysis.normalization import fold
from searchkit.analysis.spelling import standard

_SPACES = re.compile(r"[\s,/()]+")
_BEGINNING = 3


def key_of(text: str) -> str:
    """Return the key of a text with all its words."""
    return keys_of(text)[0]


def keys_of(text: str) -> tuple[str, ...]:
    """Return the key of a text, and the one without the stop words inside if that is another."""
    words = [text] if text.isalnum() else _SPACES.split(text)
    folded = [fold(word) for word in words if word]
    return keys_of_words([part for word in folded for part in _taken_apart(word)])


def _taken_apart(word: str) -> tuple[str, ...]:
    """Return a folded word, in two where the analyzer has it so: antar and waktu of antarwaktu."""
    halves = bound_form(word)
    return halves if halves and standard(word).word == word else (word,)


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
    """Return `words` with the halves of each compound, and what is around them, made one."""
    table = _by_beginning()
    found = list(words[:1])
    for word in words[1:]:
        for first, second in table.get(word[:_BEGINNING], ()):
            if word.startswith(second) and found[-1].endswith(first):
                found[-1] += word
                break
        else:
            if bound_form(found[-1] + word):
                found[-1] += word
            else:
                found.append(word)
    return found


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
