"""`DocumentIndex`: an index of a shop's products, from adding to searching."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest

from searchkit import (
    DocumentIndex,
    DocumentNotFound,
    FacetCount,
    ForeignIndex,
    IndexVersionMismatch,
    QueryError,
    Schema,
    SchemaError,
    SearchIndex,
    Settings,
)
from searchkit.engines.location import Location
from searchkit.engines.registry import engine_at
from searchkit.schema import (
    Between,
    Exists,
    Identity,
    Is,
    Keyword,
    Moment,
    Number,
    Phrase,
    StartsWith,
    Stored,
    Text,
    Words,
)

SCHEMA = Schema(
    {
        "name": Text(weight=3, title=True),
        "notes": Text(),
        "code": Text(analyzer="plain"),
        "brand": Keyword(),
        "price": Number(facet=True),
        "added": Moment(recency=True),
        "extra": Stored(),
    },
    id="sku",
)
PRODUCTS: list[dict[str, Any]] = [
    {
        "sku": "b1",
        "name": "Kemeja batik tulis",
        "notes": "Dikerjakan dengan tangan di Solo. Kainnya katun.",
        "code": "PSD-1234",
        "brand": "Danar Hadi",
        "price": Decimal("450000.50"),
        "added": date(2024, 5, 1),
        "extra": {"warna": ["cokelat", "biru"]},
    },
    {
        "sku": "k2",
        "name": "Kain tenun ikat",
        "notes": ["Dari Sumba.", "Mengerjakan satu kain makan waktu sebulan."],
        "brand": "Tenun Sumba",
        "price": 250_000,
        "added": date(2024, 6, 1),
    },
    {"sku": "s3", "name": "Sarung batik cap", "brand": "DANAR  HADI", "price": 99_500},
    {"sku": "t4", "name": "Selendang"},
]


@pytest.fixture(params=["whoosh", "tantivy"])
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    return replace(settings, engine=request.param)


@pytest.fixture
def index(tmp_path: Path, settings: Settings) -> Iterator[DocumentIndex]:
    with DocumentIndex.create(tmp_path / "shop", SCHEMA, settings) as index:
        index.add(PRODUCTS)
        yield index


def ids(index: DocumentIndex, *asked: Any, **options: Any) -> list[str]:
    return [hit.id for hit in index.search(*asked, **options).hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("batik", {"b1", "s3"}),
        ("pengerjaan kain", {"b1", "k2"}),
        ("batik -tulis", {"s3"}),
        ('brand:"danar hadi"', {"b1", "s3"}),
        ("brand:dan*", {"b1", "s3"}),
        ("brand:(*sumba OR *keris) kain", {"k2"}),
        ("-brand:*", {"t4"}),
        ("-brand:*a*", {"t4"}),
        ("name:kain", {"k2"}),
        ("NAME:kain", {"k2"}),
        ("price:>100000", {"b1", "k2"}),
        ("price:[99500 TO 250000}", {"s3"}),
        ("price:450000.5", {"b1"}),
        ("price:{250000 TO *]", {"b1"}),
        ("added:2024-06", {"k2"}),
        ("added:<=2024-05-01", {"b1"}),
        ("sku:t4", {"t4"}),
        ("code:psd-1234", {"b1"}),
        ("psd-1234 batik", {"b1"}),
        ("*", {"b1", "k2", "s3", "t4"}),
    ],
)
def test_queries_name_the_fields_of_the_schema(
    index: DocumentIndex, query: str, expected: set[str]
) -> None:
    assert set(ids(index, query)) == expected


def test_documents_come_back_with_the_places_that_matched(index: DocumentIndex) -> None:
    page = index.search("kerja kain batik")
    hit = next(hit for hit in page.hits if hit.id == "b1")
    assert hit.document == PRODUCTS[0]
    assert hit.title.plain() == "Kemeja «batik» tulis"
    assert hit.fragments["name"] == (hit.title,)
    (fragment,) = hit.fragments["notes"]
    assert fragment.plain().startswith("«Dikerjakan» dengan tangan di Solo. «Kainnya»")
    assert fragment.block == "notes"
    assert "code" not in hit.fragments
    bare = index.search("kerja kain batik", fragments=False).hits
    assert [(h.id, h.score) for h in bare] == [(h.id, h.score) for h in page.hits]
    assert not any(h.fragments or h.title.marks for h in bare)


def test_each_field_is_searched_and_marked_by_its_own_analyzer(index: DocumentIndex) -> None:
    (hit,) = index.search("kemeja psd-1234").hits
    assert hit.fragments["code"][0].plain() == "«PSD-1234»"
    assert not ids(index, Words("psd", ("code",)))
    index.add([{"sku": "c5", "name": "Sandal", "code": "SKU-12B undang-undang"}])
    for query in (
        Words("SKU-12B", ("code",)),
        Words("sandal SKU-12B"),
        Words("SKU-12B kosong", operator="or"),
        Words("undang-und", ("code",), prefix=True),
        Phrase("SKU-12B undang-undang", ("code",)),
        StartsWith("code", "sku-12"),
        "code:SKU-12B",
        "sandal SKU-12B",
        'code:"SKU-12B undang-undang"',
        "=SKU-12B",
    ):
        assert ids(index, query) == ["c5"], query


@pytest.mark.parametrize("first", ["indonesian", "plain"])
def test_a_pattern_means_words_as_the_analyzer_of_each_field_has_them(
    tmp_path: Path, settings: Settings, first: str
) -> None:
    fields = {name: Text(analyzer=name) for name in ("indonesian", "plain")}
    schema = Schema({name: fields[name] for name in sorted(fields, key=lambda name: name != first)})
    with DocumentIndex.create(tmp_path / "i", schema, settings) as index:
        index.add(
            {"id": f"{name}-{number}", "indonesian": "", "plain": "", name: text}
            for name in fields
            for number, text in enumerate(("olahraga pagi", "olah raga"))
        )
        for query in ("olahrag*", "olahrga~1", "olah?aga"):
            assert set(ids(index, query)) == {"indonesian-0", "indonesian-1", "plain-0"}
        assert ids(index, "plain:olahrag*") == ["plain-0"]


def test_weights_may_change_and_change_the_order(tmp_path: Path, settings: Settings) -> None:
    for weight, first in ((3.0, "a"), (0.1, "b")):
        schema = Schema({"name": Text(weight=weight, title=True), "notes": Text()})
        with DocumentIndex.open_or_create(tmp_path / "i", schema, settings) as index:
            index.add(
                [
                    {"id": "a", "name": "batik", "notes": "kain"},
                    {"id": "b", "name": "kain", "notes": "batik"},
                ]
            )
            assert ids(index, "batik")[0] == first


def test_bare_words_can_be_looked_for_in_some_fields(index: DocumentIndex) -> None:
    assert set(ids(index, "kain", fields=("name",))) == {"k2"}
    assert set(ids(index, "kain", fields="notes")) == {"b1", "k2"}
    with pytest.raises(SchemaError, match="there is no text field 'brand'; there are name, notes"):
        index.search("kain", fields=("brand",))


def test_conditions_do_not_change_scores(index: DocumentIndex) -> None:
    alone = {hit.id: hit.score for hit in index.search("batik").hits}
    for where in (Is("brand", "danar hadi"), Words("tulis"), Between("price", 1, None)):
        for hit in index.search("batik", where=where).hits:
            assert hit.score == pytest.approx(alone[hit.id])
    (hit,) = index.search("batik", where=Words("tulis")).hits
    assert hit.title.plain() == "Kemeja «batik» tulis"


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ("price", ["s3", "k2", "b1", "t4"]),
        ("-price", ["b1", "k2", "s3", "t4"]),
        ("-added", ["k2", "b1", "s3", "t4"]),
        ("name", ["k2", "b1", "s3", "t4"]),
        ("-name", ["t4", "s3", "b1", "k2"]),
        (("brand", "price"), ["s3", "b1", "k2", "t4"]),
        (("-brand", "-price"), ["k2", "b1", "s3", "t4"]),
        ("-sku", ["t4", "s3", "k2", "b1"]),
    ],
)
def test_documents_can_be_ordered_by_their_values(
    index: DocumentIndex, order_by: str | tuple[str, ...], expected: list[str]
) -> None:
    assert ids(index, order_by=order_by) == expected
    paged = [ids(index, order_by=order_by, limit=2, offset=at) for at in (0, 2, 4)]
    assert paged == [expected[:2], expected[2:], []]
    assert ids(index, order_by=order_by, limit=None, offset=1) == expected[1:]
    hits = index.search(order_by=order_by, limit=None).hits
    assert [hit.rank for hit in hits] == [1, 2, 3, 4]


def test_values_are_counted(index: DocumentIndex) -> None:
    page = index.search("*", facets=("brand", "price"), limit=0)
    assert page.facets["brand"][0].count == 2
    assert [count.count for count in page.facets["brand"]] == [2, 1]
    assert FacetCount("450000.5", 1) in page.facets["price"]
    assert len(index.search("*", facets="brand", facet_limit=1).facets["brand"]) == 1
    with pytest.raises(SchemaError, match="the values of 'name' are not counted"):
        index.search("*", facets="name")
    with pytest.raises(QueryError, match="facet_limit 0 is out of bounds"):
        index.search("*", facets="brand", facet_limit=0)


def test_a_query_without_a_full_match_is_relaxed_but_not_counted(index: DocumentIndex) -> None:
    page = index.search("batik selendang")
    assert page.relaxed
    assert {hit.id for hit in page.hits} == {"b1", "s3", "t4"}
    assert index.count("batik selendang") == 0
    assert index.count("batik") == 2
    assert index.count(where=~Exists("price")) == 1


def test_misspelled_words_are_corrected(index: DocumentIndex) -> None:
    index.add([{"sku": f"c{n}", "name": "Blangkonan"} for n in range(3)])
    page = index.search("blangkonna")
    assert (page.total, page.suggestion, page.corrections) == (0, "blangkonan", ())
    page = index.search("blangkonna", tolerant=True)
    assert page.total == 3
    assert page.corrections[0].taken == "blangkonan"


def test_usual_spelling_of_a_name_is_suggested(index: DocumentIndex) -> None:
    index.add([{"sku": f"d{n}", "name": "Batik Sadrina"} for n in range(12)])
    index.add([{"sku": "d", "name": "Batik Sadrima"}])
    page = index.search("batik sadrima")
    assert (page.total, page.suggestion, page.corrections) == (1, "batik sadrina", ())
    assert index.search("batik sadrima", where=Words("sadrima")).suggestion is None


def test_adding_again_changes_what_has_changed(index: DocumentIndex) -> None:
    changed = PRODUCTS[1] | {"price": 200_000}
    report = index.add([PRODUCTS[0], changed, {"sku": "n5", "name": "Baru"}])
    counts = report.added, report.updated, report.unchanged
    assert [count["document"] for count in counts] == [1, 1, 1]
    assert index.get("k2") == changed
    assert len(index) == 5


def test_of_several_of_one_id_the_last_counts(index: DocumentIndex) -> None:
    other = PRODUCTS[0] | {"name": "Kebaya"}
    report = index.add([PRODUCTS[0], other, {"sku": "n5"}, {"sku": "n5", "name": "Baru"}])
    assert (report.added["document"], report.updated["document"]) == (1, 1)
    assert report.unchanged["document"] == 0
    assert index.get("b1") == other
    assert index.get("n5")["name"] == "Baru"
    index.add([PRODUCTS[0], other])
    assert index.get("b1") == other
    index.add([PRODUCTS[0], other, PRODUCTS[0]])
    assert index.get("b1") == PRODUCTS[0]


def test_a_document_that_does_not_fit_leaves_the_index_as_it_was(index: DocumentIndex) -> None:
    with pytest.raises(SchemaError, match="'x' has 'mahal' in the field 'price'"):
        index.add([{"sku": "ok"}, {"sku": "x", "price": "mahal"}])
    assert len(index) == 4


def test_documents_are_deleted(index: DocumentIndex) -> None:
    with pytest.raises(DocumentNotFound, match="no document 'zz' in"):
        index.delete("b1", "zz")
    assert len(index) == 4
    assert index.delete("b1", "b1", "zz", missing_ok=True) == 1
    with pytest.raises(DocumentNotFound, match="no document 'b1'"):
        index.get("b1")
    assert index.delete_where(Is("brand", "danar hadi")) == 1
    assert index.delete_where(Is("brand", "danar hadi")) == 0
    assert [document["sku"] for document in index.documents()] == ["k2", "t4"]
    assert index.clear() == 2
    assert len(index) == index.clear() == 0
    assert index.search("batik").total == index.search(order_by="name").total == 0
    assert bool(index)


def test_similar_documents_share_telling_words(index: DocumentIndex) -> None:
    found = index.similar("b1")
    assert {hit.id for hit in found.hits} == {"k2", "s3"}
    assert [h.id for h in index.similar("b1", where=Is("brand", "tenun sumba")).hits] == ["k2"]
    assert [h.id for h in index.similar("b1", fields=("notes",)).hits] == ["k2"]
    assert not index.similar("t4").hits
    with pytest.raises(DocumentNotFound):
        index.similar("zz")


def test_titles_and_phrases_complete_what_is_typed(index: DocumentIndex) -> None:
    assert index.suggest("kem") == ["Kemeja batik tulis"]
    assert index.suggest("kem", limit=0) == []
    with pytest.raises(QueryError, match="limit -1 is out of bounds"):
        index.suggest("kem", limit=-1)


def test_any_text_can_be_marked(index: DocumentIndex) -> None:
    assert index.mark("kerja", "Mengerjakan kain").plain() == "«Mengerjakan» kain"
    assert index.mark(Words("psd-1"), "PSD-1 baru", "code").plain() == "«PSD-1» baru"
    assert (
        index.mark("kerja <b>", "kerja <b>").html() == "<mark>kerja</mark> &lt;<mark>b</mark>&gt;"
    )


@dataclass
class Product:
    sku: Annotated[str, Identity()]
    name: Annotated[str, Text(title=True)]
    price: Annotated[int | None, Number()] = None


def test_a_class_gives_objects(tmp_path: Path, settings: Settings) -> None:
    products = [Product("a", "Kemeja", 3), Product("b", "Kain")]
    with DocumentIndex.create(tmp_path / "i", Product, settings) as index:
        index.add(products)
        assert index.search("kain").hits[0].document == products[1]
        assert list(index.documents()) == products
    with DocumentIndex.open(tmp_path / "i", settings=settings) as index:
        assert index.get("a") == {"sku": "a", "name": "Kemeja", "price": 3}


def test_an_index_is_opened_by_its_own_schema_only(
    index: DocumentIndex, tmp_path: Path, settings: Settings
) -> None:
    other = Schema({"name": Text()}, id="sku")
    with pytest.raises(IndexVersionMismatch, match="was built for another schema"):
        DocumentIndex.open(index.location, other, settings)
    with pytest.raises(IndexVersionMismatch, match="an index of documents of a schema; open it"):
        SearchIndex.open(index.location, settings)
    with pytest.raises(IndexVersionMismatch, match="an index of documents of a schema; open it"):
        SearchIndex.rebuild(index.location, settings)
    with pytest.raises(ForeignIndex, match="is not empty"):
        DocumentIndex.create(index.location, SCHEMA, settings)
    SearchIndex.create(tmp_path / "news", settings).close()
    with pytest.raises(IndexVersionMismatch, match="is an index of news; open it with SearchIndex"):
        DocumentIndex.open(tmp_path / "news", settings=settings)
    with pytest.raises(IndexVersionMismatch, match="is an index of news; open it with SearchIndex"):
        DocumentIndex.rebuild(tmp_path / "news", SCHEMA, settings)


def test_an_index_is_begun_anew_for_another_schema(
    index: DocumentIndex, settings: Settings
) -> None:
    other = Schema({"name": Text(), "brand": Keyword()}, id="sku")
    with DocumentIndex.rebuild(index.location, other, settings) as anew:
        assert len(anew) == 0
        with DocumentIndex.open(index.location, SCHEMA, settings) as before:
            assert len(before) == 4, "until the first commit others see what was there"
        anew.add([{"sku": "x", "name": "Kemeja"}])
    with DocumentIndex.open(index.location, settings=settings) as found:
        assert ids(found, "kemeja") == ["x"]
        assert found.schema.fields == other.fields


def test_newer_documents_are_preferred_by_the_field_of_recency(index: DocumentIndex) -> None:
    index.add(
        [
            {"sku": "old", "name": "Blangkon", "added": date(2020, 1, 1)},
            {"sku": "new", "name": "Blangkon", "added": date(2024, 6, 1)},
        ]
    )
    old, new = (
        next(h.score for h in index.search("blangkon", recency=1.0).hits if h.id == name)
        for name in ("old", "new")
    )
    assert new > old
    even = index.search("blangkon", recency=0).hits
    assert even[0].score == even[1].score


def test_what_is_out_of_bounds_is_refused(index: DocumentIndex) -> None:
    with pytest.raises(QueryError, match="offset -1 with limit 10 is out of bounds"):
        index.search("kain", offset=-1)
    with pytest.raises(SchemaError, match="documents cannot be ordered by 'extra'"):
        index.search("kain", order_by="extra")
    with pytest.raises(SchemaError, match="documents cannot be ordered by 'colour'"):
        index.search("kain", order_by="-colour")


def test_an_engine_of_news_only_is_refused(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, engine = engine_at(Location.of(tmp_path), settings.engine)
    monkeypatch.setattr(engine, "capabilities", replace(engine.capabilities, schemas=False))
    with pytest.raises(SchemaError, match="keeps indexes of news only"):
        DocumentIndex.create(tmp_path / "i", SCHEMA, settings)


@pytest.mark.parametrize("asked", ["batik kain", Words("batik") | Words("kain")])
@pytest.mark.parametrize("order_by", [(), "-price", ("brand", "sku")])
def test_scores_are_those_of_the_hits(
    index: DocumentIndex, asked: Any, order_by: str | tuple[str, ...]
) -> None:
    for options in ({}, {"where": Exists("price")}, {"limit": 1, "offset": 1}):
        hits = index.search(asked, order_by=order_by, **options).hits
        found = index.scores(asked, order_by=order_by, **options)
        assert list(found.items()) == [(hit.id, hit.score) for hit in hits]


def test_threads_search_while_another_writes(index: DocumentIndex) -> None:
    """A search sees a commit whole: of each batch all documents or none."""
    batches, size = 6, 7

    def look() -> list[int]:
        counts = [index.count(Is("brand", "pemain")) for _ in range(25)]
        assert all(len(index.search("batik").hits) == 2 for _ in range(5))
        return counts

    with ThreadPoolExecutor(4) as threads:
        looking = [threads.submit(look) for _ in range(4)]
        for batch in range(batches):
            index.add({"sku": f"x{batch}-{n}", "brand": "Pemain"} for n in range(size))
        seen = [count for future in looking for count in future.result()]
    assert {count % size for count in seen} == {0}
    assert index.count(Is("brand", "pemain")) == batches * size


def test_an_index_is_named_by_a_url(tmp_path: Path, settings: Settings) -> None:
    url = f"{settings.engine}://{tmp_path / 'i'}"
    with DocumentIndex.open_or_create(url, SCHEMA) as index:
        index.add(PRODUCTS)
    with DocumentIndex.open(tmp_path / "i") as index:
        assert index.stats().engine == settings.engine
        assert index.count("batik") == 2
