"""Articles made up from syllables, as many as wanted, for measuring how cost grows.

    python -m benchmarks.speed.generated 250000 > articles.jsonl

They are not copies of one another: every article is drawn anew, and new words keep arriving.

- Frequencies follow the law of Zipf and Mandelbrot, p(rank) ~ (rank + Q) ** -(1 + S), without a
  last rank: so the number of different words grows by Heaps' law, as tokens ** (1 / (1 + S)). Q and
  S are chosen to be near Indonesian news: 7 million tokens have some 150,000 different words.
- An article has a topic. Topics prefer a share of the words of every frequency, so that words occur
  together; they have names that nobody had heard of, come up, and are forgotten.
- Words are often followed by the same other word, and that by a third, so that there are phrases.
- Spellings are roots of Indonesian syllables, a fourth of them with affixes. The most frequent are
  function words as they are in Indonesian.

All follows from the seed and the version of NumPy; the first articles do not depend on how many are
made.

Sources: B. Mandelbrot, "An Informational Theory of the Statistical Structure of Language", in
Communication Theory, 1953; H. S. Heaps, "Information Retrieval: Computational and Theoretical
Aspects", 1978, section 7.5.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.int64]]

S, Q = 0.5, 20
"""The exponent of Zipf and Mandelbrot less one, and the shift of ranks."""

CHUNK = 500
"""Articles drawn at a time; how long a topic stays the newest."""

_MEAN_LENGTH = 230
_RAREST = 1e-8  # The chance that a word is of the last rank there can be, below `_NAMES`.
_NAMES = 2**60  # Numbers from here on are names of topics.
_NAMES_EACH = 12
_SHARE = 16  # A topic uses one in so many words of a frequency.
_GENERAL = 64  # The most frequent words belong to no topic.
_START = datetime(2015, 1, 1, 7, tzinfo=timezone(timedelta(hours=7)))
_APART = timedelta(minutes=11)

_FUNCTION_WORDS = """
    yang di dan itu dengan untuk dari pada dalam ini tidak akan ke juga oleh tersebut kata sebagai
    adalah bisa saat ada mereka telah para karena lebih sudah menjadi kami atau dia bahwa setelah
    hingga lalu namun masih kepada secara belum hanya tak bagi seperti pun harus kita antara serta
    ketika agar sejak sementara jika maka selama terhadap tetapi
"""
_MOST_FREQUENT = tuple(_FUNCTION_WORDS.split())
_ONSETS = (*"bcdghjklmnprstw", "ng", "ny")
_SYLLABLES = tuple(onset + vowel for onset in _ONSETS for vowel in "aiueo")
_CLOSINGS = ("", "n", "k", "ng", "r", "s", "t", "h", "l", "m")
_AFFIXES = (
    ("di", ""), ("ber", ""), ("ter", ""), ("ke", "an"), ("", "nya"), ("", "an"), ("di", "kan"),
    ("me", "i"), ("per", "an"), ("se", ""), ("ter", "kan"), ("ber", "an"),
)  # fmt: skip
_SECTIONS = ("nasional", "ekonomi", "olahraga", "internasional", "teknologi", "hiburan", "hukum")
_SOURCES = ("warta", "kabar", "harian", "suara", "lensa", "berita", "pos", "nusa", "fakta", "kilas")


class GeneratedArticle(NamedTuple):
    """An article: `number` from 0, paragraphs separated by line breaks in `body`."""

    number: int
    title: str
    body: str
    date: datetime
    source: str
    category: str

    def record(self) -> dict[str, str]:
        """Return it as a record of a JSONL archive."""
        return {
            "id": f"g{self.number}",
            "title": self.title,
            "body": self.body,
            "date": self.date.isoformat(),
            "source": self.source,
            "category": self.category,
        }


def articles(count: int, seed: int = 1) -> Iterator[GeneratedArticle]:
    """Yield `count` articles, in the order of their dates."""
    spelling = Spelling()
    for first in range(0, count, CHUNK):
        drawn = draw_chunk(first // CHUNK, seed)
        for place in range(min(CHUNK, count - first)):
            yield _article(first + place, drawn, place, spelling)


class Drawn(NamedTuple):
    """The words of CHUNK articles by number, one article after another, each `lengths` long.

    A word's number is its rank, but for the names of topics.
    """

    lengths: Numbers
    topics: Numbers
    words: Numbers


def draw_chunk(number: int, seed: int) -> Drawn:
    """Return the articles of a chunk, numbered from 0."""
    chance = np.random.default_rng((seed, number))
    spread = chance.lognormal(-0.18, 0.6, CHUNK)
    lengths = np.clip(spread * _MEAN_LENGTH, 20, 2500).astype(np.int64)
    # The newest topic and those before it, ever less often; a fifth are of all times.
    age = np.where(
        chance.random(CHUNK) < 0.2, number * chance.random(CHUNK), chance.exponential(6.0, CHUNK)
    )
    topics = 40 + number - np.minimum(age.astype(np.int64), number + 40)
    ranks = _ranks(chance.random(int(lengths.sum())))
    by_word = np.repeat(topics, lengths)
    topical = (chance.random(len(ranks)) < 0.5) & (ranks >= _GENERAL)
    words = np.where(topical, _of_topic(ranks, by_word), ranks)
    followed = np.flatnonzero((words[:-2] >= _GENERAL) & (chance.random(len(words) - 2) < 0.12))
    words[followed + 1] = _follower(words[followed])
    again = followed[chance.random(len(followed)) < 0.5] + 1
    words[again + 1] = _follower(words[again])
    named = np.flatnonzero(chance.random(len(words)) < 0.02)
    name = (_NAMES_EACH * chance.random(len(named)) ** 2).astype(np.int64)
    words[named] = _NAMES + by_word[named] * _NAMES_EACH + name
    return Drawn(lengths, topics, words)


def _ranks(chances: np.ndarray[Any, np.dtype[np.float64]]) -> Numbers:
    """Return ranks from 0 by the law of Zipf and Mandelbrot: the inverse of its distribution."""
    ranks: Numbers = (Q * (np.maximum(chances, _RAREST) ** (-1 / S) - 1)).astype(np.int64)
    return ranks


def _mixed(values: Numbers) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return numbers that look random, the same ones for the same values (splitmix64)."""
    mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _fraction(values: Numbers) -> np.ndarray[Any, np.dtype[np.float64]]:
    return (_mixed(values) >> np.uint64(11)) / float(2**53)


