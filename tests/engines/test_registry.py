"""Where an index is, and which engine it is of."""

import json
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any, ClassVar

import pytest

from searchkit import (
    ExtraMissing,
    ForeignIndex,
    IndexVersionMismatch,
    QueryError,
    SearchIndex,
    SearchIndexError,
    Settings,
    Watches,
)
from searchkit.engines import registry
from searchkit.engines.base import Capabilities
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest, watches_of
from searchkit.engines.registry import engine_at, engine_class, engine_names
from searchkit.engines.whoosh import WhooshEngine
from tests.cli.test_commands import run
from tests.conftest import PACT
from tests.engines.forging import forge_manifest


class ServedEngine(WhooshEngine):
    """Keeps what it is asked for by URL in a directory, as a server would."""

    capabilities = Capabilities(directory=False, explains=False)
    root: ClassVar[Path]

    @classmethod
    def _served(cls, location: Location) -> Location:
        return Location.of(cls.root / location.url.rpartition("/")[2])

    @classmethod
    def is_free(cls, location: Location, settings: Settings) -> bool:
        return super().is_free(cls._served(location), settings)

    @classmethod
    def manifest(cls, location: Location, settings: Settings) -> Manifest:
        return super().manifest(cls._served(location), settings)

    @classmethod
    def create(cls, location: Location, manifest: Manifest, settings: Settings) -> None:
        super().create(cls._served(location), manifest, settings)

    @classmethod
    def open(cls, location: Location, settings: Settings, **options: Any) -> Any:
        return super().open(cls._served(location), settings, **options)


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Entry points by name, as installed packages offer them."""
    offered: dict[str, str] = {}

    def entry_points(*, group: str) -> EntryPoints:
        assert group == "searchkit.engines"
        return EntryPoints(EntryPoint(name, value, group) for name, value in offered.items())

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    return offered


@pytest.mark.parametrize(
    ("place", "engine", "folder", "url"),
    [
        ("index", "", Path("index"), ""),
        (Path("whoosh://x"), "", Path("whoosh://x"), ""),
        ("whoosh:///var/lib/my%20index", "whoosh", Path("/var/lib/my index"), ""),
        ("opensearch://host:9200/news?tls=true", "opensearch", None, "opensearch://host:9200/news"),
    ],
)
def test_places(place: str | Path, engine: str, folder: Path | None, url: str) -> None:
    location = Location.of(place)
    assert (location.engine, location.folder) == (engine, folder)
    assert location.url.partition("?")[0] == url
    assert str(location) == (location.url or str(folder))
    assert Location.of(location) is location


def test_credentials_are_neither_taken_nor_shown() -> None:
    with pytest.raises(SearchIndexError, match="has credentials in it") as caught:
        Location.of("opensearch://anna:geheim@host/news")
    assert "geheim" not in str(caught.value)
    assert "anna" not in str(caught.value)


def test_engine_is_named_by_a_url_else_the_manifest_else_the_settings(
    tmp_path: Path, settings: Settings, points: dict[str, str]
) -> None:
    points["other"] = "tests.engines.test_registry:WhooshEngine"
    other = replace(settings, engine="other")
    for place, using, expected in (
        ("a", settings, "whoosh"),
        ("b", other, "other"),
        (f"other://{tmp_path}/c", settings, "other"),
        ("b", settings, "other"),
        ("a", other, "whoosh"),
        (f"whoosh://{tmp_path}/a", other, "whoosh"),
    ):
        path = place if "://" in place else tmp_path / place
        with SearchIndex.open_or_create(path, using) as index:
            assert index.stats().engine == expected
    with pytest.raises(ForeignIndex, match="is of the engine 'other', not 'whoosh'; name"):
        SearchIndex.open(f"whoosh://{tmp_path}/b", settings)


def test_unknown_engines(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SearchIndexError, match="no engine 'lucene'; there are whoosh, tantivy, op"):
        SearchIndex.create(tmp_path / "x", replace(settings, engine="lucene"))
    with SearchIndex.create(tmp_path / "index", settings):
        pass
    forge_manifest(tmp_path / "index", engine="lucene")
    with pytest.raises(IndexVersionMismatch, match="was written by the engine 'lucene'; this sear"):
        SearchIndex.open(tmp_path / "index", settings)


def test_engine_of_another_package(points: dict[str, str]) -> None:
    points["own"] = "tests.engines.test_registry:ServedEngine"
    points["broken"] = "tests.engines.absent:Engine"
    assert engine_class("own") is ServedEngine
    assert engine_names() == ["whoosh", "tantivy", "opensearch", "broken", "own"]
    with pytest.raises(SearchIndexError, match="'broken', tests.engines.absent:Engine, cannot be"):
        engine_class("broken")


def test_missing_package_names_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    (tmp_path / "adapter_of_tests.py").write_text("import library_that_is_absent")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(registry._ENGINES, "tantivy", "adapter_of_tests:Engine")
    with pytest.raises(ExtraMissing, match=r"pip install 'searchkit\[tantivy\]'") as caught:
        SearchIndex.create(tmp_path / "x", replace(settings, engine="tantivy"))
    assert caught.value.library == "library_that_is_absent"


def test_an_index_on_a_server(
    tmp_path: Path,
    settings: Settings,
    points: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points["served"] = "tests.engines.test_registry:ServedEngine"
    monkeypatch.setattr(ServedEngine, "root", tmp_path, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    url = "served://host/news"
    with SearchIndex.create(url, settings) as index:
        index.add([PACT])
        assert index.search("pakta").total == 1
        assert str(index.stats().location) == url
        with pytest.raises(SearchIndexError, match="served://host/news is no directory"):
            _ = index.path
        Watches(index).add("pacts", "pakta")
    assert watches_of(Location.of(url)).is_relative_to(tmp_path / "data")
    with SearchIndex.open(url, settings) as index:
        assert Watches(index).queries == {"pacts": "pakta"}
        with pytest.raises(QueryError, match="engine 'served' does not say how a score came ab"):
            index.explain("pakta", PACT.id)
    for refused in (
        lambda: SearchIndex.check(url, settings),
        lambda: SearchIndex.repair(url, settings),
        lambda: SearchIndex.backup(url, tmp_path / "backup", settings),
    ):
        with pytest.raises(SearchIndexError, match="the engine 'served' has no check, repair"):
            refused()


def test_a_backup_takes_the_place_of_no_index_of_another_engine(
    tmp_path: Path, settings: Settings, points: dict[str, str]
) -> None:
    points["other"] = "tests.engines.test_registry:WhooshEngine"
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add([PACT])
    SearchIndex.backup(tmp_path / "index", tmp_path / "backup", settings)
    with SearchIndex.create(tmp_path / "kept", replace(settings, engine="other")):
        pass
    for place in (tmp_path / "kept", f"other://{tmp_path}/new"):
        with pytest.raises(ForeignIndex, match="is of the engine 'other', the backup .* 'whoosh'"):
            SearchIndex.restore(place, tmp_path / "backup", settings, replace=True)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("whoosh://host/news", "keeps its indexes in a directory: write a path, or whoosh:///DIR"),
        ("served:///news", "keeps its indexes on a server: write served://HOST/INDEX"),
    ],
)
def test_places_that_do_not_suit_the_engine(
    place: str, message: str, points: dict[str, str]
) -> None:
    points["served"] = "tests.engines.test_registry:ServedEngine"
    with pytest.raises(SearchIndexError, match=message):
        engine_at(Location.of(place), "whoosh")


def test_index_command_with_an_engine_or_a_url(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "Beras", "body": "Harga beras turun."}))
    status, output, errors = run("index", "a.jsonl", "--engine", "whoosh", cwd=tmp_path)
    assert (status, errors) == (0, "")
    url = f"whoosh://{tmp_path}/index"
    status, output, _ = run("query", "beras", "--json", "--index-dir", url, cwd=tmp_path)
    assert json.loads(output)["total"] == 1
    status, _, errors = run("index", "a.jsonl", "--engine", "lucene", cwd=tmp_path)
    assert (status, "'whoosh', not 'lucene'" in errors) == (6, True)
    status, _, errors = run(
        "index", "a.jsonl", "--engine", "tantivy", "--index-dir", url, cwd=tmp_path
    )
    assert (status, "--engine tantivy does not go with" in errors) == (2, True)
