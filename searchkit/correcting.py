"""Did you mean: words of a query that the index does not know, corrected from those it knows.

A noisy channel: of the words that could have become the typed one by a slip, that is taken which is
most likely to have been meant, by how common it is, how well it fits beside the words next to it,
and how the slip was made; and only if that is likelier than a right word that no document has. A
slip is a letter added, left out or changed, or two neighbours changing places (optimal string
alignment).

A word that the index knows may be a slip too, one that a paper has made: a name that stands so in
few documents, and in another spelling beside the same word in far more; or any word that is so much
rarer than another one that it is likelier a slip of it, by how the slip was made.

Source: M. D. Kernighan, K. W. Church, W. A. Gale, "A Spelling Correction Program Based on a Noisy
Channel Model", COLING 1990; the words beside it: K. W. Church, W. A. Gale, "Probability scoring for
spelling correction", Statistics and Computing 1, 1991. The weights are those of a logistic
regression, rounded: docs/suggest.md tells on what and how well it does.
"""

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from heapq import nlargest
from itertools import starmap

from searchkit.analysis import Analyzer, Token, stop_words
from searchkit.analysis.lexicon import derivations, is_word, sastrawi_roots
from searchkit.engines.base import Engine, Filters
from searchkit.query import AllOf, Everything, Expand, Node, Phrase, Synonyms, Term
from searchkit.query.names import QueryFields
from searchkit.query.patterns import distances
from searchkit.query.spelled import in_capitals, respelled, spelled
from searchkit.query.typed import typed_words
from searchkit.results import Correction
from searchkit.slips import (
    COMMON_ENOUGH,
    SHORTEST,
    TIMES,
    WRITTEN,
    candidates,
    most_slips,
    prior,
    slips,
    written_for,
)
from searchkit.values import dataclass

MOST_CORRECTED = 5
"""Words of a query; one with more unknown words is not made of misspelled ones."""

RARE = 200
"""Documents that a spelling of a name may stand in to be taken for a slip."""

SELDOM = 10
"""Documents that any other word may stand in to be taken for one."""

_BOUND = frozenset(":+")  # what a word is bound to that stands directly after it
_WEIGHED = 8  # candidates that are looked at beside their neighbours
# Parts of a score beside those of searchkit.slips.
_TOGETHER = 0.4  # by logarithm of the documents with both words over those expected by chance
_NEXT = 1.0  # by logarithm of the documents with both next to each other


@dataclass(frozen=True, slots=True)
class Corrected:
    """A query with words corrected, as typed otherwise, and which were taken for which, once."""

    text: str
    corrections: tuple[Correction, ...]