def _of_topic(ranks: Numbers, topics: Numbers) -> Numbers:
    """Return words of about the same frequency, of those that the topic prefers."""
    octave = np.log2(np.maximum(ranks, 1)).astype(np.int64)
    size = np.int64(1) << octave
    member = ranks % np.maximum(size // _SHARE, 1)
    key = _mixed(topics * 64 + octave) + member.astype(np.uint64)
    return size + (_mixed(key.astype(np.int64)) % size.astype(np.uint64)).astype(np.int64)


def _follower(words: Numbers) -> Numbers:
    """Return the word that usually follows each."""
    return _ranks(_fraction(words)) + _GENERAL


class Spelling:
    """How words are spelled, by their numbers: nearly always each in its own way."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def of(self, words: Numbers) -> list[str]:
        """Return the spellings of words; names begin with a capital."""
        known = self._known
        for word in np.unique(words).tolist():
            if word not in known:
                known[word] = _spelled(word)
        return [known[word] for word in words.tolist()]


def _spelled(word: int) -> str:
    if word < len(_MOST_FREQUENT):
        return _MOST_FREQUENT[word]
    if word >= _NAMES:
        return _root(word - _NAMES, 1).capitalize()
    if word % 4 == 3:
        before, after = _AFFIXES[(word // 4) % len(_AFFIXES)]
        return before + _root(word // 4, 0) + after
    return _root(word - word // 4, 0)


def _root(number: int, kind: int) -> str:
    """Return the root of that number: roots of two syllables first, then longer ones."""
    syllables, size = 2, len(_SYLLABLES) ** 2 * len(_CLOSINGS)
    while number >= size:
        number -= size
        syllables += 1
        size *= len(_SYLLABLES)
    # Neighbours are not to look alike: a step that has no factor in common with any size.
    number = (number * 7_368_787 + kind * 1_299_709) % size
    number, closing = divmod(number, len(_CLOSINGS))
    parts = []
    for _ in range(syllables):
        number, syllable = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[syllable])
    return "".join(parts) + _CLOSINGS[closing]


def _article(number: int, drawn: Drawn, place: int, spelling: Spelling) -> GeneratedArticle:
    lengths, topics, words = drawn
    start = int(lengths[:place].sum())
    own = words[start : start + lengths[place]]
    topic = int(topics[place])
    telling = own[own >= _GENERAL]
    title = spelling.of(telling[: 5 + number % 4])
    return GeneratedArticle(
        number=number,
        title=" ".join(word.capitalize() for word in title),
        body="\n".join(_paragraphs(spelling.of(own), number)),
        date=_START + number * _APART,
        source=_SOURCES[(number * number + topic) % len(_SOURCES)],
        category=_SECTIONS[topic % len(_SECTIONS)],
    )


def _paragraphs(words: Sequence[str], number: int) -> Iterator[str]:
    """Yield sentences of 9 to 21 words, two or three to a paragraph."""
    sentences: list[str] = []
    place = 0
    while place < len(words):
        length = 9 + (number + 5 * place) % 13
        sentence = " ".join(words[place : place + length])
        sentences.append(f"{sentence[0].upper()}{sentence[1:]}.")
        place += length
        if len(sentences) == 2 + place % 2:
            yield " ".join(sentences)
            sentences = []
    if sentences:
        yield " ".join(sentences)


def write_articles(path: Path, count: int) -> None:
    """Write `count` articles as JSONL."""
    with path.open("w", encoding="utf-8") as lines:
        write_to(lines, count)


def write_to(lines: TextIO, count: int) -> None:
    """Write `count` articles as JSONL to an open file."""
    for article in articles(count):
        lines.write(json.dumps(article.record(), ensure_ascii=False) + "\n")


def main() -> None:
    """Write as many articles as the command line asks for."""
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit("usage: python -m benchmarks.speed.generated NUMBER > FILE")
    write_to(sys.stdout, int(sys.argv[1]))


if __name__ == "__main__":
    main()
