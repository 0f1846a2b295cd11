"""The ranking of docs/ranking.md as it is written: loops over documents, fields and tokens.

Slow and plain, so that it can be read beside the formulas; engines are compared with it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from searchkit.analysis import Token
from searchkit.engines.base import ARTICLE, IndexedDocument
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.ranking import Ranking, Recency
from searchkit.query import (
    MOST_EXPANSIONS,
    AllOf,
    AnyOf,
    Boosted,
    Condition,
    DateRange,
    Everything,
    Fuzzy,
    HasValue,
    InFields,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    NumberRange,
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Unscored,
    Wildcard,
    Without,
    is_number,
    leaves,
)

DAY = 86_400
"""Seconds of a day."""

Unwrapped = Term | Phrase | Synonyms | Prefix | Wildcard | Fuzzy
"""A leaf of a query without the fields that it is held to."""


class Formulas:
    """What matches a query among some documents, and its score.

    `average` is the mean number of tokens by field, over the documents that have the field.
    """

    def __init__(self, documents: Sequence[IndexedDocument], ranking: Ranking) -> None:
        self.documents = documents
        self.ranking = ranking
        self.fields = tuple(ranking.weights)
        lengths: dict[str, list[int]] = {}
        for document in documents:
            for field, tokens in document.tokens.items():
                if tokens:
                    lengths.setdefault(field, []).append(len(tokens))
        self._frequencies: dict[tuple[str, Leaf], float] = {}
        self._expansions: dict[Leaf, tuple[Synonym, ...]] = {}
        self.average = {field: sum(found) / len(found) for field, found in lengths.items()}

    def score(self, document: IndexedDocument, node: Node, recency: Recency) -> float:
        """Return the score of a document that matches `node`."""
        score = self._score(document, node) + self._closer_look(document, node)
        score *= self._recency(document, recency)
        return 1 + score if document.kind == ARTICLE else score / (1 + score)

    # What matches

    def matches(self, document: IndexedDocument, node: Node) -> bool:
        """Return whether a document matches."""
        if isinstance(node, Condition):
            return meets(document, node)
        match node:
            case Everything():
                return True
            case Nothing():
                return False
            case AllOf(children):
                return all(self.matches(document, child) for child in children)
            case AnyOf(children, minimum, share):
                matching = sum(self.matches(document, child) for child in children)
                return matching >= minimum and self._share(document, node) >= share - 1e-6
            case Without(inner, excluded):
                return self.matches(document, inner) and not self.matches(document, excluded)
            case Boosted(inner, _):
                return self.matches(document, inner)
            case _:
                return self.frequency(document, node) > 0

    def _share(self, document: IndexedDocument, node: AnyOf) -> float:
        weights = [sum(self.idf(leaf) for leaf in leaves(child)) for child in node.children]
        covered = 0.0
        for weight, child in zip(weights, node.children, strict=True):
            if self.matches(document, child):
                covered += weight
        return covered / sum(weights) if sum(weights) else 0.0

    # What it is worth

    def _score(self, document: IndexedDocument, node: Node) -> float:
        match node:
            case _ if isinstance(node, Unscored):
                return 0.0
            case Without(inner, _):
                return self._score(document, inner)
            case Boosted(inner, factor):
                return factor * self._score(document, inner)
            case AllOf(children):
                return sum(self._score(document, child) for child in children)
            case AnyOf(children):
                there = [child for child in children if self.matches(document, child)]
                total = sum(self._score(document, child) for child in there)
                return total * math.pow(self._share(document, node), self.ranking.coverage)
            case _:
                return self._leaf_score(document, node)

    def _leaf_score(self, document: IndexedDocument, leaf: Leaf) -> float:
        k1, idf = self.ranking.k1, self.idf(leaf)
        frequency = self.frequency(document, leaf)
        score = idf * (k1 + 1) * frequency / (frequency + k1)
        bare, fields = within(leaf, self.fields)
        typed = bare.members[0].node if isinstance(bare, Synonyms) else bare
        if isinstance(typed, Term) and not typed.exact:
            exact = self._weighted(
                document, lambda tokens: sum(token.form == typed.form for token in tokens), fields
            )
            score += self.ranking.exact * idf * exact / (exact + k1)
        return score

    @cache  # noqa: B019 - lives as long as its documents are compared with
    def idf(self, leaf: Leaf) -> float:
        """Return how rare a leaf is: its inverse document frequency."""
        having = sum(self.frequency(each, leaf) > 0 for each in self.documents)
        return math.log(1 + (len(self.documents) - having + 0.5) / (having + 0.5))

    def frequency(self, document: IndexedDocument, leaf: Leaf) -> float:
        """Return how often a leaf is in a document, each occurrence by what its field is worth."""
        key = (document.id, leaf)
        if key not in self._frequencies:
            self._frequencies[key] = self._counted(document, leaf)
        return self._frequencies[key]

    def _counted(self, document: IndexedDocument, leaf: Leaf) -> float:
        asked, fields = self._members(leaf), within(leaf, self.fields)[1]
        return self._weighted(
            document,
            lambda tokens: sum(
                member.weight * len(places(tokens, member.node)) for member in asked
            ),
            fields,
        )

    def _members(self, leaf: Leaf) -> tuple[Synonym, ...]:
        """Return what a leaf stands for; of a pattern, the forms of the documents that fit."""
        if leaf not in self._expansions:
            bare, fields = within(leaf, self.fields)
            match bare:
                case Synonyms(members):
                    self._expansions[leaf] = members
                case Prefix() | Wildcard() | Fuzzy():
                    counts = vocabulary(self.documents, fields)
                    fitting = {form: d for form in counts if (d := edits(bare, form)) is not None}
                    best = sorted(fitting, key=lambda form: (fitting[form], -counts[form], form))
                    forms = (
                        Synonym(Term(form, form, exact=True), "typed", 0.5 ** fitting[form])
                        for form in best[:MOST_EXPANSIONS]
                    )
                    self._expansions[leaf] = (*forms, *bare.also)
                case _:
                    self._expansions[leaf] = (Synonym(bare, "typed"),)
        return self._expansions[leaf]

    def _spans(self, document: IndexedDocument, field: str, leaf: Leaf) -> list[tuple[int, int]]:
        if field not in within(leaf, self.fields)[1]:
            return []
        tokens = document.tokens.get(field, [])
        return [place for member in self._members(leaf) for place in places(tokens, member.node)]

    def _weighted(
        self,
        document: IndexedDocument,
        count: Callable[[Sequence[Token]], float],
        fields: Sequence[str],
    ) -> float:
        total = 0.0
        for field in fields:
            tokens = document.tokens.get(field)
            if not tokens:
                continue
            total += count(tokens) * self._worth(field, tokens)
        return total

    def _worth(self, field: str, tokens: Sequence[Token]) -> float:
        b = self.ranking.b.get(field, self.ranking.default_b)
        return self.ranking.weights[field] / (1 - b + b * len(tokens) / self.average[field])

    # The closer look

    def _closer_look(self, document: IndexedDocument, node: Node) -> float:
        boosts: dict[Leaf, float] = {}
        for leaf, factor in boosted(node, 1.0):
            boosts[leaf] = max(factor, boosts.get(leaf, 0.0))
        worth = {leaf: factor * self.idf(leaf) for leaf, factor in boosts.items() if factor}
        bonus = sum(self._lead(document, leaf) * worth[leaf] for leaf in worth)
        for pair in pairwise(worth):
            factor = self.ranking.numbers if any(map(is_number, pair)) else 1
            bonus += self._proximity(document, *pair) * min(worth[leaf] for leaf in pair) * factor
        if len(worth) > 1 and self._has_headline_with(document, list(worth)):
            bonus += self.ranking.headline * sum(worth.values())
        return bonus

    def _lead(self, document: IndexedDocument, leaf: Leaf) -> float:
        depths = [start for start, _ in self._spans(document, "body", leaf)]
        if self._spans(document, "headline", leaf):
            depths.append(0)
        if not depths:
            return 0.0
        return self.ranking.lead * math.exp2(-min(depths) / self.ranking.lead_half)

    def _proximity(self, document: IndexedDocument, first: Leaf, second: Leaf) -> float:
        k1, near = self.ranking.k1, 0.0
        for field, tokens in document.tokens.items():
            if tokens:
                near += self._nearness(document, field, first, second) * self._worth(field, tokens)
        return self.ranking.proximity * (k1 + 1) * near / (near + k1)

    def _nearness(self, document: IndexedDocument, field: str, first: Leaf, second: Leaf) -> float:
        total = 0.0
        others = self._spans(document, field, first)
        for start, end in self._spans(document, field, second):
            ahead = [start - e for _, e in others if e < start]
            behind = [s - end + 1 for s, _ in others if s > end]
            distance = min(ahead + behind, default=self.ranking.window + 1)
            if distance <= self.ranking.window:
                total += 1 / distance**2
        return total

    def _has_headline_with(self, document: IndexedDocument, asked: list[Leaf]) -> bool:
        return any(
            all(self._spans(document, field, leaf) for leaf in asked)
            for field in self.ranking.titles
        )

    def _recency(self, document: IndexedDocument, recency: Recency) -> float:
        dates = [d.moment for d in self.documents if d.moment is not None]
        now = max(dates, default=0) if recency.now is None else recency.now
        if document.moment is None:
            return 1.0
        age = max(now - document.moment, 0) / DAY
        return 1 + recency.strength * math.exp2(-age / recency.half_life)


def meets(document: IndexedDocument, node: Condition) -> bool:
    """Return whether a condition chooses a document."""
    match node:
        case KeywordFilter(field, value):
            return value in document.keywords.get(field, ())
        case HasValue(fields):
            return any(document.tokens.get(f) or document.keywords.get(f) for f in fields)
        case DateRange(start, end):
            moment = document.moment
            return moment is not None and (
                (start is None or moment >= start) and (end is None or moment < end)
            )
        case NumberRange(field, low, high):
            number = document.numbers.get(field)
            return number is not None and (
                (low is None or number >= low) and (high is None or number <= high)
            )


def within(leaf: Leaf, known: tuple[str, ...] = TEXT_FIELDS) -> tuple[Unwrapped, tuple[str, ...]]:
    """Return a leaf without the fields around it, and which of the `known` to look in."""
    if isinstance(leaf, InFields):
        bare, fields = within(leaf.leaf, known)
        return bare, tuple(field for field in fields if field in leaf.fields)
    return leaf, known


def boosted(node: Node, factor: float) -> Iterator[tuple[Leaf, float]]:
    """Yield the leaves that score, each with what it is multiplied by."""
    match node:
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from boosted(child, factor)
        case Without(inner, _):
            yield from boosted(inner, factor)
        case Boosted(inner, more):
            yield from boosted(inner, factor * more)
        case _ if isinstance(node, Unscored):
            return
        case _:
            yield node, factor


def places(tokens: Sequence[Token], node: Term | Phrase) -> list[tuple[int, int]]:
    """Return the first and last position of each occurrence, one for each last word."""
    if isinstance(node, Term):
        wanted = node.form if node.exact else node.term
        return [
            (at, at)
            for at, token in enumerate(tokens)
            if (token.form if node.exact else token.term) == wanted
        ]
    terms, slop = node.terms, node.slop
    fits = [
        [(t.form == term.form if node.exact else t.term == term.term) for term in terms]
        for t in tokens
    ]
    shortest: dict[int, int] = {}
    for start in range(len(tokens)):
        for end in ends(fits[: start + len(terms) + slop], start, 0, len(terms)):
            shortest[end] = max(start, shortest.get(end, -1))
    return minimal([(start, end) for end, start in sorted(shortest.items())])


def ends(fits: list[list[bool]], at: int, word: int, words: int) -> Iterator[int]:
    """Yield where the last word can stand when word number `word` stands at `at`."""
    if not fits[at][word]:
        return
    if word == words - 1:
        yield at
        return
    for following in range(at + 1, len(fits)):
        yield from ends(fits, following, word + 1, words)


def minimal(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out what holds another occurrence: it is the same words with more among them."""
    return [
        (start, end)
        for start, end in spans
        if not any(start <= s and e <= end and (s, e) != (start, end) for s, e in spans)
    ]


def edits(pattern: Prefix | Wildcard | Fuzzy, form: str) -> int | None:
    """Return how many edits away from `pattern` a form is; None if it does not fit."""
    match pattern:
        case Prefix(start):
            return 0 if form.startswith(start) else None
        case Wildcard(text):
            pieces = {"*": ".*", "?": "."}
            made = "".join(pieces.get(char, re.escape(char)) for char in text)
            return 0 if re.fullmatch(made, form, re.DOTALL) else None
        case Fuzzy(word, most):
            found = alignment(word, form)
            return found if found <= most else None


def alignment(first: str, second: str) -> int:
    """Optimal string alignment, by its table."""
    table = [[i + j for j in range(len(second) + 1)] for i in range(len(first) + 1)]
    for i, a in enumerate(first, start=1):
        for j, b in enumerate(second, start=1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a != b)
            )
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def vocabulary(documents: Sequence[IndexedDocument], fields: Sequence[str]) -> Counter[str]:
    """Return how often each form occurs in some fields."""
    return Counter(
        token.form for d in documents for field in fields for token in d.tokens.get(field, [])
    )
