"""Finding some tokens of a text without making all of them: what snippets need.

Every chunk is read, and what it was read as is remembered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from searchkit.analysis.capitals import Doubt
from searchkit.analysis.chunks import Chunk, ChunkedText, chunks_of
from searchkit.analysis.located import Words
from searchkit.analysis.tokens import Token

_MOST_READ = 50_000


class Wanted(NamedTuple):
    """Which tokens are looked for: those that `fits` says so of, by term and form.

    They are all tokens of `words`, and no other; None if they cannot be told so.
    """

    fits: Callable[[str, str], bool]
    words: Words | None


class Met:
    """Chunks by their text, and the texts of those that may hold a word; some from `before`."""

    def __init__(self, before: dict[str, Chunk]) -> None:
        self.before = before
        self.chunks: dict[str, Chunk] = {}
        self._by_word: dict[str, list[str]] = defaultdict(list)

    def add(self, text: str, chunk: Chunk) -> None:
        """Take in a chunk."""
        for word in {w for token in chunk.readings() for w in (token.term, token.form)}:
            self._by_word[word].append(text)
        self.chunks[text] = chunk

    def holding(self, words: Words) -> set[str]:
        """Return the texts of the chunks that may hold one of these terms or forms."""
        asked = words.terms | words.forms
        return {text for word in asked for text in self._by_word.get(word, ())}


class Chunks:
    """The chunks met: read by an analyzer when first met, forgotten when not met for long.

    They are in two generations: when there are too many of the newer, it becomes the older, from
    which another one takes what is met again.
    """

    def __init__(
        self,
        read: Callable[[str], tuple[list[Token], list[Doubt]]],
        expect: Callable[[Sequence[str]], None] = lambda _texts: None,
    ) -> None:
        """`expect` is told which chunks are about to be read."""
        self._read = read
        self._expect = expect
        self._met = Met({})

    def meet(self, texts: Iterable[str]) -> Met:
        """Return the chunks met of late, at least those of `texts`."""
        met = self._met
        if len(met.chunks) > _MOST_READ:
            # Not emptied: another thread may be at work with them.
            met.before = {}
            met = self._met = Met(met.chunks)
        new = [text for text in texts if text not in met.chunks]
        if unread := [text for text in new if text not in met.before]:
            self._expect(unread)
        for text in new:
            if text not in met.chunks:
                met.add(text, met.before.get(text) or Chunk(*self._read(text)))
        return met


class TokenFinder:
    """Finds the wanted tokens of texts; made for one query, it remembers its verdict on chunks."""

    def __init__(self, chunks: Chunks, wanted: Wanted) -> None:
        self._chunks = chunks
        self._wanted = wanted
        self._verdicts: dict[str, bool] = {}
        self._holding: set[str] = set()
        self._seen = (0, 0)

    def find(self, text: str) -> list[Token]:
        """Return the wanted ones of `analyze(text)`, in order, as they are there."""
        words = chunks_of(text)
        met = self._chunks.meet(words)
        may_match = self._may_match(words, met)
        places = [place for place, word in enumerate(words) if word in may_match]
        if not places:
            return []
        firsts = list(accumulate([len(met.chunks[word].tokens) for word in words], initial=0))
        wanted = [(place, n) for place in places for n in range(firsts[place + 1] - firsts[place])]
        fits = self._wanted.fits
        found = self._tokens(ChunkedText(text, words, met.chunks.__getitem__), wanted, firsts)
        return [token for token in found if fits(token.term, token.form)]

    def _may_match(self, words: Sequence[str], met: Met) -> set[str]:
        """Return the chunks that hold a wanted token, whatever the context makes of it."""
        if self._wanted.words is not None:
            if self._seen != (id(met), len(met.chunks)):
                self._holding = met.holding(self._wanted.words)
                self._seen = (id(met), len(met.chunks))
            return self._holding
        verdicts = self._verdicts
        for word in words:
            if word not in verdicts:
                readings = met.chunks[word].readings()
                verdicts[word] = any(self._wanted.fits(t.term, t.form) for t in readings)
        return {word for word in words if verdicts[word]}

    def _tokens(
        self, text: ChunkedText, wanted: Sequence[tuple[int, int]], firsts: Sequence[int]
    ) -> list[Token]:
        """Return tokens by the places of their chunks, ascending, and their numbers in these.

        `firsts` are by place the position of the first token.
        """
        places = [place for place, _ in wanted]
        names = text.names(places)
        found: list[Token] = []
        for place, n in wanted:
            t = text.chunk(place).settled(names)[n]
            offset = text.starts[place]
            position = firsts[place] + n
            found.append(
                Token(t.term, t.form, t.surface, t.start + offset, t.end + offset, position)
            )
        return found
