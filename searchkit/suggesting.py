"""Completions of what is being typed: names and phrases of the index, and its headlines.

The names and phrases of a document are values of its keyword field `phrase`: the key under which it
is looked up, a tab, and its own spelling. So an engine's dictionary counts them, and they come and
go with their documents.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from searchkit.analysis.normalization import fold_value
from searchkit.arguments import check_text, whole_number
from searchkit.documents.blocks import headline_of
from searchkit.documents.identity import title_key
from searchkit.documents.stored import from_stored
from searchkit.engines.base import Engine
from searchkit.errors import QueryError
from searchkit.query.patterns import one_edit_away

MOST_SUGGESTIONS = 100
"""Completions that can be asked for at once."""

LONGEST_PREFIX = 80
"""Characters of what is typed; of more there is no completion."""

_PHRASE, _TITLE = "phrase", "title"
SEPARATOR = "\t"
"""Stands between the key and the spelling in a value of `phrase`."""

# An apostrophe inside a word, and a point inside initials: neither need be typed.
_UNTYPED = re.compile(r"(?<=\w)['’‘ʼ`](?=\w)|(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")
_HYPHENS = frozenset("-‐‑–/")  # after one, and after a blank, the next word is typed
_LEAST = 2  # documents of a phrase
_LOOKED_AT = 64  # phrases
_SHORTEST_MISTYPED = 4
_HEAD = 4  # letters in which slips are tried out, and from which on values are compared
_COMPARED = 1024  # values
_OF_A_SLIP = 4  # values


def phrase_key(phrase: str) -> str:
    """Return the key of a phrase: the `title_key`, without accents, and apostrophes in words."""
    key = title_key(_UNTYPED.sub("", phrase))
    return key if key.isascii() else fold_value(key)


def headline(stored: dict[str, Any]) -> str:
    """Return the headline of a stored article or item."""
    return headline_of(from_stored(stored))


def suggest(
    engine: Engine, prefix: str, limit: int, title_of: Callable[[dict[str, Any]], str] = headline
) -> list[str]:
    """Return up to `limit` completions of `prefix`, in their own spelling, the commonest first.

    Phrases of several documents come first, then headlines, which `title_of` gives of a stored
    document. When there are none of either, those of what is one slip away from `prefix` are
    returned. [] if there are none at all. Raises QueryError when `limit` is out of bounds.
    """
    check_text("prefix", prefix)
    limit = whole_number("limit", limit)
    if not 0 <= limit <= MOST_SUGGESTIONS:
        raise QueryError(f"limit {limit} is out of bounds: 0 to {MOST_SUGGESTIONS}")
    key = title_key(prefix)
    if not limit or not key or len(key) > LONGEST_PREFIX:
        return []
    blank = " " if prefix[-1].isspace() or prefix[-1] in _HYPHENS else ""
    key, plain = key + blank, phrase_key(prefix) + blank
    most = max(_LOOKED_AT, 4 * limit)
    # An index that was made earlier has keys with accents, and with blanks for apostrophes.
    phrases = engine.frequent_values(_PHRASE, {key, plain}, most)
    found = _phrases(engine, dict(phrases), limit)
    if len(found) < limit:
        found |= _headlines(
            engine, engine.frequent_values(_TITLE, [key], most), found, limit, title_of
        )
    if not found and len(key) >= _SHORTEST_MISTYPED:
        found = _phrases(engine, _one_slip_away(engine, _PHRASE, plain), limit)
        if len(found) < limit:
            titles = sorted(_one_slip_away(engine, _TITLE, key).items())
            found |= _headlines(engine, titles, found, limit, title_of)
    return list(dict.fromkeys(found.values()))[:limit]


def _headlines(
    engine: Engine,
    titles: Iterable[tuple[str, int]],
    known: Container[str],
    limit: int,
    title_of: Callable[[dict[str, Any]], str],
) -> dict[str, str]:
    """Return up to `limit` titles of documents by their keys, those that are not `known`."""
    found: dict[str, str] = {}
    for title, _ in titles:
        # What is deleted may still be in the dictionary, but it is not found any more.
        stored = next(engine.find(_TITLE, title), None)
        if stored is not None and title not in known:
            found[title] = title_of(stored)
            if len(found) == limit:
                break
    return found


def _phrases(engine: Engine, values: Mapping[str, int], limit: int) -> dict[str, str]:
    """Return the most frequent of `values`, one spelling of each, by their keys."""
    found: dict[str, str] = {}
    for value, count in sorted(values.items(), key=lambda item: (-item[1], item[0])):
        key, _, phrase = value.partition(SEPARATOR)
        if len(found) == limit or count < _LEAST:
            break
        if key not in found and next(engine.find(_PHRASE, value), None) is not None:
            found[key] = phrase
    return found


def _one_slip_away(engine: Engine, field: str, key: str) -> dict[str, int]:
    """Return values of `field` that begin with what is one slip away from `key`, with counts.

    A slip in the first letters is looked for by trying out what it can have been; one further on by
    comparing the commonest values that begin with those letters. So a long key costs no more. A
    blank may have been left out, or be one too many.
    """
    head = key[:_HEAD]
    values = dict(engine.frequent_values(field, [head], _COMPARED)) if len(key) > _HEAD else {}
    found = {value: count for value, count in values.items() if _is_slip(key, value)}
    end = min(len(key), _HEAD)
    tried = [*one_edit_away(key, 1, end), key[1] + key[0] + key[2:]]
    tried += [f"{key[:place]} {key[place:]}" for place in range(1, end + 1)]
    tried += [key[:place] + key[place + 1 :] for place in range(1, end) if key[place] == " "]
    return found | dict(engine.frequent_values(field, tried, _OF_A_SLIP))


def _is_slip(key: str, value: str) -> bool:
    """Return whether `key` is one slip away from what `value` begins with.

    A blank at the end stays, and none is taken for a letter.
    """
    at = next((n for n, pair in enumerate(zip(key, value, strict=False)) if pair[0] != pair[1]), -1)
    if at < 0:
        return value.startswith(key[:-1])
    typed, meant = key[at : at + 2], value[at : at + 2]
    if value.startswith(key[at:], at + 1):
        return True
    if typed[:1] == " ":
        return len(typed) > 1 and value.startswith(key[at + 1 :], at)
    return (
        value.startswith(key[at + 1 :], at)
        or (value.startswith(key[at + 1 :], at + 1) and meant[:1] != " ")
        or (value.startswith(key[at + 2 :], at + 2) and typed == meant[::-1] and " " not in typed)
    )
