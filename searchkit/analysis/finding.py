"""Finding some tokens of a text without making all of them: what snippets need.

A raw token holds no blank, so the tokens of a text are those of its chunks, the runs between
blanks. What a chunk is read as is remembered: finding a query's words in a text is then a look-up
for each chunk, and tokens are made only where one is wanted.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from searchkit.analysis.capitals import Doubt, as_name, inside_sentence, tells_case
from searchkit.analysis.tokens import LONGEST_TERM, Token

_MEMO_SIZE = 100_000
_CHUNK = re.compile(r"\S+")


class Wanted(NamedTuple):
    """Which tokens are looked for: those that `fits` says so of, by term and form.

    `words` are the terms and forms that may fit; None if others may.
    """

    fits: Callable[[str, str], bool]
    words: frozenset[str] | None


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


class Chunks:
    """The chunks met: read by an analyzer when first met, forgotten when there are too many."""

    def __init__(self, read: Callable[[str], tuple[list[Token], list[Doubt]]]) -> None:
        self._read = read
        self._chunks: dict[str, Chunk] = {}
        self._by_word: dict[str, list[str]] = defaultdict(list)

    def meet(self, texts: Iterable[str]) -> dict[str, Chunk]:
        """Return chunks by their text, at least those of `texts`."""
        if len(self._chunks) > _MEMO_SIZE:
            # Not emptied: another thread may be at work with them.
            self._chunks, self._by_word = {}, defaultdict(list)
        chunks = self._chunks
        for text in [text for text in texts if text not in chunks]:
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
        return self._tokens(_Text(text, [chunks[word] for word in words]), places)

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

    def _tokens(self, text: "_Text", places: Sequence[int]) -> list[Token]:
        names = text.names(places)
        fits = self._wanted.fits
        found: list[Token] = []
        for place in places:
            chunk = text.chunks[place]
            tokens = list(chunk.tokens)
            for doubt in chunk.doubts:
                if doubt.name in names:
                    tokens[doubt.place] = as_name(tokens, doubt)
            start, position = text.starts[place], text.positions[place]
            found += [
                Token(t.term, t.form, t.surface, t.start + start, t.end + start, n + position)
                for n, t in enumerate(tokens)
                if fits(t.term, t.form)
            ]
        return found


class _Text:
    """A text with its chunks, and where each begins: its first character, its first token."""

    def __init__(self, text: str, chunks: Sequence[Chunk]) -> None:
        self.text = text
        self.chunks = chunks
        self.starts = _starts(text)
        self.positions = list(accumulate([len(chunk[0]) for chunk in chunks], initial=0))

    def names(self, places: Sequence[int]) -> set[str]:
        """Return the doubtful words of the chunks at `places` that the text makes names of."""
        doubts = [(place, doubt) for place in places for doubt in self.chunks[place].doubts]
        if not doubts or not tells_case(self.text):
            return set()
        return {
            doubt.name
            for place, doubt in doubts
            if doubt.name.isupper() or inside_sentence(self._gap(place, doubt.place))
        }

    def _gap(self, place: int, number: int) -> str:
        """Return what stands between a token and the one before it; "" before the first."""
        tokens = self.chunks[place].tokens
        end = self.starts[place] + tokens[number].start
        while not number:
            place -= 1
            if place < 0:
                return ""
            tokens = self.chunks[place].tokens
            number = len(tokens)
        return self.text[self.starts[place] + tokens[number - 1].end : end]


def _starts(text: str) -> list[int]:
    """Return where the chunks of `text` begin."""
    starts: list[int] = []
    offset = 0
    for line in text.split("\n"):
        lengths = [len(word) for word in line.split()]
        if sum(lengths) + len(lengths) - 1 == len(line):
            # One blank after each: so are most lines, and it is faster not to look for them.
            starts += accumulate((length + 1 for length in lengths[:-1]), initial=offset)
        else:
            starts += [offset + match.start() for match in _CHUNK.finditer(line)]
        offset += len(line) + 1
    return starts
