"""Texts as the numbers of their words: what engines need, at a look-up for each chunk."""

from collections.abc import Callable
from struct import Struct
from typing import Any, NamedTuple

import numpy as np

from searchkit.analysis.capitals import Doubt
from searchkit.analysis.chunks import Chunk, ChunkedText
from searchkit.analysis.offsets import moved, written
from searchkit.analysis.tokenizer import core
from searchkit.analysis.tokens import Token, TokenColumns, TokenTable
from searchkit.forking import lock_held_at_fork

_MOST_WORDS = 60_000
_MOST_CHUNKS = 110_000
_MOST_CHARACTERS = 5_000_000  # of chunks
_KEPT = 1 / 2
"""Of that, so much is kept when it is reached: what was met first, of which texts have most."""

Array = np.ndarray[Any, np.dtype[np.uint32]]

_PAIR = Struct("=II")

_DOUBTFUL = 2**31

_NO_WORD = 2**32 - 1
"""In the place of the number of a word, for a chunk without any."""


class Numbering:
    """Numbers the words of texts by one table, and remembers the numbers of every chunk met.

    `read` gives the tokens of a chunk by itself, and which may be names. When it holds as much as
    should be kept in memory, it goes on with another table, of the words it met first. `room` is
    how many times as much is kept as a process does by itself. Safe to use from several threads.
    """

    def __init__(self, read: Callable[[str], tuple[list[Token], list[Doubt]]]) -> None:
        self._numbers = _Numbers(read)
        self.room = 1.0

    def columns(self, text: str) -> TokenColumns:
        """Return the tokens of `text`."""
        known = self._numbers
        if (share := known.share) >= self.room:
            known = self._numbers = known.beginning()
        elif known.kept is None and share >= self.room * _KEPT:
            known.kept = known.extent
        # Other blanks are left in the chunks; looking for them would take a third of the time.
        chunks = text.replace("\n", " ").split(" ")
        pairs = np.frombuffer(b"".join(map(known.__getitem__, chunks)), np.uint32).reshape(-1, 2)
        numbers: Array = pairs[:, 0]
        steps = pairs[:, 1]
        doubtful = np.flatnonzero(steps & _DOUBTFUL)
        if len(doubtful):
            places = (np.cumsum(steps > 0) - 1)[doubtful]
            rows = list(zip(doubtful.tolist(), places.tolist(), strict=True))
            numbers = known.settled(text, chunks, numbers, rows)
            steps = steps & np.uint32(_DOUBTFUL - 1)
        offsets = "".join(map(known.steps.__getitem__, steps.tolist()))
        return TokenColumns(known.table, numbers[numbers != _NO_WORD], offsets)


class _Extent(NamedTuple):
    """How much is known: chunks, words of the table, steps, and characters of all chunks."""

    chunks: int
    words: int
    steps: int
    characters: int


