"""The process that writes stays within its memory, however much is written."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from searchkit.analysis import TokenColumns, TokenTable
from searchkit.engines.base import IndexedDocument
from searchkit.engines.whoosh import WhooshEngine, writer
from searchkit.engines.whoosh.builder import SegmentBuilder
from searchkit.engines.whoosh.memory import own_bytes

_MEMORY = 128 * 2**20
_WORDS = 40_000
_DOCUMENTS = 24_000

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
    """Build an index; return how many bytes were resident at most, what files are behind too."""
    WhooshEngine.publish_empty(folder)
    with WhooshEngine(folder, memory_bytes=memory).writer() as into:
        for document in documents(_DOCUMENTS):
            into.put(document)
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def test_memory_of_the_process_that_writes_is_bounded(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as process:
        assert 2 * _MEMORY // 3 < process.apply(build, (tmp_path, _MEMORY)) <= _MEMORY
    engine = WhooshEngine(tmp_path)
    assert engine.stats().documents["article"] == _DOCUMENTS
    # The first generation has several segments, the second has them merged.
    assert engine.stats().generation == 2


@pytest.mark.parametrize(("taken", "segments"), [(0, 1), (2**40, 3)])
def test_segments_are_small_where_memory_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: int, segments: int
) -> None:
    monkeypatch.setattr(writer, "own_bytes", lambda: taken)
    monkeypatch.setattr(writer, "to_merge", lambda *_: [])
    WhooshEngine.publish_empty(tmp_path)
    engine = WhooshEngine(tmp_path, memory_bytes=256 * 2**20)
    # An eighth of the memory is that of 512.
    monkeypatch.setattr(SegmentBuilder, "size", property(lambda self: len(self) * 2**16))
    with engine.writer() as into:
        for document in documents(1500):
            into.put(document)
    assert engine.stats().segments == segments
