"""Finding some tokens of a text without making all of them: what snippets need.

A raw token holds no blank, so the tokens of a text are those of its chunks, the runs between
blanks. What a chunk is read as is remembered: finding a query's words in a text is then a look-up
for each chunk, and tokens are made only where one is wanted.
"""

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from searchkit.analysis.capitals import Doubt, as_name, inside_sentence, tells_case
from searchkit.analysis.tokens import LONGEST_TERM, Token

Wanted = Callable[[str, str], bool]
"""Says of a token's term and form whether it is wanted."""

_MEMO_SIZE = 50_000
_CHUNK = re.compile(r"\S+")


class Chunk(NamedTuple):
    """A chunk read by itself: its tokens, with places in the chunk, and which may be names."""

    size: int
    tokens: Sequence[Token]
    doubts: Sequence[Doubt]


class Chunks(dict[str, Chunk]):
    """The chunks met, read by an analyzer when first asked for; forgotten when too many."""

    def __init__(self, read: Callable[[str], tuple[list[Token], list[Doubt]]]) -> None:
        self._read = read

    def __missing__(self, text: str) -> Chunk:
        tokens, doubts = self._read(text)
        if len(self) >= _MEMO_SIZE:
            self.clear()
        chunk = self[text] = Chunk(len(tokens), tokens, doubts)
        return chunk


class TokenFinder:
    """Finds the wanted tokens of texts; made for one query, it remembers its verdict on chunks."""

    def __init__(self, chunks: Chunks, wanted: Wanted) -> None:
        self._chunks = chunks
        self._wanted = wanted
        self._verdicts: dict[str, bool] = {}

    def find(self, text: str) -> list[Token]:
        """Return the wanted ones of `analyze(text)`, in order, as they are there."""
        chunks = text.split()
        may_match = self._may_match(chunks)
        places = [place for place, chunk in enumerate(chunks) if chunk in may_match]
        if not places:
            return []
        return self._tokens(_Text(text, [self._chunks[chunk] for chunk in chunks]), places)

    def _may_match(self, chunks: Sequence[str]) -> set[str]:
        """Return those of `chunks` that hold a wanted token, whatever the context makes of it."""
        verdicts = self._verdicts
        distinct = set(chunks)
        for chunk in distinct - verdicts.keys():
            verdicts[chunk] = self._verdict(self._chunks[chunk])
        return {chunk for chunk in distinct if verdicts[chunk]}

    def _verdict(self, chunk: Chunk) -> bool:
        # Names cut to the same length may be of different words: each is looked at.
        return any(self._wanted(token.term, token.form) for token in chunk.tokens) or any(
            len(doubt.name) == LONGEST_TERM or self._wanted(*as_name(chunk.tokens, doubt)[:2])
            for doubt in chunk.doubts
        )

    def _tokens(self, text: "_Text", places: Sequence[int]) -> list[Token]:
        names = text.names(places)
        found: list[Token] = []
        for place in places:
            tokens = list(text.chunks[place].tokens)
            for doubt in text.chunks[place].doubts:
                if doubt.name in names:
                    tokens[doubt.place] = as_name(tokens, doubt)
            start, position = text.starts[place], text.positions[place]
            found += [
                Token(t.term, t.form, t.surface, t.start + start, t.end + start, n + position)
                for n, t in enumerate(tokens)
                if self._wanted(t.term, t.form)
            ]
        return found


class _Text:
    """A text with its chunks, and where each begins: its first character, its first token."""

    def __init__(self, text: str, chunks: Sequence[Chunk]) -> None:
        self.text = text
        self.chunks = chunks
        self.starts = [match.start() for match in _CHUNK.finditer(text)]
        self.positions = list(accumulate((chunk.size for chunk in chunks), initial=0))

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
