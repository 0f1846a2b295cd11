import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from searchkit import Article, SearchIndex, Settings, SidebarItem, preparing, workers
from searchkit.analysis import Analyzer, Analyzers, Token, TokenColumns
from searchkit.documents.stored import to_stored
from searchkit.engines.base import IndexedDocument
from searchkit.preparing import Analysis, Description, Document, Preparer, SerialPreparer
from searchkit.workers import Chunk, ParallelPreparer, preparer_of
from tests.conftest import PACT_ITEM, article

ARTICLES = [
    article(
        f"Gubernur Meresmikan Jembatan {n}", "Menteri Terawan datang ke Bekasi.", day=1 + n % 28
    )
    for n in range(50)
]
DOCUMENTS: list[Article | SidebarItem] = [*ARTICLES, PACT_ITEM]


@pytest.fixture
def analyzers(settings: Settings) -> Iterator[Analyzers]:
    with closing(Analyzers(settings)) as analyzers:
        yield analyzers


@pytest.fixture
def analyzer(analyzers: Analyzers, settings: Settings) -> Analyzer:
    return analyzers.named(settings.analyzer)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (preparing, workers):
        monkeypatch.setattr(module, "LARGE_RUN", 5)
    monkeypatch.setattr(workers, "CHUNK", 4)


def prepared(preparer: Preparer) -> list[IndexedDocument]:
    """What comes out for all articles and an item, in order, tokens as columns."""
    found: list[IndexedDocument] = []
    for document in DOCUMENTS:
        found += preparer.add(document, to_stored(document))
    found += preparer.finish()
    preparer.close()
    return [
        replace(
            each,
            tokens={
                field: [(t.term, t.form, t.position) for t in tokens]  # type: ignore[misc]
                for field, tokens in each.tokens.items()
            },
        )
        for each in found
    ]


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_prepare_the_same_in_the_same_order(
    analyzers: Analyzers, analyzer: Analyzer, settings: Settings, workers: int
) -> None:
    expected = prepared(SerialPreparer(analyzers, analyzer))
    assert prepared(ParallelPreparer(analyzers, analyzer, settings, workers)) == expected
    assert [each.id for each in expected] == [each.id for each in DOCUMENTS]


class NotingAnalyzers(Analyzers):
    """Notes that it was told to read ahead."""

    preloads = 0

    def preload(self) -> None:
        self.preloads += 1
        super().preload()


@pytest.mark.parametrize(("workers", "count", "preloads"), [(0, 5, 0), (0, 40, 1), (1, 40, 1)])
def test_a_large_run_reads_ahead_once(
    settings: Settings, workers: int, count: int, preloads: int
) -> None:
    with closing(NotingAnalyzers(settings)) as analyzers:
        analyzer = analyzers.named(settings.analyzer)
        preparer = preparer_of(replace(settings, workers=workers), analyzers, analyzer)
        for document in DOCUMENTS[:count]:
            list(preparer.add(document, {}))
        list(preparer.finish())
        preparer.close()
        assert analyzers.preloads == preloads


