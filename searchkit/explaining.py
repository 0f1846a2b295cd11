"""Why a document was found: which words matched where, by which rule, and what the score is of."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from searchkit.analysis import Analyzer, Token
from searchkit.documents.blocks import blocks_of, headline_of
from searchkit.engines.base import Engine, Explanation, Filters
from searchkit.engines.ranking import Recency
from searchkit.query import (
    Fuzzy,
    InFields,
    Leaf,
    Prefix,
    Query,
    Synonyms,
    Wildcard,
    distinct_leaves,
    typed_form,
)
from searchkit.searching import read_document
from searchkit.snippets import find_marks

EXACT, AFFIX = "exact", "affix"
"""The rules by which a typed word itself matches: in the typed form, or in another of its stem."""


@dataclass(frozen=True, slots=True)
class WordMatch:
    """What matched one word or phrase of the query in one part of a document.

    `typed` is the word as the query has it, folded; `rule` is "exact", "affix", "abbreviation",
    "learned", "synonym", "reading", "fuzzy", "prefix" or "wildcard"; `block` names the part
    (headline, body, ...); `spellings` are what stands there, with how often, the most frequent
    first.
    """

    typed: str
    rule: str
    block: str
    spellings: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitExplanation:
    """Why a document has its place among the hits of a query.

    `words` are in the order of the query; `missing` are the words of the query that the document
    does not have; `relaxed` tells that no document has what the query requires, so that any of its
    words is enough. `tree` takes the score apart, see docs/ranking.md for its keys.
    """

    query: str
    document_id: str
    headline: str
    score: float
    relaxed: bool
    words: tuple[WordMatch, ...]
    missing: tuple[str, ...]
    tree: Explanation


def explain(
    engine: Engine, analyzer: Analyzer, query: Query, document_id: str, recency: Recency
) -> HitExplanation | None:
    """Return why a document is a hit of `query`; None if it is not, or there is none of that id.

    The score is that of a search without filters that shows every copy.
    """
    stored = engine.stored(document_id)
    if stored is None:
        return None
    relaxed = query.loose is not None and not engine.search(query.node, Filters(), 0, 0).total
    node = query.relaxed().node if relaxed else query.node
    tree = engine.explain(node, document_id, recency=recency)
    if tree is None:
        return None
    document = read_document(stored)
    wanted = distinct_leaves(node)
    texts = {name: text for name, text in blocks_of(document).items() if text}
    words = tuple(_matches(analyzer, wanted, texts))
    found = {match.typed for match in words}
    return HitExplanation(
        query=query.text,
        document_id=document_id,
        headline=headline_of(document),
        score=tree.value,
        relaxed=relaxed,
        words=words,
        missing=tuple(t for t in dict.fromkeys(map(typed_form, wanted)) if t not in found),
        tree=tree,
    )


def _matches(
    analyzer: Analyzer, wanted: Sequence[Leaf], texts: Mapping[str, str]
) -> Iterator[WordMatch]:
    tokens = {block: analyzer.analyze(text) for block, text in texts.items()}
    for leaf in wanted:
        for rule, node in _ways(leaf):
            for block, text in texts.items():
                if isinstance(leaf, InFields) and block not in leaf.fields:
                    continue
                for found, spellings in _spellings(text, tokens[block], node, rule).items():
                    most = tuple(sorted(spellings.items(), key=lambda s: (-s[1], s[0])))
                    yield WordMatch(typed_form(leaf), found, block, most)


def _ways(leaf: Leaf) -> Iterator[tuple[str, Leaf]]:
    match leaf:
        case InFields(inner, _):
            yield from _ways(inner)
        case Synonyms(members):
            yield from ((member.rule, member.node) for member in members)
        case Prefix() | Wildcard() | Fuzzy():
            yield type(leaf).__name__.lower(), leaf
        case _:
            yield "typed", leaf


def _spellings(
    text: str, tokens: Sequence[Token], node: Leaf, rule: str
) -> dict[str, Counter[str]]:
    """Return how often each spelling of `node` stands in a text, by rule."""
    forms = {token.start: token.form for token in tokens}
    typed = typed_form(node).split(" ")[0]
    by_rule: dict[str, Counter[str]] = {}
    for mark in find_marks(text, tokens, [node]):
        named = rule
        if rule == "typed":
            named = EXACT if forms[mark.start] == typed else AFFIX
        by_rule.setdefault(named, Counter())[text[mark.start : mark.end]] += 1
    return by_rule
