"""`searchkit serve` as a process: what it prints, follows, and how it ends."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from searchkit import SearchIndex, Settings
from tests.cli.test_commands import run
from tests.conftest import PACT, article


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    with SearchIndex.create(tmp_path / "index", settings) as index:
        index.add([PACT])
    return tmp_path


class Server:
    """A server under test: its address, its process and the lines that it logs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        assert process.stderr is not None
        first = process.stderr.readline()
        found = re.search(r"http://\S+?/", first)
        assert found, first
        self.url = found[0]
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.lines.extend(self.process.stderr)

    def total(self, query: str) -> int:
        answer = httpx.get(f"{self.url}api/v1/search", params={"q": query}, timeout=30)
        answer.raise_for_status()
        total: int = answer.json()["total"]
        return total


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Server]:
    command = [sys.executable, "-m", "searchkit", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process)
        finally:
            process.kill()


def wait_for(server: Server) -> None:
    transport = httpx.HTTPTransport(retries=20)
    with httpx.Client(transport=transport) as client:
        assert client.get(f"{server.url}health/ready", timeout=30).status_code == 200


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_follows_commits_of_others_and_ends_when_asked(
    folder: Path, settings: Settings, workers: str
) -> None:
    with serving(folder, "--workers", workers) as server:
        wait_for(server)
        assert server.total("pakta") == 1
        with SearchIndex.open(folder / "index", settings) as index:
            index.add([article("Pakta kedua", "Naskah lain.")])
        assert [server.total("pakta") for _ in range(6)] == [2] * 6
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=30) == 0
    assert any('"GET /api/v1/search?q=pakta" 200' in line for line in server.lines)
    assert not any("Traceback" in line for line in server.lines)


def test_an_interrupt_ends_it_without_a_traceback(folder: Path) -> None:
    with serving(folder) as server:
        wait_for(server)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=30) in (0, 130)
    assert not any("Traceback" in line for line in server.lines)


def test_what_cannot_be_served_is_said_at_once(folder: Path, tmp_path: Path) -> None:
    status, _, errors = run("serve", "--index-dir", "nothing", cwd=folder)
    assert status != 0
    assert "there is no index" in errors
    status, _, errors = run("serve", "--host", "203.0.113.1", "--port", "0", cwd=folder)
    assert status != 0
    assert "cannot listen at 203.0.113.1" in errors
    (folder / "searchkit.toml").write_text("[serve]\nspeed = 9\n")
    status, _, errors = run("serve", cwd=folder)
    assert status != 0
    assert "[serve] has no setting 'speed'" in errors