class Corrector:
    """Corrects a query of an index, `text`; `expand` is how it is expanded.

    `fields` are those that it can name, those of news when not given.
    """

    def __init__(
        self,
        engine: Engine,
        analyzer: Analyzer,
        expand: Expand,
        text: str,
        fields: QueryFields | None = None,
    ) -> None:
        self._engine = engine
        self._text = text
        self._words = typed_words(text, analyzer, fields)
        self._analyzer = analyzer
        self._expand = expand

    def correct(self) -> Corrected | None:
        """Return the query with its unknown words corrected; None when there is nothing to correct.

        A word is unknown when it stands in no document in any form, is in no dictionary, and is not
        expanded to other words. Operators, fields, patterns, exact and excluded words stay.
        """
        words, unknown = list(self._words), self._unknown()
        if not unknown or len(unknown) > MOST_CORRECTED:
            return None
        left = {place for places in unknown.values() for place in places}
        taken: dict[int, str] = {}
        # A second time for words that stand beside one corrected the first time.
        for _ in range(2 if len(unknown) > 1 else 1):
            for places in unknown.values():
                if places[0] in taken:
                    continue
                beside = self._beside(words, places[0], left - taken.keys())
                # Written otherwise anywhere, it is no name.
                name = all(is_like_a_name(words, place) for place in places)
                if better := self._meant(words[places[0]], beside, name):
                    for place in places:
                        taken[place] = in_case_of(words[place].surface, better)
                        words[place] = words[place]._replace(form=better)
        return self._corrected(words, taken) if taken else None

    def _unknown(self) -> dict[str, list[int]]:
        """Return the places of each unknown form among the words of the query."""
        unknown: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            if word.form in unknown or not self._is_known(word):
                unknown.setdefault(word.form, []).append(place)
        return unknown

    def spelled_otherwise(self) -> Corrected | None:
        """Return the query with rare words spelled as they mostly are; None when it has none such.

        A name is no ordinary word, stands in RARE documents or fewer as typed, and beside the same
        word of the query in at least TIMES as many, and TIMES at least, in the other spelling. So
        does an abbreviation that is typed without the capitals by which it is one. A word of
        SELDOM documents or fewer may also be a slip of one that is so much commoner that it is
        likelier to have been meant; and two words may be one.
        """
        shouted = self._text.isupper()
        words, taken = self._joined()
        for place, word in enumerate(words):
            if place in taken:
                continue
            if capitals := self._in_capitals(word, words, place):
                taken[place] = capitals
            elif is_correctable(word, shouted):
                documents = self._engine.frequency(Term(word.term, word.form))
                if documents > RARE:
                    continue
                usual = self._usual(word, self._beside(words, place, frozenset()))
                if not usual and 0 < documents <= SELDOM:
                    name = is_like_a_name(words, place)
                    likelier = self._written_for(word, documents, name)
                    # Few words come so far: the dictionary is not read for the others.
                    usual = "" if likelier and self._is_right(word) else likelier
                if usual:
                    taken[place] = in_case_of(word.surface, usual)
        return self._corrected(words, taken) if taken else None

    def _joined(self) -> tuple[list[Token], dict[int, str]]:
        """Return the words, those as one that mostly are, and what these are, by their places."""
        words: list[Token] = []
        taken: dict[int, str] = {}
        for word in self._words:
            if words and len(words) - 1 not in taken and (one := self._as_one(words[-1], word)):
                first = words.pop()
                taken[len(words)] = in_case_of(first.surface, one)
                surface = self._text[first.start : word.end]
                word = word._replace(surface=surface, form=one, start=first.start)
            words.append(word)
        return words, taken

    def _as_one(self, first: Token, second: Token) -> str:
        """Return the word that two with a blank between them mostly are; "" if they are two."""
        one = first.form + second.form
        if not self._text[first.end : second.start].isspace() or not one.isalpha():
            return ""
        documents = self._engine.frequency(Term(one, one)) if len(one) > SHORTEST else 0
        if documents < TIMES:
            return ""
        apart = Phrase((Term(first.term, first.form), Term(second.term, second.form)))
        return one if documents >= TIMES * self._count(apart) else ""

    def _written_for(self, word: Token, documents: int, name: bool) -> str:
        """Return the word, or the two, that one in so few documents is a slip of; "" if of none.

        What is written like a `name` is not taken for an ordinary word, nor for two.
        """
        forms, near = self._engine.forms(), slips(word.form)
        known = {form: forms[form] for form in near & forms.keys()} | self._spelled(near)
        if name:
            known = {form: count for form, count in known.items() if not is_ordinary(form)}
        one = written_for(word.form, documents, known)
        splits = {} if one or name else dict(self._split(word.form, forms))
        best = max(splits, key=lambda two: (splits[two], two), default="")
        rare = WRITTEN - _NEXT * math.log(documents)
        return best if best and splits[best] + rare > 0 else one

    def _in_capitals(self, word: Token, words: Sequence[Token], place: int) -> str:
        """Return the abbreviation that a word mostly is beside those next to it; "" if it is none.

        That is AS for the as of *presiden as*.
        """
        capitals = in_capitals(word.form, self._analyzer)
        meant = self._term(capitals) if capitals else None
        if meant is None:
            return ""
        typed = Term(word.term, word.form)
        for pair in self._beside(words, place, frozenset()):
            least = max(TIMES * self._together(typed, pair), TIMES)
            if self._tells(pair[0]) and self._together(meant, pair) >= least:
                return meant.form
        return ""

    def _usual(self, word: Token, beside: Sequence[tuple[Term, bool]]) -> str:
        """Return the usual spelling of a name beside these words; "" if there is no other one."""
        telling = [pair for pair in beside if self._tells(pair[0])]
        if not telling:
            return ""
        forms, typed = self._engine.forms(), Term(word.term, word.form)
        least = max(forms.get(word.form, 0), TIMES)
        near = slips(word.form) & forms.keys()
        found = sorted(form for form in near if forms[form] >= least and len(form) >= SHORTEST)
        ordinary = list(filter(is_ordinary, found))
        names = [form for form in found if form not in ordinary]
        best, most = "", TIMES
        # Ordinary words last: they are looked at only to see whether one is as likely as the name.
        for other in (*_commonest(names, forms), *_commonest(ordinary, forms)):
            if not best and other in ordinary:
                break
            term = self._term(other)
            if term is None or term.term == word.term:
                continue
            for pair in telling:
                usual = self._together(term, pair)
                if usual >= most and usual >= TIMES * self._together(typed, pair):
                    best, most = other, usual
        return "" if best in ordinary else best

    def _tells(self, word: Term) -> bool:
        """Return whether a word may show how a name beside it is mostly spelled."""
        return word.form not in stop_words() and self._engine.frequency(word) >= TIMES

    def _together(self, term: Term, beside: tuple[Term, bool]) -> int:
        """Return how many documents have a term next to another one, which may be before it."""
        other, before = beside
        return self._count(Phrase((other, term) if before else (term, other)))

    def _is_known(self, word: Token) -> bool:
        """Return whether a word of the query is taken as it is."""
        term = Term(word.term, word.form)
        # A query of words of the index need not wait for the dictionary to be read.
        return (
            not is_correctable(word, self._text.isupper())
            or self._engine.frequency(term) > 0
            or self._is_right(word)
        )

    def _is_right(self, word: Token) -> bool:
        """Return whether a word is known without looking into the index."""
        return is_in_dictionary(word.form) or any(
            isinstance(leaf, Synonyms) for leaf in self._expand([Term(word.term, word.form)])
        )

    def _beside(
        self, words: Sequence[Token], place: int, unknown: Set[int]
    ) -> list[tuple[Term, bool]]:
        """Return the known words next to a place, each with whether before it."""
        places = [n for n in (place - 1, place + 1) if 0 <= n < len(words) and n not in unknown]
        terms = [(self._term(words[n].form), n < place) for n in places]
        return [(term, before) for term, before in terms if term is not None]

    def _meant(self, word: Token, beside: Sequence[tuple[Term, bool]], name: bool) -> str:
        """Return what `word` was most likely meant to be; "" if it may be right.

        What is written like a `name` is not taken for an ordinary word.
        """
        form, forms = word.form, self._engine.forms()
        found = candidates(form, forms) | candidates(form, self._respelled(form))
        if name:
            found = {other: score for other, score in found.items() if not is_ordinary(other)}
        likely = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_WEIGHED]
        scores = {word: score + self._fits(word, beside) for word, score in likely}
        scores |= {} if name else dict(self._split(form, forms))
        best = max(scores, key=lambda word: (scores[word], word), default="")
        return best if best and scores[best] > 0 else ""

    def _respelled(self, form: str) -> dict[str, int]:
        """Return the documents of each word near `form` that is no form by itself: olahraga."""
        spellings, most = list(respelled(self._analyzer)), most_slips(form)
        near = (distances(form, spellings, most) <= most).nonzero()[0].tolist()
        return self._spelled({spellings[n] for n in near})

    def _spelled(self, spellings: Set[str]) -> dict[str, int]:
        """Return the documents of those `spellings` that are no forms by themselves."""
        words = respelled(self._analyzer)
        return {word: self._count(spelled(words[word])) for word in spellings & words.keys()}

    def _fits(self, word: str, beside: Sequence[tuple[Term, bool]]) -> float:
        """Return what the words next to a candidate, each with whether before it, add."""
        term = self._term(word)
        if term is None or not beside:
            return 0.0
        together, following = 0.0, 0
        for pair in beside:
            other, _ = pair
            following = max(following, self._together(term, pair))
            if other.form not in stop_words():
                together = max(together, self._lift(term, other))
        return _TOGETHER * together + _NEXT * math.log1p(following)

    def _lift(self, one: Term, other: Term) -> float:
        """Return the logarithm of the documents with both terms over those expected by chance."""
        size = max(self._count(Everything()), 1)
        expected = self._engine.frequency(one) * self._engine.frequency(other) / size
        return math.log((self._count(AllOf((one, other))) + 0.2) / (expected + 0.2))

    def _split(self, form: str, forms: Mapping[str, int]) -> Iterator[tuple[str, float]]:
        """Yield (two words, score) for what may be two words with the blank left out."""
        for border in range(3, len(form) - 2):
            first, second = form[:border], form[border:]
            if min(forms.get(first, 0), forms.get(second, 0)) >= COMMON_ENOUGH:
                terms = self._term(first), self._term(second)
                if terms[0] and terms[1] and (n := self._count(Phrase((terms[0], terms[1])))):
                    yield f"{first} {second}", prior(form) + _NEXT * math.log1p(n)

    def _term(self, word: str) -> Term | None:
        tokens = self._analyzer.analyze(word)
        return Term(tokens[0].term, tokens[0].form) if len(tokens) == 1 else None

    def _count(self, node: Node) -> int:
        return self._engine.search(node, Filters(), 0, 0).total

    def _corrected(self, words: Sequence[Token], taken: Mapping[int, str]) -> Corrected:
        """Return the query with those of its words that stand at some places taken for others."""
        text = corrected = self._text
        for place in sorted(taken, reverse=True):
            start, end = words[place].start, words[place].end
            meant = taken[place]
            if " " in meant and (text[start - 1 : start] in _BOUND or text[end : end + 1] == "^"):
                meant = f"({meant})"
            corrected = corrected[:start] + meant + corrected[end:]
        typed = ((words[place].surface, taken[place]) for place in sorted(taken))
        return Corrected(corrected, tuple(starmap(Correction, dict.fromkeys(typed))))


