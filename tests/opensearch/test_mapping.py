"""Documents and mappings as OpenSearch is given them."""

import json

from searchkit.engines.base import ARTICLE, IndexedDocument
from searchkit.engines.fields import NEWS
from searchkit.engines.manifest import Manifest
from searchkit.engines.opensearch.mapping import index_body, to_source
from searchkit.engines.opensearch.options import read_options
from searchkit.testing.conformance.schemas import FIELDS, SHOP

OPTIONS = read_options("opensearch://127.0.0.1:9200/shop", {})


def test_the_mapping_has_the_fields_of_the_schema_and_the_manifest() -> None:
    manifest = Manifest(engine="opensearch", analyzer="a", version=1, schema=SHOP)
    mappings = index_body(OPTIONS, manifest.to_data())["mappings"]
    assert Manifest.of(mappings["_meta"]["searchkit"]) == manifest
    kinds = {"t": FIELDS.text, "k": FIELDS.keywords, "facet": FIELDS.facets, "n": FIELDS.numbers}
    for kind, names in kinds.items():
        assert tuple(mappings["properties"][kind]["properties"]) == names
    assert mappings["properties"]["n"]["properties"]["price"] == {"type": "long"}


def test_the_mapping_of_news_has_no_numbers() -> None:
    manifest = Manifest(engine="opensearch", analyzer="a", version=1)
    properties = index_body(OPTIONS, manifest.to_data())["mappings"]["properties"]
    assert "n" not in properties
    assert tuple(properties["t"]["properties"]) == NEWS.text


def test_a_document_has_its_numbers_and_its_stored_object_with_keys_in_order() -> None:
    document = IndexedDocument(
        id="a",
        kind=ARTICLE,
        tokens={},
        keywords={},
        moment=None,
        stored={"b": {"d": 1, "c": 2}, "a": "\ud800"},
        numbers={"price": 2**61},
    )
    source = to_source(document, b"", 1, 1)
    assert source["n"] == {"price": 2**61}
    assert source["stored"] == '{"a":"\\ud800","b":{"c":2,"d":1}}'
    assert json.loads(source["stored"]) == document.stored
    assert "moment" not in source