def test_workers_import_nothing_from_the_current_directory(
    analyzers: Analyzers,
    analyzer: Analyzer,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("numpy", "queue", "searchkit"):
        (tmp_path / f"{name}.py").write_text("open('run', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place])
    parallel = ParallelPreparer(analyzers, analyzer, settings, 2)
    assert prepared(parallel) == prepared(SerialPreparer(analyzers, analyzer))
    assert not (tmp_path / "run").exists()


def test_what_a_dead_worker_leaves_is_prepared_here(
    analyzers: Analyzers,
    analyzer: Analyzer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "_START", "import sys; sys.stdin.buffer.read(9); sys.exit(1)")
    parallel = ParallelPreparer(analyzers, analyzer, settings, 2)
    assert prepared(parallel) == prepared(SerialPreparer(analyzers, analyzer))


@pytest.mark.parametrize("program", ["gone", "", "false"])
def test_a_program_of_workers_that_cannot_be_started(
    analyzers: Analyzers,
    analyzer: Analyzer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    program: str,
) -> None:
    found = {"gone": "/nowhere/python", "": None, "false": which("false")}[program]
    monkeypatch.setattr(sys, "executable", found)
    parallel = ParallelPreparer(analyzers, analyzer, settings, 2)
    assert prepared(parallel) == prepared(SerialPreparer(analyzers, analyzer))
    said = "a process to prepare documents could not be started: " in caplog.text
    assert said or program == "false"


@pytest.mark.parametrize("what", ["processes", "threads"])
def test_a_system_that_gives_only_one(
    analyzers: Analyzers,
    analyzer: Analyzer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    expected = prepared(SerialPreparer(analyzers, analyzer))
    given: list[Any] = []
    started: Any = subprocess.Popen if what == "processes" else threading.Thread.start

    def give(*args: Any, **options: Any) -> Any:
        if given:
            raise BlockingIOError("no more") if what == "processes" else RuntimeError("no more")
        result = started(*args, **options)
        given.append(result)
        return result

    if what == "processes":
        monkeypatch.setattr(subprocess, "Popen", give)
    else:
        monkeypatch.setattr(threading.Thread, "start", give)
    assert prepared(ParallelPreparer(analyzers, analyzer, settings, 2)) == expected
    assert len(given) == 1


class HeldWorkers:
    """Workers that are kept from their work until `go_on` is set.

    `begun` is set when they have been given so many chunks; `given` are the descriptions of each.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, chunks: int) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.given: list[list[Description] | None] = []
        work = workers._Worker.prepare

        def late(
            worker: workers._Worker, chunk: Chunk, descriptions: list[Description] | None
        ) -> list[IndexedDocument]:
            self.given.append(descriptions)
            if len(self.given) == chunks:
                self.begun.set()
            assert self.go_on.wait(60)
            return work(worker, chunk, descriptions)

        monkeypatch.setattr(workers._Worker, "prepare", late)


def test_what_workers_have_not_begun_is_prepared_here(
    analyzers: Analyzers,
    analyzer: Analyzer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the order in which it came, while the only worker is kept from its work."""
    expected = prepared(SerialPreparer(analyzers, analyzer))
    held, one = HeldWorkers(monkeypatch, chunks=1), SerialPreparer.analyse
    here: list[str] = []

    def noted(preparer: SerialPreparer, document: Document) -> Analysis:
        assert held.begun.wait(60)
        here.append(document.id)
        if len(here) == 20:
            held.go_on.set()
        return one(preparer, document)

    monkeypatch.setattr(SerialPreparer, "analyse", noted)
    assert prepared(ParallelPreparer(analyzers, analyzer, settings, 1)) == expected
    places = [document.id for document in DOCUMENTS]
    assert here[:20] == sorted(here[:20], key=places.index)
    assert 20 <= len(here) < len(DOCUMENTS)


def test_a_process_that_waits_describes_what_no_worker_has_begun(
    analyzers: Analyzers,
    analyzer: Analyzer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a worker begins last is described first, before anything is analysed here."""
    expected = prepared(SerialPreparer(analyzers, analyzer))
    held = HeldWorkers(monkeypatch, chunks=2)
    described: list[str] = []

    def noted(document: Document) -> Description:
        assert held.begun.wait(60)
        described.append(document.id)
        if len(described) == 12:
            held.go_on.set()
        return preparing.describe(document)

    monkeypatch.setattr(workers, "_AHEAD", 0)
    monkeypatch.setattr(workers, "describe", noted)
    assert prepared(ParallelPreparer(analyzers, analyzer, settings, 1)) == expected
    # Of five chunks under way the worker has begun two.
    first = [*ARTICLES[16:20], *ARTICLES[12:16], *ARTICLES[8:12]]
    assert described[:12] == [article.id for article in first]
    assert held.given[:2] == [None, None]


def test_a_worker_makes_no_description_that_is_given(settings: Settings) -> None:
    chunk: Chunk = [(ARTICLES[0], {})]
    known = preparing.describe(ARTICLES[0])._replace(moment=7)
    worker = workers._Worker(settings)
    try:
        (made,), (given,) = worker.prepare(chunk), worker.prepare(chunk, [known])
    finally:
        worker.stop()
    assert given.moment == 7
    assert made.keywords == given.keywords
    assert list(made.tokens["body"]) == list(given.tokens["body"])


@pytest.mark.parametrize("pipe", [2**12, 2**20, 2**31])
def test_a_worker_is_given_a_chunk_before_it_has_answered(
    settings: Settings, pipe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers come to those who asked, whatever the system lets the pipes hold."""
    monkeypatch.setattr(workers, "_PIPE_BYTES", pipe)
    chunks: list[Chunk] = [
        [(document, {"number": number})] for number, document in enumerate(ARTICLES)
    ]
    worker = workers._Worker(settings)
    try:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(worker.prepare, chunks))
    finally:
        worker.stop()
    asked = [(document.id, stored["number"]) for [(document, stored)] in chunks]
    assert [(each.id, each.stored["number"]) for [each] in answers] == asked


@pytest.mark.parametrize(
    ("cores", "memory", "asked", "workers", "left"),
    [
        (2, 256, None, 1, 166),
        (1, 256, None, 0, 256),
        (8, 256, None, 1, 166),
        (8, 1024, None, 7, 394),
        (4, 200, None, 0, 200),
        (2, 256, 2, 2, 128),
        (2, 100, 1, 1, 100),
        (2, 256, 0, 0, 256),
    ],
)
def test_workers_and_the_process_that_writes_share_the_memory(
    cores: int,
    memory: int,
    asked: int | None,
    workers: int,
    left: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    settings = Settings(memory_mb=memory, workers=asked)
    assert settings.worker_count == workers
    assert settings.beside_workers() == replace(settings, memory_mb=left)


def test_closing_stops_the_workers(
    analyzers: Analyzers, analyzer: Analyzer, settings: Settings
) -> None:
    preparer = ParallelPreparer(analyzers, analyzer, settings, 2)
    for document in ARTICLES:
        list(preparer.add(document, {}))
    preparer.close()
    preparer.close()


def test_an_index_by_workers_is_the_same(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pages = []
    for number in (0, 2):
        path = tmp_path_factory.mktemp("index") / "index"
        with SearchIndex.create(path, replace(settings, workers=number)) as index:
            index.add([*ARTICLES, Article(id=ARTICLES[30].id, headline="Lain", body=("Isi.",))])
            page = index.search("jembatan bekasi", limit=60)
            pages.append([(hit.id, hit.score, hit.title, hit.fragments) for hit in page.hits])
            assert index.get(ARTICLES[30].id).id == ARTICLES[30].id
            assert index.search("lain").total == 1
    assert pages[0] == pages[1]
    assert len(pages[0]) > 1


def test_columns_are_tokens_without_places() -> None:
    tokens = [
        Token("dukung", "dukungan", "Dukungan", 3, 11, 0),
        Token("5,6", "5,6", "5,6", 12, 15, 1),
    ]
    columns = TokenColumns.of(tokens)
    assert TokenColumns.of(columns) is columns
    assert list(columns) == [
        Token("dukung", "dukungan", "dukungan", 0, 0, 0),
        Token("5,6", "5,6", "5,6", 0, 0, 1),
    ]
    assert columns[-1:] == [columns[1]]
    with pytest.raises(IndexError):
        columns[2]
    for each in (columns, TokenColumns.of([])):
        assert list(pickle.loads(pickle.dumps(each))) == list(each)
