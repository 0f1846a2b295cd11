"""A plain engine to compare with: dictionaries, loops and the formulas as they are written."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from searchkit.analysis import Token
from searchkit.analysis.normalization import fold_value
from searchkit.engines.base import ARTICLE, Filters, IndexedDocument, Ranking, Recency, Sort
from searchkit.query import (
    AllOf,
    AnyOf,
    Everything,
    Leaf,
    Node,
    Nothing,
    Phrase,
    Synonym,
    Synonyms,
    Term,
    leaves,
)

DAY = 86_400


class ReferenceEngine:
    def __init__(self, documents: Sequence[IndexedDocument], ranking: Ranking) -> None:
        self.documents = documents
        self.ranking = ranking
        lengths: dict[str, list[int]] = {}
        for document in documents:
            for field, tokens in document.tokens.items():
                if tokens:
                    lengths.setdefault(field, []).append(len(tokens))
        self.average = {field: sum(found) / len(found) for field, found in lengths.items()}

    def search(
        self,
        node: Node,
        recency: Recency | None = None,
        filters: Filters | None = None,
    ) -> list[tuple[str, float]]:
        """Return (id, score) of all matches that pass, ranked."""
        found = []
        for document in self.documents:
            if self._matches(document, node) and passes(document, filters or Filters()):
                score = self._score(document, node) + self._closer_look(document, node)
                score *= self._recency(document, recency or self.ranking.recency)
                score = 1 + score if document.kind == ARTICLE else score / (1 + score)
                found.append((-score, -(document.moment or -(10**15)), document.id))
        return [(document_id, -score) for score, _, document_id in sorted(found)]

    def dated(self, ids: Sequence[str], sort: Sort) -> list[str]:
        """Return documents by date."""
        by_id = {document.id: document for document in self.documents}
        sign = -1 if sort == "newest" else 1

        def key(document_id: str) -> tuple[bool, int, str]:
            moment = by_id[document_id].moment
            return (moment is None, sign * (moment or 0), document_id)

        return sorted(ids, key=key)

    def facet(self, field: str, ids: Sequence[str]) -> list[tuple[str, int]]:
        """Return (value in its commonest spelling, how many of `ids` have it), highest first."""
        spellings: dict[str, Counter[str]] = {}
        counts: Counter[str] = Counter()
        for document in self.documents:
            values = document.facets.get(field, ())
            for value in values:
                spellings.setdefault(fold_value(value), Counter())[value] += 1
            if document.id in ids:
                counts.update({fold_value(value) for value in values})
        shown = {key: min((-n, s) for s, n in found.items())[1] for key, found in spellings.items()}
        return sorted(((shown[key], n) for key, n in counts.items()), key=lambda r: (-r[1], r[0]))

    # What matches

    def _matches(self, document: IndexedDocument, node: Node) -> bool:
        match node:
            case Everything():
                return True
            case Nothing():
                return False
            case AllOf(children):
                return all(self._matches(document, child) for child in children)
            case AnyOf(children, minimum, share):
                matching = sum(self._matches(document, child) for child in children)
                return matching >= minimum and self._share(document, node) >= share - 1e-6
            case Term() | Phrase() | Synonyms():
                return self._frequency(document, node) > 0

    def _share(self, document: IndexedDocument, node: AnyOf) -> float:
        weights = [sum(self._idf(leaf) for leaf in leaves(child)) for child in node.children]
        covered = 0.0
        for weight, child in zip(weights, node.children, strict=True):
            if self._matches(document, child):
                covered += weight
        return covered / sum(weights)

    # What it is worth

    def _score(self, document: IndexedDocument, node: Node) -> float:
        match node:
            case Everything() | Nothing():
                return 0.0
            case Term() | Phrase() | Synonyms():
                return self._leaf_score(document, node)
            case AllOf(children):
                return sum(self._score(document, child) for child in children)
            case AnyOf(children):
                total = sum(self._score(document, child) for child in children)
                return total * math.pow(self._share(document, node), self.ranking.coverage)

    def _leaf_score(self, document: IndexedDocument, leaf: Leaf) -> float:
        k1, idf = self.ranking.k1, self._idf(leaf)
        frequency = self._frequency(document, leaf)
        score = idf * (k1 + 1) * frequency / (frequency + k1)
        typed = leaf.members[0].node if isinstance(leaf, Synonyms) else leaf
        if isinstance(typed, Term):
            exact = self._weighted(
                document, lambda tokens: sum(token.form == typed.form for token in tokens)
            )
            score += self.ranking.exact * idf * exact / (exact + k1)
        return score

    def _idf(self, leaf: Leaf) -> float:
        having = sum(self._frequency(document, leaf) > 0 for document in self.documents)
        return math.log(1 + (len(self.documents) - having + 0.5) / (having + 0.5))

    def _frequency(self, document: IndexedDocument, leaf: Leaf) -> float:
        return self._weighted(
            document,
            lambda tokens: sum(
                member.weight * len(places(tokens, member.node)) for member in members(leaf)
            ),
        )

    def _weighted(self, document: IndexedDocument, count: Callable[[list[Token]], float]) -> float:
        total = 0.0
        for field, tokens in document.tokens.items():
            b = self.ranking.b.get(field, self.ranking.default_b)
            norm = 1 - b + b * len(tokens) / self.average[field] if tokens else 1
            total += self.ranking.weights[field] * count(tokens) / norm
        return total

    # The closer look

    def _closer_look(self, document: IndexedDocument, node: Node) -> float:
        asked = list(dict.fromkeys(leaves(node)))
        bonus = sum(self._lead(document, leaf) for leaf in asked)
        bonus += sum(self._proximity(document, *pair) for pair in pairwise(asked))
        if len(asked) > 1 and self._has_headline_with(document, asked):
            bonus += self.ranking.headline * sum(self._idf(leaf) for leaf in asked)
        return bonus

    def _lead(self, document: IndexedDocument, leaf: Leaf) -> float:
        depths = [start for start, _ in spans(document.tokens.get("body", []), leaf)]
        if spans(document.tokens.get("headline", []), leaf):
            depths.append(0)
        if not depths:
            return 0.0
        early = math.exp2(-min(depths) / self.ranking.lead_half)
        return self.ranking.lead * self._idf(leaf) * early

    def _proximity(self, document: IndexedDocument, first: Leaf, second: Leaf) -> float:
        k1, idf = self.ranking.k1, min(self._idf(first), self._idf(second))
        near = self._weighted(document, lambda tokens: self._nearness(tokens, first, second))
        return self.ranking.proximity * idf * (k1 + 1) * near / (near + k1)

    def _nearness(self, tokens: list[Token], first: Leaf, second: Leaf) -> float:
        total = 0.0
        for start, end in spans(tokens, second):
            ahead = [start - e for _, e in spans(tokens, first) if e < start]
            behind = [s - end + 1 for s, _ in spans(tokens, first) if s > end]
            distance = min(ahead + behind, default=self.ranking.window + 1)
            if distance <= self.ranking.window:
                total += 1 / distance**2
        return total

    def _has_headline_with(self, document: IndexedDocument, asked: list[Leaf]) -> bool:
        return any(
            all(spans(document.tokens.get(field, []), leaf) for leaf in asked)
            for field in ("headline", "sidebar")
        )

    def _recency(self, document: IndexedDocument, recency: Recency) -> float:
        dates = [d.moment for d in self.documents if d.moment is not None]
        now = max(dates, default=0) if recency.now is None else recency.now
        if document.moment is None:
            return 1.0
        age = max(now - document.moment, 0) / DAY
        return 1 + recency.strength * math.exp2(-age / recency.half_life)


def passes(document: IndexedDocument, filters: Filters) -> bool:
    moment = document.moment
    for field, wanted in filters.values.items():
        if not wanted & {fold_value(value) for value in document.facets.get(field, ())}:
            return False
    if filters.since is not None and (moment is None or moment < filters.since):
        return False
    return filters.until is None or (moment is not None and moment < filters.until)


def members(leaf: Leaf) -> tuple[Synonym, ...]:
    return leaf.members if isinstance(leaf, Synonyms) else (Synonym(leaf, "typed"),)


def places(tokens: list[Token], node: Term | Phrase) -> list[tuple[int, int]]:
    """Return the first and last position of each occurrence."""
    terms = [token.term for token in tokens]
    wanted = [term.term for term in (node.terms if isinstance(node, Phrase) else (node,))]
    starts = range(len(terms) - len(wanted) + 1)
    return [(s, s + len(wanted) - 1) for s in starts if terms[s : s + len(wanted)] == wanted]


def spans(tokens: list[Token], leaf: Leaf) -> list[tuple[int, int]]:
    return [place for member in members(leaf) for place in places(tokens, member.node)]


def vocabulary(documents: Sequence[IndexedDocument]) -> Counter[str]:
    """Return how often each form occurs."""
    return Counter(
        token.form for d in documents for tokens in d.tokens.values() for token in tokens
    )
