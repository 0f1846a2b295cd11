"""Query expansion: abbreviations, learned definitions and synonyms beside what was typed.

What is typed stays as it is and stays first; other ways to say it become members of the same
`Synonyms` leaf, so that the number of things asked for does not change. Of a run of words that is
not a phrase (`korea utara`), each word gets the other ways as members: a page that says Korut holds
both words, and a page that holds both words apart still matches.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, islice, pairwise, product
from typing import NamedTuple

from searchkit.analysis import Analyzer
from searchkit.analysis.definitions import MOST_WORDS
from searchkit.query import amounts
from searchkit.query.apart import FormsOfIndex, apart
from searchkit.query.joining import written_apart, written_as_one
from searchkit.query.keys import is_compound, joined, keys_of_words, opening_of
from searchkit.query.laws import OF_THE_YEAR, law_numbers, said_otherwise
from searchkit.query.lowering import Quoted
from searchkit.query.patterns import Pattern
from searchkit.query.thesaurus import (
    ABBREVIATION,
    SYNONYM,
    KeywordValues,
    Learned,
    Thesaurus,
    Way,
    is_telling,
    stems_of,
)
from searchkit.query.tree import (
    Leaf,
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Wildcard,
    terms_of,
)

TYPED, READING = "typed", "reading"

EXPANSIONS = (ABBREVIATION, SYNONYM)
"""What can be switched on and off; `abbreviation` is the lists and what the index has learned."""

MOST_VARIANTS = 16
"""The variants of a phrase."""

MOST_READINGS = 4
"""The variants of another way to say something, by the readings of its words."""

_OPENING = 4  # words of a query, of which the first two of a key are made


class _Run(NamedTuple):
    """The terms from `start` up to `end` of a query, with the other ways to say them."""

    start: int
    end: int
    ways: tuple[Synonym, ...]


class Expander:
    """Expands the queries of one index.

    `learned` asks the index for definitions, see `searchkit.engines.base.Engine.keyword_values`,
    `forms` are its words, none when not given; `rules` are those of EXPANSIONS in force.
    """

    def __init__(
        self,
        thesaurus: Thesaurus,
        analyzer: Analyzer,
        learned: KeywordValues = lambda _prefixes: (),
        rules: Sequence[str] = EXPANSIONS,
        forms: FormsOfIndex | None = None,
    ) -> None:
        self._thesaurus = thesaurus
        self._analyzer = analyzer
        self._learned = Learned(learned, thesaurus)
        self._rules = rules
        self._forms_of_index = forms or FormsOfIndex()

    def expand(self, leaves: Sequence[Term | Phrase | Quoted | Pattern]) -> list[Leaf]:
        """Return `leaves`, typed side by side, each with the other ways to say it beside it.

        What is quoted gets no synonyms; a phrase gets at most MOST_VARIANTS variants. A pattern
        gets the words that the index has in parts.
        """
        expanded: list[Leaf] = []
        for are_words, run in groupby(leaves, lambda leaf: isinstance(leaf, Term | Phrase)):
            if are_words:
                words = [leaf for leaf in run if isinstance(leaf, Term | Phrase)]
                expanded += self._expanded_words(words)
            else:
                expanded += [self._alone(leaf) for leaf in run]
        return _each_once(expanded)

    def _alone(self, leaf: Term | Phrase | Quoted | Pattern) -> Leaf:
        match leaf:
            case Quoted(inner):
                return self._quoted(inner)
            case Prefix() | Wildcard():
                return apart(leaf, self._forms_of_index, self._analyzer)
        return leaf

    def _quoted(self, leaf: Term | Phrase) -> Leaf:
        if isinstance(leaf, Phrase):
            return self._expanded_phrase(leaf)
        ways = [way for run in self._runs((leaf,), self._named, apart=False) for way in run.ways]
        return _with(leaf, [*self._readings(leaf), *ways])

    def _expanded_words(self, leaves: Sequence[Term | Phrase]) -> list[Leaf]:
        leaves, numbers = _with_law_numbers(leaves)
        terms = [term for leaf in leaves for term in terms_of(leaf)]
        # Of each term the place of its leaf: a compound typed as one word is a phrase.
        places = [place for place, leaf in enumerate(leaves) for _ in terms_of(leaf)]
        others = [
            list(self._numbers(terms_of(leaf), whole=False))
            if place in numbers
            else self._variants(leaf)
            for place, leaf in enumerate(leaves)
        ]
        for start, end, ways in self._runs(terms, self._rules, apart=True):
            for place in dict.fromkeys(places[start:end]):
                own = terms_of(leaves[place])
                if places[start:end].count(place) == len(own):
                    others[place] += [way for way in ways if not _holds(way.node, own)]
        for start, end, whole in self._as_one(terms):
            for place in dict.fromkeys(places[start:end]):
                size = len(terms_of(leaves[place]))
                # What is all of a leaf is said otherwise by that one.
                if places[start:end].count(place) == size < end - start:
                    others[place].append(whole)
        return [_with(leaf, ways) for leaf, ways in zip(leaves, others, strict=True)]

    def _variants(self, leaf: Term | Phrase) -> list[Synonym]:
        """Return the other ways to say one word by itself, but for those that lists give it."""
        if isinstance(leaf, Term):
            return list(self._readings(leaf))
        expanded = self._expanded_phrase(leaf)
        return list(expanded.members[1:]) if isinstance(expanded, Synonyms) else []

    def _readings(self, term: Term) -> tuple[Synonym, ...]:
        """Return the other terms under which the context may have put the same word.

        One that may be written in two words (Covid-19, prakerja) may also stand as these.
        """
        others = self._analyzer.alternatives(term.term, term.form)
        found = tuple(Synonym(Term(other, term.form), READING) for other in others)
        parts = written_apart(term, self._analyzer)
        return (*found, Synonym(parts, READING)) if parts else found

    def _as_one(self, terms: Sequence[Term]) -> Iterator[tuple[int, int, Synonym]]:
        """Yield the other ways to say words that are one thing together, with where these are."""
        for start, term in written_as_one(terms, self._analyzer):
            yield start, start + 2, Synonym(term, READING)
        for start, end, text in amounts.said_otherwise([term.form for term in terms]):
            yield start, end, Synonym(_as_node(self._terms_in(text)), READING)

    def _terms_in(self, text: str) -> tuple[Term, ...]:
        return tuple(Term(token.term, token.form) for token in self._analyzer.analyze(text))

    @property
    def _named(self) -> list[str]:
        """The rules for what is quoted."""
        return [rule for rule in self._rules if rule != SYNONYM]

    def _expanded_phrase(self, phrase: Phrase) -> Leaf:
        pieces = self._pieces(phrase.terms)
        members: dict[Term | Phrase, Synonym] = {phrase: Synonym(phrase, TYPED)}
        for choice in islice(product(*pieces), MOST_VARIANTS):
            terms = tuple(term for part in choice for term in terms_of(part.node))
            node = _in_phrase(phrase, terms)
            rule = next((part.rule for part in choice if part.rule != TYPED), TYPED)
            weight = math.prod(part.weight for part in choice)
            members.setdefault(node, Synonym(node, rule, weight))
        for start, end, whole in self._as_one(phrase.terms):
            terms = (*phrase.terms[:start], *terms_of(whole.node), *phrase.terms[end:])
            node = _in_phrase(phrase, terms)
            members.setdefault(node, Synonym(node, READING))
        return Synonyms(tuple(members.values())) if len(members) > 1 else phrase

    def _pieces(self, terms: tuple[Term, ...]) -> list[list[Synonym]]:
        """Return what a phrase is made of, one after another: the ways to say each piece."""
        pieces: list[list[Synonym]] = []
        first = done = 0
        for start, end, ways in self._runs(terms, self._named, apart=False):
            if start >= done:
                pieces += map(self._said, terms[done:start])
                pieces.append([*self._read(terms[start:end], TYPED), *ways])
                first, done = start, end
                continue
            for way in ways:
                said = (*terms[first:start], *terms_of(way.node), *terms[end:done])
                pieces[-1].append(replace(way, node=_as_node(said)))
        return [*pieces, *map(self._said, terms[done:])]

    def _said(self, term: Term) -> list[Synonym]:
        return [Synonym(term, TYPED), *self._readings(term)]

    def _read(self, terms: Sequence[Term], rule: str, weight: float = 1.0) -> Iterator[Synonym]:
        """Yield words said by `rule`, then in the other readings of them: at most MOST_READINGS."""
        alternatives = self._analyzer.alternatives
        readings = (
            (term, *(Term(other, term.form) for other in alternatives(term.term, term.form)))
            for term in terms
        )
        for number, choice in enumerate(islice(product(*readings), MOST_READINGS)):
            reading = READING if number and rule == TYPED else rule
            yield Synonym(_as_node(choice), reading, weight)

    def _runs(self, terms: Sequence[Term], rules: Sequence[str], *, apart: bool) -> Iterator[_Run]:
        """Yield the runs of `terms` that have other ways, from left to right, the longest first.

        A run of several words within the one before it is a name, too: Direktorat Jenderal within
        Direktorat Jenderal Pajak. Of words that may stand `apart`, the stop words inside a run
        count for nothing. Half of a compound has no synonyms: `kerja sama` is not done by workers.
        """
        if ABBREVIATION in rules:
            self._learned.load([_key([term]) for term in terms if is_telling(term)])
            self._learned.load([bare for term in terms for bare in _without_affixes([term])])
        inside = {n for n, pair in enumerate(pairwise(_forms(terms)), 1) if is_compound(*pair)}
        numbers = {} if apart else law_numbers([term.form for term in terms])
        done = 0
        for start in range(len(terms)):
            goes_on = start in numbers or self._goes_on(terms, start, apart=apart)
            longest = MOST_WORDS if goes_on else 1
            last = min(start + longest, done if start < done else len(terms))
            for end in range(last, start, -1):
                within = start < done
                if within and end - start == 1:
                    break
                taken = self._named if within or inside & {start, end} else rules
                ways = self._ways(terms[start:end], taken, apart=apart)
                if numbers.get(start) == end:
                    ways = (*ways, *self._numbers(terms[start:end], whole=True))
                if ways:
                    yield _Run(start, end, ways)
                    done = max(done, end)

    def _goes_on(self, terms: Sequence[Term], start: int, *, apart: bool) -> bool:
        """Return whether anything that is looked up begins with a word and those after it."""
        following = terms[start : start + MOST_WORDS]
        if len(following) < 2:
            return False
        key = _key(following[:_OPENING])
        # A compound is one word in a key, which opens nothing else.
        if key.startswith("".join(_forms(following[:2]))):
            return True
        openings = {opening_of(key)}
        if apart:
            telling = [following[0], *filter(is_telling, following[1:])][:_OPENING]
            openings |= {opening_of(_key(telling)), " ".join(term.term for term in telling[:2])}
        known = self._thesaurus.openings, self._learned.openings
        return not all(map(openings.isdisjoint, known))

    def _ways(
        self, terms: Sequence[Term], rules: Sequence[str], *, apart: bool
    ) -> tuple[Synonym, ...]:
        """Return the other ways to say a run of terms; () if there are none."""
        if not any(map(is_telling, terms)):
            return ()
        ways: list[Way] = []
        if ABBREVIATION in rules:
            keys = keys_of_words(_forms(terms))
            keys = (*(keys if apart else keys[:1]), *_without_affixes(terms))
            for key in keys:
                ways += self._thesaurus.abbreviations.get(key, ())
                ways += self._learned.ways(key)
        if SYNONYM in rules and is_telling(terms[0]) and is_telling(terms[-1]):
            ways += self._thesaurus.synonyms.get(stems_of(terms), ())
        typed = _as_node(tuple(terms))
        members: dict[Term | Phrase, Synonym] = {}
        for way in ways:
            for said in self._nodes(way, terms):
                if said.node != typed:
                    members.setdefault(said.node, said)
        return tuple(members.values())

    def _numbers(self, terms: Sequence[Term], *, whole: bool) -> Iterator[Synonym]:
        """Yield the other ways to say the number of a law, see `said_otherwise`."""
        for text in said_otherwise([term.form for term in terms], whole=whole):
            said = self._terms_in(text)
            if said != tuple(terms):
                yield Synonym(_as_node(said), READING)

    def _nodes(self, way: Way, typed: Sequence[Term]) -> Iterator[Synonym]:
        """Yield `way` in its readings; nothing when it is meant in capitals, and these are none.

        An abbreviation whose stem is another word's (Undang-Undang, Malut) is meant as it is spelt.
        """
        terms = self._terms_in(way.text)
        if not terms:
            return
        if way.capitals and way.capitals != (terms if way.short else typed)[0].term:
            return
        if len(terms) == 1 and way.rule != SYNONYM and not _is_itself(terms[0]):
            yield Synonym(replace(terms[0], exact=True), way.rule, way.weight)
        else:
            yield from self._read(terms, way.rule, way.weight)


def _with_law_numbers(
    leaves: Sequence[Term | Phrase],
) -> tuple[Sequence[Term | Phrase], frozenset[int]]:
    """Return `leaves` with the number of a law as one phrase, and the places of such numbers.

    It is one thing, also in words: Nomor 11 Tahun 2020. Two numbers a blank apart (iPhone SE 3
    2022) are none.
    """
    terms = [term for leaf in leaves for term in terms_of(leaf)]
    numbers = law_numbers([term.form for term in terms])
    if not numbers:
        return leaves, frozenset()
    ends = set(accumulate(len(terms_of(leaf)) for leaf in leaves))
    made: list[Term | Phrase] = []
    places: set[int] = set()
    start = done = 0
    for leaf in leaves:
        end = numbers.get(start, 0)
        if end in ends and (terms[end - 2].form == OF_THE_YEAR or end - 1 not in ends):
            places.add(len(made))
            made.append(Phrase(tuple(terms[start:end])))
            done = end
        elif start >= done:
            made.append(leaf)
        start += len(terms_of(leaf))
    return made, frozenset(places)


def _with(typed: Term | Phrase, ways: Sequence[Synonym]) -> Leaf:
    """Return a leaf with other ways to say it; a stop word has none."""
    if not ways or (isinstance(typed, Term) and not is_telling(typed)):
        return typed
    return Synonyms((Synonym(typed, TYPED), *ways))


def _each_once(leaves: Sequence[Leaf]) -> list[Leaf]:
    """Return `leaves` with those of the same typed word or phrase made one."""
    members: dict[Leaf, dict[Synonym, None]] = {}
    for leaf in leaves:
        ways = leaf.members if isinstance(leaf, Synonyms) else ()
        typed = ways[0].node if ways else leaf
        members.setdefault(typed, {}).update(dict.fromkeys(ways))
    return [Synonyms(tuple(ways)) if ways else typed for typed, ways in members.items()]


def _holds(node: Term | Phrase, words: Sequence[Term]) -> bool:
    """Return whether a way holds the words themselves: a page that says it has said them."""
    terms, forms = zip(*((term.term, term.form) for term in terms_of(node)), strict=True)
    return all(word.term in terms or word.form in forms for word in words)


def _forms(terms: Sequence[Term]) -> list[str]:
    # Capitals are kept in the form of a word that counts only in capitals.
    return [term.form.casefold() for term in terms]


def _without_affixes(terms: Sequence[Term]) -> tuple[str, ...]:
    """Return the key of what hyphens join affixes to (KPK-nya, di-PHK); () for other words."""
    hyphenated = len(terms) == 1 and "-" in terms[0].form
    return (terms[0].term.casefold(),) if hyphenated else ()


def _key(terms: Sequence[Term]) -> str:
    return joined(_forms(terms))


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
