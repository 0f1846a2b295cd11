"""opensearch-py alone, as its documentation shows it; and the server that is asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from benchmarks.speed.archives import facts, records
from benchmarks.speed.contenders import SERVER, Answer, searchkit_index
from benchmarks.speed.query_kinds import Ask

_INDEX = "opensearch-py-benchmark"
# One copy of one shard, as searchkit's index beside it.
_BODY = {
    "settings": {"index": {"number_of_shards": 1, "number_of_replicas": 0}},
    "mappings": {
        "properties": {
            **{name: {"type": "text"} for name in ("title", "body")},
            **{name: {"type": "keyword"} for name in ("section", "source", "date")},
        }
    },
}


def raw_opensearch_build(archive: Path, most: int, folder: Path) -> None:
    """Build an index of titles and bodies, by the helper for bulk requests."""
    from opensearchpy import helpers

    def actions() -> Iterator[dict[str, Any]]:
        for record in records(archive, most):
            texts = {name: record[name] for name in ("title", "body")}
            yield {"_index": _INDEX, "_id": record["id"], **facts(record), **texts}

    client = _client((folder / SERVER).read_text())
    client.indices.create(index=_INDEX, body=_BODY)
    helpers.bulk(client, actions())
    client.indices.refresh(index=_INDEX)


def raw_opensearch_search(folder: Path) -> Answer:
    """Return what asks it: ten hits with what is marked in titles and bodies, all words wanted."""
    client = _client((folder / SERVER).read_text())

    def search(ask: Ask) -> int:
        query = {"query": ask.text, "fields": ["title^3", "body"], "default_operator": "and"}
        body = {
            "query": {"query_string": query},
            "highlight": {"fields": {"title": {}, "body": {}}},
        }
        return len(client.search(index=_INDEX, body=body)["hits"]["hits"])

    return search


class Host:
    """OpenSearch at `hosts`; what a benchmark makes there is removed before and after."""

    def __init__(self, hosts: str) -> None:
        self._hosts = hosts
        self._client = _client(hosts)

    def is_of(self, folder: Path) -> None:
        """Make a folder for what is built on this server."""
        folder.mkdir()
        (folder / SERVER).write_text(self._hosts)

    def seconds(self) -> float:
        """Return the CPU seconds that all nodes have used so far."""
        nodes = self._client.nodes.stats(metric="process")["nodes"].values()
        return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes) / 1000)

    def megabytes(self) -> tuple[float, float]:
        """Return the sizes of searchkit's index and of the other one."""
        names = (searchkit_index(self._hosts).rpartition("/")[2], _INDEX)
        stats = (self._client.indices.stats(index=name, metric="store") for name in names)
        ours, other = (each["_all"]["primaries"]["store"]["size_in_bytes"] / 1e6 for each in stats)
        return ours, other

    def __enter__(self) -> Self:
        self._remove()
        return self

    def __exit__(self, *error: object) -> None:
        self._remove()
        self._client.close()

    def _remove(self) -> None:
        from searchkit.engines.location import Location
        from searchkit.engines.opensearch import OpenSearchEngine
        from searchkit.settings import Settings

        place = Location.of(searchkit_index(self._hosts))
        if not OpenSearchEngine.is_free(place, Settings()):
            OpenSearchEngine.remove(place, Settings())
        self._client.indices.delete(index=_INDEX, ignore_unavailable=True)


def _client(hosts: str) -> Any:
    from opensearchpy import OpenSearch

    return OpenSearch(hosts.split(","), timeout=60)