def _commonest(words: Sequence[str], forms: Mapping[str, int]) -> list[str]:
    """Return those of some words of the index that are looked at beside their neighbours."""
    return nlargest(_WEIGHED, words, key=forms.__getitem__)


def is_correctable(word: Token, shouted: bool = False) -> bool:
    """Return whether a word is of the kind that is corrected: letters only, and not too few.

    An abbreviation in capitals is not, unless all of the query is `shouted` in capitals: too many
    abbreviations are a letter apart.
    """
    spelled_as_a_word = word.surface.isupper() if shouted else word.surface[1:].islower()
    return len(word.form) >= SHORTEST and word.form.isalpha() and spelled_as_a_word


def is_like_a_name(words: Sequence[Token], place: int) -> bool:
    """Return whether a word of a query has a capital, and another word has none."""
    others = (word.surface for n, word in enumerate(words) if n != place)
    return words[place].surface[:1].isupper() and any(other[:1].islower() for other in others)


def is_ordinary(form: str) -> bool:
    """Return whether a folded word is a function word, a root, or derived from one."""
    return form in stop_words() or form in sastrawi_roots() or form in derivations()


def is_in_dictionary(form: str) -> bool:
    """Return whether a folded word is known to be right without looking into an index."""
    return form in stop_words() or is_word(form)


def in_case_of(typed: str, word: str) -> str:
    """Return `word` in capitals, with a capital or as it is, as `typed` is written."""
    if typed.isupper():
        return word.upper()
    return word.title() if typed[:1].isupper() else word
