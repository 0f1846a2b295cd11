"""Takes the score of one document apart: the same computation, with the parts kept."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from searchkit.engines.base import Explanation, Filters
from searchkit.engines.ranking import Recency
from searchkit.engines.whoosh.candidates import Candidates
from searchkit.engines.whoosh.closer_look import headline, lead, pair_worth, proximity
from searchkit.engines.whoosh.evaluation import Evaluation
from searchkit.engines.whoosh.occurrences import Part, in_fields
from searchkit.engines.whoosh.ranked import on_one_scale, rank, recency_factors
from searchkit.query import (
    HIGHEST_BOOST,
    HIGHEST_FACTOR,
    AllOf,
    AnyOf,
    Boosted,
    DateRange,
    Everything,
    HasValue,
    InFields,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    NumberRange,
    Phrase,
    Synonyms,
    Term,
    Without,
    typed_form,
)


def explain(
    evaluation: Evaluation, number: int, document: int, recency: Recency
) -> Explanation | None:
    """Return the explanation of a document's score; None if it does not match."""
    ranked, closely = rank(evaluation, Filters(), recency)
    here = np.flatnonzero((ranked.segments == number) & (ranked.documents == document))
    if not len(here):
        return None
    return _Explainer(evaluation, number, document).whole(recency, bool(here[0] in closely))


