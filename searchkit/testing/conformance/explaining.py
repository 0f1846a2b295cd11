"""Computes the values of an explanation anew from its parts, as docs/ranking.md says."""

from typing import Any

import pytest

from searchkit.engines.base import Explanation
from searchkit.engines.ranking import Ranking
from searchkit.query import HIGHEST_BOOST

KEYS = (
    *("score", "all", "any", "term", "phrase", "synonyms", "field", "exact"),
    *("prefix", "wildcard", "fuzzy", "without", "boosted"),
    *("keyword", "has", "date", "number", "everything"),
    *("lead", "proximity", "headline", "recency"),
)
"""The kinds of values that an explanation may have."""


def assert_adds_up(explanation: Explanation, ranking: Ranking) -> None:
    """Compare the value of an explanation, and of all of its parts, with what they are made of."""
    expected = _value(explanation, ranking)
    assert explanation.value == pytest.approx(expected, rel=1e-4)
    for part in explanation.parts:
        assert_adds_up(part, ranking)


def _value(explanation: Explanation, ranking: Ranking) -> float:
    facts: dict[str, Any] = dict(explanation.facts)
    parts = {key: [p.value for p in explanation.parts if p.key == key] for key in KEYS}
    total = sum(part.value for part in explanation.parts)
    k1 = ranking.k1
    match explanation.key:
        case "score":
            (factor,) = parts["recency"]
            score = (total - factor) * factor
            return 1 + score if facts["kind"] == "article" else score / (1 + score)
        case "all" | "without":
            return total
        case "any":
            return float(total * facts["share"] ** ranking.coverage)
        case "boosted":
            return float(min(min(facts["factor"], 1e6) * total, HIGHEST_BOOST))
        case "keyword" | "has" | "date" | "number" | "everything":
            return 0
        case "term" | "phrase" | "synonyms" | "prefix" | "wildcard" | "fuzzy":
            frequency = sum(parts["field"])
            assert facts["frequency"] == pytest.approx(frequency, rel=1e-5)
            saturation = frequency * (k1 + 1) / (frequency + k1)
            return float(facts["idf"] * saturation + sum(parts["exact"]))
        case "field":
            return float(facts["rule_weight"] * facts["count"] * facts["weight"] / facts["norm"])
    assert explanation.key in KEYS
    return explanation.value
