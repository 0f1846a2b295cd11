"""Queries of one to five terms and phrases, drawn from the tokens that all engines have.

The words of a query are from one article, so that it finds something; how common they are is drawn
first, by the share of articles that have a word. A phrase stands in several articles.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

SEED = 6
How = Literal["or", "and", "phrase"]

BANDS = {"rare": (0.0005, 0.005), "middling": (0.005, 0.05), "common": (0.05, 0.4)}
"""From what share of the articles (and below which) have a word, by name."""

_FEWEST = 3  # Articles that a word or a phrase must be in, however small the archive.


class TokenQuery(NamedTuple):
    """Distinct terms, how they are joined, and in how many articles each is."""

    terms: tuple[str, ...]
    how: How
    frequencies: tuple[int, ...]


class Kind(NamedTuple):
    """A kind of query: how many terms, how they are joined, from which bands (any by default)."""

    terms: int
    how: How
    bands: Sequence[str] = tuple(BANDS)


KINDS = {
    **{f"1 {band} term": Kind(1, "or", (band,)) for band in BANDS},
    "1 term": Kind(1, "or"),
    **{f"{n} terms, OR": Kind(n, "or") for n in range(2, 6)},
    "2 common terms, OR": Kind(2, "or", ("common",)),
    "5 common terms, OR": Kind(5, "or", ("common",)),
    **{f"{n} terms, AND": Kind(n, "and") for n in range(2, 6)},
    "phrase of 2": Kind(2, "phrase"),
    "phrase of 3": Kind(3, "phrase"),
}


class Corpus:
    """The tokens of an archive, and in how many articles each term is."""

    def __init__(self, articles: Iterable[Sequence[str]]) -> None:
        self.articles = list(articles)
        self._lines = [f" {' '.join(terms)} " for terms in self.articles]
        self.frequencies = Counter(term for terms in self.articles for term in set(terms))
        self._band_of: dict[str, str] = {}
        for name, (least, below) in BANDS.items():
            for term, count in self.frequencies.items():
                if count >= _FEWEST and least <= count / len(self.articles) < below:
                    self._band_of[term] = name

    def having(self, phrase: Sequence[str]) -> int:
        """Return how many articles have these terms one after another."""
        wanted = f" {' '.join(phrase)} "
        return sum(wanted in line for line in self._lines)

    def band(self, term: str) -> str | None:
        """Return the band of a term, None if it is in none."""
        return self._band_of.get(term)


def token_queries(
    corpus: Corpus, count: int, kinds: Mapping[str, Kind] = KINDS
) -> dict[str, list[TokenQuery]]:
    """Return `count` different queries of each kind.

    Raises ValueError when an archive is too small for them.
    """
    chance = random.Random(SEED)
    drawn = {}
    for name, kind in kinds.items():
        found = _distinct(partial(_draw, chance, corpus, kind), count)
        if len(found) < count:
            raise ValueError(f"the archive is too small for {count} queries of the kind: {name}")
        drawn[name] = [
            TokenQuery(terms, kind.how, tuple(corpus.frequencies[term] for term in terms))
            for terms in found
        ]
    return drawn


def _distinct(draw: Callable[[], tuple[str, ...]], count: int) -> list[tuple[str, ...]]:
    found: dict[tuple[str, ...], None] = {}
    for _ in range(50 * count):
        if terms := draw():
            found[terms] = None
        if len(found) == count:
            break
    return list(found)


def _draw(chance: random.Random, corpus: Corpus, kind: Kind) -> tuple[str, ...]:
    """Return the terms of a query from an article drawn at random, () if it has none."""
    article = chance.choice(corpus.articles)
    if kind.how == "phrase":
        return _neighbours(chance, corpus, kind, article)
    by_band: dict[str | None, list[str]] = {}
    for term in dict.fromkeys(article):
        by_band.setdefault(corpus.band(term), []).append(term)
    wanted = Counter(chance.choice(kind.bands) for _ in range(kind.terms))
    terms: list[str] = []
    for band, number in sorted(wanted.items()):
        if len(there := by_band.get(band, [])) < number:
            return ()
        terms += chance.sample(there, number)
    chance.shuffle(terms)
    return tuple(terms)


def _neighbours(
    chance: random.Random, corpus: Corpus, kind: Kind, article: Sequence[str]
) -> tuple[str, ...]:
    places = list(_phrases(corpus, kind, article))
    phrase = chance.choice(places) if places else ()
    return phrase if phrase and corpus.having(phrase) >= _FEWEST else ()


def _phrases(corpus: Corpus, kind: Kind, article: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(article) - kind.terms + 1):
        terms = tuple(article[start : start + kind.terms])
        if len(set(terms)) == kind.terms and all(corpus.band(term) in kind.bands for term in terms):
            yield terms
