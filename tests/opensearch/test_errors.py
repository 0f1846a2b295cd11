"""What a server or the network says, as errors of searchkit's, without a password in them."""

import base64
import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import searchkit.engines.opensearch.server
from searchkit import SearchIndex, Settings
from searchkit.engines.location import Location
from searchkit.engines.opensearch import OpenSearchEngine
from searchkit.engines.opensearch.layout import point
from searchkit.engines.opensearch.options import PASSWORD, USER, read_options
from searchkit.engines.opensearch.server import Conflict, NotFound, Server
from searchkit.engines.opensearch.upkeep import refresh
from searchkit.errors import (
    ForeignIndex,
    IndexDamaged,
    IndexMissing,
    IndexNotWritable,
    QueryError,
    SearchIndexError,
)
from tests.opensearch.answering import Answer, answering, refusal

SECRET = "rahasia-sekali"
META = {
    "name": "searchkit index",
    "engine": "opensearch",
    "analyzer": "another-1",
    "version": 1,
}


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (refusal(404, "index_not_found_exception"), NotFound, "index_not_found_exception"),
        (refusal(409, "version_conflict_engine_exception"), Conflict, "version_conflict"),
        (refusal(400, "resource_already_exists_exception"), Conflict, "already_exists"),
        (
            refusal(500, "internal", "a fault"),
            SearchIndexError,
            r"answers HTTP 500 \(internal: a fault\); check the health and the logs",
        ),
        (
            refusal(500, "too_many_nested_clauses"),
            QueryError,
            "takes no query of so many parts; search for fewer words in fewer fields",
        ),
        (refusal(503, "no_shard_available_action_exception"), SearchIndexError, "overloaded, or a"),
        (refusal(429, "circuit_breaking_exception"), SearchIndexError, "may be overloaded"),
        (refusal(401, "security_exception"), SearchIndexError, f"{USER} and {PASSWORD}"),
        (
            refusal(403, "cluster_block_exception", "read-only / allow delete (api)"),
            IndexNotWritable,
            r"may only be read \(cluster_block_exception: read-only / allow delete \(api\)\); the",
        ),
    ],
)
def test_answers_that_are_errors(answer: Answer, kind: type[Exception], message: str) -> None:
    with (
        answering(lambda *_: answer, patience=0) as (options, _),
        closing(Server(options)) as server,
        pytest.raises(kind, match=message) as caught,
    ):
        server.request("GET", "/news/_doc/head")
    if kind not in (NotFound, Conflict):
        assert options.url in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (500, "node_disconnected_exception"),
        (404, "search_context_missing_exception"),
        (503, "cluster_block_exception"),
        (429, "rejected_execution_exception"),
    ],
)
def test_what_passes_is_asked_again(status: int, kind: str) -> None:
    answers = iter([refusal(status, kind), refusal(status, kind), (200, {"found": True})])
    with (
        answering(lambda *_: next(answers), patience=20) as (options, asked),
        closing(Server(options)) as server,
    ):
        assert server.request("GET", "/news/_doc/head") == {"found": True}
    assert len(asked.requests) == 3