class _Numbers(dict[str, bytes]):
    """What chunks are, found out when they are first met: the numbers of their tokens.

    Of each token there are two: that of its word by `table`, and that of the offsets by `steps`,
    which the first token of a chunk has for all, with one bit more where words may be names: in the
    chunks of `doubtful`. They are the bytes of unsigned integers: to join them is the fastest way
    to those of a text. `kept` is what is to be left of it, None until there is as much. It refers
    to nothing that refers to it: worker processes do not look for cycles, and would keep it.
    """

    def __init__(self, read: Callable[[str], tuple[list[Token], list[Doubt]]]) -> None:
        super().__init__()
        self._read = read
        self._lock = lock_held_at_fork()
        self.table = TokenTable()
        self.steps = ["", ""]  # that of all tokens but the first, and what cannot be written
        self._step_of = {"": 1}
        self._steps_within: dict[tuple[int, int, int], int] = {}
        self.doubtful: dict[str, Chunk] = {}
        self.kept: _Extent | None = None
        self._characters = 0

    @property
    def extent(self) -> _Extent:
        """How much is known. All that its chunks refer to is part of it, as chunks come last."""
        return _Extent(len(self), len(self.table), len(self.steps), self._characters)

    @property
    def share(self) -> float:
        """How much of what a process keeps in memory by itself this is: 1 for all."""
        return max(
            len(self.table) / _MOST_WORDS,
            len(self) / _MOST_CHUNKS,
            self._characters / _MOST_CHARACTERS,
        )

    def beginning(self) -> "_Numbers":
        """Return what was known when it had the extent `kept`, with a table of its own."""
        fresh = _Numbers(self._read)
        if self.kept is None:
            return fresh
        chunks, words, steps, fresh._characters = fresh.kept = self.kept
        with self._lock:
            # The others go first, so that there is room; who is still at a text reads them again.
            while len(self) > chunks:
                self.popitem()
            fresh.update(self)
            fresh.doubtful = {key: self.doubtful[key] for key in self.doubtful.keys() & fresh}
            fresh.table = self.table.beginning(words)
            fresh.steps = self.steps[:steps]
        fresh._step_of = {offsets: number for number, offsets in enumerate(fresh.steps)}
        return fresh

    def __missing__(self, chunk: str) -> bytes:
        inner = core(chunk)
        known = self[inner] if inner != chunk else b""
        if not known or inner in self.doubtful:
            numbers = self._read_as(chunk)
        else:
            first, step = _PAIR.unpack_from(known)
            step = self._step_within(step, chunk.index(inner), len(chunk) - len(inner))
            numbers = _PAIR.pack(first, step) + known[_PAIR.size :]
        with self._lock:
            self._characters += len(chunk)
            if chunk.isprintable():  # of blanks a chunk has none, or some that are not printable
                self[chunk] = numbers
        return numbers

    def chunk(self, word: str) -> Chunk:
        """Return what is known of a chunk."""
        return self.doubtful.get(word) or Chunk(*self._read(word))

    def settled(
        self, text: str, chunks: list[str], numbers: Array, rows: list[tuple[int, int]]
    ) -> Array:
        """Return the numbers of the tokens, those of names in the place of those of doubtful words.

        `rows` are those of the first tokens of chunks with such words, and the chunks' places.
        """
        names = ChunkedText(text, chunks, self.chunk).names([place for _, place in rows])
        if not names:
            return numbers
        numbers = numbers.copy()
        for row, place in rows:
            settled = self.chunk(chunks[place]).settled(names)
            numbers[row : row + len(settled)] = [self.number(token) for token in settled]
        return numbers

    def number(self, token: Token) -> int:
        """Return the number of the word of a token."""
        with self._lock:
            return self.table.number(token.term, token.form)

    def _read_as(self, chunk: str) -> bytes:
        tokens, doubts = self._read(chunk)
        step = self._step(written([(token.start, token.end) for token in tokens], len(chunk)))
        if doubts:
            step |= _DOUBTFUL
            if chunk.isprintable():
                with self._lock:
                    self.doubtful[chunk] = Chunk(tokens, doubts)
        if len(tokens) == 1:
            return _PAIR.pack(self.number(tokens[0]), step)
        words = [self.number(token) for token in tokens] or [_NO_WORD]
        return _PAIR.pack(words[0], step) + b"".join([_PAIR.pack(each, 0) for each in words[1:]])

    def _step(self, offsets: str) -> int:
        number = self._step_of.get(offsets)
        if number is None:
            with self._lock:
                # Twice, if two threads come at once; known only when it is there.
                self.steps.append(offsets)
                number = self._step_of[offsets] = len(self.steps) - 1
        return number

    def _step_within(self, step: int, before: int, around: int) -> int:
        """Return the number of these offsets with characters `around` them, some of them first."""
        key = step, before, around
        number = self._steps_within.get(key)
        if number is None:
            number = self._step(moved(self.steps[step], before, around - before))
            self._steps_within[key] = number
        return number
