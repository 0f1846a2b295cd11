"""What people see of documents of an own schema, through `DocumentIndex`: the same as Whoosh's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from searchkit.document_index import DocumentIndex
from searchkit.schema import (
    Between,
    DocumentPage,
    Exists,
    Is,
    Keyword,
    Matches,
    Moment,
    Number,
    Schema,
    Stored,
    Text,
    Words,
)
from searchkit.settings import Settings
from searchkit.testing.conformance.harness import Harness, Indexes

SHOP = Schema(
    {
        "name": Text(weight=3, title=True),
        "notes": Text(),
        "code": Text(analyzer="plain"),
        "brand": Keyword(),
        "price": Number(facet=True),
        "added": Moment(recency=True),
        "picture": Stored(),
    },
    id="sku",
)

PRODUCTS: list[dict[str, Any]] = [
    {
        "sku": "kemeja",
        "name": "Kemeja Batik Tulis",
        "notes": "Dikerjakan dengan tangan di Solo.",
        "code": "PSD-1234",
        "brand": ["Danar Hadi", "Solo"],
        "price": Decimal("450000.50"),
        "added": date(2024, 5, 1),
        "picture": {"file": "b1.jpg", "width": 640},
    },
    {
        "sku": "kain",
        "name": "Kain Tenun Ikat",
        "notes": ["Dari Sumba.", "Mengerjakan satu kain makan waktu sebulan."],
        "brand": "Tenun Sumba",
        "price": 250_000,
        "added": date(2024, 6, 1),
    },
    {"sku": "sarung", "name": "Sarung Batik Cap", "brand": "DANAR HADI", "price": 99_500},
    # With a price below all others, and no brand.
    {"sku": "contoh", "name": "Contoh Kain Batik", "price": -1.5, "added": date(2024, 6, 1)},
    {"sku": "selendang", "name": "Selendang"},
]

ASKED: dict[str, Callable[[DocumentIndex], Any]] = {
    "words": lambda index: shown(index.search("pengerjaan batik")),
    "ranges as typed": lambda index: shown(index.search("batik price:>=-2 added:2024")),
    "own analyzer": lambda index: shown(index.search("code:psd-1234")),
    "prices": lambda index: shown(index.search("*", order_by="price", limit=3, offset=1)),
    "latest": lambda index: shown(index.search("kain", order_by="-added")),
    "brands": lambda index: shown(index.search("*", order_by=("brand", "-price"))),
    "facets": lambda index: shown(index.search("*", facets=("brand", "price"))),
    "clauses": lambda index: shown(
        index.search(Words("batik") & ~Is("brand", "solo"), where=Between("price", None, 100_000))
    ),
    "absent": lambda index: shown(index.search(where=~Exists("brand"))),
    "pattern": lambda index: shown(index.search(where=Matches("brand", "*sumba"))),
    "recent": lambda index: [hit.id for hit in index.search("kain", recency=1.0).hits],
    "scores": lambda index: list(index.scores("batik kain")),
    "suggest": lambda index: [index.suggest(typed) for typed in ("kem", "batik t")],
    "documents": lambda index: [index.get(each["sku"]) for each in PRODUCTS],
    "count": lambda index: (len(index), index.count("batik")),
}


Shops = tuple[DocumentIndex, DocumentIndex]
"""An index of the engine under test, and one of the default engine."""


class SchemaPages(Harness):
    """An index of products: only of engines that have the capability `schemas`."""

    @pytest.fixture
    def shops(self, indexes: Indexes, settings: Settings, tmp_path: Path) -> Iterator[Shops]:
        """Return the index and the same one of the default engine, each of two runs."""
        if not indexes.engine.capabilities.schemas:
            pytest.skip("the engine keeps no other fields than those of news")
        default = replace(settings, engine="whoosh")
        with (
            DocumentIndex.create(indexes.free(), SHOP, settings) as made,
            DocumentIndex.create(tmp_path / "other", SHOP, default) as other,
        ):
            for index in (made, other):
                # No changes: what is gone may count in what a word is worth, by engine.
                index.add(PRODUCTS[:2])
                index.add(PRODUCTS[2:])
            yield made, other

    @pytest.mark.parametrize("asked", ASKED)
    def test_what_is_asked_of_documents_of_a_schema(self, shops: Shops, asked: str) -> None:
        """The same answers as those of the default engine: hits, fragments, facets and hints."""
        found, expected = (ASKED[asked](index) for index in shops)
        assert found == expected
        assert found

    def test_documents_come_back_as_they_were_given(self, shops: Shops) -> None:
        """Whatever the kind of their values."""
        assert list(shops[0].documents()) == PRODUCTS


def shown(page: DocumentPage) -> dict[str, Any]:
    """Return what a page shows, but for the time it took and its scores; it shows something."""
    assert page.hits
    return {
        "total": page.total,
        "relaxed": page.relaxed,
        "facets": page.facets,
        "suggestion": page.suggestion,
        "corrections": page.corrections,
        "hits": [replace(hit, score=0.0) for hit in page.hits],
    }
