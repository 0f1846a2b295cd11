"""Takes the score of one candidate apart: the same computation, with the parts kept."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from searchkit.engines.base import Explanation
from searchkit.engines.ranking import Ranking, Recency
from searchkit.engines.rescoring.places import POSITION_BITS
from searchkit.engines.rescoring.scoring import Scoring
from searchkit.engines.rescoring.statistics import Candidate, Statistics, within
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
    Synonym,
    Synonyms,
    Term,
    Without,
    typed_form,
)


def explain(
    candidate: Candidate,
    node: Node,
    statistics: Statistics,
    ranking: Ranking,
    recency: Recency | None = None,
) -> Explanation | None:
    """Return how `score` scores a candidate that it looks at closely; None if it does not match.

    docs/ranking.md lists the keys and facts. Raises IndexDamaged as `score` does.
    """
    scoring = Scoring([candidate], node, statistics, ranking)
    if not scoring.evaluate(node)[0][0]:
        return None
    return _Explainer(scoring).whole(node, recency or ranking.recency)


class _Explainer:
    """Explains the one candidate of a scoring."""

    def __init__(self, scoring: Scoring) -> None:
        self._scoring = scoring
        self._ranking = scoring.ranking

    def whole(self, node: Node, recency: Recency) -> Explanation:
        parts = (self._node(node), *self._bonuses())
        relevance = sum(part.value for part in parts)
        factor = float(self._scoring.recency_factors(recency)[0])
        final = float(self._scoring.on_one_scale(np.array([relevance * factor]))[0])
        facts = {"strength": recency.strength, "half_life": recency.half_life}
        return Explanation(
            "score",
            final,
            {"kind": self._scoring.candidates[0].kind, "relevance": relevance},
            (*parts, Explanation("recency", factor, facts)),
        )

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
        masks = [self._scoring.evaluate(child)[0] for child in node.children]
        share = float(self._scoring.share(node, masks)[0])
        coverage = share**self._ranking.coverage
        parts = [
            self._node(child) for child, mask in zip(node.children, masks, strict=True) if mask[0]
        ]
        facts: dict[str, float | str] = {
            "children": len(masks),
            "matching": len(parts),
            "share": share,
            "coverage": coverage,
        }
        value = coverage * sum(part.value for part in parts)
        return Explanation("any", value, facts, tuple(parts))

    def _leaf(self, leaf: Leaf) -> Explanation:
        frequency = float(self._scoring.frequency(leaf)[0])
        k1, idf = self._ranking.k1, self._scoring.idf[leaf]
        saturation = frequency * (k1 + 1) / (frequency + k1)
        facts: dict[str, float | str]
        members = self._scoring.statistics.members(leaf)
        parts = [part for member in members for part in self._fields(leaf, member)]
        value = idf * saturation
        exact = self._scoring.exact(leaf)
        if exact is not None and self._ranking.exact and exact[0]:
            weighted = float(exact[0])
            bonus = self._ranking.exact * idf * weighted / (weighted + k1)
            facts = {"form": _names(leaf)["form"], "frequency": weighted}
            parts.append(Explanation("exact", bonus, facts))
            value += bonus
        facts = {
            **_names(leaf),
            "idf": idf,
            "documents": self._scoring.statistics.having[leaf],
            "frequency": frequency,
            "saturation": saturation,
        }
        return Explanation(type(within(leaf)[0]).__name__.lower(), value, facts, tuple(parts))

    def _fields(self, leaf: Leaf, member: Synonym) -> Iterator[Explanation]:
        """Yield what a member of a leaf adds to its frequency, by field."""
        starts = self._scoring.tokens.spans([member]).starts
        counts = np.bincount(starts >> POSITION_BITS, minlength=len(self._scoring.fields))
        asked = within(leaf, self._scoring.fields)[1]
        for number, field in enumerate(self._scoring.fields):
            count = int(counts[number])
            if not count or field not in asked:
                continue
            worth = float(self._scoring.worth[number])
            facts: dict[str, float | str] = {
                "field": field,
                **_names(member.node),
                "rule": member.rule,
                "rule_weight": member.weight,
                "count": count,
                "length": int(self._scoring.tokens.lengths[number]),
                "weight": self._ranking.weights[field],
                "norm": self._ranking.weights[field] / worth if worth else 1.0,
            }
            yield Explanation("field", member.weight * count * worth, facts)

    def _bonuses(self) -> Iterator[Explanation]:
        scoring = self._scoring
        for leaf, worth in scoring.lead().items():
            if worth[0]:
                facts: dict[str, float | str] = {**_names(leaf), "idf": scoring.leaf_worth(leaf)}
                yield Explanation("lead", float(worth[0]), facts)
        worths = scoring.proximity()
        for pair, (first, second) in enumerate(pairwise(scoring.leaves)):
            if pair in worths and worths[pair][0]:
                facts = {
                    **{f"first_{name}": text for name, text in _names(first).items()},
                    **{f"second_{name}": text for name, text in _names(second).items()},
                    "idf": scoring.pair_worth(pair),
                }
                yield Explanation("proximity", float(worths[pair][0]), facts)
        if value := float(scoring.headline()[0]):
            total = sum(map(scoring.leaf_worth, scoring.leaves))
            yield Explanation("headline", value, {"idf": total})


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
