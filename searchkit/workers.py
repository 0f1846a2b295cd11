"""Large runs: documents are prepared by worker processes and by the one that writes.

That one does what no worker has begun whenever it has nothing to write: first the descriptions, so
that workers are left with the analysis, for which it is the better the more words a process has met
before. A worker is a Python of its own, started with this module, that reads pickled documents from
its standard input and answers on its standard output. It is never a fork, nor does it import the
program that uses searchkit, so that programs need no guard for it.
"""

import gc
import logging
import os
import pickle
import queue
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import IO, Any

from searchkit.analysis import Analyzer, Analyzers, TokenTable
from searchkit.engines.base import IndexedDocument
from searchkit.preparing import (
    LARGE_RUN,
    Analysis,
    Description,
    Document,
    Preparer,
    SerialPreparer,
    describe,
    joined,
)
from searchkit.settings import Settings

_log = logging.getLogger(__name__)

CHUNK = 64
"""Documents that a worker is given at a time."""

_AHEAD = 6
"""Chunks under way, beside four a worker: work for about the second that a segment takes to be
finished, few enough to keep in memory.
"""

_IN_HAND = 2
"""Chunks that a worker is given before it has answered: it need not wait for the next one."""

_PIPE_BYTES = 2**20
"""What pipes to and from a worker hold, where the system allows it: more than the answer for a
chunk, so that a worker goes on while the process that writes is busy.
"""

_WORKER_REMEMBERS, _WRITER_REMEMBERS = 1.25, 0.55
"""Of the words that a process keeps in memory by itself, how many times as many a worker does, and
the process that writes beside workers, which analyses a fifth.
"""

_START = "from searchkit.workers import serve; serve()"

Chunk = list[tuple[Document, dict[str, Any]]]
Answer = tuple[Analysis, Description | None]
"""What a worker has made of a document, without a description where it was not asked for one."""


def preparer_of(settings: Settings, analyzers: Analyzers, analyzer: Analyzer) -> Preparer:
    """Return a preparer with as many worker processes as `settings` ask for.

    If any, `analyzer` must be the one that a worker makes from the same settings.
    """
    if workers := settings.worker_count:
        return ParallelPreparer(analyzers, analyzer, settings, workers)
    return SerialPreparer(analyzers, analyzer)


class Sender:
    """Pickles answers to a stream; of a table of words each time what is new of it."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._table: TokenTable | None = None
        self._number = self._sent = 0

    def dump(self, answers: list[Answer]) -> None:
        """Send answers."""
        _Pickler(self._sink, self._news_of).dump(answers)

    def _news_of(self, table: TokenTable) -> tuple[int, str, str]:
        if table is not self._table:
            self._table, self._sent = table, 0
            self._number += 1
        terms, forms = table.since(self._sent)
        self._sent += len(forms)
        # No word holds a line break; two strings are sent much faster than thousands.
        return self._number, "\n".join(terms), "\n".join(forms)


class Receiver:
    """Reads what a `Sender` has sent; it gives no numbers to words that it was not sent."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._number = 0
        self._table = TokenTable()

    def load(self) -> list[Answer]:
        """Return the answers of one `Sender.dump`; EOFError if there are no more."""
        answers: list[Answer] = _Unpickler(self._source, self._renewed).load()
        return answers

    def _renewed(self, number: int, terms: str, forms: str) -> TokenTable:
        if number != self._number:
            self._number, self._table = number, TokenTable()
        if terms:
            self._table.extend(terms.split("\n"), forms.split("\n"))
        return self._table


class _Pickler(pickle.Pickler):
    def __init__(self, sink: IO[bytes], news_of: Callable[[TokenTable], tuple[int, str, str]]):
        super().__init__(sink, pickle.HIGHEST_PROTOCOL)
        self._news_of = news_of

    def reducer_override(self, value: object) -> Any:
        if isinstance(value, TokenTable):
            return TokenTable, self._news_of(value)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, source: IO[bytes], renewed: Callable[[int, str, str], TokenTable]):
        super().__init__(source)
        self._renewed = renewed

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name)
        return self._renewed if found is TokenTable else found


