"""Query expansion: abbreviations, learned definitions and synonyms beside what was typed.

What is typed stays as it is and stays first; other ways to say it become members of the same
`Synonyms` leaf, so that the number of things asked for does not change. Of a run of words that is
not a phrase (`korea utara`), each word gets the other ways as members: a page that says Korut holds
both words, and a page that holds both words apart still matches.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, product
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
from searchkit.query.tree import AllOf, AnyOf, Node, Phrase, Synonym, Synonyms, Term

TYPED = "typed"

EXPANSIONS = (ABBREVIATION, SYNONYM)
"""What can be switched on and off; `abbreviation` is the lists and what the index has learned."""

MOST_VARIANTS = 16
"""The variants of a phrase."""

LONGEST_RUN = 10
"""Words of a query that are looked up together."""


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


def _word_key(terms: Sequence[Term]) -> str:
    # Capitals are kept in the form of a word that counts only in capitals.
    return lookup_key([term.form.casefold() for term in terms])


def _is_itself(term: Term) -> bool:
    """Return whether the stem of a word is the word: a name taken for a form of another is not."""
    return term.term.casefold() == term.form.casefold()


def _as_node(terms: tuple[Term, ...]) -> Term | Phrase:
    return terms[0] if len(terms) == 1 else Phrase(terms)


def _terms_of(node: Term | Phrase) -> tuple[Term, ...]:
    return node.terms if isinstance(node, Phrase) else (node,)