class _Explainer:
    """Explains one document."""

    def __init__(self, evaluation: Evaluation, number: int, document: int) -> None:
        self._evaluation = evaluation
        self._ranking = evaluation.ranking
        self._number = number
        self._segment = evaluation.snapshot.segments[number]
        self._candidates = Candidates(self._segment, np.array([document]))
        self._document = document

    def whole(self, recency: Recency, closely: bool) -> Explanation:
        parts = [self._node(self._evaluation.node)]
        if closely:
            parts += self._bonuses()
        factor = self._recency(recency)
        article = bool(self._segment.articles[self._document])
        relevance = sum(part.value for part in parts)
        final = on_one_scale(np.array([relevance * factor.value], np.float32), np.array([article]))
        facts = {"kind": "article" if article else "item", "relevance": relevance}
        return Explanation("score", float(final[0]), facts, (*parts, factor))

    def _node(self, node: Node) -> Explanation:
        match node:
            case AllOf(children):
                parts = tuple(self._node(child) for child in children)
                return Explanation("all", sum(part.value for part in parts), {}, parts)
            case AnyOf():
                return self._any(node)
            case Without(inner, _):
                part = self._node(inner)
                return Explanation("without", part.value, {}, (part,))
            case Boosted(inner, factor):
                part = self._node(inner)
                value = min(min(factor, HIGHEST_FACTOR) * part.value, HIGHEST_BOOST)
                return Explanation("boosted", value, {"factor": factor}, (part,))
            case KeywordFilter(field, value):
                return Explanation("keyword", 0.0, {"field": field, "value": value})
            case HasValue(fields):
                return Explanation("has", 0.0, {"fields": " ".join(fields)})
            case DateRange(start, end):
                ends = {"start": start, "end": end}
                return Explanation("date", 0.0, {k: v for k, v in ends.items() if v is not None})
            case NumberRange(field, low, high):
                ends = {"low": low, "high": high}
                known = {k: v for k, v in ends.items() if v is not None}
                return Explanation("number", 0.0, {"field": field, **known})
            case Everything() | Nothing():
                return Explanation("everything", 0.0)
        return self._leaf(node)

    def _any(self, node: AnyOf) -> Explanation:
        parts = [self._node(child) for child in node.children]
        masks = [
            self._evaluation.evaluate(self._number, self._candidates, child)[0]
            for child in node.children
        ]
        share = float(self._evaluation.share(node, masks)[0])
        coverage = share**self._ranking.coverage
        facts: dict[str, float | str] = {
            "children": len(parts),
            "matching": sum(int(mask[0]) for mask in masks),
            "share": share,
            "coverage": coverage,
        }
        there = tuple(part for part, mask in zip(parts, masks, strict=True) if mask[0])
        return Explanation("any", coverage * sum(part.value for part in there), facts, there)

    def _leaf(self, leaf: Leaf) -> Explanation:
        lookup = self._evaluation.lookup(leaf)
        occurrences = lookup.occurrences[self._number]
        frequency = float(occurrences.frequency(self._candidates)[0])
        k1, idf = self._ranking.k1, lookup.idf
        saturation = frequency * (k1 + 1) / (frequency + k1)
        facts: dict[str, float | str]
        parts = [part for p in occurrences.parts_by_member() for part in self._field(p)]
        exact = occurrences.exact(self._candidates)
        value = idf * saturation
        if exact is not None and self._ranking.exact and exact[0]:
            weighted = float(exact[0])
            bonus = self._ranking.exact * idf * weighted / (weighted + k1)
            facts = {"form": _names(leaf)["form"], "frequency": weighted}
            parts.append(Explanation("exact", bonus, facts))
            value += bonus
        facts = {
            **_names(leaf),
            "idf": idf,
            "documents": lookup.having,
            "frequency": frequency,
            "saturation": saturation,
        }
        return Explanation(_key(leaf), value, facts, tuple(parts))

    def _field(self, part: Part) -> Iterator[Explanation]:
        """Yield what a member of a leaf adds to its frequency by standing in a field."""
        places, _ = self._candidates.align(part.postings.documents)
        if not len(places):
            return
        count = int(part.postings.frequencies[places[0]])
        worth = float(self._segment.worth(part.field)[self._document])
        facts: dict[str, float | str] = {
            "field": part.field,
            **_names(part.member.node),
            "rule": part.member.rule,
            "rule_weight": part.member.weight,
            "count": count,
            "length": int(self._segment.lengths(part.field)[self._document]),
            "weight": self._ranking.weights[part.field],
            "norm": float(self._segment.norm(part.field)[self._document]),
        }
        yield Explanation("field", part.member.weight * count * worth, facts)

    def _bonuses(self) -> Iterator[Explanation]:
        evaluation = self._evaluation
        for leaf, worth in lead(evaluation, self._number, self._candidates).items():
            if worth[0]:
                yield Explanation(
                    "lead", float(worth[0]), {**_names(leaf), "idf": evaluation.worth(leaf)}
                )
        worths = proximity(evaluation, self._number, self._candidates)
        for pair, (first, second) in enumerate(pairwise(evaluation.leaves)):
            if pair in worths and worths[pair][0]:
                facts: dict[str, float | str] = {
                    **{f"first_{name}": text for name, text in _names(first).items()},
                    **{f"second_{name}": text for name, text in _names(second).items()},
                    "idf": pair_worth(evaluation, pair),
                }
                yield Explanation("proximity", float(worths[pair][0]), facts)
        if value := float(headline(evaluation, self._number, self._candidates)[0]):
            total = sum(map(evaluation.worth, evaluation.leaves))
            yield Explanation("headline", value, {"idf": total})

    def _recency(self, recency: Recency) -> Explanation:
        moments = self._segment.moments[[self._document]]
        factor = recency_factors(moments, recency, self._evaluation.snapshot.newest)
        facts = {"strength": recency.strength, "half_life": recency.half_life}
        return Explanation("recency", 1.0 if factor is None else float(factor[0]), facts)


def _key(leaf: Leaf) -> str:
    return type(in_fields(leaf, ())[0]).__name__.lower()


def _names(leaf: Leaf) -> dict[str, str]:
    """Return the stems and the typed spelling of a leaf; those of the first member of synonyms.

    A pattern has no stem, but itself for a spelling.
    """
    match leaf:
        case InFields(inner, fields):
            return {**_names(inner), "fields": " ".join(fields)}
        case Synonyms(members):
            return _names(members[0].node)
        case Term(term):
            stems = term
        case Phrase(terms):
            stems = " ".join(term.term for term in terms)
        case _:
            stems = ""
    return {"term": stems, "form": typed_form(leaf)}
