"""The index is a Whoosh index: Whoosh's own searcher finds the same documents in it."""

import random
from pathlib import Path

from whoosh import query as whoosh_query

from searchkit.engines.base import Filters
from searchkit.engines.whoosh import WhooshEngine
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.query import Phrase, Term
from searchkit.testing.making import VOCABULARY, document, put, random_documents


def found_by_whoosh(folder: Path, query: whoosh_query.Query) -> set[str]:
    index = SafeIndex(folder)
    with index.searcher() as searcher:
        return {searcher.stored_fields(n)["id"] for n in searcher.docs_for_query(query)}


def found_by_us(folder: Path, node: Term | Phrase) -> set[str]:
    matches = WhooshEngine(folder).search(node, Filters(), 0, 1000).matches
    return {match.id for match in matches if "body" in match.stored()["texts"]}


def test_terms_and_phrases(tmp_path: Path) -> None:
    WhooshEngine.publish_empty(tmp_path)
    documents = [
        document(n, body=" ".join(random.Random(n).choices(VOCABULARY[:8], k=12)))
        for n in range(60)
    ]
    for start in range(0, 60, 20):
        put(WhooshEngine(tmp_path), *documents[start : start + 20])
    for first in VOCABULARY[:8]:
        term = whoosh_query.Term("body", first)
        assert found_by_whoosh(tmp_path, term) == found_by_us(tmp_path, Term(first, first))
        phrase = whoosh_query.Phrase("body", [first, "w1"])
        ours = Phrase((Term(first, first), Term("w1", "w1")))
        assert found_by_whoosh(tmp_path, phrase) == found_by_us(tmp_path, ours)


def test_terms_are_listed_in_order(tmp_path: Path) -> None:
    WhooshEngine.publish_empty(tmp_path)
    put(WhooshEngine(tmp_path), *random_documents(random.Random(1), 40))
    reader = SafeIndex(tmp_path).reader()
    terms = list(reader.all_terms())
    assert terms == sorted(terms)
    assert {"body", "headline", "sidebar", "id"} <= set(reader.indexed_field_names())
    assert next(iter(reader.terms_from("body", b"w1"))) == ("body", b"w1")
    reader.close()
