"""The command `searchkit serve`, as a process."""

import json
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from searchkit import Article, SearchIndex
from tests.cli.test_commands import run
from tests.conftest import article


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the server; give the process and its address."""
    command = [sys.executable, "-m", "searchkit", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            found = re.search(r"http://\S+/", process.stderr.readline())
            assert found
            yield process, found[0]
        finally:
            process.kill()


def fetched(url: str | urllib.request.Request) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def usual_seconds(url: str) -> float:
    """Return the median time of requests that follow one another on one connection."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    taken = []
    for _ in range(21):
        start = time.perf_counter()
        connection.request("GET", "/health/live")
        connection.getresponse().read()
        taken.append(time.perf_counter() - start)
    connection.close()
    return statistics.median(taken)


@pytest.mark.parametrize(
    ("arguments", "number"),
    [((), signal.SIGTERM), ((), signal.SIGHUP), (("--workers", "2"), signal.SIGINT)],
)
def test_server_follows_commits_and_stops_gracefully(
    tmp_path: Path, index: SearchIndex, arguments: tuple[str, ...], number: int
) -> None:
    with serving(tmp_path, *arguments) as (process, url):
        assert fetched(f"{url}api/v1/search?q=mendukung")["total"] == 1
        assert usual_seconds(url) < 0.03, "an answer waits for nothing: acknowledging takes 0.04 s"
        index.add([article("Gempa Mengguncang Pesisir", "isi")])
        assert fetched(f"{url}api/v1/search?q=gempa")["total"] == 1
        with urllib.request.urlopen(f"{url}metrics", timeout=30) as answer:
            assert b"searchkit_http_requests_total" in answer.read()
        process.send_signal(number)
        _, log = process.communicate(timeout=30)
        assert process.returncode == 0
        assert '"GET /api/v1/search?q=gempa" 200' in log
        assert "Traceback" not in log


@contextmanager
def being_written(index: SearchIndex) -> Iterator[threading.Event]:
    """Have the index written until the event is set: others who write wait for it."""
    begun, done = threading.Event(), threading.Event()

    def slowly() -> Iterator[Article]:
        begun.set()
        assert done.wait(30)
        yield article("Berita yang lama ditulis", "isi")

    writer = threading.Thread(target=index.add, args=(slowly(),))
    writer.start()
    try:
        assert begun.wait(30)
        yield done
    finally:
        done.set()
        writer.join()


def in_flight(url: str) -> int:
    """Return how many requests are being answered, beside the one that asks."""
    with urllib.request.urlopen(f"{url}metrics", timeout=30) as answer:
        found = re.search(rb"^searchkit_http_requests_in_flight (\d+)", answer.read(), re.MULTILINE)
    assert found
    return int(found[1]) - 1


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_refused(url: str) -> bool:
    host, _, port = url.removeprefix("http://").rstrip("/").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=30).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_request_under_way_is_answered_before_the_server_ends(
    tmp_path: Path, index: SearchIndex, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    token = "t" * 32
    monkeypatch.setenv("SEARCHKIT_TOKEN", token)
    body = json.dumps({"documents": [{"id": "n1", "headline": "Banjir Surut"}]}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with (
        being_written(index) as done,
        serving(tmp_path, "--workers", workers) as (process, url),
        ThreadPoolExecutor() as pool,
    ):
        request = urllib.request.Request(f"{url}api/v1/documents", body, headers)
        answer = pool.submit(fetched, request)
        until(lambda: in_flight(url) == 1)
        process.send_signal(signal.SIGTERM)
        until(lambda: is_refused(url))
        assert (answer.done(), process.poll()) == (False, None)
        done.set()
        assert answer.result(30)["added"] == {"article": 1}
        assert process.wait(30) == 0
    assert index.get("n1").id == "n1"


def test_no_process_outlives_the_one_above_it(tmp_path: Path, index: SearchIndex) -> None:
    with serving(tmp_path, "--workers", "2") as (process, url):
        assert fetched(f"{url}health/live")
        process.kill()
        until(lambda: is_refused(url))


def test_impossible_starts(tmp_path: Path, index: SearchIndex) -> None:
    assert run("serve", "--index-dir", "absent", cwd=tmp_path)[0] == 6
    status, _, errors = run("serve", "--rate", "often", cwd=tmp_path)
    assert (status, "the rate 'often'" in errors) == (4, True)
    with serving(tmp_path) as (_, url):
        port = url.rstrip("/").rpartition(":")[2]
        status, _, errors = run("serve", "--port", port, cwd=tmp_path)
        assert (status, "cannot listen at 127.0.0.1" in errors) == (4, True)
