"""A plain engine to compare with: dictionaries, loops and the formulas as they are written."""

import math
from collections import Counter
from collections.abc import Sequence

from searchkit.engines.base import ARTICLE, IndexedDocument, Ranking
from searchkit.query import AllOf, AnyOf, Everything, Node, Nothing, Phrase, Term, leaves


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

    def search(self, node: Node) -> list[tuple[str, float]]:
        """Return (id, score) of all matches, ranked."""
        found = []
        for document in self.documents:
            if self._matches(document, node):
                score = self._score(document, node)
                score = 1 + score if document.kind == ARTICLE else score / (1 + score)
                found.append((-score, -(document.moment or -(10**15)), document.id))
        return [(document_id, -score) for score, _, document_id in sorted(found)]

    def _matches(self, document: IndexedDocument, node: Node) -> bool:
        match node:
            case Everything():
                return True
            case Nothing():
                return False
            case Term() | Phrase():
                return self._frequency(document, node) > 0
            case AllOf(children):
                return all(self._matches(document, child) for child in children)
            case AnyOf(children, minimum):
                return sum(self._matches(document, child) for child in children) >= minimum

    def _score(self, document: IndexedDocument, node: Node) -> float:
        match node:
            case Everything() | Nothing():
                return 0.0
            case Term() | Phrase():
                return self._leaf_score(document, node)
            case AllOf(children):
                return sum(self._score(document, child) for child in children)
            case AnyOf(children):
                weights = [sum(self._idf(leaf) for leaf in leaves(child)) for child in children]
                covered = sum(
                    weight
                    for weight, child in zip(weights, children, strict=True)
                    if self._matches(document, child)
                )
                total = sum(self._score(document, child) for child in children)
                return total * covered / sum(weights)

    def _leaf_score(self, document: IndexedDocument, leaf: Term | Phrase) -> float:
        k1, idf = self.ranking.k1, self._idf(leaf)
        frequency = self._frequency(document, leaf)
        score = idf * (k1 + 1) * frequency / (frequency + k1)
        if isinstance(leaf, Term):
            exact = self._weighted(
                document, lambda tokens: sum(token.form == leaf.form for token in tokens)
            )
            score += self.ranking.exact * idf * exact / (exact + k1)
        return score

    def _idf(self, leaf: Term | Phrase) -> float:
        having = sum(self._frequency(document, leaf) > 0 for document in self.documents)
        return math.log(1 + (len(self.documents) - having + 0.5) / (having + 0.5))

    def _frequency(self, document: IndexedDocument, leaf: Term | Phrase) -> float:
        wanted = [term.term for term in (leaf.terms if isinstance(leaf, Phrase) else (leaf,))]

        def count(tokens) -> int:  # type: ignore[no-untyped-def]
            terms = [token.term for token in tokens]
            starts = range(len(terms) - len(wanted) + 1)
            return sum(terms[start : start + len(wanted)] == wanted for start in starts)

        return self._weighted(document, count)

    def _weighted(self, document, count) -> float:  # type: ignore[no-untyped-def]
        total = 0.0
        for field, tokens in document.tokens.items():
            b = self.ranking.b.get(field, self.ranking.default_b)
            norm = 1 - b + b * len(tokens) / self.average[field] if tokens else 1
            total += self.ranking.weights[field] * count(tokens) / norm
        return total


def vocabulary(documents: Sequence[IndexedDocument]) -> Counter[str]:
    """Return how often each form occurs."""
    return Counter(
        token.form for d in documents for tokens in d.tokens.values() for token in tokens
    )
