"""The parameters of ranking."""

from collections.abc import Mapping
from dataclasses import field

from searchkit.values import dataclass


@dataclass(frozen=True, slots=True)
class Recency:
    """How much newer documents are preferred: not at all with `strength` 0.

    A score is multiplied by 1 + strength * 2 ** (-age / half_life). The age, in days, is counted
    from `now` (seconds since 1970; None for the newest document of the index) and is never below
    0. A document without a date is neither raised nor lowered: its factor is 1.
    """

    strength: float = 0.0
    half_life: float = 30.0
    now: int | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The parameters of ranking; docs/ranking.md has the formulas and what each is worth.

    BM25F: `weights` multiplies the frequency in a field before saturation, `k1` sets how soon more
    occurrences stop counting, `b` how strongly a long field is held against a document (0 to 1, by
    field), `exact` how much more the typed form is worth than another word of its stem.

    A score is multiplied by the share of the query that a document has, by idf, to the power
    `coverage`. The best `reranked` documents are looked at closely, for what adds to a score, each
    a share of the words' own idf: `proximity` when neighbouring words of the query stand within
    `window` words of each other, `numbers` times as much where one of them is a number, `lead` when
    a word stands early in the body (half as much every `lead_half` words), `headline` when one of
    the fields `titles` has all words. `recency` prefers newer documents.

    Sources: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
    Foundations and Trends in Information Retrieval 3(4), 2009, section 3.6 (fields); Y. Rasolofo,
    J. Savoy, "Term Proximity Scoring for Keyword-Based Retrieval Systems", ECIR 2003 (pairs of
    words, by the square of their distance).
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "headline": 3.0,
            "body": 1.0,
            "caption": 1.0,
            "section": 1.0,
            "reporter": 1.5,
            "tags": 1.0,
            "sidebar": 1.0,
            "teaser": 0.5,
        }
    )
    b: Mapping[str, float] = field(default_factory=lambda: {"body": 0.6})
    default_b: float = 0.3
    k1: float = 1.0
    exact: float = 0.3
    coverage: float = 0.1
    proximity: float = 0.2
    window: int = 8
    numbers: float = 3.0
    lead: float = 1.0
    lead_half: float = 50
    headline: float = 0.2
    reranked: int = 200
    titles: tuple[str, ...] = ("headline", "sidebar")
    recency: Recency = Recency()

    @property
    def looks_closely(self) -> bool:
        """Whether the best documents are looked at closely for anything."""
        return bool(self.reranked and (self.proximity or self.lead or self.headline))
