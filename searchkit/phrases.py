"""The names and phrases of a document, by which `searchkit.suggesting` completes queries.

Apart from it, since who searches has no need of them.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from searchkit.analysis import stop_words
from searchkit.documents.identity import title_key
from searchkit.suggesting import SEPARATOR

_LONGEST = 60  # characters of a phrase
# A letter that is not a-z: asked twice, for a set of characters is what is searched for fast.
_CAPITALISED = r"[A-Z\x80-\U0010ffff](?<=[^\W\d_a-z])[\w’'-]++"
_NAME = re.compile(rf"{_CAPITALISED}(?: {_CAPITALISED}){{0,3}}")
_SENTENCE = re.compile(r"(?:^|[.!?:\n“\"(]\s*)$")
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
    """Return the `title_key` of words one blank apart, which most are as they stand."""
    plain = phrase.isascii() and phrase.replace(" ", "").isalnum()
    return phrase.lower() if plain else title_key(phrase)


def _names(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        name = match[0]
        if " " in name or not _begins_sentence(text[max(0, match.start() - 3) : match.start()]):
            yield name


@lru_cache(4096)
def _begins_sentence(before: str) -> bool:
    """Return whether a word is the first of a sentence after these three characters."""
    return bool(_SENTENCE.search(before))


def _runs(words: list[str]) -> Iterator[str]:
    stops = stop_words()
    edges = [len(word) > 1 and word.casefold() not in stops for word in words]
    for start in range(len(words)):
        for end in range(start + 2, min(start + 3, len(words)) + 1):
            if edges[start] and edges[end - 1]:
                yield " ".join(words[start:end])
