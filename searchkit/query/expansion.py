"""Query expansion: abbreviations, learned definitions and synonyms beside what was typed.

What is typed stays as it is and stays first; other ways to say it become members of the same
`Synonyms` leaf, so that the number of things asked for does not change. Of a run of words that is
not a phrase (`korea utara`), each word gets the alternatives as members: a page that says Korut
holds both words, and a page that holds both words apart still matches.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby, islice, product
from typing import NamedTuple

from searchkit.analysis import Analyzer, stop_words
from searchkit.analysis.definitions import from_keyword, lookup_key
from searchkit.analysis.normalization import fold
from searchkit.analysis.vocabulary import Abbreviation, Vocabulary
from searchkit.query.tree import AllOf, AnyOf, Node, Phrase, Synonym, Synonyms, Term

ABBREVIATION, LEARNED, SYNONYM, TYPED = "abbreviation", "learned", "synonym", "typed"

EXPANSIONS = (ABBREVIATION, SYNONYM)
"""What can be switched on and off; `abbreviation` is the lists and what the index has learned."""

WEIGHTS = {ABBREVIATION: 0.95, LEARNED: 0.8, SYNONYM: 0.4}
RARER_MEANING = 0.3
"""The weight of a long form that is not the most frequent one of its short form."""

MOST_VARIANTS = 16
"""The variants of a phrase."""

LONGEST_RUN = 8
"""Words of a query, stop words not counted, that are looked up together."""

DOMINANT = 0.5
"""The share of the documents defining a short form that must agree for it to be learned."""

_SHORTEST_RARE = 3
_MOST_VALUES = 1000

_WORDS = re.compile(r"[\s,/()]+")

KeywordValues = Callable[[str], Iterable[tuple[str, int]]]
"""Gives (value, documents) of the learned definitions that begin with a prefix."""


class _Way(NamedTuple):
    """Another way to say something, before it is analysed: its spelling, rule and weight.

    `short` tells that it is a short form; `capitals` that it or what it is said for must be written
    in capitals: "" if not, else that spelling.
    """

    text: str
    rule: str
    weight: float
    short: bool = False
    capitals: str = ""


class _Run(NamedTuple):
    """The terms from `start` up to `end` of a query, with the other ways to say them."""

    start: int
    end: int
    ways: tuple[Synonym, ...]


class Thesaurus:
    """The lists of a vocabulary, as tables to look up in; each is built when first needed."""

    def __init__(self, vocabulary: Vocabulary, analyzer: Analyzer) -> None:
        self._vocabulary = vocabulary
        self._analyzer = analyzer

    @cached_property
    def abbreviations(self) -> dict[str, list[_Way]]:
        """Ways by `lookup_key`, of short and of long forms, the best first."""
        table: dict[str, list[_Way]] = {}
        by_long: dict[str, list[Abbreviation]] = {}
        for entry in self._vocabulary.abbreviations:
            key = _key(entry.short)
            weight = RARER_MEANING if entry.rarer else WEIGHTS[ABBREVIATION]
            capitals = entry.short if entry.capitals_only else ""
            for long in entry.long:
                way = _Way(long, ABBREVIATION, weight, capitals=capitals)
                table.setdefault(key, []).append(way)
                by_long.setdefault(_key(long), []).append(entry)
        for key, entries in by_long.items():
            for entry in entries:
                weight = RARER_MEANING if entry.rarer else WEIGHTS[ABBREVIATION]
                capitals = entry.short if entry.capitals_only else ""
                way = _Way(entry.short, ABBREVIATION, weight, short=True, capitals=capitals)
                table.setdefault(key, []).append(way)
                # Menkominfo and Menkomdigi, PDIP and PDI-P: short forms of the same.
                siblings = [other for other in entries if other is not entry and not other.rarer]
                if not entry.rarer:
                    table[_key(entry.short)] += [
                        _Way(other.short, ABBREVIATION, WEIGHTS[ABBREVIATION], short=True)
                        for other in siblings
                        if not other.capitals_only
                    ]
        return table

    @cached_property
    def synonyms(self) -> dict[str, list[_Way]]:
        """Ways by the stems of content words, joined by blanks."""
        table: dict[str, list[_Way]] = {}
        for group in self._vocabulary.synonyms:
            stems = {member: _stems(self._terms(member)) for member in group}
            for key in stems.values():
                ways = table.setdefault(key, [])
                ways += [_Way(o, SYNONYM, WEIGHTS[SYNONYM]) for o in group if stems[o] != key]
        return table

    def _terms(self, text: str) -> tuple[Term, ...]:
        return tuple(Term(token.term, token.form) for token in self._analyzer.analyze(text))


class Expander:
    """Expands the queries of one index.

    `learned` asks the index for the definitions that begin with a prefix, see
    `searchkit.engines.base.Engine.keyword_values`; `rules` are those of EXPANSIONS in force.
    """

    def __init__(
        self,
        thesaurus: Thesaurus,
        analyzer: Analyzer,
        learned: KeywordValues = lambda _prefix: (),
        rules: Sequence[str] = EXPANSIONS,
    ) -> None:
        self._thesaurus = thesaurus
        self._analyzer = analyzer
        self._learned = Learned(learned)
        self._rules = rules

    def expand(self, node: Node) -> Node:
        """Return `node` with the other ways to say its terms and phrases beside them.

        Terms that follow one another in an AllOf or AnyOf are taken for words typed one after
        another. A phrase gets abbreviations only, and at most MOST_VARIANTS variants.
        """
        if not self._rules:
            return node
        match node:
            case Term():
                return self._expanded_words([node])[0]
            case Phrase():
                return self._expanded_phrase(node)
            case AllOf(children):
                return AllOf(tuple(self._expanded(children)))
            case AnyOf(children, minimum):
                return AnyOf(tuple(self._expanded(children)), minimum)
        return node

    def _expanded(self, children: Sequence[Node]) -> Iterator[Node]:
        for is_term, group in groupby(children, lambda child: isinstance(child, Term)):
            if is_term:
                yield from self._expanded_words([t for t in group if isinstance(t, Term)])
            else:
                yield from map(self.expand, group)

    def _expanded_words(self, terms: Sequence[Term]) -> list[Node]:
        nodes: list[Node] = list(terms)
        for start, end, ways in self._runs(terms, self._rules):
            for place in range(start, end):
                # A page that says a way holding the word itself has said the word.
                own = terms[place]
                others = tuple(
                    way
                    for way in ways
                    if all(own.term != term.term for term in _terms_of(way.node))
                )
                if others:
                    nodes[place] = Synonyms((Synonym(own, TYPED), *others))
        return nodes

    def _expanded_phrase(self, phrase: Phrase) -> Node:
        rules = [rule for rule in self._rules if rule != SYNONYM]
        pieces: list[list[tuple[tuple[Term, ...], str, float]]] = []
        done = 0
        for start, end, ways in self._runs(phrase.terms, rules):
            pieces += [[((term,), TYPED, 1.0)] for term in phrase.terms[done:start]]
            typed = (phrase.terms[start:end], TYPED, 1.0)
            pieces.append([typed, *((_terms_of(w.node), w.rule, w.weight) for w in ways)])
            done = end
        if not pieces:
            return phrase
        pieces += [[((term,), TYPED, 1.0)] for term in phrase.terms[done:]]
        members: dict[Term | Phrase, Synonym] = {phrase: Synonym(phrase, TYPED)}
        for choice in islice(product(*pieces), MOST_VARIANTS):
            node = _as_node(tuple(term for terms, _, _ in choice for term in terms))
            rule = next((rule for _, rule, _ in choice if rule != TYPED), TYPED)
            weight = math.prod(weight for _, _, weight in choice)
            members.setdefault(node, Synonym(node, rule, weight))
        return Synonyms(tuple(members.values())) if len(members) > 1 else phrase

    def _runs(self, terms: Sequence[Term], rules: Sequence[str]) -> Iterator[_Run]:
        """Yield the runs of `terms` that have other ways, from left to right, the longest first."""
        start = 0
        while start < len(terms):
            ends = range(min(len(terms), start + LONGEST_RUN), start, -1)
            run = next(
                (
                    _Run(start, end, ways)
                    for end in ends
                    if (ways := self._ways(terms[start:end], rules))
                ),
                None,
            )
            if run:
                yield run
            start = run.end if run else start + 1

    def _ways(self, terms: Sequence[Term], rules: Sequence[str]) -> tuple[Synonym, ...]:
        """Return the other ways to say a run of terms; () if there are none."""
        if not (_is_telling(terms[0]) and _is_telling(terms[-1])):
            return ()
        ways: list[_Way] = []
        if ABBREVIATION in rules:
            key = lookup_key([term.form.casefold() for term in terms])
            ways += self._thesaurus.abbreviations.get(key, ())
            ways += self._learned.ways(key, known=bool(ways))
        if SYNONYM in rules:
            ways += self._thesaurus.synonyms.get(_stems(terms), ())
        typed = _as_node(tuple(terms))
        members: dict[Term | Phrase, Synonym] = {}
        for way in ways:
            node = self._node(way, terms)
            if node is not None and node != typed:
                members.setdefault(node, Synonym(node, way.rule, way.weight))
        return tuple(members.values())

    def _node(self, way: _Way, typed: Sequence[Term]) -> Term | Phrase | None:
        """Return `way` as a node; None when it would find other words than it means."""
        tokens = self._analyzer.analyze(way.text)
        terms = tuple(Term(token.term, token.form) for token in tokens)
        if not terms:
            return None
        if way.capitals and way.capitals != (terms if way.short else typed)[0].term:
            return None
        if len(terms) == 1 and way.rule != SYNONYM and not _is_itself(terms[0]):
            return None
        return _as_node(terms)


class Learned:
    """The definitions that an index has learned, see `searchkit.analysis.definitions`."""

    def __init__(self, values: KeywordValues) -> None:
        self._values = values
        self._begun: dict[str, bool] = {}

    def ways(self, key: str, known: bool) -> Iterator[_Way]:
        """Yield the ways the index knows for a `lookup_key`.

        One must stand in two documents or more and in most of those that define the short form. For
        what no list knows, one document is enough if none says otherwise.
        """
        by_other: dict[str, Counter[str]] = {}
        first_two = key.split(" ", 2)[:2]
        if len(first_two) == 2 and not self._begins(" ".join(first_two)):
            return
        for value, documents in islice(self._values(f"{key}\t"), _MOST_VALUES):
            if (found := from_keyword(value)) is None:
                continue
            short, long = found[1]
            other = long if _key(short) == key else short
            by_other.setdefault(_key(other), Counter())[other] += documents
        total = sum(spellings.total() for spellings in by_other.values())
        for spellings in by_other.values():
            documents = spellings.total()
            enough = documents >= 2 or (not known and len(key) >= _SHORTEST_RARE)
            if enough and documents > DOMINANT * total:
                other = min(spellings, key=lambda text: (-spellings[text], text))
                yield _Way(other, LEARNED, WEIGHTS[LEARNED], short=" " not in other)

    def _begins(self, prefix: str) -> bool:
        """Return whether any key begins so: asked once for all runs that begin with two words."""
        if prefix not in self._begun:
            self._begun[prefix] = any(True for _ in self._values(prefix))
        return self._begun[prefix]


def _key(text: str) -> str:
    return lookup_key([fold(word) for word in _WORDS.split(text) if word])


def _stems(terms: Sequence[Term]) -> str:
    return " ".join(term.term for term in terms if _is_telling(term))


def _is_telling(term: Term) -> bool:
    return term.form not in stop_words()


def _is_itself(term: Term) -> bool:
    """Return whether the stem of a word is the word: a name taken for a form of another is not."""
    return term.term.casefold() == term.form.casefold()


def _as_node(terms: tuple[Term, ...]) -> Term | Phrase:
    return terms[0] if len(terms) == 1 else Phrase(terms)


def _terms_of(node: Term | Phrase) -> tuple[Term, ...]:
    return node.terms if isinstance(node, Phrase) else (node,)
