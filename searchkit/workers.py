"""Large runs: documents are prepared by worker processes and by the one that writes.

That one prepares what no worker has begun whenever it has nothing to write. A worker is a Python of
its own, started with this module, that reads pickled documents from its standard input and answers
on its standard output. It is never a fork, nor does it import the program that uses searchkit, so
that programs need no guard for it.
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
from dataclasses import dataclass, replace
from threading import Lock
from typing import IO, Any

from searchkit.analysis import Analyzer, Analyzers, TokenTable
from searchkit.engines.base import IndexedDocument
from searchkit.preparing import LARGE_RUN, Document, Preparer, SerialPreparer
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

_START = "from searchkit.workers import serve; serve()"

Chunk = list[tuple[Document, dict[str, Any]]]


def preparer_of(settings: Settings, analyzers: Analyzers, analyzer: Analyzer) -> Preparer:
    """Return a preparer with as many worker processes as `settings` ask for.

    If any, `analyzer` must be the one that a worker makes from the same settings.
    """
    if workers := settings.worker_count:
        return ParallelPreparer(analyzers, analyzer, settings, workers)
    return SerialPreparer(analyzers, analyzer)


class Sender:
    """Pickles prepared documents to a stream; of a table of words each time what is new of it."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._table: TokenTable | None = None
        self._number = self._sent = 0

    def dump(self, documents: list[IndexedDocument]) -> None:
        """Send documents."""
        _Pickler(self._sink, self._news_of).dump(documents)

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

    def load(self) -> list[IndexedDocument]:
        """Return the documents of one `Sender.dump`; EOFError if there are no more."""
        documents: list[IndexedDocument] = _Unpickler(self._source, self._renewed).load()
        return documents

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
    """A chunk, and what becomes of it."""

    chunk: Chunk
    prepared: Future[list[IndexedDocument]]


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
            yield from self._prepared_here(self._chunk)
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
        for worker in self._hired:
            worker.stop()
        self._hired = []

    def _submit(self) -> None:
        if not self._begun:
            self._begun = True
            self._hire()
            self._here.read_ahead()
        chunk, self._chunk = self._chunk[:CHUNK], self._chunk[CHUNK:]
        task = _Task(chunk, Future())
        if self._threads is not None:
            # Without a thread for it, it is prepared here.
            with suppress(RuntimeError):
                task.prepared = self._threads.submit(self._work, chunk)
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
        for worker in self._hired * _IN_HAND:
            self._idle.put(worker)

    def _work(self, chunk: Chunk) -> list[IndexedDocument]:
        worker = self._idle.get()
        try:
            return worker.prepare(chunk)
        finally:
            self._idle.put(worker)

    def _next(self) -> list[IndexedDocument]:
        """Return the next chunk when it is prepared; until then, prepare some that follow it."""
        while not self._pending[0].prepared.done() and (task := self._taken_back()):
            task.prepared = Future()
            task.prepared.set_result(self._prepared_here(task.chunk))
        task = self._pending.popleft()
        try:
            return task.prepared.result()
        except (OSError, EOFError, pickle.UnpicklingError):
            return self._prepared_here(task.chunk)

    def _taken_back(self) -> _Task | None:
        """Return the first chunk that no worker was given, if there is one."""
        return next((task for task in self._pending if task.prepared.cancel()), None)

    def _prepared_here(self, chunk: Chunk) -> list[IndexedDocument]:
        return [self._here.prepare(document, stored) for document, stored in chunk]


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

    def prepare(self, chunk: Chunk) -> list[IndexedDocument]:
        """Return the chunk prepared; OSError or EOFError when the process is no more.

        Another thread may ask for another one meanwhile.
        """
        with self._sending:
            self._send([document for document, _ in chunk])
            # Answers come in the order in which chunks were sent.
            self._receiving.acquire()
        try:
            answers = self._receiver.load()
        finally:
            self._receiving.release()
        return [
            # The id is there already: of many thousands one string each is enough.
            replace(document, id=asked.id, stored=stored | document.stored)
            for document, (asked, stored) in zip(answers, chunk, strict=True)
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
        # What lives here lives to the end, and the rest is free of cycles: no need to look for any.
        gc.disable()
        sender = Sender(sink)
        while True:
            documents = pickle.load(source)  # noqa: S301 - written by `_Worker`
            sender.dump([preparer.prepare(document, {}) for document in documents])
            sink.flush()
