"""From a document to what an engine is given: the part of indexing that needs no index.

It is most of the work and can be done in any order, so large runs have it done by worker processes
beside the one that writes. A worker is a Python of its own, started with this module, that reads
pickled documents from its standard input and answers on its standard output. It is never a fork,
nor does it import the program that uses searchkit, so that programs need no guard for it.
"""

import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import IO, Any, Protocol

from searchkit.analysis import Analyzer, Analyzers, IndonesianAnalyzer, Token, TokenTable
from searchkit.analysis.definitions import find_definitions, to_keywords
from searchkit.analysis.normalization import fold_value
from searchkit.analysis.offsets import with_offsets
from searchkit.documents import Article, SidebarItem, Sighting
from searchkit.documents.blocks import blocks_of
from searchkit.documents.identity import title_key
from searchkit.engines.base import ARTICLE, ITEM, IndexedDocument
from searchkit.engines.copies import signature
from searchkit.filtering import month_of, zoned
from searchkit.phrases import phrases_of
from searchkit.settings import Settings

CHUNK = 64
"""Documents that a worker is given at a time."""

SERIAL_RUN = 500
"""Documents of a run for which no workers are started: they take a third of a second to begin."""

_SAVE_EVERY = 5
"""Chunks after which a worker saves the stems it has met, and learns those of the others."""

_CHUNKS_AHEAD = 3
"""Chunks under way a worker: enough that it never waits, few enough to keep in memory."""

_START = "from searchkit.preparing import serve; serve()"

Document = Article | SidebarItem
Chunk = list[tuple[Document, dict[str, Any]]]


def prepare(analyzer: Analyzer, document: Document, stored: dict[str, Any]) -> IndexedDocument:
    """Return `document` as an engine takes it in; `stored` is kept with it, and its offsets."""
    if isinstance(document, Article):
        kind, title = ARTICLE, document.headline
        seen: tuple[Sighting, ...] = ()
    else:
        kind, title, seen = ITEM, document.title, document.seen
    texts = blocks_of(document)
    published = zoned(document.published) if document.published else None
    tokens = {name: _tokens(analyzer, text) for name, text in texts.items() if text}
    return IndexedDocument(
        id=document.id,
        kind=kind,
        tokens=tokens,
        keywords={
            "id": (document.id,),
            "kind": (kind,),
            "list": tuple(dict.fromkeys(fold_value(s.list) for s in seen if s.list)),
            "page": tuple(s.page for s in seen),
            "title": (title_key(title),),
            "source": (fold_value(document.source),) if document.source else (),
            "defines": _defines(texts) if kind == ARTICLE else (),
            "phrase": phrases_of(texts) if kind == ARTICLE else (),
        },
        moment=int(published.timestamp()) if published else None,
        stored=with_offsets(stored, texts, tokens),
        signature=signature(tokens.get("body", ())),
        facets=_facets(document, kind, published),
    )


def _tokens(analyzer: Analyzer, text: str) -> Sequence[Token]:
    return (
        analyzer.columns(text)
        if isinstance(analyzer, IndonesianAnalyzer)
        else analyzer.analyze(text)
    )


def _facets(
    document: Article | SidebarItem, kind: str, published: datetime | None
) -> dict[str, tuple[str, ...]]:
    """Return the values that a document is counted and filtered by; the month is Jakarta's."""
    values: dict[str, tuple[str, ...]] = {"source": (document.source,), "kind": (kind,)}
    if isinstance(document, Article):
        values |= {"section": (document.section,), "reporter": (document.reporter,)}
    else:
        values["list"] = tuple(sighting.list for sighting in document.seen)
    if published:
        values["month"] = (month_of(published),)
    spaced = {name: tuple(" ".join(v.split()) for v in found) for name, found in values.items()}
    return {
        name: tuple(dict.fromkeys(value for value in found if fold_value(value)))
        for name, found in spaced.items()
    }


def _defines(texts: dict[str, str]) -> tuple[str, ...]:
    """Return the keyword values of the abbreviations that an article spells out."""
    parts = (texts["headline"], texts["body"], texts["caption"])
    return to_keywords([found for text in parts if text for found in find_definitions(text)])


