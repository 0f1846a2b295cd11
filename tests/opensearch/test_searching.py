"""What a search costs on a real cluster: requests, each a way to a server and back."""

from typing import Any

import pytest

from searchkit.engines.base import Filters, Sort
from searchkit.engines.opensearch import OpenSearchEngine, ranked
from searchkit.engines.opensearch.server import Server
from searchkit.errors import QueryError
from searchkit.query import AnyOf, InFields, KeywordFilter, Phrase, Term
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


def test_thousands_of_values_and_hundreds_of_words_in_fields_are_searched(index: OnCluster) -> None:
    engine = index.open()
    words = [f"w{n}" for n in range(200)]
    put(engine, *(document(n, body=" ".join(words[n:])) for n in range(3)))
    values = AnyOf(tuple(KeywordFilter("id", f"d{n:04}") for n in range(1, 5000)))
    assert engine.search(values, Filters(), 0, 10).total == 2
    in_fields = tuple(InFields(Term(word, word), ("body", "teaser")) for word in words)
    assert engine.search(AnyOf(in_fields, 1, 0.5), Filters(), 0, 10).total == 3
    phrases = AnyOf(tuple(Phrase((Term("a", "a"), Term(f"w{n}", f"w{n}"))) for n in range(200)))
    with pytest.raises(QueryError, match=r"takes no query of so many parts"):
        engine.search(phrases, Filters(), 0, 10)


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_more_hits_than_a_server_gives_at_a_time(
    index: OnCluster, monkeypatch: pytest.MonkeyPatch, sort: Sort
) -> None:
    engine = index.open(rescored=5)
    dates = [n if n % 3 else None for n in range(90)]
    put(engine, *(document(n, moment=date, body="w1") for n, date in enumerate(dates)))
    word = Term("w1", "w1")
    whole = [m.id for m in engine.search(word, Filters(), 0, 90, sort=sort).matches]
    monkeypatch.setattr(ranked, "_AT_A_TIME", 20)
    snapshot = engine.snapshot()
    path = f"/{snapshot.index}/_settings"
    snapshot.server.request("PUT", path, {"index.max_result_window": 30})
    assert [m.id for m in engine.search(word, Filters(), 0, 90, sort=sort).matches] == whole
    page = engine.search(word, Filters(), 0, 7, sort=sort)
    following = engine.search(word, Filters(), 0, 90, sort=sort, after=page.last)
    assert ([m.id for m in following.matches], following.before) == (whole[7:], 7)


def search(engine: OpenSearchEngine, word: str, until: int | None = None) -> list[str]:
    filters = Filters(until=until)
    found = engine.search(Term(word, word), filters, 0, 10, collapse="newest")
    return [match.stored()["id"] for match in found.matches]
