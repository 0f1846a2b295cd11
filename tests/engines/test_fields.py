"""Fields of own schemas: their names, and the upkeep of their indexes.

What is found in them is a part of the conformance suite.
"""

import random
from pathlib import Path

import pytest

from searchkit.engines.fields import NEWS, Fields, own_name
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest, fields_of, read_manifest
from searchkit.engines.registry import engine_class, upkeep_of
from searchkit.settings import Settings
from searchkit.testing.conformance.schemas import (
    FIELDS,
    RANKING,
    SHOP,
    assert_ordered,
    random_product,
)
from searchkit.testing.making import put


def test_the_fields_of_a_schema_never_meet_those_of_the_engine() -> None:
    fields = Fields.of({"id": "id", "fields": {"kind": {"kind": "keyword"}}})
    assert fields.keywords[-1] == own_name("kind") == "kind_"
    assert own_name("kind_") == "kind__"
    assert Fields.of(None) is NEWS
    with pytest.raises(ValueError, match="brand"):
        Fields.of({"fields": {"brand": "keyword"}})


def test_the_order_in_which_a_schema_lists_its_fields_is_of_no_account() -> None:
    turned = {"fields": dict(reversed(SHOP["fields"].items()))}
    assert list(turned["fields"]) != list(SHOP["fields"])
    assert Fields.of(turned) == FIELDS


def test_a_manifest_keeps_its_schema(tmp_path: Path) -> None:
    manifest = Manifest(engine="whoosh", analyzer="a", version=4, schema=SHOP)
    manifest.write(tmp_path)
    assert read_manifest(tmp_path) == manifest
    assert fields_of(tmp_path) == FIELDS
    assert fields_of(tmp_path / "nothing") == NEWS


@pytest.mark.parametrize("name", ["whoosh", "tantivy"])
def test_an_index_of_own_fields_is_checked_copied_and_read_for_repair(
    tmp_path: Path, name: str
) -> None:
    products = [random_product(random.Random(n), n) for n in range(40)]
    engine_of, settings = engine_class(name), Settings(lock_timeout=1)
    places = [Location.of(tmp_path / each) for each in ("one", "two")]
    manifest = Manifest(engine=name, analyzer="a", version=engine_of.format_version, schema=SHOP)
    for place in places:
        engine_of.create(place, manifest, settings)
    opened = engine_of.open(places[0], settings, fields=FIELDS)
    put(opened, *products[:25])
    put(opened, *products[25:])
    upkeep = upkeep_of(name, engine_of)
    checked = upkeep.check(tmp_path / "one", lambda stored: None)
    assert (checked.documents, list(checked.findings)) == (40, [])
    found = upkeep.Salvage()
    kept = {each["id"] for each in upkeep.salvage(tmp_path / "one", found)}
    assert (kept, found.lost, found.uncertain) == ({each.id for each in products}, [], False)
    commit = upkeep.OpenCommit(tmp_path / "one")
    upkeep.copy_commit(commit, tmp_path / "two", manifest, 1.0)
    commit.close()
    opened.close()
    copy = engine_of.open(places[1], settings, ranking=RANKING, fields=FIELDS)
    assert_ordered(copy, products)
    copy.close()
