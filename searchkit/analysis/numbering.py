"""Texts as the numbers of their words: what engines need, at a look-up for each chunk."""

import threading
from array import array
from collections.abc import Callable, Iterable

import numpy as np

from searchkit.analysis.capitals import Doubt
from searchkit.analysis.chunks import Chunk, ChunkedText
from searchkit.analysis.tokenizer import core
from searchkit.analysis.tokens import Token, TokenColumns, TokenTable

_MOST_WORDS = 80_000
_MOST_CHUNKS = 160_000
_MOST_CHARACTERS = 5_000_000  # of chunks


class Numbering:
    """Numbers the words of texts by one table, and remembers the numbers of every chunk met.

    `read` gives the tokens of a chunk by itself, and which may be names. A numbering that is `full`
    goes on working, but should be left for a new one. Safe to use from several threads.
    """

    def __init__(self, read: Callable[[str], tuple[list[Token], list[Doubt]]]) -> None:
        self._numbers = _Numbers(read)

    @property
    def full(self) -> bool:
        """Whether it holds as much as should be kept in memory."""
        return (
            len(self._numbers.table) >= _MOST_WORDS
            or len(self._numbers) >= _MOST_CHUNKS
            or self._numbers.characters >= _MOST_CHARACTERS
        )

    def columns(self, text: str) -> TokenColumns:
        """Return the tokens of `text` without their offsets."""
        words = text.split()
        numbers = list(map(self._numbers.__getitem__, words))
        if not self._numbers.doubtful.keys().isdisjoint(words):
            self._settle(text, words, numbers)
        table = self._numbers.table
        return TokenColumns(table, np.frombuffer(b"".join(numbers), np.uint32))

    def _settle(self, text: str, words: list[str], numbers: list[bytes]) -> None:
        """Put the numbers of names in the place of those of doubtful words."""
        known = self._numbers
        places = [place for place, word in enumerate(words) if word in known.doubtful]
        if names := ChunkedText(text, words, known.chunk).names(places):
            for place in places:
                chunk = known.doubtful[words[place]]
                if any(doubt.name in names for doubt in chunk.doubts):
                    numbers[place] = known.numbered(chunk.settled(names))


class _Numbers(dict[str, bytes]):
    """The numbers of the words of chunks by `table`, which are given when a chunk is first met.

    They are the bytes of unsigned integers: to join them is the fastest way to those of a text.
    `doubtful` are the chunks that may be names; `characters` is the length of all together. It
    refers to nothing that refers to it: worker processes do not look for cycles, and would keep it.
    """

    def __init__(self, read: Callable[[str], tuple[list[Token], list[Doubt]]]) -> None:
        super().__init__()
        self._read = read
        self._lock = threading.Lock()
        self.table = TokenTable()
        self.doubtful: dict[str, Chunk] = {}
        self.characters = 0

    def __missing__(self, chunk: str) -> bytes:
        numbers = self[chunk] = self._number(chunk)
        self.characters += len(chunk)
        return numbers

    def chunk(self, word: str) -> Chunk:
        """Return what is known of a chunk."""
        return self.doubtful.get(word) or Chunk(*self._read(word))

    def numbered(self, tokens: Iterable[Token]) -> bytes:
        """Return the numbers of the words of tokens."""
        number = self.table.number
        with self._lock:
            return array("I", [number(token.term, token.form) for token in tokens]).tobytes()

    def _number(self, word: str) -> bytes:
        inner = core(word)
        if inner != word:
            numbers = self[inner]
            if inner not in self.doubtful:
                return numbers
        tokens, doubts = self._read(word)
        if doubts:
            self.doubtful[word] = Chunk(tokens, doubts)
        return self.numbered(tokens)
