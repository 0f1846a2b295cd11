"""Where the tokens of a text stand in it, written as a string: what an index keeps for fragments.

Each character of it is a step through the text: over what is no token, over a token, or over a
token and the character after it. So an ordinary word is one character, and there are about as many
as words and marks of punctuation. A step of n characters is written as the character of code
35 + 3n, one or two more for a token, the latter with what comes after it. All steps together lead
one character beyond the end, as if a blank stood there, so that texts can be joined by blanks.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from searchkit.analysis.tokens import Token, TokenColumns
from searchkit.canonical import OFFSETS

# No quotation mark is among them and hardly a backslash, which take two characters in JSON.
_FIRST = 35
_GAP, _TOKEN, _LONGER = range(3)
_MOST = (0xD7FF - _FIRST) // 3 - 1  # characters of a step, below the surrogates

_Array = np.ndarray[Any, np.dtype[Any]]


class Offsets:
    """Where the tokens of a text begin and end."""

    def __init__(self, codes: _Array, done: _Array) -> None:
        """Take the codes of the steps, and by step how far they have led."""
        self._codes = codes
        self._done = done
        self._tokens = _by_code().tokens.take(codes).nonzero()[0]

    def spans(self, positions: Sequence[int]) -> list[tuple[int, int]] | None:
        """Return where the tokens at `positions` begin and end; None if the text has too few."""
        if max(positions, default=-1) >= len(self._tokens):
            return None
        steps = self._tokens[np.array(positions, dtype=np.int64)]
        codes = self._codes[steps]
        by_code = _by_code()
        starts, ends = self._done[steps] - by_code.advances.take(codes), by_code.lengths.take(codes)
        ends += starts
        return list(zip(starts.tolist(), ends.tolist(), strict=True))

    def __len__(self) -> int:
        return len(self._tokens)


class _ByCode(NamedTuple):
    """By the code of a step whether it is a token, its length, and how far it leads."""

    tokens: _Array
    lengths: _Array
    advances: _Array


@cache
def _by_code() -> _ByCode:
    lengths, kinds = np.divmod(np.arange(0x10000) - _FIRST, 3)
    lengths[:_FIRST] = 2**32  # no step at all: it leads beyond any text
    return _ByCode(kinds != _GAP, lengths, lengths + (kinds == _LONGER))


def written(spans: Sequence[tuple[int, int]], size: int) -> str:
    """Return the offsets of tokens in a text of `size` characters, `spans` in order.

    "" when they cannot be written: of a token that begins before the one before it has ended, or
    that is of more than some 18,000 characters.
    """
    if len(spans) == 1 and spans[0] == (0, size) and size <= _MOST:
        return chr(_FIRST + 3 * size + _LONGER)  # so are most: it is faster to tell them apart
    steps = [_gap(spans[0][0] if spans else size + 1)]
    for (start, end), (following, _) in pairwise([*spans, (size + 1, size + 1)]):
        if following < end or end - start > _MOST:
            return ""
        longer = following > end
        steps.append(chr(_FIRST + 3 * (end - start) + _TOKEN + longer))
        steps.append(_gap(following - end - longer))
    return "".join(steps)


def moved(offsets: str, before: int, after: int) -> str:
    """Return the offsets of a text with so many characters more `before` and `after` it."""
    return _gap(before) + offsets + _gap(after)


def read(offsets: str, size: int) -> Offsets | None:
    """Return what was written of a text of `size` characters; None if it is not of such a text."""
    try:
        codes = np.frombuffer(offsets.encode("utf-16-le"), dtype="<u2")
    except UnicodeEncodeError:
        return None
    # A token that does not take the last step with it is not within the text.
    if not len(codes) or (int(codes[-1]) - _FIRST) % 3 == _TOKEN:
        return None
    done = _by_code().advances.take(codes).cumsum()
    return Offsets(codes, done) if done[-1] == size + 1 else None


def with_offsets(
    stored: Mapping[str, Any], texts: Mapping[str, str], tokens: Mapping[str, Sequence[Token]]
) -> dict[str, Any]:
    """Return a stored object with the offsets of the `tokens` of its `texts`, by text field."""
    offsets = {field: _offsets_of(found, texts[field]) for field, found in tokens.items()}
    return {**stored, OFFSETS: offsets}


def _offsets_of(tokens: Sequence[Token], text: str) -> str:
    if isinstance(tokens, TokenColumns):
        return tokens.offsets
    return written([(token.start, token.end) for token in tokens], len(text))


def offsets_in(stored: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the offsets by text field that a stored object has; {} if none."""
    found = stored.get(OFFSETS)
    if not isinstance(found, dict):
        return {}
    return {field: each for field, each in found.items() if isinstance(each, str)}


def _gap(size: int) -> str:
    times, rest = divmod(size, _MOST)
    return chr(_FIRST + 3 * _MOST) * times + (chr(_FIRST + 3 * rest) if rest else "")
