"""Texts by their chunks, the runs between blanks.

A raw token holds no blank, so the tokens of a text are those of its chunks, and a chunk need be
read only once. But the text decides which of the doubtful words are names.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from searchkit.analysis.capitals import Doubt, as_name, inside_sentence, tells_case
from searchkit.analysis.tokens import LONGEST_TERM, Token
from searchkit.cached import cached_property

_BLANK = re.compile(r"\s")


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


def chunks_of(text: str) -> list[str]:
    """Return the chunks of `text`; between two blanks next to each other there is an empty one."""
    return _BLANK.split(text)


class ChunkedText:
    """A text of which `chunks` are all the chunks; `chunk_of` gives what each is read as.

    It need not be cut at every blank, but is so at one between any two chunks.
    """

    def __init__(self, text: str, chunks: Sequence[str], chunk_of: Callable[[str], Chunk]) -> None:
        self._text = text
        self._chunks = chunks
        self._chunk_of = chunk_of

    @cached_property
    def starts(self) -> list[int]:
        """The offset in the text at which each chunk begins, and one where the next would."""
        ends = accumulate(map(len, self._chunks), initial=0)
        return [place + end for place, end in enumerate(ends)]

    def chunk(self, place: int) -> Chunk:
        """Return what a chunk is read as."""
        return self._chunk_of(self._chunks[place])

    def names(self, places: Sequence[int]) -> set[str]:
        """Return the doubtful words of the chunks at `places` that the text makes names of.

        It is what `capitals.settle` does for a whole text, if `places` are of all doubtful chunks.
        """
        chunks = [(place, self.chunk(place)) for place in places]
        doubts = [(place, doubt) for place, chunk in chunks for doubt in chunk.doubts]
        if not doubts or not tells_case(self._text):
            return set()
        names: set[str] = set()
        for place, doubt in doubts:
            if doubt.name not in names and (
                doubt.name.isupper()
                or self._follows_a_word(place, doubt.place)
                or inside_sentence(self._gap(place, doubt.place))
            ):
                names.add(doubt.name)
        return names

    def _follows_a_word(self, place: int, number: int) -> bool:
        """Return whether a token plainly stands inside a sentence somewhere, if not at `place`.

        It does if its chunk begins with it and comes a blank after one that is letters only, which
        is a token as it is. That is so for most names, and is told without any offsets.
        """
        word, before = self._chunks[place], self._chunks[place - 1] if place else ""
        if not before.isalpha() or not before.isascii():
            return False
        begins = not number and not self.chunk(place).tokens[0].start
        return begins and f" {before} {word} " in self._text

    def _gap(self, place: int, number: int) -> str:
        """Return what stands between a token and the one before it; "" before the first."""
        tokens = self.chunk(place).tokens
        end = self.starts[place] + tokens[number].start
        while not number:
            place -= 1
            if place < 0:
                return ""
            tokens = self.chunk(place).tokens
            number = len(tokens)
        return self._text[self.starts[place] + tokens[number - 1].end : end]
