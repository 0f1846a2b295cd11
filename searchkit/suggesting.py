"""Completions of what is being typed: names and phrases of the index, and its headlines.

The names and phrases of a document are values of its keyword field `phrase`: the key under which it
is looked up, a tab, and its own spelling. So an engine's dictionary counts them, and they come and
go with their documents.
"""

import re
from collections.abc import Iterator, Mapping
from string import ascii_lowercase

from searchkit.analysis import stop_words
from searchkit.documents import Article
from searchkit.documents.identity import title_key
from searchkit.documents.stored import from_stored
from searchkit.engines.base import Engine

MOST_SUGGESTIONS = 100
"""Completions that can be asked for at once."""

LONGEST_PREFIX = 80
"""Characters of what is typed; of more there is no completion."""

_PHRASE, _TITLE = "phrase", "title"
_SEPARATOR = "\t"
_LONGEST = 60  # characters of a phrase
_LEAST = 2  # documents of a phrase
_LOOKED_AT = 64  # phrases
_SHORTEST_MISTYPED = 4
_NAME = re.compile(r"[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+){0,3}")
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
    keyed = ((title_key(phrase), phrase) for phrase in found if len(phrase) <= _LONGEST)
    return tuple(f"{key}{_SEPARATOR}{phrase}" for key, phrase in keyed if key)


def _names(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        name = match[0]
        if " " in name or not _SENTENCE.search(text, max(0, match.start() - 3), match.start()):
            yield name


def _runs(words: list[str]) -> Iterator[str]:
    edges = [len(word) > 1 and word.casefold() not in stop_words() for word in words]
    for start in range(len(words)):
        for end in range(start + 2, min(start + 3, len(words)) + 1):
            if edges[start] and edges[end - 1]:
                yield " ".join(words[start:end])


def suggest(engine: Engine, prefix: str, limit: int) -> list[str]:
    """Return up to `limit` completions of `prefix`, in their own spelling, the commonest first.

    Phrases of several documents come first, then headlines. When there are none of either, those
    of what is one slip away from `prefix` are returned. [] if there are none at all.
    """
    key = title_key(prefix)
    if not key or len(key) > LONGEST_PREFIX:
        return []
    if prefix[-1].isspace():
        key += " "
    found = _completions(engine, key, limit)
    if not found and len(key) >= _SHORTEST_MISTYPED:
        counts: dict[str, int] = {}
        for slip in _slips(key):
            counts |= engine.frequent_values(_PHRASE, slip, 4)
        found = _phrases(engine, counts, limit)
    return list(found.values())


def _completions(engine: Engine, key: str, limit: int) -> dict[str, str]:
    """Return completions by their keys: phrases, then headlines."""
    most = max(_LOOKED_AT, 4 * limit)
    found = _phrases(engine, dict(engine.frequent_values(_PHRASE, key, most)), limit)
    for title, _ in engine.frequent_values(_TITLE, key, limit) if len(found) < limit else ():
        # What is deleted may still be in the dictionary, but it is not found any more.
        for stored in engine.find(_TITLE, title):
            document = from_stored(stored)
            shown = document.headline if isinstance(document, Article) else document.title
            found.setdefault(title, shown)
            break
    return dict(list(found.items())[:limit])


def _phrases(engine: Engine, values: Mapping[str, int], limit: int) -> dict[str, str]:
    """Return the most frequent of `values`, one spelling of each, by their keys."""
    found: dict[str, str] = {}
    for value, count in sorted(values.items(), key=lambda item: (-item[1], item[0])):
        key, _, phrase = value.partition(_SEPARATOR)
        if len(found) == limit or count < _LEAST:
            break
        if key not in found and next(engine.find(_PHRASE, value), None) is not None:
            found[key] = phrase
    return found


def _slips(key: str) -> Iterator[str]:
    """Yield what is one slip away from `key`; its first letter and blanks stay."""
    for n in range(1, len(key)):
        before, after = key[:n], key[n:]
        for letter in ascii_lowercase:
            yield before + letter + after
        if after[0] == " ":
            continue
        yield before + after[1:]
        if after[1:2].strip():
            yield before + after[1] + after[0] + after[2:]
        for letter in ascii_lowercase:
            yield before + letter + after[1:]
