"""Articles like a given document: those that its most telling words find.

A word tells the more, the oftener the document has it and the fewer others do: tf-idf, with the
logarithm of the frequency, a word of the headline counting as if met several times. Source:
C. Manning, P. Raghavan, H. Schütze, "Introduction to Information Retrieval", 2008, section 6.4.1.
"""

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from searchkit.analysis import Analyzer, Token
from searchkit.asking import Asked
from searchkit.documents import Article, SidebarItem
from searchkit.documents.blocks import headline_of, text_of
from searchkit.engines.base import ARTICLE, Engine, Filters
from searchkit.query import AnyOf, Node, Nothing, Term
from searchkit.results import ResultPage
from searchkit.searching import Found, page_of

MOST_WORDS = 25
"""Words of a document that are looked up."""

SHARE = 0.1
"""The share of their weight, by inverse document frequency, that a similar article must have."""

HEADLINE = 3
"""How often a word of the headline counts."""

_MOST_WEIGHED = 400


def similar(
    engine: Engine,
    analyzer: Analyzer,
    document: Article | SidebarItem,
    asked: Asked,
) -> ResultPage:
    """Return the articles most like `document`, best first, and not itself.

    With a collapse, its copies are left out as well. A document without words, or whose words no
    other has, gives an empty page.
    """
    started = time.perf_counter()
    asked = replace(asked, filters=Filters({"kind": frozenset((ARTICLE,))}))
    node = telling_words(engine, analyzer, document)
    matches = engine.search(
        node,
        asked.filters,
        0,
        asked.limit + 1,
        recency=asked.recency,
        collapse=asked.collapse,
    )
    others = [
        match
        for match in matches.matches
        if document.id != match.id and document.id not in match.copies
    ]
    own = matches.total > 0 and isinstance(document, Article)
    matches = replace(matches, total=matches.total - own, matches=tuple(others[: asked.limit]))
    return page_of(engine, analyzer, document.id, Found(matches, node, False), asked, started)


def telling_words(engine: Engine, analyzer: Analyzer, document: Article | SidebarItem) -> Node:
    """Return the query for the most telling words of a document; Nothing if there are none."""
    own = isinstance(document, Article)
    headline = headline_of(document)
    text = text_of(document)
    tokens = [token for token in analyzer.analyze(headline) for _ in range(HEADLINE)]
    tokens += analyzer.analyze(text)
    return most_telling(engine, tokens, analyzer.stop_words, ("body",), own=own)


def most_telling(
    engine: Engine,
    tokens: Sequence[Token],
    ignored: frozenset[str],
    fields: Sequence[str],
    *,
    own: bool,
) -> Node:
    """Return the query for the most telling of `tokens`; Nothing if there are none.

    Words of the forms `ignored` are not. How rare a word is, is told by the text `fields`; `own`
    says that their document is indexed itself.
    """
    words = _counted(tokens, ignored)
    having: Counter[str] = Counter()
    for field in fields:
        having |= Counter(engine.frequencies(field, [term for term, _ in words]))
    size = sum(count for _, count in engine.keyword_values("kind", [ARTICLE]))
    weights = {
        term: (1 + math.log(count)) * math.log(1 + size / having[term])
        for term, count in words
        # What only the document itself has finds nothing else.
        if having[term] > own
    }
    best = sorted(weights, key=lambda term: (-weights[term], term))[:MOST_WORDS]
    forms = _commonest_forms(tokens)
    terms = tuple(Term(term, forms[term]) for term in best)
    return AnyOf(terms, share=SHARE) if terms else Nothing()


def _counted(tokens: Sequence[Token], ignored: frozenset[str]) -> list[tuple[str, int]]:
    """Return the most frequent terms with their counts, without those of the forms `ignored`."""
    counts = Counter(t.term for t in tokens if t.form not in ignored and len(t.term) > 1)
    return counts.most_common(_MOST_WEIGHED)


def _commonest_forms(tokens: Sequence[Token]) -> dict[str, str]:
    forms: dict[str, Counter[str]] = {}
    for token in tokens:
        forms.setdefault(token.term, Counter())[token.form] += 1
    return {term: counts.most_common(1)[0][0] for term, counts in forms.items()}
