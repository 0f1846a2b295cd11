"""The names and phrases of a document, by which `searchkit.suggesting` completes queries.

Apart from it, since who searches has no need of them.
"""

import re
from collections.abc import Iterator, Mapping

from searchkit.analysis import stop_words
from searchkit.suggesting import SEPARATOR, phrase_key

_LONGEST = 60  # characters of a phrase
# A letter that is not a-z: asked twice, for a set of characters is what is searched for fast.
_CAPITAL = r"[A-Z\x80-\U0010ffff](?<=[^\W\d_a-z])"
_REST = r"[\w’'-]*\w"  # a sign at the end may be the quotation mark that closes
_BEGIN = r"[.!?:\n“\"(]"  # with up to two blanks, what a sentence begins after
_INSIDE = rf"(?<!\A.)(?<!{_BEGIN}.)(?<!{_BEGIN}\s.)(?<!{_BEGIN}\s\s.)"
# A name, and as a mark its second character if the first stands inside a sentence.
_NAME = re.compile(
    rf"({_CAPITAL}(?:{_INSIDE}(?=(.)))?{_REST}(?: {_CAPITAL}{_REST}){{0,3}})", re.DOTALL
)
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


def phrases_of(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of `phrase` for a document of these texts, each once; () if none.

    Names are runs of up to four words with capitals in the body, a single one not where a sentence
    begins; phrases are two or three words of the headline that neither begin nor end with a stop
    word.
    """
    found = dict.fromkeys(_names(texts.get("body", "")))
    found |= dict.fromkeys(_runs(_WORD.findall(texts.get("headline", ""))))
    keyed = [(_key(phrase), phrase) for phrase in found if len(phrase) <= _LONGEST]
    return tuple([f"{key}{SEPARATOR}{phrase}" for key, phrase in keyed if key])


def _key(phrase: str) -> str:
    """Return the `phrase_key` of words one blank apart, which most are as they stand."""
    plain = phrase.isascii() and phrase.replace(" ", "").isalnum()
    return phrase.lower() if plain else phrase_key(phrase)


def _names(text: str) -> list[str]:
    return [name for name, inside in _NAME.findall(text) if inside or " " in name]


def _runs(words: list[str]) -> Iterator[str]:
    stops = stop_words()
    edges = [len(word) > 1 and word.casefold() not in stops for word in words]
    for start in range(len(words)):
        for end in range(start + 2, min(start + 3, len(words)) + 1):
            if edges[start] and edges[end - 1]:
                yield " ".join(words[start:end])
