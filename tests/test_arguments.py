"""Arguments of wrong types and values: an error of searchkit says so, none from deep inside."""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import searchkit
from searchkit import (
    Article,
    AsyncSearchIndex,
    DocumentIndex,
    Page,
    QueryError,
    SchemaError,
    SearchIndex,
    SearchkitError,
    Settings,
    SettingsError,
    SidebarItem,
    Sighting,
    Skipped,
    Watches,
)
from searchkit.errors import WrongType
from searchkit.query import parse
from searchkit.schema import (
    Between,
    Clause,
    Exists,
    Is,
    Keyword,
    Moment,
    Number,
    OneOf,
    Schema,
    Text,
    Words,
)
from tests.conftest import PACT, PACT_ITEM

WRONG = [
    *(None, 5, -1, 10**30, 1.5, float("nan"), True, b"x", "", "\x00", "\ud800", "x" * 20_000),
    *([], [5], ["x"], {"a": 1}, object(), Path("x"), date(2024, 1, 1), datetime.max),
]
SCHEMA = Schema({"name": Text(title=True), "price": Number(), "brand": Keyword()}, id="sku")
KEMEJA = {"sku": "b1", "name": "Kemeja batik", "price": 3, "brand": "a"}

MADE_BY_SEARCHKIT = {
    *("CheckReport", "CopyReport", "Correction", "DocumentHit", "DocumentPage", "FacetCount"),
    *("Finding", "Fragment", "Hit", "HitExplanation", "IndexReport", "MigrationReport"),
    *("RepairReport", "ResultPage", "SiteReport", "Stats", "Token", "WordMatch", "__version__"),
}
"""What nobody has to make."""

MAKE: Any = SimpleNamespace(
    article=Article, page=Page, one_of=OneOf, open=SearchIndex.open, parse=parse
)
"""What a program that is not checked for types may make."""

AS_THE_INDEX = {"AsyncSearchIndex", "AsyncDocumentIndex"}
"""They pass on what they are given."""

RIGHT: dict[str, Any] = {
    "query": "pakta",
    "document_id": PACT.id,
    "ids": PACT.id,
    "paths": [],
    "prefix": "pak",
    "text": "Pakta",
    "item": PACT_ITEM,
    "index": None,
    "headline": "Pakta",
    "title": "Pakta",
    "body": ("Isi.",),
    "list": "Populer",
    "origin": "a.html",
    "reason": "it is empty",
    "declared": SCHEMA.fields,
    "clause": Exists("brand"),
    "schema": SCHEMA,
    "new": {},
}
"""An argument of each name, where nothing else is said."""


def parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    found = inspect.signature(function).parameters.values()
    return [each for each in found if each.name not in ("self", "cls")]


def try_all(function: Callable[..., Any], **right: Any) -> None:
    """Call with each wrong value in each place, beside what is right in the others."""
    tried = parameters(function)
    for parameter in tried:
        for value in WRONG:
            given = {
                each.name: (RIGHT | right)[each.name]
                for each in tried
                if each.name in right or (each.name in RIGHT and each.default is each.empty)
            }
            given[parameter.name] = value
            several = [given.pop("ids")] if "ids" in given else []
            try:
                result = function(*several, **given)
                if isinstance(result, Iterator):
                    list(result)
                if isinstance(result, SearchIndex | DocumentIndex):
                    result.close()
            except SearchkitError as error:
                assert str(error)
            except Exception as error:
                raise AssertionError(f"{function}: {parameter.name} = {value!r}") from error


@pytest.fixture
def shop(tmp_path: Path, settings: Settings) -> Iterator[DocumentIndex]:
    with DocumentIndex.create(tmp_path / "shop", SCHEMA, settings) as made:
        made.add([KEMEJA])
        yield made


def methods(kind: type) -> dict[str, Callable[..., Any]]:
    return {
        name: method
        for name, method in inspect.getmembers(kind, callable)
        if not name.startswith("_") and parameters(method)
    }


