"""Texts by their chunks, the runs between blanks.

A raw token holds no blank, so the tokens of a text are those of its chunks, and a chunk need be
read only once. But the text decides which of the doubtful words are names.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from searchkit.analysis.capitals import Doubt, as_name, inside_sentence, tells_case
from searchkit.analysis.tokens import LONGEST_TERM, Token

_CHUNK = re.compile(r"\S+")
_FEW, _MANY = 8, 40  # places of a text


class Chunk(NamedTuple):
    """A chunk read by itself: its tokens, with places in the chunk, and which may be names."""

    tokens: Sequence[Token]
    doubts: Sequence[Doubt]

    def readings(self) -> Iterator[Token]:
        """Yield the tokens as they may come out in any text."""
        yield from self.tokens
        for doubt in self.doubts:
            yield as_name(self.tokens, doubt)
            # Names cut to the same length may be of different words, of which one decides for all.
            if len(doubt.name) == LONGEST_TERM:
                yield from (token._replace(term=doubt.name) for token in self.tokens)

    def settled(self, names: set[str]) -> Sequence[Token]:
        """Return the tokens in a text that makes names of these doubtful words."""
        if not self.doubts or not names:
            return self.tokens
        tokens = list(self.tokens)
        for doubt in self.doubts:
            if doubt.name in names:
                tokens[doubt.place] = as_name(tokens, doubt)
        return tokens


class ChunkedText:
    """A text of which `words` are the chunks; `chunk_of` gives what each is read as."""

    def __init__(self, text: str, words: Sequence[str], chunk_of: Callable[[str], Chunk]) -> None:
        self._text = text
        self._words = words
        self._chunk_of = chunk_of

    @cached_property
    def starts(self) -> list[int]:
        """The offset in the text at which each chunk begins."""
        starts: list[int] = []
        offset = 0
        for line in self._text.split("\n"):
            lengths = list(map(len, line.split()))
            if sum(lengths) + len(lengths) - 1 == len(line):
                # One blank after each: so are most lines; it is faster not to look for them.
                starts += accumulate((length + 1 for length in lengths[:-1]), initial=offset)
            else:
                starts += [offset + match.start() for match in _CHUNK.finditer(line)]
            offset += len(line) + 1
        return starts

    def chunk(self, place: int) -> Chunk:
        """Return what a chunk is read as."""
        return self._chunk_of(self._words[place])

    def starts_of(self, places: Sequence[int]) -> list[int]:
        """Return where the chunks at `places`, ascending, begin; faster than `starts` of all."""
        if len(places) > _MANY:
            return list(map(self.starts.__getitem__, places))
        starts: list[int] = []
        rest, done = self._text, 0
        for place in places:
            rest, done = rest.split(None, place - done)[-1], place
            starts.append(len(self._text) - len(rest))
        return starts

    def names(self, places: Sequence[int]) -> set[str]:
        """Return the doubtful words of the chunks at `places` that the text makes names of.

        It is what `capitals.settle` does for a whole text, if `places` are of all doubtful chunks.
        """
        chunks = [(place, self.chunk(place)) for place in places]
        doubts = [(place, doubt) for place, chunk in chunks for doubt in chunk.doubts]
        if not doubts or not tells_case(self._text):
            return set()
        start_of = self.starts.__getitem__ if len(doubts) > _FEW else self._start
        names: set[str] = set()
        for place, doubt in doubts:
            if doubt.name not in names and (
                doubt.name.isupper()
                or self._follows_a_word(place, doubt.place)
                or inside_sentence(self._gap(place, doubt.place, start_of))
            ):
                names.add(doubt.name)
        return names

    def _follows_a_word(self, place: int, number: int) -> bool:
        """Return whether a token plainly stands inside a sentence somewhere, if not at `place`.

        It does if its chunk begins with it and comes a blank after one that is letters only, which
        is a token as it is. That is so for most names, and is told without any offsets.
        """
        word, before = self._words[place], self._words[place - 1] if place else ""
        if not before.isalpha() or not before.isascii():
            return False
        begins = not number and not self.chunk(place).tokens[0].start
        return begins and f" {before} {word} " in self._text

    def _start(self, place: int) -> int:
        """Return where one chunk begins: for a few, this is faster than all `starts`."""
        return self.starts_of((place,))[0]

    def _gap(self, place: int, number: int, start_of: Callable[[int], int]) -> str:
        """Return what stands between a token and the one before it; "" before the first."""
        tokens = self.chunk(place).tokens
        end = start_of(place) + tokens[number].start
        while not number:
            place -= 1
            if place < 0:
                return ""
            tokens = self.chunk(place).tokens
            number = len(tokens)
        return self._text[start_of(place) + tokens[number - 1].end : end]