class Preparer(Protocol):
    """Prepares documents one after another; what comes out is in the order of what went in."""

    def add(self, document: Document, stored: dict[str, Any]) -> Iterator[IndexedDocument]:
        """Take a document in, and yield those that have become ready, of this or earlier calls."""

    def finish(self) -> Iterator[IndexedDocument]:
        """Yield the rest."""

    def close(self) -> None:
        """Give back what is held; also after an error."""


class SerialPreparer:
    """Prepares each document as it comes."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def add(self, document: Document, stored: dict[str, Any]) -> Iterator[IndexedDocument]:
        """Yield the document."""
        yield prepare(self._analyzer, document, stored)

    def finish(self) -> Iterator[IndexedDocument]:
        """Yield nothing: nothing is held back."""
        yield from ()

    def close(self) -> None:
        """Nothing is held open."""


def preparer_of(settings: Settings, analyzer: Analyzer) -> Preparer:
    """Return a preparer with as many worker processes as `settings` ask for.

    `analyzer` must be the one that a worker makes from the same settings.
    """
    workers = settings.workers
    if workers is None:
        workers = os.cpu_count() or 1
    return ParallelPreparer(analyzer, settings, workers) if workers else SerialPreparer(analyzer)


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


class ParallelPreparer:
    """Has the documents of a large run prepared by worker processes, a chunk at a time.

    A run of no more than SERIAL_RUN documents starts no process, and is prepared here. So is a
    chunk whose worker dies.
    """

    def __init__(self, analyzer: Analyzer, settings: Settings, workers: int) -> None:
        self._analyzer = analyzer
        self._settings = settings
        self._workers = workers
        self._chunk: Chunk = []
        self._pending: deque[tuple[Chunk, Future[list[IndexedDocument]]]] = deque()
        self._threads: ThreadPoolExecutor | None = None
        self._hired: list[_Worker] = []
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()

    def add(self, document: Document, stored: dict[str, Any]) -> Iterator[IndexedDocument]:
        """Take a document in, and yield those that have become ready."""
        self._chunk.append((document, stored))
        if self._threads is None and len(self._chunk) <= SERIAL_RUN:
            return
        while len(self._chunk) >= CHUNK:
            self._submit()
        while len(self._pending) > self._workers * _CHUNKS_AHEAD:
            yield from self._next()

    def finish(self) -> Iterator[IndexedDocument]:
        """Yield the rest."""
        if self._threads is None:
            yield from self._serially(self._chunk)
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
            for worker in self._hired:
                worker.stop()
            self._threads = None

    def _submit(self) -> None:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._workers, "searchkit-prepare")
            for _ in range(self._workers):
                self._hired.append(_Worker(self._settings))
                self._idle.put(self._hired[-1])
        chunk, self._chunk = self._chunk[:CHUNK], self._chunk[CHUNK:]
        self._pending.append((chunk, self._threads.submit(self._work, chunk)))

    def _work(self, chunk: Chunk) -> list[IndexedDocument]:
        worker = self._idle.get()
        try:
            return worker.prepare(chunk)
        finally:
            self._idle.put(worker)

    def _next(self) -> list[IndexedDocument]:
        chunk, future = self._pending.popleft()
        try:
            return future.result()
        except (OSError, EOFError, pickle.UnpicklingError):
            return self._serially(chunk)

    def _serially(self, chunk: Chunk) -> list[IndexedDocument]:
        return [prepare(self._analyzer, document, stored) for document, stored in chunk]


class _Worker:
    """A process that prepares chunks."""

    def __init__(self, settings: Settings) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None, "the process was started with a pipe"
        assert stdout is not None, "the process was started with a pipe"
        self._pipes = stdin, stdout
        self._receiver = Receiver(stdout)
        self._send(settings)

    def prepare(self, chunk: Chunk) -> list[IndexedDocument]:
        """Return the chunk prepared; OSError or EOFError when the process is no more."""
        self._send([document for document, _ in chunk])
        answers = self._receiver.load()
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
        analyzer = analyzers.named(settings.analyzer)
        analyzers.preload()
        # What lives here lives to the end, and the rest is free of cycles: no need to look for any.
        gc.disable()
        sender = Sender(sink)
        for done in count(1):
            documents = pickle.load(source)  # noqa: S301 - written by `_Worker`
            sender.dump([prepare(analyzer, document, {}) for document in documents])
            sink.flush()
            if done % _SAVE_EVERY == 0:
                analyzers.save()