@pytest.mark.parametrize("status", [401, 403])
def test_a_user_who_is_refused(
    status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(USER, "pembaca")
    monkeypatch.setenv(PASSWORD, SECRET)
    caplog.set_level(logging.DEBUG)
    with (
        answering(lambda *_: refusal(status, "security_exception")) as (options, asked),
        closing(Server(options)) as server,
        pytest.raises(SearchIndexError, match=f"refuses this user .HTTP {status}") as caught,
    ):
        server.request("GET", "/news/_doc/head")
    # It was sent, and is told nowhere.
    sent = base64.b64encode(f"pembaca:{SECRET}".encode()).decode()
    assert any(sent in headers.get("authorization", "") for headers in asked.headers)
    assert SECRET not in f"{caught.value}{caught.value.__cause__!r}{caplog.text}"
    assert sent not in caplog.text


def test_no_server() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"opensearch://127.0.0.1:{unused.getsockname()[1]}/warta"
        with (
            closing(Server(read_options(url, {"patience": 0.2}))) as server,
            pytest.raises(
                SearchIndexError, match=r"answer \(Connection refused\); check that the cl"
            ),
        ):
            server.request("GET", "/")


def test_a_server_that_never_answered_is_not_waited_for() -> None:
    """Of several hosts each is tried, also where one neither answers nor refuses."""
    with socket.socket() as full, socket.socket() as one, socket.socket() as other:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for client in (one, other):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        silent = f"127.0.0.1:{full.getsockname()[1]}"
        started = time.monotonic()
        with (
            closing(Server(read_options(f"opensearch://{silent}/warta", {"patience": 60}))) as far,
            pytest.raises(SearchIndexError, match=r"does not answer \(ConnectTimeoutError\)"),
        ):
            far.request("GET", "/")
        with answering(lambda *_: (200, {})) as (options, asked):
            hosts = ((("127.0.0.1", full.getsockname()[1]),) * 2) + options.hosts
            with closing(Server(replace(options, hosts=hosts, patience=60))) as server:
                assert server.request("GET", "/") == {}
    assert len(asked.requests) == 1
    assert time.monotonic() - started < 20


def test_a_server_that_has_answered_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as `patience` says: it is being started again."""
    monkeypatch.setattr(searchkit.engines.opensearch.server, "_FIRST_PATIENCE", 0)
    runs = True

    def answer(*_: str) -> Answer:
        if not runs:
            raise ConnectionResetError
        return 200, {}

    with (
        answering(answer, patience=1) as (options, _),
        closing(Server(options)) as known,
        closing(Server(options)) as unknown,
    ):
        known.request("GET", "/")
        runs = False
        for server, waits in ((known, True), (unknown, False)):
            started = time.monotonic()
            with pytest.raises(SearchIndexError, match="does not answer"):
                server.request("GET", "/")
            assert (time.monotonic() - started > 1) == waits


def test_a_server_that_is_slow() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"opensearch://127.0.0.1:{silent.getsockname()[1]}/warta"
        with (
            closing(Server(read_options(url, {"patience": 0}))) as server,
            pytest.raises(SearchIndexError, match=r"does not answer \(.*[Tt]ime"),
        ):
            server.request("GET", "/", timeout=0.2)


def test_connections_are_used_again() -> None:
    """Also those of requests made at the same time."""
    together = threading.Barrier(3)

    def answer(*_: str) -> Answer:
        together.wait(10)
        return 200, {}

    with answering(answer) as (options, asked), closing(Server(options)) as server:
        for _ in range(4):
            with ThreadPoolExecutor(3) as threads:
                list(threads.map(server.request, ["GET"] * 3, ["/"] * 3))
        assert (len(asked.requests), asked.connections) == (12, 3)


def test_what_is_closed_is_not_tried_again() -> None:
    with answering(lambda *_: (503, {}), patience=60) as (options, asked):
        server = Server(options)
        later = threading.Timer(0.5, server.close)
        later.start()
        with pytest.raises(SearchIndexError, match="is closed; open it again"):
            server.request("GET", "/")
        assert len(asked.requests) < 20
        with pytest.raises(SearchIndexError, match="is closed; open it again"):
            server.request("GET", "/")


def test_a_server_without_tls() -> None:
    with answering(lambda *_: (200, {})) as (options, _):
        url = f"{options.url}?tls=true"
        with (
            closing(Server(read_options(url, {"patience": 0}))) as server,
            pytest.raises(
                SearchIndexError, match=r"no TLS that can be used \(.+\); if it has none"
            ),
        ):
            server.request("GET", "/")


def test_certificates_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    options = read_options("opensearch://satu/warta?tls=true", {"ca_file": file})
    with pytest.raises(SearchIndexError, match=r"the certificates of .*ca.pem cannot be read"):
        Server(options)


def index_that_says(meta: object, index: str) -> Callable[[str, str, str], Answer]:
    """Return what answers as a cluster with an index of this manifest."""

    def answer(method: str, path: str, body: str) -> Answer:
        if path == "/news/_alias":
            return 200, {index: {"aliases": {"news": {}}}}
        if path == f"/{index}/_mapping":
            return 200, {index: {"mappings": {"_meta": {"searchkit": meta}} if meta else {}}}
        return refusal(404, "index_not_found_exception")

    return answer


@pytest.mark.parametrize(
    ("meta", "index", "kind", "message"),
    [
        (None, "news-1", ForeignIndex, "is not a searchkit index, but an index of another program"),
        (META, "news", ForeignIndex, "is not a searchkit index, but an index of another program"),
        ({"name": "x"}, "news-1", IndexDamaged, "its manifest is damaged; rebuild it with"),
    ],
)
def test_what_is_no_index_of_ours(
    meta: object, index: str, kind: type[Exception], message: str
) -> None:
    with (
        answering(index_that_says(meta, index)) as (options, _),
        pytest.raises(kind, match=message),
    ):
        SearchIndex.open(options.url, Settings())


def test_an_index_without_a_newest_commit() -> None:
    with (
        answering(index_that_says(META, "news-1")) as (options, _),
        pytest.raises(IndexDamaged, match="what says which documents are in it is missing"),
    ):
        OpenSearchEngine.open(Location.of(options.url), Settings())


@pytest.mark.parametrize("meta", [None, "x", "[1]", '{"number": "1"}'])
def test_a_newest_commit_that_is_none(meta: str | None) -> None:
    known = index_that_says(META, "news-1")

    def answer(method: str, path: str, body: str) -> Answer:
        if path == "/news/_doc/head":
            found = {"_id": "head", "_index": "news-1", "_seq_no": 1, "_primary_term": 1}
            return 200, {**found, "_source": {"meta": meta}}
        return known(method, path, body)

    with (
        answering(answer) as (options, _),
        pytest.raises(IndexDamaged, match="the document head, which keeps the index, is not as"),
    ):
        OpenSearchEngine.open(Location.of(options.url), Settings())


@pytest.mark.parametrize("page", ["<html>", ["a list"]])
def test_what_is_no_opensearch(page: list[str] | str) -> None:
    with (
        answering(lambda *_: (200, page)) as (options, _),
        closing(Server(options)) as server,
        pytest.raises(SearchIndexError, match="does not answer as OpenSearch does.*check its addr"),
    ):
        server.request("GET", "/")


@pytest.mark.parametrize("status", [200, 404, 409])
def test_an_answer_that_was_cut_off(status: int) -> None:
    """Before its content, of which no length was told yet: it looks like an answer of nothing."""
    answers: list[Answer] = [(200, {"found": True}), (status, "")]
    with (
        answering(lambda *_: answers.pop()) as (options, _),
        closing(Server(options)) as server,
    ):
        assert server.request("GET", "/") == {"found": True}


def test_shards_that_cannot_be_refreshed() -> None:
    failed = {"_shards": {"total": 4, "successful": 3, "failed": 1}}
    with (
        answering(lambda *_: (200, failed)) as (options, _),
        closing(Server(options)) as server,
        pytest.raises(SearchIndexError, match="1 of 4 shards could not be refreshed; check"),
    ):
        refresh(server, "news-1")


def test_an_alias_that_cannot_be_moved() -> None:
    with (
        answering(index_that_says(META, "news-1")) as (options, _),
        closing(Server(options)) as server,
    ):
        # A second time: the index before is not there any more, and the alias is as wanted.
        point(server, "news-1", "news-0")
        with pytest.raises(IndexNotWritable, match="was changed by another writer meanwhile, so"):
            point(server, "news-2", "news-1")


def test_nothing_there() -> None:
    with (
        answering(lambda *_: refusal(404, "index_not_found_exception")) as (options, _),
        pytest.raises(IndexMissing, match="build one with `searchkit index SOURCE"),
    ):
        SearchIndex.open(options.url, Settings())
