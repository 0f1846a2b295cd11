"""Texts as the numbers of their words: what engines need, at a look-up for each chunk."""

import threading
from array import array
from collections.abc import Callable, Iterable

import numpy as np

from searchkit.analysis.capitals import Doubt
from searchkit.analysis.chunks import Chunk, ChunkedText
from searchkit.analysis.tokenizer import core
from searchkit.analysis.tokens import Token, TokenColumns, TokenTable

_MOST_WORDS = 200_000
_MOST_CHUNKS = 300_000
_MOST_CHARACTERS = 8_000_000  # of chunks


class Numbering:
    """Numbers the words of texts by one table, and remembers the numbers of every chunk met.

    `read` gives the tokens of a chunk by itself, and which may be names. A numbering that is `full`
    goes on working, but should be left for a new one. Safe to use from several threads.
    """

    def __init__(self, read: Callable[[str], tuple[list[Token], list[Doubt]]]) -> None:
        self._read = read
        self._table = TokenTable()
        self._numbers = _Numbers(self._number)
        self._doubtful: dict[str, Chunk] = {}
        self._lock = threading.Lock()

    @property
    def full(self) -> bool:
        """Whether it holds as much as should be kept in memory."""
        return (
            len(self._table) >= _MOST_WORDS
            or len(self._numbers) >= _MOST_CHUNKS
            or self._numbers.characters >= _MOST_CHARACTERS
        )

    def columns(self, text: str) -> TokenColumns:
        """Return the tokens of `text` without their offsets."""
        words = text.split()
        numbers = list(map(self._numbers.__getitem__, words))
        if not self._doubtful.keys().isdisjoint(words):
            self._settle(text, words, numbers)
        return TokenColumns(self._table, np.frombuffer(b"".join(numbers), np.uint32))

    def _settle(self, text: str, words: list[str], numbers: list[bytes]) -> None:
        """Put the numbers of names in the place of those of doubtful words."""
        places = [place for place, word in enumerate(words) if word in self._doubtful]
        if names := ChunkedText(text, words, self._chunk).names(places):
            for place in places:
                chunk = self._doubtful[words[place]]
                if any(doubt.name in names for doubt in chunk.doubts):
                    numbers[place] = self._numbered(chunk.settled(names))

    def _chunk(self, word: str) -> Chunk:
        return self._doubtful.get(word) or Chunk(*self._read(word))

    def _number(self, word: str) -> bytes:
        inner = core(word)
        if inner != word:
            numbers = self._numbers[inner]
            if inner not in self._doubtful:
                return numbers
        chunk = Chunk(*self._read(word))
        if chunk.doubts:
            self._doubtful[word] = chunk
        return self._numbered(chunk.tokens)

    def _numbered(self, tokens: Iterable[Token]) -> bytes:
        with self._lock:
            numbers = [self._table.number(token.term, token.form) for token in tokens]
        return array("I", numbers).tobytes()


class _Numbers(dict[str, bytes]):
    """The numbers of the words of chunks, asked for when a chunk is first met.

    They are the bytes of unsigned integers: to join them is the fastest way to those of a text.
    `characters` is the length of all chunks together.
    """

    def __init__(self, number: Callable[[str], bytes]) -> None:
        super().__init__()
        self._number = number
        self.characters = 0

    def __missing__(self, chunk: str) -> bytes:
        numbers = self[chunk] = self._number(chunk)
        self.characters += len(chunk)
        return numbers
