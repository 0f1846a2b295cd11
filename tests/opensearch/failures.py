"""Takes nodes away from a cluster that is written and searched: python -m tests.opensearch.failures

Starts three nodes. Round after round a writer replaces all documents of an index and adds some, in
one commit, with requests so small that there are many. While it writes, a node is killed with
SIGKILL, each in turn, or all are stopped and started one after another, as an upgrade does it.

Searchers run all the time, half of them from a process of their own. Each search must be answered,
and see one whole round, never an older one than before. After each event every document must be as
the last round has left it, under its id and once.

Prints by event what was found, and ends with status 1 if anything is wrong.
"""

import argparse
import logging
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from queue import SimpleQueue

from rich.console import Console
from rich.table import Table

from searchkit.engines.base import Filters
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest
from searchkit.engines.opensearch import OpenSearchEngine
from searchkit.query import Everything, Term
from searchkit.settings import Settings
from searchkit.testing.making import document
from tests.opensearch.cluster import Cluster

NODES = 3
MANIFEST = Manifest(engine="opensearch", analyzer="failures-1", version=1)
SETTINGS = Settings(
    engines={
        "opensearch": {
            "shards": 3,
            "replicas": 1,
            "bulk_mb": 0.05,
            # A node that is killed does not say so to who waits for its answer.
            "timeout": 10,
            "patience": 60,
        }
    }
)


@dataclass(slots=True)
class Seen:
    """What searchers have seen: how many searches, the slowest in seconds, and what was wrong.

    `retries` are requests that were sent again, or of which a part was, also by the writer.
    """

    searches: int = 0
    slowest: float = 0.0
    retries: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Seen") -> None:
        """Count what another one has seen."""
        self.searches += other.searches
        self.slowest = max(self.slowest, other.slowest)
        self.retries += other.retries
        self.wrong += other.wrong


