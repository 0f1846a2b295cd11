"""Finding some tokens of a text without making all of them: what snippets need.

What chunks are read as is remembered: finding a query's words in a text is then a look-up for each
chunk, and tokens are made only where one is wanted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from searchkit.analysis.capitals import Doubt
from searchkit.analysis.chunks import Chunk, ChunkedText
from searchkit.analysis.tokens import Token

_MEMO_SIZE = 100_000


class Wanted(NamedTuple):
    """Which tokens are looked for: those that `fits` says so of, by term and form.

    `words` are the terms and forms that may fit; None if others may.
    """

    fits: Callable[[str, str], bool]
    words: frozenset[str] | None


class Chunks:
    """The chunks met: read by an analyzer when first met, forgotten when there are too many."""

    def __init__(
        self,
        read: Callable[[str], tuple[list[Token], list[Doubt]]],
        expect: Callable[[Sequence[str]], None] = lambda _texts: None,
    ) -> None:
        """`expect` is told which chunks are about to be read."""
        self._read = read
        self._expect = expect
        self._chunks: dict[str, Chunk] = {}
        self._by_word: dict[str, list[str]] = defaultdict(list)

    def meet(self, texts: Iterable[str]) -> dict[str, Chunk]:
        """Return chunks by their text, at least those of `texts`."""
        if len(self._chunks) > _MEMO_SIZE:
            # Not emptied: another thread may be at work with them.
            self._chunks, self._by_word = {}, defaultdict(list)
        chunks = self._chunks
        new = [text for text in texts if text not in chunks]
        if new:
            self._expect(new)
        for text in new:
            if text in chunks:
                continue
            chunk = Chunk(*self._read(text))
            for word in {w for token in chunk.readings() for w in (token.term, token.form)}:
                self._by_word[word].append(text)
            chunks[text] = chunk
        return chunks

    def holding(self, words: Iterable[str]) -> set[str]:
        """Return the texts of the chunks met that may hold one of these terms or forms."""
        return {text for word in words for text in self._by_word.get(word, ())}


class TokenFinder:
    """Finds the wanted tokens of texts; made for one query, it remembers its verdict on chunks."""

    def __init__(self, chunks: Chunks, wanted: Wanted) -> None:
        self._chunks = chunks
        self._wanted = wanted
        self._verdicts: dict[str, bool] = {}
        self._holding: set[str] = set()
        self._met = (0, 0)

    def find(self, text: str) -> list[Token]:
        """Return the wanted ones of `analyze(text)`, in order, as they are there."""
        words = text.split()
        chunks = self._chunks.meet(words)
        may_match = self._may_match(words, chunks)
        places = [place for place, word in enumerate(words) if word in may_match]
        if not places:
            return []
        chunked = ChunkedText(text, words, chunks.__getitem__)
        return self._tokens(chunked, [chunks[word] for word in words], places)

    def _may_match(self, words: Sequence[str], chunks: dict[str, Chunk]) -> set[str]:
        """Return the chunks that hold a wanted token, whatever the context makes of it."""
        if self._wanted.words is not None:
            if self._met != (id(chunks), len(chunks)):
                self._holding = self._chunks.holding(self._wanted.words)
                self._met = (id(chunks), len(chunks))
            return self._holding
        verdicts = self._verdicts
        for word in words:
            if word not in verdicts:
                readings = chunks[word].readings()
                verdicts[word] = any(self._wanted.fits(t.term, t.form) for t in readings)
        return {word for word in words if verdicts[word]}

    def _tokens(
        self, text: ChunkedText, chunks: Sequence[Chunk], places: Sequence[int]
    ) -> list[Token]:
        names, starts = text.names(places), text.starts
        positions = list(accumulate([len(chunk.tokens) for chunk in chunks], initial=0))
        fits = self._wanted.fits
        found: list[Token] = []
        for place in places:
            start, position = starts[place], positions[place]
            found += [
                Token(t.term, t.form, t.surface, t.start + start, t.end + start, n + position)
                for n, t in enumerate(chunks[place].settled(names))
                if fits(t.term, t.form)
            ]
        return found
