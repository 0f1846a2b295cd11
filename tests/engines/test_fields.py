"""Indexes of other fields than those of news: whole numbers, their ranges and orders."""

import random
from pathlib import Path

import pytest

from searchkit.analysis import Token
from searchkit.engines.base import ARTICLE, ByNumber, FacetsWanted, Filters, IndexedDocument
from searchkit.engines.fields import NEWS, Fields, own_name
from searchkit.engines.manifest import Manifest
from searchkit.engines.ranking import Ranking
from searchkit.engines.whoosh import WhooshEngine
from searchkit.query import AllOf, AnyOf, InFields, KeywordFilter, Node, NumberRange, Term
from searchkit.testing.reference import ReferenceEngine

SCHEMA = {
    "id": "sku",
    "fields": {
        "name": {"kind": "text"},
        "notes": {"kind": "text"},
        "brand": {"kind": "keyword"},
        "price": {"kind": "number"},
        "added": {"kind": "moment"},
    },
}
FIELDS = Fields.of(SCHEMA)
RANKING = Ranking(weights={"name": 2.0, "notes": 1.0}, b={}, lead=0, titles=("name",))


def made(chance: random.Random, number: int) -> IndexedDocument:
    words = {field: chance.choices("abcdef", k=chance.randint(0, 4)) for field in ("name", "notes")}
    brand = chance.choice(["Batik", "Tenun"])
    return IndexedDocument(
        id=f"d{number:03}",
        kind=ARTICLE,
        tokens={
            field: [
                Token(term=word, form=word, surface=word, start=2 * n, end=2 * n + 1, position=n)
                for n, word in enumerate(found)
            ]
            for field, found in words.items()
        },
        keywords={"id": (f"d{number:03}",), "kind": (ARTICLE,), "brand": (brand.lower(),)},
        moment=None,
        stored={"id": f"d{number:03}"},
        facets={"brand": (brand,)},
        numbers={f: chance.randint(-5, 5) for f in ("price", "added") if chance.random() < 0.8},
    )


@pytest.fixture
def documents() -> list[IndexedDocument]:
    chance = random.Random(7)
    return [made(chance, number) for number in range(120)]


@pytest.fixture
def engine(tmp_path: Path, documents: list[IndexedDocument]) -> WhooshEngine:
    Manifest(engine="whoosh", analyzer="a", version=4, schema=SCHEMA).write(tmp_path)
    WhooshEngine.publish_empty(tmp_path)
    engine = WhooshEngine(tmp_path, ranking=RANKING, fields=FIELDS)
    for start in range(0, len(documents), 50):  # several segments
        with engine.writer() as writer:
            for document in documents[start : start + 50]:
                writer.put(document)
    return engine


NODES: list[Node] = [
    Term("a", "a"),
    InFields(Term("b", "b"), ("notes",)),
    NumberRange("price", 0, None),
    NumberRange("added", None, -1),
    AllOf((Term("c", "c"), NumberRange("price", -2, 2), KeywordFilter("brand", "batik"))),
    AnyOf((NumberRange("price", 4, 4), Term("d", "d"))),
]


@pytest.mark.parametrize("node", NODES, ids=str)
@pytest.mark.parametrize(
    "sort", ["relevance", ByNumber("price"), ByNumber("added", descending=True)], ids=str
)
def test_an_index_of_own_fields_answers_as_the_reference_does(
    engine: WhooshEngine, documents: list[IndexedDocument], node: Node, sort: object
) -> None:
    facets = FacetsWanted(("brand",))
    reference = ReferenceEngine(documents, RANKING)
    asked = {"sort": sort, "facets": facets}
    wanted = reference.search(node, Filters(), 0, 200, **asked)  # type: ignore[arg-type]
    found = engine.search(node, Filters(), 0, 200, **asked)  # type: ignore[arg-type]
    assert wanted.total, "a query that finds nothing tells nothing"
    assert [match.id for match in found.matches] == [match.id for match in wanted.matches]
    assert found.facets == wanted.facets
    pages = [engine.search(node, Filters(), at, 7, sort=sort).matches for at in range(0, 119, 7)]  # type: ignore[arg-type]
    assert [match.id for page in pages for match in page] == [m.id for m in found.matches]


def test_numbers_are_kept_when_segments_are_joined(engine: WhooshEngine) -> None:
    node = NumberRange("price", 1, 3)
    before = [match.id for match in engine.search(node, Filters(), 0, 200).matches]
    engine.optimize()
    assert [match.id for match in engine.search(node, Filters(), 0, 200).matches] == before
    assert engine.stats().segments == 1


def test_the_fields_of_a_schema_never_meet_those_of_the_engine() -> None:
    fields = Fields.of({"id": "id", "fields": {"kind": {"kind": "keyword"}}})
    assert fields.keywords[-1] == own_name("kind") == "kind_"
    assert own_name("kind_") == "kind__"
    assert Fields.of(None) is NEWS
    with pytest.raises(ValueError, match="brand"):
        Fields.of({"fields": {"brand": "keyword"}})


def test_a_manifest_keeps_its_schema(tmp_path: Path) -> None:
    from searchkit.engines.manifest import fields_of, read_manifest

    manifest = Manifest(engine="whoosh", analyzer="a", version=4, schema=SCHEMA)
    manifest.write(tmp_path)
    assert read_manifest(tmp_path) == manifest
    assert fields_of(tmp_path) == FIELDS
    assert fields_of(tmp_path / "nothing") == NEWS
