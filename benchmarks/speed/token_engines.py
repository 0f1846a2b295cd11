"""Engines that are given the same tokens: each built and asked as its documentation shows.

All answer with the numbers of articles and their scores, best first, and nothing else. None stores
a text. Ranking is BM25 with k1 = 1.2 and b = 0.75 in all of them; they differ in what a rare word
is worth and in how exactly they keep the length of an article, see docs/benchmarks.md.
"""

import math
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import finalize

from benchmarks.speed.archives import read_tokens
from benchmarks.speed.token_queries import TokenQuery

if TYPE_CHECKING:
    from searchkit.query import Node

K1, B = 1.2, 0.75

Ranked = list[tuple[int, float]]
"""Numbers of articles, from 0, with scores, best first."""

Search = Callable[[Any, int], Ranked]
"""Takes a query that `ask` has prepared, and how many hits are wanted."""

Ask = Callable[[TokenQuery], Any]
"""Prepares a query, as a parser would; returns None when an engine has no such query."""


class Opened(NamedTuple):
    """An index that can be asked."""

    ask: Ask
    search: Search


class TokenEngine(NamedTuple):
    """How an engine is built from a file of tokens into an empty folder, and opened."""

    build: Callable[[Path, Path], None]
    open: Callable[[Path, float], Opened]
    package: str


# searchkit


def _build_searchkit(tokens: Path, folder: Path) -> None:
    import numpy as np

    from searchkit.analysis import TokenColumns, TokenTable
    from searchkit.engines.base import ARTICLE, IndexedDocument
    from searchkit.engines.whoosh import WhooshEngine

    table = TokenTable()
    WhooshEngine.publish_empty(folder)
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        for number, terms in enumerate(read_tokens(tokens)):
            numbers = np.array([table.number(term, term) for term in terms], dtype=np.uint32)
            writer.put(
                IndexedDocument(
                    id=str(number),
                    kind=ARTICLE,
                    tokens={"body": TokenColumns(table, numbers)},
                    keywords={"id": (str(number),), "kind": (ARTICLE,)},
                    moment=None,
                    stored={"number": number},
                )
            )
    engine.close()


def _open_searchkit(folder: Path, b: float) -> Opened:
    from searchkit.engines.base import Filters
    from searchkit.engines.ranking import Ranking
    from searchkit.engines.whoosh import WhooshEngine

    only_bm25 = Ranking(
        weights=dict.fromkeys(Ranking().weights, 1.0),
        b={},
        default_b=b,
        k1=K1,
        exact=0,
        coverage=0,
        proximity=0,
        lead=0,
        headline=0,
        reranked=0,
    )
    engine = WhooshEngine(folder, ranking=only_bm25)
    size = engine.stats().documents["article"]
    everything = Filters()

    def search(node: "Node", wanted: int) -> Ranked:
        found = engine.search(node, everything, 0, wanted).matches
        return [(int(match.id), match.score) for match in found]

    return Opened(lambda query: _searchkit_node(query, size), search)


def _searchkit_node(query: TokenQuery, size: int) -> "Node":
    """Return a query that scores as Whoosh does.

    For Whoosh a word of n articles is worth ln(N / (n + 1)) + 1, for searchkit
    ln(1 + (N - n + 0.5) / (n + 0.5)): words are boosted by the quotient. Whoosh scores a phrase as
    the sum of its words, searchkit as a word of its own: it is told to score the words.
    """
    from searchkit.query import AllOf, AnyOf, Boosted, Node, Phrase, Term

    words = [Term(term, term) for term in query.terms]
    scored: list[Node] = []
    for word, having in zip(words, query.frequencies, strict=True):
        theirs = math.log(size / (having + 1)) + 1
        ours = math.log(1 + (size - having + 0.5) / (having + 0.5))
        scored.append(Boosted(word, theirs / ours))
    if query.how == "phrase":
        return AllOf((Boosted(Phrase(tuple(words)), 0.0), *scored))
    if len(scored) == 1:
        return scored[0]
    return AllOf(tuple(scored)) if query.how == "and" else AnyOf(tuple(scored))


# Whoosh


def _build_whoosh(tokens: Path, folder: Path) -> None:
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.fields import NUMERIC, TEXT, Schema
    from whoosh.index import create_in

    schema = Schema(
        body=TEXT(analyzer=SpaceSeparatedTokenizer()), number=NUMERIC(stored=True, signed=False)
    )
    writer = create_in(folder, schema).writer(limitmb=256)
    for number, terms in enumerate(read_tokens(tokens)):
        writer.add_document(body=" ".join(terms), number=number)
    writer.commit()