class Retries(logging.Handler):
    """Counts, from when it is made, what this process sends again: each is logged once."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._count = 0
        logger = logging.getLogger(OpenSearchEngine.__module__.rpartition(".")[0])
        logger.setLevel(logging.INFO)
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        self._count += record.levelno == logging.INFO

    def lately(self) -> int:
        """Return how many there were since this was asked last."""
        count, self._count = self._count, 0
        return count


class Searcher:
    """Searches, and looks at each answer."""

    def __init__(self, location: Location, size: int) -> None:
        self._size = size
        self._engine = OpenSearchEngine.open(location, SETTINGS)
        self._round = 0

    def search(self) -> Seen:
        """Search once for all documents, and once for a word of some; return what was seen."""
        seen = Seen(searches=2)
        started = time.perf_counter()
        try:
            self._look(seen)
        except Exception as error:
            seen.wrong.append(f"{type(error).__name__}: {error}")
        seen.slowest = (time.perf_counter() - started) / 2
        return seen

    def _look(self, seen: Seen) -> None:
        matches = self._engine.search(Everything(), Filters(), 0, 5).matches
        rounds = {match.stored()["texts"]["headline"] for match in matches}
        if len(rounds) != 1:
            seen.wrong.append(f"documents of {len(rounds)} rounds at a time")
        number = int(rounds.pop().removeprefix("round"))
        if number < self._round:
            seen.wrong.append(f"round {number} after round {self._round}")
        self._round = number
        # The newest commit may be the next one by now, but it is a whole one.
        word = Term(f"round{number}", f"round{number}")
        total = self._engine.search(word, Filters(), 0, 1).total
        if total not in (0, documents_in(number, self._size)):
            seen.wrong.append(f"{total} documents of round {number}")


def documents_in(number: int, size: int) -> int:
    """Return how many documents there are after a round; `size` are those of the first."""
    return size + 50 * (number - 1)


def write(engine: OpenSearchEngine, number: int, size: int, half_way: Callable[[], None]) -> None:
    """Write a round in one commit; `half_way` is called when half of it was added."""
    total = documents_in(number, size)
    with engine.writer() as writer:
        for each in range(total):
            writer.put(document(each, headline=f"round{number}", body=f"w{each % 97} banjir"))
            if each == total // 2:
                half_way()


def check(engine: OpenSearchEngine, number: int, size: int) -> list[str]:
    """Return what is not as a round has left it."""
    found = [(stored["id"], stored["texts"]["headline"]) for stored in engine.documents()]
    expected = [(f"d{each:04}", f"round{number}") for each in range(documents_in(number, size))]
    if sorted(found) == expected:
        return []
    right = len(set(expected) & set(found))
    return [f"{len(expected) - right} documents lost, {len(found) - right} too many"]


def search_from_afar(location: Location, size: int, channel: Connection) -> None:
    """Search until told to stop, in a process of its own; send what was seen when asked."""
    retries = Retries()
    searcher, seen = Searcher(location, size), Seen()
    while True:
        seen.add(searcher.search())
        if channel.poll():
            if channel.recv() == "stop":
                return
            seen.retries = retries.lately()
            channel.send(seen)
            seen = Seen()


@contextmanager
def searching(location: Location, size: int) -> Iterator[Callable[[], Seen]]:
    """Search all the time, in a thread and a process; yield what tells what was seen lately."""
    stop, seen, retries = threading.Event(), SimpleQueue[Seen](), Retries()

    def search() -> None:
        searcher = Searcher(location, size)
        while not stop.is_set():
            seen.put(searcher.search())

    context = multiprocessing.get_context("forkserver")
    mine, theirs = context.Pipe()
    process = context.Process(target=search_from_afar, args=(location, size, theirs))
    thread = threading.Thread(target=search)
    process.start()
    thread.start()

    def lately() -> Seen:
        mine.send("tell")
        total: Seen = mine.recv()
        while not seen.empty():
            total.add(seen.get())
        total.retries += retries.lately()
        return total

    try:
        yield lately
    finally:
        stop.set()
        mine.send("stop")
        thread.join()
        process.join()


def events(cluster: Cluster, engine: OpenSearchEngine, size: int) -> Iterator[tuple[str, int]]:
    """Let things happen to the cluster; yield the name of each event and the round after it."""
    number = 1
    for node in range(1, NODES + 1):
        number += 1

        def kill(node: int = node) -> None:
            cluster.kill(node)

        write(engine, number, size, kill)
        yield f"node {node} killed while a round was written", number
        cluster.start(node)
        cluster.wait()
        yield f"node {node} came back", number
    for node in range(1, NODES + 1):
        cluster.stop(node)
        number += 1
        write(engine, number, size, lambda: None)
        cluster.start(node)
        cluster.wait()
        yield f"node {node} restarted, a round written without it", number


def main() -> None:
    """Run all events and print the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=2000)
    size = parser.parse_args().documents
    header = ("event", "documents", "seconds", "searches", "slowest, s", "sent again", "wrong")
    table = Table(*header)
    wrong: list[str] = []
    with Cluster(NODES) as cluster:
        location = Location.of(f"opensearch://{cluster.address}/failures")
        OpenSearchEngine.create(location, MANIFEST, SETTINGS)
        with closing(OpenSearchEngine.open(location, SETTINGS)) as engine:
            write(engine, 1, size, lambda: None)
            cluster.wait()
            with searching(location, size) as lately:
                started = time.perf_counter()
                for event, number in events(cluster, engine, size):
                    seconds = time.perf_counter() - started
                    seen = lately()
                    faults = seen.wrong + check(engine, number, size)
                    wrong += [f"{event}: {fault}" for fault in faults]
                    table.add_row(
                        *(event, f"{documents_in(number, size):,}", f"{seconds:.1f}"),
                        *(f"{seen.searches:,}", f"{seen.slowest:.2f}", f"{seen.retries:,}"),
                        str(len(faults)),
                    )
                    started = time.perf_counter()
    console = Console(width=120)
    console.print(table)
    for fault in wrong:
        console.print(fault, markup=False)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
