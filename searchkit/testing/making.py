"""Documents, random queries and rankings that engines are tested with."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from searchkit.analysis import Token
from searchkit.analysis.located import Occurrences, Words
from searchkit.analysis.normalization import fold_value
from searchkit.engines.base import ARTICLE, ITEM, Engine, Filters, IndexedDocument
from searchkit.engines.copies import SHORTEST, signature
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.ranking import Ranking, Recency
from searchkit.query import (
    AllOf,
    AnyOf,
    Boosted,
    DateRange,
    Everything,
    Fuzzy,
    HasValue,
    InFields,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Synonym,
    Synonyms,
    Term,
    Wildcard,
    Without,
)
from searchkit.testing.formulas import DAY

VOCABULARY = [f"w{n}" for n in range(30)]
SECTIONS = ["Politik", "POLITIK", "Ekonomi", "Ékonomi", "Dunia"]
LISTS = ["Populer", "populer", "Terkini"]
MONTHS = ["2024-05", "2024-06"]


def tokens(words: Sequence[str]) -> list[Token]:
    """Return tokens whose stem is the word without a trailing x."""
    return [Token(w.rstrip("x"), w, w, 0, 1, n) for n, w in enumerate(words)]


def occurrences(words: Words, tokens: Sequence[Token]) -> Occurrences:
    """Return where words stand among tokens, of those that do."""
    terms = {w: [t.position for t in tokens if t.term == w] for w in words.terms}
    forms = {w: [t.position for t in tokens if t.form == w] for w in words.forms}
    return Occurrences(
        {word: places for word, places in terms.items() if places},
        {word: places for word, places in forms.items() if places},
    )


def document(
    number: int,
    *,
    kind: str = ARTICLE,
    moment: int | None = 0,
    lists: tuple[str, ...] = (),
    facets: Mapping[str, tuple[str, ...]] | None = None,
    **texts: str,
) -> IndexedDocument:
    """Return the document `d0007` (for 7) of these texts by field, words between blanks."""
    document_id = f"d{number:04}"
    return IndexedDocument(
        id=document_id,
        kind=kind,
        tokens={field: tokens(text.split()) for field, text in texts.items()},
        keywords={"id": (document_id,), "kind": (kind,), "list": lists},
        moment=moment,
        stored={"id": document_id, "texts": texts},
        signature=signature(tokens(texts.get("body", "").split())),
        facets={"kind": (kind,), "list": lists} | dict(facets or {}),
    )


def random_words(chance: random.Random, most: int) -> list[str]:
    """Return up to `most` words, some of them common and some rare."""
    chosen = chance.choices(VOCABULARY, weights=range(30, 0, -1), k=chance.randint(0, most))
    return [word + chance.choice(["", "x"]) for word in chosen]


def random_documents(chance: random.Random, count: int) -> list[IndexedDocument]:
    """Return articles, among them copies of one another, and items, some of them without a date."""
    documents = []
    bodies: list[list[str]] = []
    for number in range(count):
        moment = chance.choice([None, 1, 2, 3])
        facets = {
            "section": tuple(chance.sample(SECTIONS, chance.randint(0, 1))),
            "list": tuple(chance.sample(LISTS, chance.randint(0, 3))),
            "month": tuple(chance.sample(MONTHS, chance.randint(0, 1))),
        }
        made = partial(document, number, moment=moment, facets=facets)
        if chance.random() < 0.3:
            documents.append(made(kind=ITEM, sidebar=" ".join(random_words(chance, 8))))
            continue
        body = random_words(chance, 60)
        if bodies and chance.random() < 0.2:
            body = [*chance.choice(bodies), *random_words(chance, 2)]
        if len(body) > 2 * SHORTEST:
            bodies.append(body)
        headline, section = (" ".join(random_words(chance, most)) for most in (6, 1))
        documents.append(made(headline=headline, body=" ".join(body), section=section))
    return documents


def random_filters(chance: random.Random) -> Filters:
    """Return filters by some facets and dates."""
    values = {}
    for field, known in (("section", SECTIONS), ("list", LISTS), ("month", MONTHS)):
        if chance.random() < 0.3:
            chosen = chance.sample([*known, "absent"], chance.randint(1, 2))
            values[field] = frozenset(map(fold_value, chosen))
    return Filters(values, chance.choice([None, None, 2]), chance.choice([None, None, 3]))


def random_leaf(chance: random.Random, fields: Sequence[str] = TEXT_FIELDS) -> Leaf:
    """Return a word, a phrase, synonyms or a pattern, perhaps held to some of the text `fields`."""

    def form() -> str:
        return chance.choice([*VOCABULARY, "absent"]) + chance.choice(["", "x"])

    def term() -> Term:
        word = form()
        return Term(word.rstrip("x"), word, exact=chance.random() < 0.1)

    def phrase() -> Phrase:
        terms = tuple(replace(term(), exact=False) for _ in range(chance.randint(2, 3)))
        return Phrase(terms, chance.choice([0, 0, 1, 4]), exact=chance.random() < 0.2)

    def simple() -> Term | Phrase:
        return term() if chance.random() < 0.7 else phrase()

    roll = chance.random()
    if roll < 0.55:
        return simple()
    if roll < 0.7:
        weights = (1.0, 0.8, 0.3)
        return Synonyms(tuple(Synonym(simple(), "typed", weight) for weight in weights))
    if roll < 0.8:
        held = tuple(chance.sample(fields, chance.randint(1, min(4, len(fields)))))
        return InFields(random_leaf(chance, fields), held)
    exactly = [replace(simple(), exact=True) for _ in range(chance.choice([0, 0, 2]))]
    also = tuple(Synonym(node, "typed", 0.5) for node in exactly)
    shapes = ("w1?", "?1*", "*2x", "*", "w*1*x", "??", "w?", "*9*", "**", "v*")
    patterns: list[Leaf] = [
        Prefix(chance.choice(["w1", "w2", "w", "v", "w10x", "w100"]), also),
        Wildcard(chance.choice(shapes), also),
        Fuzzy(form(), chance.randint(1, 2), also),
    ]
    return chance.choice(patterns)


def random_condition(chance: random.Random) -> Node:
    """Return a node that matches and does not score."""
    conditions: list[Node] = [
        KeywordFilter("kind", chance.choice([ARTICLE, ITEM, "absent"])),
        HasValue(tuple(chance.sample(["headline", "body", "section", "list"], 2))),
        DateRange(chance.choice([None, 0, 2]), chance.choice([None, 2, 3])),
        Everything(),
        Nothing(),
    ]
    return chance.choice(conditions)


def random_query(
    chance: random.Random,
    depth: int = 0,
    *,
    fields: Sequence[str] = TEXT_FIELDS,
    condition: Callable[[random.Random], Node] = random_condition,
) -> Node:
    """Return a tree with any of the nodes, shallow ones most often.

    Words are held to some of the text `fields`; `condition` makes what does not score.
    """
    if depth == 3 or chance.random() < 0.25 + 0.2 * depth:
        return random_leaf(chance, fields) if chance.random() < 0.85 else condition(chance)

    def child() -> Node:
        return random_query(chance, depth + 1, fields=fields, condition=condition)

    children = tuple(child() for _ in range(chance.randint(1, 3)))
    roll = chance.random()
    if roll < 0.35:
        return AllOf(children)
    if roll < 0.7:
        minimum = chance.randint(0, len(children))
        return AnyOf(children, minimum, chance.choice([0.0, 0.3, 0.6]))
    if roll < 0.85:
        return Without(child(), child())
    return Boosted(child(), chance.choice([0.0, 0.5, 3.0]))


def random_ranking(chance: random.Random) -> Ranking:
    """Return a ranking with other parameters, some of them off."""
    return Ranking(
        k1=chance.uniform(0.5, 2),
        b={"body": chance.random()},
        exact=chance.choice([0, 0.5]),
        coverage=chance.choice([0, 0.5, 1]),
        proximity=chance.choice([0, 0.5]),
        window=chance.randint(1, 10),
        numbers=chance.choice([1, 5]),
        lead=chance.choice([0, 0.5]),
        headline=chance.choice([0, 0.5]),
        recency=Recency(chance.choice([0, 0.5]), 2 / DAY, chance.choice([None, 2])),
    )


def put(engine: Engine, *documents: IndexedDocument) -> None:
    """Put documents into an index, in one commit."""
    with engine.writer() as writer:
        for each in documents:
            writer.put(each)


def ids(engine: Engine, node: Node, filters: Filters | None = None) -> list[str]:
    """Return the ids of all matches, ranked."""
    matches = engine.search(node, filters or Filters(), 0, 1000)
    assert matches.total == len(matches.matches)
    return [match.id for match in matches.matches]