def _open_whoosh(folder: Path, b: float) -> Opened:
    from whoosh.index import open_dir
    from whoosh.query import And, Or, Phrase, Term
    from whoosh.scoring import BM25F

    searcher = open_dir(folder).searcher(weighting=BM25F(B=b, K1=K1))
    numbers = {number: stored["number"] for number, stored in searcher.reader().iter_docs()}

    def ask(query: TokenQuery) -> Any:
        words = [Term("body", term) for term in query.terms]
        if query.how == "phrase":
            return Phrase("body", list(query.terms))
        if len(words) == 1:
            return words[0]
        return And(words) if query.how == "and" else Or(words)

    def search(query: Any, wanted: int) -> Ranked:
        found = searcher.search(query, limit=wanted)
        return [(numbers[hit.docnum], hit.score) for hit in found]

    return Opened(ask, search)


# tantivy


def _build_tantivy(tokens: Path, folder: Path) -> None:
    from tantivy import Document, Index, SchemaBuilder

    schema = (
        SchemaBuilder()
        .add_text_field("body", tokenizer_name="whitespace", index_option="position")
        .add_integer_field("number", fast=True)
        .build()
    )
    writer = Index(schema, path=str(folder)).writer()
    for number, terms in enumerate(read_tokens(tokens)):
        writer.add_document(Document(body=" ".join(terms), number=number))
    writer.commit()
    writer.wait_merging_threads()


def _open_tantivy(folder: Path, b: float) -> Opened:
    from tantivy import Index, Occur, Query

    index = Index.open(str(folder))
    schema, searcher = index.schema, index.searcher()

    def ask(query: TokenQuery) -> Any:
        if query.how == "phrase":
            return Query.phrase_query(schema, "body", list(query.terms))
        occur = Occur.Must if query.how == "and" else Occur.Should
        words = [Query.term_query(schema, "body", term) for term in query.terms]
        return words[0] if len(words) == 1 else Query.boolean_query([(occur, w) for w in words])

    def search(query: Any, wanted: int) -> Ranked:
        hits = searcher.search(query, wanted, count=False).hits
        numbers = searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(n), s) for n, (s, _) in zip(numbers, hits, strict=True) if n is not None]

    return Opened(ask, search)


# SQLite


def _build_sqlite(tokens: Path, folder: Path) -> None:
    database = sqlite3.connect(folder / "fts.sqlite")
    database.execute("CREATE VIRTUAL TABLE docs USING fts5(body, content='', tokenize='ascii')")
    with database:
        database.executemany(
            "INSERT INTO docs (rowid, body) VALUES (?, ?)",
            ((number, " ".join(terms)) for number, terms in enumerate(read_tokens(tokens))),
        )
    with database:
        database.execute("INSERT INTO docs (docs) VALUES ('optimize')")
    database.close()


def _open_sqlite(folder: Path, b: float) -> Opened:
    database = sqlite3.connect(folder / "fts.sqlite")

    def ask(query: TokenQuery) -> str:
        if query.how == "phrase":
            return f'"{" ".join(query.terms)}"'
        return f" {query.how.upper()} ".join(f'"{term}"' for term in query.terms)

    def search(query: Any, wanted: int) -> Ranked:
        rows = database.execute(
            "SELECT rowid, -rank FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT ?",
            (query, wanted),
        )
        return rows.fetchall()

    finalize(search, database.close)
    return Opened(ask, search)


# bm25s


def _build_bm25s(tokens: Path, folder: Path) -> None:
    import bm25s

    retriever = bm25s.BM25(k1=K1, b=B)
    retriever.index(list(read_tokens(tokens)), show_progress=False)
    retriever.save(folder)


def _open_bm25s(folder: Path, b: float) -> Opened:
    import bm25s

    retriever = bm25s.BM25.load(folder)

    def ask(query: TokenQuery) -> list[list[str]] | None:
        return [list(query.terms)] if query.how == "or" else None

    def search(query: Any, wanted: int) -> Ranked:
        documents, scores = retriever.retrieve(query, k=wanted, show_progress=False)
        return list(zip(documents[0].tolist(), scores[0].tolist(), strict=True))

    return Opened(ask, search)


SEARCHKIT, WHOOSH = "searchkit", "Whoosh"

TOKEN_ENGINES = {
    WHOOSH: TokenEngine(_build_whoosh, _open_whoosh, "whoosh"),
    SEARCHKIT: TokenEngine(_build_searchkit, _open_searchkit, "searchkit"),
    "tantivy": TokenEngine(_build_tantivy, _open_tantivy, "tantivy"),
    "SQLite FTS5": TokenEngine(_build_sqlite, _open_sqlite, "sqlite3"),
    "bm25s": TokenEngine(_build_bm25s, _open_bm25s, "bm25s"),
}
"""The engines by name, in the order of the tables."""


def installed() -> dict[str, TokenEngine]:
    """Return the engines whose packages are installed."""
    return {name: each for name, each in TOKEN_ENGINES.items() if find_spec(each.package)}
