"""Other ways to say something: looked up in the lists and in what an index has learned."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice, pairwise
from typing import NamedTuple

from searchkit.analysis import Analyzer, stop_words
from searchkit.analysis.definitions import Definition, from_keyword
from searchkit.analysis.normalization import fold
from searchkit.analysis.precomputed import synonym_stems, telling_stems
from searchkit.analysis.vocabulary import Abbreviation, Vocabulary, capitals_only
from searchkit.cached import cached_property
from searchkit.query.keys import key_of, keys_of, opening_of, together
from searchkit.query.tree import Term
from searchkit.shipped import shipped_lines

ABBREVIATION, LEARNED, SYNONYM = "abbreviation", "learned", "synonym"

WEIGHTS = {ABBREVIATION: 0.95, LEARNED: 0.8, SYNONYM: 0.4}
"""What an occurrence counts beside a typed one; measured, see docs/abbreviations.md."""

RARER_MEANING = 0.3
"""The weight of what a short form seldom means."""

DOMINANT = 0.5
"""More than this share of the documents that define a short form must agree on it."""

WAYS = "ways.tsv"
"""The ways of the shipped abbreviations, see `build_precomputed`."""

_LEAST_DOCUMENTS = 2
_SHORTEST_RARE = 3
_MOST_VALUES = 5000

KeywordValues = Callable[[Sequence[str]], Iterable[tuple[str, int]]]
"""Gives (value, documents) of the learned definitions that begin with any of some prefixes."""


class Way(NamedTuple):
    """Another way to say something: its spelling, the list it comes from, what it is worth.

    `short` tells that it is a short form; `capitals` is the short form, this one or the one it is
    said for, when that counts only in capitals, else "".
    """

    text: str
    rule: str
    weight: float
    short: bool = False
    capitals: str = ""


class Thesaurus:
    """The lists of a vocabulary, as tables to look up in; each is built when first needed."""

    def __init__(self, vocabulary: Vocabulary, analyzer: Analyzer) -> None:
        self._vocabulary = vocabulary
        self._analyzer = analyzer

    @cached_property
    def abbreviations(self) -> Mapping[str, list[Way]]:
        """Ways by the `keys_of` short and long forms, the usual meaning first."""
        entries = self._vocabulary.abbreviations
        return shipped_ways() if entries is None else ways_of(entries)

    @cached_property
    def synonyms(self) -> dict[str, list[Way]]:
        """Ways by the stems of telling words, joined by blanks."""
        table: dict[str, list[Way]] = {}
        known = synonym_stems(self._analyzer.fingerprint)
        for group in self._vocabulary.synonyms:
            stems = {
                member: known[member] if member in known else telling_stems(self._analyzer, member)
                for member in group
            }
            for key in stems.values():
                ways = table.setdefault(key, [])
                ways += [Way(o, SYNONYM, WEIGHTS[SYNONYM]) for o in group if stems[o] != key]
        return table

    @cached_property
    def openings(self) -> frozenset[str]:
        """The first two words of every key that has more."""
        return frozenset(map(opening_of, chain(self.abbreviations, self.synonyms)))

    def is_settled(self, short: str) -> bool:
        """Return whether the user's list has the last word on a short form."""
        return fold(short) in self._vocabulary.settled


class Learned:
    """The definitions that an index has learned, see `searchkit.analysis.definitions`.

    `load` asks the index for all that may concern a run of words, at once.
    """

    def __init__(self, values: KeywordValues, thesaurus: Thesaurus) -> None:
        self._values = values
        self._thesaurus = thesaurus
        self._loaded: set[str] = set()
        self._documents: dict[str, dict[Definition, int]] = {}
        self.openings: set[str] = set()

    def load(self, words: Sequence[str]) -> None:
        """Get the definitions whose key is one of `words`, or begins with two of them in a row."""
        prefixes: set[str] = set()
        # A page may have written as one word what a query has as two.
        for each in {tuple(words), tuple(together(words))}:
            prefixes |= {f"{word}\t" for word in each}
            prefixes |= {f"{word} {after}" for word, after in pairwise(each)}
        if prefixes <= self._loaded:
            return
        for value, documents in islice(self._values(sorted(prefixes - self._loaded)), _MOST_VALUES):
            if found := from_keyword(value):
                self._add(*found, documents)
        self._loaded |= prefixes

    def _add(self, kept: str, definition: Definition, documents: int) -> None:
        """Take in a definition that the index keeps under `kept`."""
        if self._thesaurus.is_settled(definition.short):
            return
        keys = {key_of(kept)}
        if keys != {key_of(definition.short)}:
            keys.update(keys_of(definition.long))
        for key in keys:
            self._documents.setdefault(key, {})[definition] = documents
            self.openings.add(opening_of(key))

    @property
    def keys(self) -> Sequence[str]:
        """The keys of what has been loaded."""
        return tuple(self._documents)

    def ways(self, key: str) -> Iterator[Way]:
        """Yield the ways for one of `keys_of` a short or a long form.

        A way must stand in two documents or more, and in most of those that define the short form.
        For what no list knows, one document is enough if none says otherwise.
        """
        known = self._thesaurus.abbreviations
        spellings: dict[tuple[str, str], Counter[Definition]] = {}
        for definition, documents in self._documents.get(key, {}).items():
            keys = key_of(definition.short), keys_of(definition.long)[-1]
            spellings.setdefault(keys, Counter())[definition] += documents
        for (short_key, _), counts in spellings.items():
            documents = counts.total()
            if documents <= DOMINANT * self._defining(short_key):
                continue
            rare_enough = short_key not in known and len(short_key) >= _SHORTEST_RARE
            if documents >= _LEAST_DOCUMENTS or rare_enough:
                short, long = min(counts, key=lambda found: (-counts[found], found))
                is_long = short_key != key
                # What the lists know a short form for, it means more often than this.
                weight = RARER_MEANING if is_long and short_key in known else WEIGHTS[LEARNED]
                capitals = short if short in capitals_only() else ""
                yield Way(short if is_long else long, LEARNED, weight, is_long, capitals)

    def _defining(self, short_key: str) -> int:
        """Return how many documents define a short form, as whatever."""
        self.load([short_key])
        found = self._documents.get(short_key, {}).items()
        return sum(documents for each, documents in found if key_of(each.short) == short_key)


