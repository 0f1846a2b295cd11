"""The load benchmark: what is asked, what wrk tells, the table, and Whoosh behind HTTP."""

import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from benchmarks.serving import whoosh_server, writing
from benchmarks.serving.__main__ import HEADER, Row, cells
from benchmarks.serving.load import (
    KINDS,
    WARMING,
    Load,
    Loader,
    drawn,
    searchkit_form,
    whoosh_form,
)
from benchmarks.speed.generated import write_articles
from searchkit import SearchIndex

LOAD = Load(p50=4.25, p99=20.5, seconds=2.0, requests=1002, errors=2)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "articles.jsonl"
    write_articles(path, 60)
    return path


class _Answers(BaseHTTPRequestHandler):
    """Answers all but `/api/v1/search?q=wrong`; refuses to write without the token."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(500 if self.path.endswith("wrong") else 200)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert json.loads(body)["headline"]
        self._answer(200 if self.headers["Authorization"] == "Bearer right" else 401)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its library's name
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_queries_are_of_every_kind_and_the_same_each_time() -> None:
    records = [{"title": "harga beras turun tajam menjelang panen", "body": "Isi.", "date": ""}]
    asked = drawn(records, 20)
    assert len(asked) == 20 * len(KINDS)
    assert asked == drawn(records, 20)
    assert {'"' in text for text in asked} == {True, False}
    assert any(" AND " in text for text in asked)


def test_requests_are_one_line_each() -> None:
    assert searchkit_form("&fragments=false")('"a b"') == (
        "GET\t/api/v1/search?q=%22a%20b%22&fragments=false\t"
    )
    method, path, body = whoosh_form('"a\tb"').split("\t")
    assert (method, path) == ("POST", "/api/v1/search")
    assert json.loads(body)["q"] == '"a\tb"'


@pytest.mark.skipif(not shutil.which("wrk"), reason="there is no wrk")
def test_wrk_counts_what_is_answered_and_what_is_not(tmp_path: Path, url: str) -> None:
    loader = Loader(tmp_path, ["right", "wrong", *["warm"] * WARMING], seconds=1, connections=2)
    loader.warm_up(url, searchkit_form())
    load = loader.load(url, searchkit_form())
    assert 0.3 < load.errors / load.requests < 0.7
    assert 0 < load.p50 <= load.p99
    assert load.per_second == pytest.approx((load.requests - load.errors) / load.seconds)


def test_a_client_commits_until_it_is_told_to_end(url: str) -> None:
    for token, wrote in (("right", True), ("wrong", False)):
        with writing.client(url, token) as commits:
            while not commits.done + commits.failed:
                pass
        assert (commits.done > 0, commits.failed > 0) == (wrote, not wrote)


def test_table() -> None:
    commits = writing.Commits()
    commits.done, commits.failed = 40, 3
    told = cells(Row("searchkit", 0.98, LOAD, commits))
    assert told == ["searchkit", "500", "4.2 ms", "20.5 ms", "2 of 1,002", "98%", "20.0, 3 failed"]
    assert len(told) == len(HEADER)
    assert cells(Row("whoosh3", 1.0, LOAD, None))[-1] == "-"


def test_whoosh_behind_http(tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whoosh_server.build(archive, tmp_path / "whoosh")
    monkeypatch.setenv(whoosh_server.FOLDER, str(tmp_path / "whoosh"))
    first = json.loads(archive.read_text().splitlines()[0])
    word = max(first["title"].split(), key=len)
    with TestClient(whoosh_server.whoosh3()) as client:
        assert client.get("/api/v1/health").json() == {"status": "ok"}
        found = client.post("/api/v1/search", json={"q": word, "limit": 60}).json()
        assert first["id"] in [hit["fields"]["id"] for hit in found["hits"]]
        assert found["total"] == len(found["hits"])


@pytest.mark.parametrize("ours", [True, False])
def test_another_process_commits_until_it_is_told_to_end(
    tmp_path: Path, archive: Path, ours: bool
) -> None:
    root = Path(whoosh_server.__file__).parents[2]
    variables = {"PYTHONPATH": str(root), "XDG_CACHE_HOME": str(tmp_path)}
    if ours:
        SearchIndex.create(tmp_path / "index").close()
        command = ["-m", "benchmarks.serving.writing", "index"]
    else:
        whoosh_server.build(archive, tmp_path / "index")
        command = ["-m", "benchmarks.serving.whoosh_server", "write", "index"]
    with writing.process([sys.executable, *command], tmp_path, variables) as commits:
        time.sleep(1)
    assert (commits.done > 0, commits.failed) == (True, 0)