@dataclass(slots=True)
class _Task:
    """A chunk, and what becomes of it; `descriptions` are None until they are made here."""

    chunk: Chunk
    descriptions: list[Description] | None = None
    prepared: Future[list[IndexedDocument]] = field(default_factory=Future)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has begun to prepare it."""
        return not (self.prepared.running() or self.prepared.done())

    def describe(self) -> list[Description]:
        """Make the descriptions, and return them."""
        self.descriptions = [describe(document) for document, _ in self.chunk]
        return self.descriptions


class ParallelPreparer:
    """Has the documents of a large run prepared by worker processes and this one, by chunks.

    A run that is not large is prepared here: a process takes a third of a second to begin. So is a
    chunk whose worker dies, and all when none can be started.
    """

    def __init__(
        self, analyzers: Analyzers, analyzer: Analyzer, settings: Settings, workers: int
    ) -> None:
        self._here = SerialPreparer(analyzers, analyzer)
        self._settings = settings
        self._workers = workers
        self._most_pending = _AHEAD + 4 * workers
        self._chunk: Chunk = []
        self._pending: deque[_Task] = deque()
        self._begun = False
        self._threads: ThreadPoolExecutor | None = None
        self._hired: list[_Worker] = []
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()

    def add(self, document: Document, stored: dict[str, Any]) -> Iterator[IndexedDocument]:
        """Take a document in, and yield those that have become ready."""
        self._chunk.append((document, stored))
        if not self._begun and len(self._chunk) <= LARGE_RUN:
            return
        while len(self._chunk) >= CHUNK:
            self._submit()
        while len(self._pending) > self._most_pending:
            yield from self._next()

    def finish(self) -> Iterator[IndexedDocument]:
        """Yield the rest."""
        if not self._begun:
            yield from self._prepared_here(_Task(self._chunk))
            self._chunk = []
        while self._chunk:
            self._submit()
        while self._pending:
            yield from self._next()
        for worker in self._hired:
            # They save their stems and end while what they prepared is committed.
            worker.dismiss()

    def close(self) -> None:
        """Stop the workers; what they have not done is dropped."""
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
            self._threads = None
            self._here.remember(1)
        for worker in self._hired:
            worker.stop()
        self._hired = []

    def _submit(self) -> None:
        if not self._begun:
            self._begun = True
            self._hire()
            self._here.read_ahead()
        chunk, self._chunk = self._chunk[:CHUNK], self._chunk[CHUNK:]
        task = _Task(chunk)
        if self._threads is not None:
            # Without a thread for it, it is prepared here.
            with suppress(RuntimeError):
                task.prepared = self._threads.submit(self._work, task)
        self._pending.append(task)

    def _hire(self) -> None:
        """Start the workers, as many as there can be: the system may have no process to give."""
        try:
            for _ in range(self._workers):
                self._hired.append(_Worker(self._settings))
        except (OSError, RuntimeError) as error:
            _log.warning("a process to prepare documents could not be started: %s", error)
        if self._hired:
            self._threads = ThreadPoolExecutor(len(self._hired) * _IN_HAND, "searchkit-prepare")
            self._here.remember(_WRITER_REMEMBERS)
        for worker in self._hired * _IN_HAND:
            self._idle.put(worker)

    def _work(self, task: _Task) -> list[IndexedDocument]:
        worker = self._idle.get()
        try:
            return worker.prepare(task.chunk, task.descriptions)
        finally:
            self._idle.put(worker)

    def _next(self) -> list[IndexedDocument]:
        """Return the next chunk when it is prepared; until then, do some of what follows it."""
        while not self._pending[0].prepared.done() and self._help():
            pass
        task = self._pending.popleft()
        try:
            return task.prepared.result()
        except (OSError, EOFError, pickle.UnpicklingError):
            return self._prepared_here(task)

    def _help(self) -> bool:
        """Do a piece of what no worker has begun; return whether there was any."""
        waiting = [task for task in self._pending if task.is_waiting]
        for task in reversed(waiting):  # those that a worker begins last
            if task.descriptions is None:
                task.describe()
                return True
        for task in waiting:
            if task.prepared.cancel():
                task.prepared = Future()
                task.prepared.set_result(self._prepared_here(task))
                return True
        return False

    def _prepared_here(self, task: _Task) -> list[IndexedDocument]:
        descriptions = task.descriptions or task.describe()
        return [
            joined(document, stored, self._here.analyse(document), description)
            for (document, stored), description in zip(task.chunk, descriptions, strict=True)
        ]


class _Worker:
    """A process that prepares chunks."""

    def __init__(self, settings: Settings) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            # -P: the current directory, which may be a stranger's, is no place to import from.
            [sys.executable or "", "-P", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None, "the process was started with a pipe"
        assert stdout is not None, "the process was started with a pipe"
        self._pipes = stdin, stdout
        for pipe in self._pipes:
            _widen(pipe)
        self._sending, self._receiving = Lock(), Lock()
        self._receiver = Receiver(stdout)
        try:
            self._send(settings)
        except BaseException:
            self.stop()
            raise

    def prepare(
        self, chunk: Chunk, descriptions: list[Description] | None = None
    ) -> list[IndexedDocument]:
        """Return the chunk prepared; OSError or EOFError when the process is no more.

        Descriptions that are given need not be made. Another thread may ask for another chunk
        meanwhile.
        """
        with self._sending:
            self._send(([document for document, _ in chunk], descriptions is None))
            # Answers come in the order in which chunks were sent.
            self._receiving.acquire()
        try:
            analyses, theirs = zip(*self._receiver.load(), strict=True)
        finally:
            self._receiving.release()
        return [
            joined(document, stored, *halves)
            for (document, stored), *halves in zip(
                chunk, analyses, descriptions or theirs, strict=True
            )
        ]

    def dismiss(self) -> None:
        """Let the process end by itself; of the words that it has sent, nothing is kept."""
        self._receiver = Receiver(self._pipes[1])
        with suppress(OSError):
            self._pipes[0].close()

    def stop(self) -> None:
        """End the process: wait for it if it was dismissed."""
        if self._pipes[0].closed:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=10)
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes:
            with suppress(OSError):
                pipe.close()

    def _send(self, value: object) -> None:
        pickle.dump(value, self._pipes[0], pickle.HIGHEST_PROTOCOL)
        self._pipes[0].flush()


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold _PIPE_BYTES, where the system has such a setting and allows it."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def serve() -> None:
    """Prepare chunks from standard input until it ends: what a worker process runs."""
    # An interrupt reaches all processes of a terminal; the one that writes sees to the end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Input that ends, even within a pickle, is the end of the process that wrote it.
    with suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):
        _serve(sys.stdin.buffer, sys.stdout.buffer)
    # To take all that is in memory apart would take longer than it took to end.
    os._exit(0)


def _serve(source: IO[bytes], sink: IO[bytes]) -> None:
    settings = pickle.load(source)  # noqa: S301 - written by `_Worker`
    with closing(Analyzers(settings)) as analyzers:
        preparer = SerialPreparer(analyzers, analyzers.named(settings.analyzer))
        preparer.read_ahead()
        preparer.remember(_WORKER_REMEMBERS)
        # What lives here lives to the end, and the rest is free of cycles: no need to look for any.
        gc.disable()
        sender = Sender(sink)
        while True:
            documents, wanted = pickle.load(source)  # noqa: S301 - written by `_Worker`
            sender.dump(
                [
                    (preparer.analyse(document), describe(document) if wanted else None)
                    for document in documents
                ]
            )
            sink.flush()
