"""What the tests of the conformance suite stand on: the engine under test, and its indexes."""

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import pytest

from searchkit.engines.base import Engine
from searchkit.engines.fields import NEWS, Fields, Schema
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest
from searchkit.engines.ranking import Ranking
from searchkit.engines.registry import engine_class
from searchkit.settings import Settings

ANALYZER = "conformance-1"
"""The analyzer that the manifests of the indexes of these tests name."""


class Indexes:
    """Indexes of the engine under test, made, opened and put away for a test.

    `root` is a URL under which places for indexes are made up.
    """

    def __init__(self, name: str, root: str, settings: Settings) -> None:
        self.name = name
        self.engine = engine_class(name)
        self.settings = settings
        self._root = root
        self._places: list[Location] = []
        self._open: list[Engine] = []

    def free(self) -> Location:
        """Return a place where nothing is."""
        place = Location.of(f"{self._root}/searchkit-conformance-{uuid.uuid4().hex[:12]}")
        self._places.append(place)
        return place

    def manifest(self, schema: Schema | None = None) -> Manifest:
        """Return the manifest of a new index."""
        version = self.engine.format_version
        return Manifest(engine=self.name, analyzer=ANALYZER, version=version, schema=schema)

    def new(self, schema: Schema | None = None) -> Location:
        """Make an empty index; return where it is."""
        place = self.free()
        self.engine.create(place, self.manifest(schema), self.settings)
        return place

    def open(
        self,
        place: Location,
        ranking: Ranking | None = None,
        *,
        fields: Fields = NEWS,
        replacing: Manifest | None = None,
    ) -> Engine:
        """Open an index; it is closed when the test ends."""
        opened = self.engine.open(
            place, self.settings, ranking=ranking, replacing=replacing, fields=fields
        )
        self._open.append(opened)
        return opened

    def put_away(self) -> None:
        """Close what is open, and remove indexes from a server."""
        for opened in self._open:
            opened.close()
        if not self.engine.capabilities.directory:
            for place in self._places:
                if not self.engine.is_free(place, self.settings):
                    self.engine.remove(place, self.settings)


class Harness:
    """The engine under test, by its name; for one on a server, `server` is its URL.

    `options` are what `[engines.NAME]` of the settings says.
    """

    engine_name: ClassVar[str]
    server: ClassVar[str] = ""
    options: ClassVar[Mapping[str, Any]] = {}

    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        """Settings that keep stems out of the user's cache, and give up early."""
        return Settings(
            cache_dir=tmp_path / "cache",
            lock_timeout=0.2,
            workers=0,
            engines={self.engine_name: self.options},
        )

    @pytest.fixture
    def indexes(self, settings: Settings, tmp_path: Path) -> Iterator[Indexes]:
        """Return places for indexes of this test."""
        root = self.server.rstrip("/") or f"{self.engine_name}://{quote(tmp_path.as_posix())}"
        made = Indexes(self.engine_name, root, settings)
        yield made
        made.put_away()

    @pytest.fixture
    def engine(self, indexes: Indexes) -> Engine:
        """Return an empty index, open."""
        return indexes.open(indexes.new())
