"""Documents, random queries and rankings that engines are tested with."""

import random
from dataclasses import replace

from searchkit.analysis import Token
from searchkit.engines.base import (
    ARTICLE,
    ITEM,
    TEXT_FIELDS,
    Filters,
    IndexedDocument,
    Ranking,
    Recency,
)
from searchkit.engines.copies import signature
from searchkit.engines.whoosh import WhooshEngine
from searchkit.query import (
    AllOf,
    AnyOf,
    Boosted,
    DateRange,
    Everything,
    Fuzzy,
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
from tests.engines.reference import DAY

VOCABULARY = [f"w{n}" for n in range(30)]
KEYS = (
    *("score", "all", "any", "term", "phrase", "synonyms", "field", "exact"),
    *("prefix", "wildcard", "fuzzy", "without", "boosted", "keyword", "date", "everything"),
    *("lead", "proximity", "headline", "recency"),
)


def tokens(words: list[str]) -> list[Token]:
    """Tokens whose stem is the word without a trailing x."""
    return [Token(w.rstrip("x"), w, w, 0, 1, n) for n, w in enumerate(words)]


def document(
    number: int,
    *,
    kind: str = ARTICLE,
    moment: int | None = 0,
    lists: tuple[str, ...] = (),
    facets: dict[str, tuple[str, ...]] | None = None,
    **texts: str,
) -> IndexedDocument:
    document_id = f"d{number:04}"
    return IndexedDocument(
        id=document_id,
        kind=kind,
        tokens={field: tokens(text.split()) for field, text in texts.items()},
        keywords={"id": (document_id,), "kind": (kind,), "list": lists},
        moment=moment,
        stored={"id": document_id, "texts": texts},
        signature=signature(tokens(texts.get("body", "").split())),
        facets={"kind": (kind,), "list": lists} | (facets or {}),
    )


def random_documents(chance: random.Random, count: int) -> list[IndexedDocument]:
    def words(most: int) -> str:
        chosen = chance.choices(VOCABULARY, weights=range(30, 0, -1), k=chance.randint(0, most))
        return " ".join(word + chance.choice(["", "x"]) for word in chosen)

    documents = []
    for number in range(count):
        moment = chance.choice([None, 1, 2, 3])
        if chance.random() < 0.3:
            documents.append(document(number, kind=ITEM, moment=moment, sidebar=words(8)))
        else:
            documents.append(
                document(number, moment=moment, headline=words(6), body=words(60), section=words(1))
            )
    return documents


def random_leaf(chance: random.Random) -> Leaf:
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
        fields = tuple(chance.sample(TEXT_FIELDS, chance.randint(1, 4)))
        return InFields(random_leaf(chance), fields)
    shapes = ("w1?", "?1*", "*2x", "*", "w*1*x", "??", "w?", "*9*", "**", "v*")
    patterns: list[Leaf] = [
        Prefix(chance.choice(["w1", "w2", "w", "v", "w10x", "w100"])),
        Wildcard(chance.choice(shapes)),
        Fuzzy(form(), chance.randint(1, 2)),
    ]
    return chance.choice(patterns)


def random_condition(chance: random.Random) -> Node:
    conditions: list[Node] = [
        KeywordFilter("kind", chance.choice([ARTICLE, ITEM, "absent"])),
        DateRange(chance.choice([None, 0, 2]), chance.choice([None, 2, 3])),
        Everything(),
        Nothing(),
    ]
    return chance.choice(conditions)


def random_query(chance: random.Random, depth: int = 0) -> Node:
    """A tree with any of the nodes, shallow ones most often."""
    if depth == 3 or chance.random() < 0.25 + 0.2 * depth:
        return random_leaf(chance) if chance.random() < 0.85 else random_condition(chance)

    def child() -> Node:
        return random_query(chance, depth + 1)

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
    return Ranking(
        k1=chance.uniform(0.5, 2),
        b={"body": chance.random()},
        exact=chance.choice([0, 0.5]),
        coverage=chance.choice([0, 0.5, 1]),
        proximity=chance.choice([0, 0.5]),
        window=chance.randint(1, 10),
        lead=chance.choice([0, 0.5]),
        headline=chance.choice([0, 0.5]),
        recency=Recency(chance.choice([0, 0.5]), 2 / DAY, chance.choice([None, 2])),
    )


def put(engine: WhooshEngine, *documents: IndexedDocument) -> None:
    with engine.writer() as writer:
        for each in documents:
            writer.put(each)


def ids(engine: WhooshEngine, node: Node, filters: Filters | None = None) -> list[str]:
    matches = engine.search(node, filters or Filters(), 0, 1000)
    assert matches.total == len(matches.matches)
    return [match.id for match in matches.matches]
