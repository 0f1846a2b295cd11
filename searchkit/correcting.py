"""Did you mean: words of a query that the index does not know, corrected from those it knows.

A noisy channel: of the words that could have become the typed one by a slip, that is taken which is
most likely to have been meant, by how common it is, how often it stands in one document with the
words beside it, and how the slip was made. A slip is a letter added, left out or changed, or two
neighbours changing places (optimal string alignment).

Source: M. D. Kernighan, K. W. Church, W. A. Gale, "A Spelling Correction Program Based on a Noisy
Channel Model", COLING 1990; the words beside it: K. W. Church, W. A. Gale, "Probability scoring for
spelling correction", Statistics and Computing 1, 1991.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from searchkit.analysis import Analyzer, Token, stop_words
from searchkit.analysis.lexicon import exists, sastrawi_roots
from searchkit.engines.base import Engine, Filters
from searchkit.query import AllOf, Expand, Phrase, Synonyms, Term
from searchkit.query.names import KEYWORD_NAMES
from searchkit.query.scanning import Scanner
from searchkit.query.syntax import Phrase as TypedPhrase
from searchkit.query.syntax import Word
from searchkit.results import Correction

MOST_CORRECTED = 5
"""Words of a query; one with more unknown words is not made of misspelled ones."""

SHORTEST = 4
"""Letters of a word that is corrected; below that, too many words are near."""

LONG = 8
"""Letters from which on two slips are believed."""

_COMMON_ENOUGH = 2  # documents: once may be a slip as well
_SECOND_SLIP = 5.0  # how much less likely, as a natural logarithm
_FIRST_LETTER = 2.5
_SPLIT = 3.0
_WEIGHED = 6  # candidates that are looked at beside their neighbours
_NEIGHBOURS = 2
_CONTEXT = 0.6  # the share of what neighbours say in what is known of a candidate


@dataclass(frozen=True, slots=True)
class Corrected:
    """A query with words corrected: its text, as typed otherwise, and which were taken for which."""

    text: str
    corrections: tuple[Correction, ...]


class Corrector:
    """Corrects the queries of one index; `expand` is how they are expanded."""

    def __init__(self, engine: Engine, analyzer: Analyzer, expand: Expand) -> None:
        self._engine = engine
        self._analyzer = analyzer
        self._expand = expand

    def correct(self, text: str) -> Corrected | None:
        """Return `text` with its unknown words corrected; None when there is nothing to correct.

        A word is unknown when it stands in no document in any form, is in no dictionary, and is not
        expanded to other words. Operators, fields, patterns, exact and excluded words stay.
        """
        words = typed_words(text, self._analyzer)
        known = [self._is_known(word) for word in words]
        if all(known) or known.count(False) > MOST_CORRECTED:
            return None
        taken: dict[int, str] = {}
        for place, word in enumerate(words):
            if not known[place] and (better := self._meant(words, known, place)):
                taken[place] = in_case_of(word.surface, better)
        if not taken:
            return None
        corrected = text
        for place, better in reversed(taken.items()):
            corrected = corrected[: words[place].start] + better + corrected[words[place].end :]
        return Corrected(
            corrected, tuple(Correction(words[n].surface, better) for n, better in taken.items())
        )

    def _is_known(self, word: Token) -> bool:
        if not is_correctable(word) or is_in_dictionary(word.form):
            return True
        term = Term(word.term, word.form)
        if self._engine.frequency(term):
            return True
        return any(isinstance(leaf, Synonyms) for leaf in self._expand([term]))

    def _meant(self, words: Sequence[Token], known: Sequence[bool], place: int) -> str:
        """Return what the word at `place` was most likely meant to be; "" for nothing."""
        form = words[place].form
        forms = self._engine.forms()
        scored = dict(sorted(candidates(form, forms).items(), key=lambda c: -c[1])[:_WEIGHED])
        near = [n for n in (place - 1, place + 1, place - 2, place + 2) if 0 <= n < len(words)]
        neighbours = [
            Term(words[n].term, words[n].form)
            for n in near
            if known[n] and words[n].form not in stop_words()
        ][:_NEIGHBOURS]
        best = {word: self._beside(word, score, neighbours) for word, score in scored.items()}
        best |= {words: score - _SPLIT for words, score in self._split(form, forms)}
        return max(best, key=lambda word: (best[word], word), default="")

    def _beside(self, word: str, score: float, neighbours: Sequence[Term]) -> float:
        """Return the score of a candidate, weighed by how often it meets its neighbours."""
        term = self._term(word)
        if term is None or not neighbours:
            return score
        met = [self._count(AllOf((term, other))) for other in neighbours]
        together = max(math.log(count + 0.2) for count in met)
        own = math.log(self._engine.forms()[word])
        return score - own + (1 - _CONTEXT) * own + _CONTEXT * together

    def _split(self, form: str, forms: Mapping[str, int]) -> Iterator[tuple[str, float]]:
        """Yield (two words, score) for what may be two words with the blank left out."""
        for border in range(3, len(form) - 2):
            first, second = form[:border], form[border:]
            if min(forms.get(first, 0), forms.get(second, 0)) > _COMMON_ENOUGH:
                terms = self._term(first), self._term(second)
                if terms[0] and terms[1] and (n := self._count(Phrase((terms[0], terms[1])))):
                    yield f"{first} {second}", math.log(n)

    def _term(self, word: str) -> Term | None:
        tokens = self._analyzer.analyze(word)
        return Term(tokens[0].term, tokens[0].form) if len(tokens) == 1 else None

    def _count(self, node: AllOf | Phrase) -> int:
        return self._engine.search(node, Filters(), 0, 0).total


def candidates(form: str, forms: Mapping[str, int]) -> dict[str, float]:
    """Return the words of `forms` that `form` may be a slip of, each with a score, higher likelier.

    `forms` gives the number of documents of each. {} if there are none.
    """
    # Imported late: most queries have no slip in them.
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    most = 2 if len(form) >= LONG else 1
    near = extract(form, forms.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    found: dict[str, float] = {}
    for word, edits, _ in near:
        if word.isalpha() and edits and len(word) >= SHORTEST - 1 and forms[word] >= _COMMON_ENOUGH:
            slip = _SECOND_SLIP * (edits - 1)
            if word[0] != form[0] and word[:2] != form[1::-1]:
                slip += _FIRST_LETTER
            found[word] = math.log(forms[word]) - slip
    return found


def is_correctable(word: Token) -> bool:
    """Return whether a word is of the kind that is corrected: letters only, and not too few."""
    return len(word.form) >= SHORTEST and word.form.isalpha() and word.surface.isalpha()


def is_in_dictionary(form: str) -> bool:
    """Return whether a folded word is known to be right without looking into an index."""
    return form in stop_words() or form in sastrawi_roots() or exists(form)


def in_case_of(typed: str, word: str) -> str:
    """Return `word` in capitals, with a capital, or as it is, as `typed` is written."""
    if typed.isupper() and len(typed) > 1:
        return word.upper()
    return word.title() if typed[:1].isupper() else word


def typed_words(text: str, analyzer: Analyzer) -> list[Token]:
    """Return the tokens of a query that are words to be found, with their offsets in `text`.

    Not those of names and values of fields, patterns, exact words, and of what is excluded.
    """
    spans = list(_spans(text))
    return [
        token
        for token in analyzer.analyze(text)
        if any(start <= token.start and token.end <= end for start, end in spans)
    ]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the plain words and phrases of a query are."""
    depth = 0
    passed_over: int | None = None  # the depth of the group that is passed over
    pass_next = False
    for token in Scanner(text, lambda _position, _message: None).tokens():
        match token.kind:
            case "(":
                depth += 1
                if pass_next and passed_over is None:
                    passed_over = depth
                pass_next = False
            case ")":
                if passed_over == depth:
                    passed_over = None
                depth = max(0, depth - 1)
            case "NOT":
                pass_next = True
            case "FIELD" if token.value in KEYWORD_NAMES:
                pass_next = True
            case "OPERAND":
                plain = isinstance(token.value, Word | TypedPhrase) and not token.value.exact
                if plain and not pass_next and passed_over is None:
                    yield token.start, token.end
                pass_next = False
