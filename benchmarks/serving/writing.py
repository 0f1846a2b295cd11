"""Commits all the time, beside those who search: in a process of its own, or over the API.

`python -m benchmarks.serving.writing FOLDER` adds an article with each commit until SIGTERM; it
prints a line after the first, and at the end how many more there were.
"""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

TEXT = "Banjir yang melanda kota itu surut; harga beras dan jadwal kereta kembali seperti semula."


class Commits:
    """How many commits there were, and how many failed."""

    def __init__(self) -> None:
        self.done = 0
        self.failed = 0


@contextmanager
def process(
    command: Sequence[str | Path], folder: Path, variables: Mapping[str, str]
) -> Iterator[Commits]:
    """Have another process commit, once it has begun to; how many are known at the end.

    It prints a line when it has committed for the first time, and how many more at the end.
    """
    commits = Commits()
    with subprocess.Popen(  # noqa: S603
        command, cwd=folder, env=variables, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None, "it is a pipe"
        running.stdout.readline()
        try:
            yield commits
        finally:
            running.terminate()
            printed, _ = running.communicate(timeout=60)
        commits.failed = int(running.returncode != 0)
        commits.done = int(printed) if not commits.failed else 0


@contextmanager
def client(url: str, token: str) -> Iterator[Commits]:
    """Have a client of the API put one document after another, each a commit."""
    commits, stopping = Commits(), threading.Event()
    first = time.time_ns()  # so that no run writes what another has written
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def write() -> None:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
        while not stopping.is_set():
            number = first + commits.done + commits.failed
            body = json.dumps({"headline": f"Banjir surut {number}", "body": TEXT})
            connection.request("PUT", f"/api/v1/documents/api-{number}", body, headers)
            with connection.getresponse() as answer:
                answer.read()
                commits.done += answer.status == HTTPStatus.OK
                commits.failed += answer.status != HTTPStatus.OK
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield commits
    finally:
        stopping.set()
        thread.join()


def write(folder: Path) -> int:
    """Commit one article after another until SIGTERM; return how many after the first."""
    from searchkit import Article, SearchIndex, Settings

    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    first = number = time.time_ns()  # so that no run writes what another has written
    with SearchIndex.open(folder, Settings(workers=0)) as index:
        while not stopping:
            index.add([Article(id=f"p-{number}", headline=f"Surut {number}", body=(TEXT,))])
            if number == first:
                print("begun", flush=True)
            number += 1
    return number - first - 1


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