class ShippedWays(Mapping[str, list[Way]]):
    """The ways of the shipped abbreviations, worked out ahead; a query reads those it asks for.

    `lines` are those of `data/ways.tsv`, ascending: a key and a way of it each.
    """

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def __getitem__(self, key: str) -> list[Way]:
        start = f"{key}\t"
        first = end = bisect_left(self._lines, start)
        while end < len(self._lines) and self._lines[end].startswith(start):
            end += 1
        if first == end:
            raise KeyError(key)
        return [_read_way(line) for line in self._lines[first:end]]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(line[: line.find("\t")] for line in self._lines))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def shipped_ways() -> ShippedWays:
    """Return the ways of the shipped abbreviations: as `ways_of` them."""
    return ShippedWays(shipped_lines("searchkit.query", f"data/{WAYS}"))


def written_way(key: str, number: int, way: Way) -> str:
    """Return a way as a line of `data/ways.tsv`; `number` is its place among those of the key."""
    rarer = "rarer" * (way.weight == RARER_MEANING)
    return "\t".join((key, f"{number:02}", way.text, rarer, "short" * way.short, way.capitals))


def _read_way(line: str) -> Way:
    _, _, text, rarer, short, capitals = line.split("\t")
    weight = RARER_MEANING if rarer else WEIGHTS[ABBREVIATION]
    return Way(text, ABBREVIATION, weight, bool(short), capitals)


def ways_of(abbreviations: Sequence[Abbreviation]) -> dict[str, list[Way]]:
    """Return the ways of abbreviations by key, see `Thesaurus.abbreviations`."""
    abbreviations = [*abbreviations, *_as_one_word(abbreviations)]
    table: dict[str, list[Way]] = {}
    by_long: dict[str, dict[Abbreviation, None]] = {}
    long_keys: dict[str, dict[str, None]] = {}
    shorts = {entry.short: key_of(entry.short) for entry in abbreviations}
    for entry in abbreviations:
        for long in entry.long:
            table.setdefault(shorts[entry.short], []).append(_way(entry, long))
            keys = keys_of(long)
            by_long.setdefault(keys[-1], {})[entry] = None
            long_keys.setdefault(keys[-1], {}).update(dict.fromkeys(keys))
    for shortest, entries in by_long.items():
        for key in long_keys[shortest]:
            table.setdefault(key, []).extend(_way(entry) for entry in entries)
        if len(entries) == 1:
            continue
        # PDIP and PDI-P: short forms of the same.
        usual = [entry for entry in entries if not (entry.rarer or entry.capitals_only)]
        for entry in usual:
            table[shorts[entry.short]] += [_way(other) for other in usual if other != entry]
    return table


def _as_one_word(abbreviations: Sequence[Abbreviation]) -> Iterator[Abbreviation]:
    """Yield those of several words as papers also write them: KemenPUPR, Menkopolhukam."""
    known = {fold(entry.short) for entry in abbreviations}
    for entry in abbreviations:
        short = "".join(filter(str.isalnum, entry.short))
        if fold(short) not in known:
            yield entry._replace(short=short)


def _way(entry: Abbreviation, long: str = "") -> Way:
    """Return the long form of an entry as a way; without one, its short form."""
    weight = RARER_MEANING if entry.rarer else WEIGHTS[ABBREVIATION]
    capitals = entry.short if entry.capitals_only else ""
    return Way(long or entry.short, ABBREVIATION, weight, not long, capitals)


def stems_of(terms: Sequence[Term]) -> str:
    """Return the stems of the telling words of `terms`, joined by blanks."""
    return " ".join(term.term for term in terms if is_telling(term))


def is_telling(term: Term) -> bool:
    """Return whether a word is no stop word."""
    return term.form not in stop_words()
