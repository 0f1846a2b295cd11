"""Indexes on a real cluster, for tests that need one; `tests/opensearch/cluster.py` starts it."""

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest
from searchkit.engines.opensearch import OpenSearchEngine
from searchkit.engines.opensearch.server import Server
from searchkit.engines.ranking import Ranking
from searchkit.settings import Settings
from tests.opensearch.cluster import ADDRESS

MANIFEST = Manifest(engine="opensearch", analyzer="test-1", version=1)


class OnCluster:
    """An index of a cluster, and the engines that have it open."""

    def __init__(self, address: str) -> None:
        self.name = f"searchkit-test-{uuid.uuid4().hex[:8]}"
        self.location = Location.of(f"opensearch://{address}/{self.name}")
        self._open: list[OpenSearchEngine] = []

    def settings(self, **options: Any) -> Settings:
        given = {"shards": 2, "replicas": 0, "patience": 10} | options
        return Settings(engines={"opensearch": given}, lock_timeout=0.2)

    def create(self, manifest: Manifest = MANIFEST) -> None:
        OpenSearchEngine.create(self.location, manifest, self.settings())

    def open(
        self, replacing: Manifest | None = None, ranking: Ranking | None = None, **options: Any
    ) -> OpenSearchEngine:
        settings = self.settings(**options)
        engine = OpenSearchEngine.open(
            self.location, settings, replacing=replacing, ranking=ranking
        )
        self._open.append(engine)
        return engine

    def close(self) -> None:
        for engine in self._open:
            engine.close()
        if not OpenSearchEngine.is_free(self.location, self.settings()):
            OpenSearchEngine.remove(self.location, self.settings())


@pytest.fixture
def cluster() -> Iterator[OnCluster]:
    address = os.environ.get(ADDRESS)
    if address is None:
        pytest.skip(
            "needs a cluster: python -m tests.opensearch.cluster -- pytest tests/opensearch"
        )
    made = OnCluster(address)
    yield made
    made.close()


@pytest.fixture
def index(cluster: OnCluster) -> OnCluster:
    """An index that is empty."""
    cluster.create()
    return cluster


def server_of(engine: OpenSearchEngine) -> Server:
    return engine.snapshot().server


def kept_in(engine: OpenSearchEngine) -> list[str]:
    """Return the ids of the documents of OpenSearch that hold a version of a document."""
    hits = _found(engine, {"exists": {"field": "since"}})
    return sorted(hit["_source"]["k"]["id"][0] for hit in hits)


def keeping(engine: OpenSearchEngine) -> list[str]:
    """Return the names of the documents of OpenSearch by which the index is kept."""
    hits = _found(engine, {"bool": {"must_not": {"exists": {"field": "since"}}}})
    return sorted(hit["_id"] for hit in hits)


def _found(engine: OpenSearchEngine, query: dict[str, Any]) -> list[dict[str, Any]]:
    snapshot = engine.snapshot()
    server = snapshot.server
    server.request("POST", f"/{snapshot.index}/_refresh")
    body = {"query": query, "size": 1000, "_source": ["k.id"]}
    found: list[dict[str, Any]] = server.request("POST", f"/{snapshot.index}/_search", body)[
        "hits"
    ]["hits"]
    return found
