"""The process that writes stays within its memory, however much is written."""

import multiprocessing
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from searchkit.analysis import TokenColumns, TokenTable
from searchkit.engines.base import IndexedDocument
from searchkit.engines.whoosh import WhooshEngine, writer
from searchkit.engines.whoosh.builder import SegmentBuilder
from searchkit.engines.whoosh.memory import own_bytes

_MEMORY = 76 * 2**20
_WORDS = 40_000
_DOCUMENTS = 40_000

pytestmark = pytest.mark.skipif(not own_bytes(), reason="only Linux tells what a process takes")


def documents(count: int) -> Iterator[IndexedDocument]:
    """Documents of 200 words: in one segment they take more than the memory there is."""
    table = TokenTable()
    for number in range(_WORDS):
        table.number(f"kata{number}", f"kata{number}nya")
    chance = np.random.default_rng(1)
    for number in range(count):
        words = (_WORDS * chance.random(200) ** 3).astype(np.uint32)
        yield IndexedDocument(
            id=f"d{number}",
            kind="article",
            tokens={"body": TokenColumns(table, words)},
            keywords={"id": (f"d{number}",), "kind": ("article",)},
            moment=number,
            stored={"number": number},
            signature=b"",
        )


def build(folder: Path, memory: int) -> int:
    """Build an index; return how many bytes the process had of its own at most."""
    WhooshEngine.publish_empty(folder)
    looks, done = [own_bytes()], threading.Event()

    def look() -> None:
        while not done.wait(0.002):
            looks.append(own_bytes())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        with WhooshEngine(folder, memory_bytes=memory).writer() as into:
            for document in documents(_DOCUMENTS):
                into.put(document)
    finally:
        done.set()
        looking.join()
    return max(looks)


def test_memory_of_the_process_that_writes_is_bounded(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as process:
        most = process.apply(build, (tmp_path, _MEMORY))
    assert 2 * _MEMORY // 3 < most <= _MEMORY
    stats = WhooshEngine(tmp_path).stats()
    assert stats.documents["article"] == _DOCUMENTS
    # There was no memory for all in one segment; a second generation has them merged.
    assert stats.segments > 1 or stats.generation > 1


@pytest.mark.parametrize(("taken", "segments"), [(0, 1), (2**40, 3)])
def test_segments_are_small_where_memory_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: int, segments: int
) -> None:
    monkeypatch.setattr(writer, "own_bytes", lambda: taken)
    monkeypatch.setattr(writer, "to_merge", lambda *_: [])
    WhooshEngine.publish_empty(tmp_path)
    engine = WhooshEngine(tmp_path, memory_bytes=256 * 2**20)
    # The part of the memory that a segment has in any case is that of 512.
    monkeypatch.setattr(SegmentBuilder, "size", property(lambda self: len(self) * 2**14))
    with engine.writer() as into:
        for document in documents(1500):
            into.put(document)
    assert engine.stats().segments == segments
