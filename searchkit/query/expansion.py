"""Query expansion: abbreviations, learned definitions and synonyms beside what was typed.

What is typed stays as it is and stays first; other ways to say it become members of the same
`Synonyms` leaf, so that the number of things asked for does not change. Of a run of words that is
not a phrase (`korea utara`), each word gets the other ways as members: a page that says Korut holds
both words, and a page that holds both words apart still matches.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice, pairwise, product
from typing import NamedTuple

from searchkit.analysis import Analyzer
from searchkit.analysis.definitions import lookup_key
from searchkit.query.thesaurus import (
    ABBREVIATION,
    SYNONYM,
    KeywordValues,
    Learned,
    Thesaurus,
    Way,
    is_telling,
    opening_of,
    stems_of,
)
from searchkit.query.tree import Leaf, Phrase, Synonym, Synonyms, Term

TYPED, READING = "typed", "reading"

EXPANSIONS = (ABBREVIATION, SYNONYM)
"""What can be switched on and off; `abbreviation` is the lists and what the index has learned."""

MOST_VARIANTS = 16
"""The variants of a phrase."""

LONGEST_RUN = 10
"""Words of a query that are looked up together."""


_NUMBERED = re.compile(r"([^\W\d_]+)([0-9]+)")


class _Run(NamedTuple):
    """The terms from `start` up to `end` of a query, with the other ways to say them."""

    start: int
    end: int
    ways: tuple[Synonym, ...]


class Expander:
    """Expands the queries of one index.

    `learned` asks the index for definitions, see `searchkit.engines.base.Engine.keyword_values`;
    `rules` are those of EXPANSIONS in force.
    """

    def __init__(
        self,
        thesaurus: Thesaurus,
        analyzer: Analyzer,
        learned: KeywordValues = lambda _prefixes: (),
        rules: Sequence[str] = EXPANSIONS,
    ) -> None:
        self._thesaurus = thesaurus
        self._analyzer = analyzer
        self._learned = Learned(learned, thesaurus)
        self._rules = rules

    def expand(self, leaves: Sequence[Term | Phrase]) -> list[Leaf]:
        """Return `leaves`, typed side by side, each with the other ways to say it beside it.

        A phrase gets no synonyms, and at most MOST_VARIANTS variants.
        """
        expanded: list[Leaf] = []
        for is_term, run in groupby(leaves, lambda leaf: isinstance(leaf, Term)):
            if is_term:
                expanded += self._expanded_words([leaf for leaf in run if isinstance(leaf, Term)])
            else:
                expanded += [self._expanded_phrase(p) for p in run if isinstance(p, Phrase)]
        return _each_once(expanded)

    def _expanded_words(self, terms: Sequence[Term]) -> list[Leaf]:
        others = [self._readings(term) for term in terms]
        for start, end, ways in self._runs(terms, self._rules):
            for place in range(start, end):
                # A page that says a way holding the word itself has said the word.
                own = terms[place].term
                others[place] += tuple(
                    way for way in ways if all(own != term.term for term in _terms_of(way.node))
                )
        for start, whole in self._numbered(terms):
            others[start] += (whole,)
            others[start + 1] += (whole,)
        return [
            Synonyms((Synonym(term, TYPED), *ways)) if ways and is_telling(term) else term
            for term, ways in zip(terms, others, strict=True)
        ]

    def _readings(self, term: Term) -> tuple[Synonym, ...]:
        """Return the other terms under which the context may have put the same word.

        A word that ends with a number (Covid-19) may also stand in two (Covid 19).
        """
        terms = self._analyzer.alternatives(term.term, term.form)
        found = tuple(Synonym(Term(other, term.form), READING) for other in terms)
        if match := _NUMBERED.fullmatch(term.form):
            tokens = self._analyzer.analyze(" ".join(match.groups()))
            apart = tuple(Term(token.term, token.form) for token in tokens)
            if len(apart) == len(match.groups()):
                found += (Synonym(Phrase(apart), READING),)
        return found

    def _numbered(self, terms: Sequence[Term]) -> Iterator[tuple[int, Synonym]]:
        """Yield each word before a number (Covid 19) as the one word it may be (Covid-19).

        With the place of the first of the two.
        """
        for place, (word, number) in enumerate(pairwise(terms)):
            if number.form.isdecimal() and word.form.isalpha() and is_telling(word):
                tokens = self._analyzer.analyze(f"{word.form}-{number.form}")
                if len(tokens) == 1:
                    yield place, Synonym(Term(tokens[0].term, tokens[0].form), READING)

    def _expanded_phrase(self, phrase: Phrase) -> Leaf:
        rules = [rule for rule in self._rules if rule != SYNONYM]
        pieces: list[list[Synonym]] = []
        for start, end, ways in self._runs(phrase.terms, rules):
            pieces += map(self._said, phrase.terms[_length(pieces) : start])
            pieces.append([Synonym(_as_node(phrase.terms[start:end]), TYPED), *ways])
        pieces += map(self._said, phrase.terms[_length(pieces) :])
        members: dict[Term | Phrase, Synonym] = {phrase: Synonym(phrase, TYPED)}
        for choice in islice(product(*pieces), MOST_VARIANTS):
            terms = tuple(term for part in choice for term in _terms_of(part.node))
            node = _in_phrase(phrase, terms)
            rule = next((part.rule for part in choice if part.rule != TYPED), TYPED)
            weight = math.prod(part.weight for part in choice)
            members.setdefault(node, Synonym(node, rule, weight))
        for start, whole in self._numbered(phrase.terms):
            terms = (*phrase.terms[:start], *_terms_of(whole.node), *phrase.terms[start + 2 :])
            node = _in_phrase(phrase, terms)
            members.setdefault(node, Synonym(node, READING))
        return Synonyms(tuple(members.values())) if len(members) > 1 else phrase

    def _said(self, term: Term) -> list[Synonym]:
        return [Synonym(term, TYPED), *self._readings(term)]

    def _runs(self, terms: Sequence[Term], rules: Sequence[str]) -> Iterator[_Run]:
        """Yield the runs of `terms` that have other ways, from left to right, the longest first."""
        telling = [n for n, term in enumerate(terms) if is_telling(term)]
        if ABBREVIATION in rules:
            self._learned.load([_word_key(terms[n : n + 1]) for n in telling])
        done = 0
        for number, start in enumerate(telling):
            if start < done:
                continue
            ends = [start + 1]
            if number + 1 < len(telling) and self._goes_on(
                terms[start], terms[telling[number + 1]]
            ):
                ends = [n + 1 for n in telling[number:] if n < start + LONGEST_RUN][::-1]
            for end in ends:
                if ways := self._ways(terms[start:end], rules):
                    yield _Run(start, end, ways)
                    done = end
                    break

    def _goes_on(self, first: Term, second: Term) -> bool:
        """Return whether anything that is looked up begins with two such words."""
        forms = opening_of(f"{_word_key([first])} {_word_key([second])}")
        stems = f"{first.term} {second.term}"
        return forms in self._learned.openings or not self._thesaurus.openings.isdisjoint(
            (forms, stems)
        )

    def _ways(self, terms: Sequence[Term], rules: Sequence[str]) -> tuple[Synonym, ...]:
        """Return the other ways to say a run of terms; () if there are none."""
        ways: list[Way] = []
        if ABBREVIATION in rules:
            key = _word_key(terms)
            ways += self._thesaurus.abbreviations.get(key, ())
            ways += self._learned.ways(key)
        if SYNONYM in rules:
            ways += self._thesaurus.synonyms.get(stems_of(terms), ())
        typed = _as_node(tuple(terms))
        members: dict[Term | Phrase, Synonym] = {}
        for way in ways:
            node = self._node(way, terms)
            if node is not None and node != typed:
                members.setdefault(node, Synonym(node, way.rule, way.weight))
        return tuple(members.values())

    def _node(self, way: Way, typed: Sequence[Term]) -> Term | Phrase | None:
        """Return `way` as a node; None when it is meant in capitals only, and these are none.

        An abbreviation whose stem is another word's (Undang-Undang, Malut) is meant as it is spelt.
        """
        tokens = self._analyzer.analyze(way.text)
        terms = tuple(Term(token.term, token.form) for token in tokens)
        if not terms:
            return None
        if way.capitals and way.capitals != (terms if way.short else typed)[0].term:
            return None
        if len(terms) == 1 and way.rule != SYNONYM and not _is_itself(terms[0]):
            return replace(terms[0], exact=True)
        return _as_node(terms)


def _each_once(leaves: Sequence[Leaf]) -> list[Leaf]:
    """Return `leaves` with those of the same typed word or phrase made one."""
    members: dict[Leaf, dict[Synonym, None]] = {}
    for leaf in leaves:
        ways = leaf.members if isinstance(leaf, Synonyms) else ()
        typed = ways[0].node if ways else leaf
        members.setdefault(typed, {}).update(dict.fromkeys(ways))
    return [Synonyms(tuple(ways)) if ways else typed for typed, ways in members.items()]


def _length(pieces: Sequence[Sequence[Synonym]]) -> int:
    """Return how many typed terms the first members of `pieces` are."""
    return sum(len(_terms_of(ways[0].node)) for ways in pieces)


def _word_key(terms: Sequence[Term]) -> str:
    # Capitals are kept in the form of a word that counts only in capitals.
    return lookup_key([term.form.casefold() for term in terms])


def _is_itself(term: Term) -> bool:
    """Return whether the stem of a word is the word: a name taken for a form of another is not."""
    return term.term.casefold() == term.form.casefold()


def _in_phrase(phrase: Phrase, terms: Sequence[Term]) -> Term | Phrase:
    """Return `phrase` with other terms, by their stems: the words beside them tell enough.

    A term that is all there is stays as it is.
    """
    if len(terms) == 1:
        return terms[0]
    return replace(phrase, terms=tuple(Term(term.term, term.form) for term in terms))


def _as_node(terms: tuple[Term, ...]) -> Term | Phrase:
    return terms[0] if len(terms) == 1 else Phrase(terms)


def _terms_of(node: Term | Phrase) -> tuple[Term, ...]:
    return node.terms if isinstance(node, Phrase) else (node,)
