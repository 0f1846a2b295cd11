"""What a search costs on a real cluster: requests, each a way to a server and back."""

from typing import Any

import pytest

from searchkit.engines.base import Filters
from searchkit.engines.opensearch import OpenSearchEngine
from searchkit.engines.opensearch.server import Server
from searchkit.query import Term
from searchkit.testing.making import document, put
from tests.opensearch.conftest import OnCluster


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the server, by the end of each path."""
    paths: list[str] = []
    request = Server.request

    def noted(self: Server, method: str, path: str, *args: Any, **named: Any) -> Any:
        paths.append(path.rpartition("/")[2])
        return request(self, method, path, *args, **named)

    monkeypatch.setattr(Server, "request", noted)
    return paths


def test_a_page_is_found_by_three_requests(index: OnCluster, asked: list[str]) -> None:
    """The newest commit, what matches with all that ranks it and its copies, and what is stored.

    Of words that are met for the first time it is asked before in how many documents they are.
    """
    engine = index.open()
    report = " ".join(f"v{n}" for n in range(100))
    put(engine, *(document(n, moment=n, body=f"w1 {report}") for n in range(20)))
    search(engine, "v7")
    asked.clear()
    assert search(engine, "w1") == ["d0019"]
    assert asked == ["head", "_search", "_search", "_mget"]
    asked.clear()
    assert search(engine, "w1", until=9) == ["d0008"]
    assert asked == ["head", "_search", "_mget"]


def search(engine: OpenSearchEngine, word: str, until: int | None = None) -> list[str]:
    filters = Filters(until=until)
    found = engine.search(Term(word, word), filters, 0, 10, collapse="newest")
    return [match.stored()["id"] for match in found.matches]