def test_every_public_name_is_tried_here() -> None:
    tried = {"Article", "SidebarItem", "Sighting", "Page", "Skipped", "Settings", "Schema"}
    tried |= {"SearchIndex", "DocumentIndex", "Watches", "Location", "load_settings"}
    errors = {n for n in searchkit.__all__ if n in vars(searchkit.errors)}
    assert tried | errors | MADE_BY_SEARCHKIT | AS_THE_INDEX == set(searchkit.__all__)


@pytest.mark.parametrize(
    "function",
    [
        *(Article, SidebarItem, Sighting, Page, Skipped, Settings, Schema),
        *(searchkit.Location.of, searchkit.load_settings),
    ],
)
def test_what_is_made_without_an_index(function: Callable[..., Any]) -> None:
    try_all(function, page="a.html", place="index")


@pytest.mark.parametrize("name", sorted(methods(SearchIndex)))
def test_methods_of_an_index_of_news(
    index: SearchIndex,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    right = {"path": index.path, "target": tmp_path / "target", "documents": [PACT]}
    right |= {"page": PACT.id, "folder": tmp_path / "site", "source": index.path}
    if name in ("create", "open_or_create", "rebuild", "restore", "export"):
        right["path"] = tmp_path / "new"
    try_all(getattr(index, name), **right)


@pytest.mark.parametrize("name", sorted(methods(DocumentIndex)))
def test_methods_of_an_index_of_documents(
    shop: DocumentIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    place = shop.location.directory
    right: dict[str, Any] = {
        "place": place,
        "path": place,
        "target": tmp_path / "target",
        "source": place,
    }
    right |= {"documents": [KEMEJA], "document_id": "b1"}
    if name in ("create", "open_or_create", "rebuild", "restore"):
        right["place"] = right["path"] = tmp_path / "new"
    try_all(getattr(shop, name), **right)


@pytest.mark.parametrize("name", sorted(methods(Watches)))
def test_methods_of_saved_queries(index: SearchIndex, name: str) -> None:
    try_all(getattr(Watches(index), name), name="pacts")


def test_saved_queries_are_of_an_index() -> None:
    try_all(Watches)


@pytest.mark.parametrize("kind", [k for k in Clause.__subclasses__() if parameters(k)])
def test_clauses(shop: DocumentIndex, kind: type[Clause]) -> None:
    right = {"field": "brand", "values": ["a"], "value": "a", "pattern": "a*", "factor": 2.0}
    right |= {"clauses": (Exists("brand"),)}

    def ask(**given: Any) -> int:
        return shop.search(kind(**given)).total

    ask.__signature__ = inspect.signature(kind)  # type: ignore[attr-defined]
    try_all(ask, **right)
    for field in SCHEMA.fields:
        try_all(lambda value: shop.search(Is(field, value)))  # noqa: B023 - called at once


@pytest.mark.parametrize("field", [*SCHEMA.fields, "sku"])
def test_values_of_documents(shop: DocumentIndex, field: str) -> None:
    try_all(lambda value: shop.add([KEMEJA | {field: value}]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda index: index.search("a", limit="10"),
            "limit is '10', of the type str; give a whole",
        ),
        (lambda index: index.search("a", limit=True), "limit is True, of the type bool"),
        (lambda index: index.search(None), "query is None; give a str"),
        (lambda index: index.explain(None, "nowhere"), "query is None; give a str"),
        (lambda index: index.search("a", section=[1]), "a part of section is 1, of the type int"),
        (lambda index: index.search("a", since="2024-06-01"), "give a date or a datetime"),
        (lambda index: index.delete(["a", "b"]), "each as a str, an argument of its own"),
        (lambda index: index.add(PACT), "documents is Article("),
        (lambda index: index.add([{"headline": "Pakta"}]), "give an Article, a SidebarItem"),
        (lambda index: index.add([PACT], "progress"), "on_document is 'progress'"),
        (lambda index: index.add_files([None]), "a path is None; give a str or a Path"),
        (lambda index: index.export("a\0b"), "give a path that there can be"),
        (lambda index: index.export(""), "path is '', of the type str; give a path; the working"),
        (lambda _: MAKE.open(""), "the place of the index is ''"),
        (lambda _: MAKE.open("whoosh://"), "the place of the index is ''"),
        (lambda _: MAKE.open("whoosh:///%00"), "give a path that there can be"),
        (lambda index: index.add_files(""), "a path is '', of the type str; give the path of a"),
        (lambda index: index.add_files(["a.jsonl", ""]), "a path is ''"),
        (lambda index: MAKE.open(index.path, "searchkit.toml"), "give Settings or None"),
        (
            lambda _: MAKE.article(headline="Pakta", body="Isi."),
            "body is 'Isi.', of the type str; give a list",
        ),
        (lambda _: MAKE.article(headline=None, body=()), "headline is None; give a str"),
        (lambda _: MAKE.article(headline="", body=(), tags={"a"}), "of the type set"),
        (lambda _: MAKE.article(headline="", body=(), published="2024"), "give a datetime or None"),
        (lambda _: MAKE.article(headline="", body=(b"a",)), "a part of body is b'a', of"),
        (lambda _: MAKE.page(origin="a", items=[PACT]), "give a list or tuple of SidebarItem"),
        (lambda _: MAKE.parse(b"pakta"), "text is b'pakta', of the type bytes; give a str"),
        (lambda _: MAKE.one_of(5, ["a"]), "field is 5"),
    ],
)
def test_a_wrong_type_is_said(
    index: SearchIndex, call: Callable[[SearchIndex], object], message: str
) -> None:
    with pytest.raises(TypeError) as raised:
        call(index)
    assert type(raised.value) is WrongType
    assert message in str(raised.value)
    assert len(str(raised.value)) < 300


def flags(function: Callable[..., Any]) -> list[str]:
    return [each.name for each in parameters(function) if isinstance(each.default, bool)]


@pytest.mark.parametrize("flag", ["no", 0, None])
def test_a_flag_is_true_or_false(
    index: SearchIndex, shop: DocumentIndex, tmp_path: Path, flag: Any
) -> None:
    """By its truth, `fragments="no"` would be yes."""
    with pytest.raises(WrongType, match="give True or False"):
        index.search("pakta", tolerant="no")  # type: ignore[arg-type] # it is refused
    given: dict[str, tuple[Any, ...]] = {"restore": (tmp_path / "new", index.path)}
    given |= {"search": ("pakta",), "similar": (PACT.id,), "delete": (PACT.id,)}
    calls = [(getattr(index, name), given[name]) for name in given]
    calls += [(getattr(shop, name), given[name]) for name in ("restore", "search", "delete")]
    calls += [(parse, ("pakta",)), (Words, ("pakta",)), (Between, ("price",))]
    for function, several in calls:
        for name in flags(function):
            with pytest.raises(WrongType, match=f"{name} is .*; give True or False"):
                function(*several, **{name: flag})
    for field in (Text, Keyword, Number, Moment):
        for name in flags(field):
            with pytest.raises(SchemaError, match=f"{name} of 'x' is .*; it is True or False"):
                Schema({"x": field(**{name: flag})})


def test_an_analyzer_is_named() -> None:
    analyzer: Any = ["plain"]
    with pytest.raises(SchemaError, match="analyzer of 'x' is .*; it is the name of an analyzer"):
        Schema({"x": Text(analyzer=analyzer)})


def test_every_method_with_a_flag_is_tried_here() -> None:
    for kind, tried in (
        (SearchIndex, {"restore", "search", "similar", "delete"}),
        (DocumentIndex, {"restore", "search", "delete"}),
    ):
        assert {name for name, method in methods(kind).items() if flags(method)} == tried


@pytest.mark.parametrize(
    "values", [{"collapse": "newst"}, {"workers": -1}, {"recency": 11}, {"expand": ["acronym"]}]
)
def test_settings_of_a_program_are_checked_as_those_of_a_file(values: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=f"Settings: {next(iter(values))} = "):
        Settings(**values)


def test_operators_that_there_are_not(shop: DocumentIndex) -> None:
    with pytest.raises(QueryError, match="there is no operator 'xor'"):
        shop.search(Words("a", operator="xor"))  # type: ignore[arg-type] # it is refused


def test_bytes_are_no_values_of_a_keyword(shop: DocumentIndex) -> None:
    with pytest.raises(SchemaError, match="has b'a' in the field 'brand'"):
        shop.add([KEMEJA | {"brand": b"a"}])


def test_lists_are_taken_as_tuples_and_generators_are_read_once(index: SearchIndex) -> None:
    made = Article(headline="Pakta", body=(text for text in ("Isi.", "Lagi.")), tags=["a"])  # type: ignore[arg-type]
    assert (made.body, made.tags) == (("Isi.", "Lagi."), ("a",))
    index.add(each for each in (made,))
    assert index.get(made.id) == made
    assert Settings(expand=["synonym"]).expand == ("synonym",)  # type: ignore[arg-type]


def test_one_alone_stands_for_several(
    index: SearchIndex, shop: DocumentIndex, tmp_path: Path
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.jsonl").write_text('{"headline": "Harga beras", "body": "Turun."}')
    for path in (tmp_path / "pages", str(tmp_path / "pages")):
        assert index.add_files(path).total == 1
    assert index.search("a", expand="synonym").total == index.search("a", expand=["synonym"]).total
    assert shop.search("batik", fields="name", facets="brand", order_by="price").total == 1
    assert shop.similar("b1", fields="name").total == 0
    assert shop.search(OneOf("brand", "a")).total == 1


def test_whole_numbers_of_other_libraries_are_taken(index: SearchIndex) -> None:
    one: Any = np.int64(1)
    page = index.search("*", limit=2 * one, offset=one, recency=np.float64(0.5))
    assert (type(page.limit), page.limit, page.offset) == (int, 2, 1)


def test_explaining_reads_an_iterator_once(index: SearchIndex) -> None:
    index.add([Article(headline="MK Putuskan Sengketa", body=("Putusan MK.",), id="mk")])
    for expand in (["abbreviation"], iter(["abbreviation"])):
        found = index.explain("mahkamah konstitusi", "mk", expand=expand)  # type: ignore[arg-type]
        assert found is not None


def test_nothing_is_written_when_a_document_is_none(index: SearchIndex) -> None:
    before = index.stats().size.documents
    with pytest.raises(WrongType):
        index.add([Article(headline="Baru", body=("Isi.",)), "Baru"])  # type: ignore[list-item]
    assert index.stats().size.documents == before


def test_asyncio_says_the_same(index: SearchIndex) -> None:
    async def ask() -> None:
        async with AsyncSearchIndex.open(index.path) as opened:
            with pytest.raises(WrongType, match="limit is 1.5"):
                await opened.search("pakta", limit=1.5)  # type: ignore[arg-type] # it is refused
            with pytest.raises(WrongType, match="on_document"):
                await opened.add([PACT], 5)  # type: ignore[arg-type] # it is refused

    asyncio.run(ask())


def test_a_page_of_no_hits_ends_nowhere(index: SearchIndex) -> None:
    page = index.search("*", limit=0)
    assert (page.total, page.hits, page.next_cursor) == (5, (), None)
    rest = index.search("*", limit=0, cursor=index.search("*", limit=2).next_cursor)
    assert (rest.offset, rest.hits, rest.next_cursor) == (2, (), None)


def test_times_with_and_without_a_zone_go_together(index: SearchIndex) -> None:
    naive, aware = datetime(2024, 6, 1), datetime(2024, 6, 30, tzinfo=UTC)
    index.add([Article(headline="Waktu", body=("Isi.",), published=naive, id="w")])
    assert [hit.id for hit in index.search("waktu", since=naive, until=aware).hits] == ["w"]
