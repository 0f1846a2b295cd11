"""Indexes of other fields than those of news: whole numbers, their ranges and orders."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from searchkit.engines.base import (
    ARTICLE,
    ByNumber,
    Engine,
    FacetsWanted,
    Filters,
    IndexedDocument,
    Order,
)
from searchkit.engines.fields import LEAST_NUMBER, Fields, Schema
from searchkit.engines.location import Location
from searchkit.engines.ranking import Ranking
from searchkit.errors import IndexVersionMismatch
from searchkit.query import Everything, KeywordFilter, Node, NumberRange, Term
from searchkit.testing.conformance.comparing import assert_agrees
from searchkit.testing.conformance.explaining import assert_adds_up
from searchkit.testing.conformance.harness import Harness, Indexes
from searchkit.testing.conformance.random_searches import put_in_parts, walk
from searchkit.testing.making import put, random_query, random_ranking, random_words, tokens
from searchkit.testing.reference import ReferenceEngine

SHOP: Schema = {
    "id": "sku",
    "fields": {
        "name": {"kind": "text"},
        "body": {"kind": "text"},
        "id": {"kind": "text"},  # not the id of the documents
        "brand": {"kind": "keyword"},
        "kind": {"kind": "keyword"},  # not that of the documents, too
        "price": {"kind": "number"},
        "added": {"kind": "moment"},
        "extra": {"kind": "stored"},
    },
}
FIELDS = Fields.of(SHOP)
WEIGHTS = {"name": 2.0, "body": 1.0, "id_": 0.5}
RANKING = Ranking(weights=WEIGHTS, titles=("name",))

BARE: Schema = {"id": "key", "fields": {"size": {"kind": "number"}, "colour": {"kind": "keyword"}}}
"""A schema without text."""

BRANDS = ["Batik", "BATIK", "Tenun", "Ikat"]
LOWEST, HIGHEST = LEAST_NUMBER + 1, -LEAST_NUMBER - 1
NUMBERS = [*range(-5, 6), LOWEST, HIGHEST]
ORDERS: list[Order] = [
    ByNumber(field, descending) for field in ("price", "added") for descending in (False, True)
]


def random_product(chance: random.Random, number: int) -> IndexedDocument:
    """Return the document `d0007` (for 7), with a value in some of the fields."""
    document_id = f"d{number:04}"
    brands = tuple(chance.sample(BRANDS, chance.randint(0, 2)))
    lengths = {"name": 4, "body": 30, "id_": 1}
    numbers = {f: chance.choice(NUMBERS) for f in ("price", "added") if chance.random() < 0.8}
    return IndexedDocument(
        id=document_id,
        kind=ARTICLE,
        tokens={field: tokens(random_words(chance, most)) for field, most in lengths.items()},
        keywords={
            "id": (document_id,),
            "kind": (ARTICLE,),
            "has": tuple(numbers),
            "brand": tuple(dict.fromkeys(brand.lower() for brand in brands)),
            "kind_": (chance.choice(["cloth", "thread"]),),
        },
        moment=chance.choice([None, 1, 2, 3]),
        stored={"id": document_id, "brands": list(brands)},
        facets={"brand": brands},
        numbers=numbers,
    )


def random_range(chance: random.Random) -> Node:
    """Return a condition, most often a range of numbers, open or not, with numbers in it or not."""
    conditions: list[Node] = [
        KeywordFilter("brand", chance.choice(["batik", "absent"])),
        KeywordFilter("kind_", "thread"),
        KeywordFilter("has", chance.choice(["price", "added"])),
        Everything(),
    ]
    bounds = [None, *NUMBERS]
    ranges: list[Node] = [
        NumberRange(field, chance.choice(bounds), chance.choice(bounds))
        for field in ("price", "added")
    ]
    return chance.choice(conditions if chance.random() < 0.3 else ranges)


def random_shop_query(chance: random.Random) -> Node:
    """Return a tree of any nodes over the fields of the shop."""
    return random_query(chance, fields=FIELDS.text, condition=random_range)


class Schemas(Harness):
    """Indexes of own schemas: only of engines that have the capability `schemas`."""

    @pytest.fixture
    def schemas(self, indexes: Indexes) -> Indexes:
        """Return places for indexes, of an engine that knows schemas."""
        if not indexes.engine.capabilities.schemas:
            pytest.skip("the engine keeps no other fields than those of news")
        return indexes

    @pytest.fixture
    def products(self) -> list[IndexedDocument]:
        """Documents of the shop."""
        chance = random.Random(7)
        return [random_product(chance, number) for number in range(120)]

    @pytest.fixture
    def place(self, schemas: Indexes) -> Location:
        """Return where an index of the shop is."""
        return schemas.new(SHOP)

    @pytest.fixture
    def shop(self, schemas: Indexes, place: Location, products: list[IndexedDocument]) -> Engine:
        """Return an index of the products, of several commits."""
        engine = schemas.open(place, RANKING, fields=FIELDS)
        put_in_parts(random.Random(8), engine, products)
        return engine

    @pytest.mark.parametrize("seed", range(4))
    def test_ids_order_and_facets_of_own_fields_are_those_of_the_reference(
        self, schemas: Indexes, seed: int
    ) -> None:
        """By relevance and by numbers; those without a number come last, equals by id."""
        chance = random.Random(seed)
        products = [random_product(chance, number) for number in range(120)]
        ranking = replace(random_ranking(chance), weights=WEIGHTS, titles=("name",))
        engine = schemas.open(schemas.new(SHOP), ranking, fields=FIELDS)
        put_in_parts(chance, engine, products)
        reference = ReferenceEngine(products, ranking)
        for _ in range(25):
            node = random_shop_query(chance)
            filters = Filters({"brand": frozenset(["batik"])} if chance.random() < 0.3 else {})
            facets = FacetsWanted(("brand",), chance.choice([1, 10]), chance.random() < 0.5)
            found = engine.search(node, filters, 0, 1000, facets=facets)
            expected = reference.search(node, filters, facets=facets)
            assert_agrees(engine, found, expected, products)
            for sort in ORDERS:
                found = engine.search(node, filters, 0, 1000, sort=sort, facets=facets)
                expected = reference.search(node, filters, sort=sort, facets=facets)
                assert [m.id for m in found.matches] == [m.id for m in expected.matches]
                assert (found.total, found.facets) == (expected.total, expected.facets)

    @pytest.mark.parametrize("node", [NumberRange("price", 0, 0), NumberRange("added", None, None)])
    def test_ranges_have_both_ends_and_open_ones_all_that_have_a_number(
        self, shop: Engine, products: list[IndexedDocument], node: NumberRange
    ) -> None:
        """So that what no random query has met is met."""
        having = {each.id: each.numbers.get(node.field) for each in products}
        wanted = [i for i, n in having.items() if n is not None and (node.low is None or n == 0)]
        assert wanted
        assert found_by(shop, node) == set(wanted)

    def test_ends_beyond_what_a_number_can_be(self, shop: Engine) -> None:
        """They are above or below all."""
        everything = found_by(shop, NumberRange("price", None, None))
        assert found_by(shop, NumberRange("price", -(2**70), 2**70)) == everything
        assert found_by(shop, NumberRange("price", 2**70, None)) == set()
        assert found_by(shop, NumberRange("price", None, -(2**70))) == set()

    @pytest.mark.parametrize("sort", ORDERS, ids=str)
    def test_pages_by_number_are_the_whole(
        self, shop: Engine, products: list[IndexedDocument], sort: Order
    ) -> None:
        """By rank and by cursor, of any size."""
        reference = ReferenceEngine(products, RANKING)
        for node in (Everything(), Term("w1", "w1"), NumberRange("price", -2, None)):
            whole = [match.id for match in reference.search(node, sort=sort).matches]
            for size in (1, 7, 1000):
                assert list(walk(shop, node, sort, "off", size)) == whole
            pages = (shop.search(node, Filters(), n, 9, sort=sort) for n in range(0, 130, 9))
            assert [match.id for page in pages for match in page.matches] == whole

    @pytest.mark.parametrize("descending", [False, True])
    def test_by_number_what_was_there_is_met_once(
        self, shop: Engine, products: list[IndexedDocument], descending: bool
    ) -> None:
        """Documents that come in between do no harm."""
        chance = random.Random(9)
        met: list[str] = []
        position = None
        for commit in range(100):
            sort = ByNumber("price", descending)
            page = shop.search(Everything(), Filters(), 0, 17, sort=sort, after=position)
            met += [match.id for match in page.matches]
            position = page.last
            if position is None:
                break
            put(shop, random_product(chance, 1000 + commit))
        assert len(set(met)) == len(met)
        assert {each.id for each in products} <= set(met)

    def test_numbers_follow_changes_and_outlast_optimizing(
        self, schemas: Indexes, place: Location, shop: Engine, products: list[IndexedDocument]
    ) -> None:
        """A document that is put again has its new numbers only; whoever opens it finds the same.

        Even by a schema that lists its fields in another order.
        """
        changed = [random_product(random.Random(number), number) for number in range(0, 120, 3)]
        put(shop, *changed)
        with shop.writer() as writer:
            assert writer.delete("d0004")
        left = {each.id: each for each in (*products, *changed)}
        del left["d0004"]
        assert_ordered(shop, list(left.values()))
        shop.optimize()
        assert_ordered(shop, list(left.values()))
        turned = {**SHOP, "fields": dict(reversed(SHOP["fields"].items()))}
        again = schemas.open(place, RANKING, fields=Fields.of(turned))
        assert_ordered(again, list(left.values()))
        node = Term("w1", "w1")
        expected = ReferenceEngine(list(left.values()), RANKING).search(node)
        assert_agrees(again, again.search(node, Filters(), 0, 1000), expected, left.values())

    def test_an_index_keeps_its_schema(self, schemas: Indexes, place: Location) -> None:
        """In its manifest, as it was given."""
        assert schemas.engine.manifest(place, schemas.settings) == schemas.manifest(SHOP)
        news = schemas.new()
        assert schemas.engine.manifest(news, schemas.settings).schema is None

    def test_another_schema_takes_the_place_of_the_one_before(
        self, schemas: Indexes, place: Location, shop: Engine
    ) -> None:
        """With the first commit of the index that replaces it; who has the other open is told."""
        manifest = schemas.manifest(BARE)
        engine = schemas.open(place, fields=Fields.of(BARE), replacing=manifest)
        assert schemas.engine.manifest(place, schemas.settings).schema == SHOP
        put(engine, bare("a", 1))
        assert schemas.engine.manifest(place, schemas.settings) == manifest
        opened = schemas.open(place, fields=Fields.of(BARE))
        assert found_by(opened, NumberRange("size", 1, 1)) == {"a"}
        with pytest.raises(IndexVersionMismatch, match=r"built anew by another.*; open it again"):
            found_by(shop, Everything())

    def test_documents_without_any_text(self, schemas: Indexes) -> None:
        """Are found by their numbers and keywords, and by no word."""
        fields = Fields.of(BARE)
        engine = schemas.open(schemas.new(BARE), Ranking(weights={}, titles=()), fields=fields)
        documents = [bare("b", 2), bare("c", None), bare("a", 2), bare("d", -1)]
        put(engine, *documents)
        order = [m.id for m in engine.search(Everything(), Filters(), 0, 9, sort=SIZES).matches]
        assert order == ["d", "a", "b", "c"]
        assert found_by(engine, KeywordFilter("colour", "red")) == {"a", "b", "c", "d"}
        assert found_by(engine, NumberRange("size", None, 1)) == {"d"}
        assert found_by(engine, Term("w1", "w1")) == set()
        engine.optimize()
        assert found_by(engine, NumberRange("size", None, 1)) == {"d"}
        assert engine.stats().terms == {}

    def test_values_words_and_sizes_are_told_by_own_fields(
        self, shop: Engine, products: list[IndexedDocument]
    ) -> None:
        """As those of news are."""
        batik = [each for each in products if "batik" in each.keywords["brand"]]
        assert list(shop.keyword_values("brand", ["ba"])) == [("batik", len(batik))]
        assert {each["id"] for each in shop.find("brand", "batik")} == {each.id for each in batik}
        assert {each["id"] for each in shop.documents()} == {each.id for each in products}
        named = sum("w1" in {t.term for t in each.tokens["name"]} for each in products)
        assert shop.frequencies("name", ["w1"]) == {"w1": named}
        stats = shop.stats()
        assert stats.documents == {ARTICLE: len(products), "item": 0}
        assert set(stats.terms) == set(FIELDS.text)

    def test_explanations_tell_of_ranges(
        self, schemas: Indexes, shop: Engine, products: list[IndexedDocument]
    ) -> None:
        """They add nothing to a score, and the rest adds up."""
        if not schemas.engine.capabilities.explains:
            pytest.skip("the engine does not explain scores")
        chance = random.Random(11)
        for _ in range(8):
            node = random_shop_query(chance)
            scores = {m.id: m.score for m in shop.search(node, Filters(), 0, 200).matches}
            for each in products[::4]:
                explanation = shop.explain(node, each.id)
                assert (explanation is not None) == (each.id in scores)
                if explanation is not None:
                    assert_adds_up(explanation, RANKING)
        one = shop.explain(NumberRange("price", 1, None), priced(products, 1))
        assert one is not None
        assert (one.parts[0].key, dict(one.parts[0].facts)) == (
            "number",
            {"field": "price", "low": 1},
        )


SIZES = ByNumber("size")


def bare(document_id: str, size: int | None) -> IndexedDocument:
    """Return a document of BARE."""
    return IndexedDocument(
        id=document_id,
        kind=ARTICLE,
        tokens={},
        keywords={"id": (document_id,), "kind": (ARTICLE,), "colour": ("red",)},
        moment=None,
        stored={"id": document_id},
        numbers={} if size is None else {"size": size},
    )


def found_by(engine: Engine, node: Node) -> set[str]:
    """Return the ids of all matches."""
    matches = engine.search(node, Filters(), 0, 1000)
    assert matches.total == len(matches.matches)
    return {match.id for match in matches.matches}


def assert_ordered(engine: Engine, documents: Sequence[IndexedDocument]) -> None:
    """Compare all documents by their numbers with the reference."""
    reference = ReferenceEngine(documents, RANKING)
    for sort in ORDERS:
        found = engine.search(NumberRange("price", -4, None), Filters(), 0, 1000, sort=sort)
        expected = reference.search(NumberRange("price", -4, None), sort=sort)
        assert [m.id for m in found.matches] == [m.id for m in expected.matches]


def priced(products: Sequence[IndexedDocument], least: int) -> str:
    """Return the id of a product that costs that or more."""
    return next(each.id for each in products if each.numbers.get("price", 0) >= least)
