import errno
import math
import random
from pathlib import Path
from typing import NoReturn

import pytest

from searchkit.engines.base import Filters
from searchkit.engines.whoosh import WhooshEngine
from searchkit.engines.whoosh.builder import SegmentBuilder
from searchkit.errors import IndexMissing, IndexNotWritable, QueryError
from searchkit.query import (
    Everything,
    Term,
)
from searchkit.testing.making import document, ids, put, random_documents, random_query


def test_deleted_documents_go_when_segments_merge(engine: WhooshEngine) -> None:
    for number in range(12):
        put(engine, document(number, body=f"w1 only{number}"))
    with engine.writer() as writer:
        for number in range(10):
            writer.delete(f"d{number:04}")
    put(engine, document(20, body="w1"))
    assert sorted(ids(engine, Term("w1", "w1"))) == ["d0010", "d0011", "d0020"]
    assert engine.stats().documents == {"article": 3, "item": 0}
    assert ids(engine, Term("only11", "only11")) == ["d0011"]


def test_an_exception_leaves_the_index_as_it_was(engine: WhooshEngine) -> None:
    put(engine, document(1, body="w1"))
    before = sorted(path.name for path in engine.folder.iterdir())
    with pytest.raises(KeyError), engine.writer() as writer:
        writer.put(document(2, body="w1"))
        writer.delete("d0001")
        raise KeyError("stop")
    assert ids(engine, Everything()) == ["d0001"]
    assert sorted(path.name for path in engine.folder.iterdir()) == before


def test_no_files_are_left_over(engine: WhooshEngine) -> None:
    for number in range(8):
        put(engine, document(number % 3, body="w1"))
    segments = engine.stats().segments
    names = {path.name for path in engine.folder.iterdir()}
    assert len(names) == 4 * segments + 2, names  # and the table of contents and the lock


def test_a_commit_of_few_documents_merges_no_large_segments(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searchkit.engines.whoosh.writer._QUICKLY", 8)

    def sizes_after(first: int, count: int) -> list[int]:
        put(engine, *(document(first + n, body="w1") for n in range(count)))
        return sorted(segment.size for segment in engine.snapshot().segments)

    assert sizes_after(0, 10) == [10]
    assert sizes_after(10, 7) == [7, 10]
    assert sizes_after(20, 1) == [1, 7, 10]
    assert sizes_after(30, 4) == [5, 7, 10]
    assert sizes_after(40, 20) == [10, 32]


def test_segments_are_few_and_large_ones_seldom_copied(engine: WhooshEngine) -> None:
    copied = 0
    known: dict[str, int] = {}
    for number in range(130):
        put(engine, document(number, body="w1"))
        segments = {s.segment.segid: s.size for s in engine.snapshot().segments}
        copied += sum(size for name, size in segments.items() if name not in known)
        known = segments
        assert len(segments) <= math.log2(number + 2) + 1
    assert copied < 130 * math.log2(130)
    assert engine.stats().documents["article"] == 130


def test_a_segment_of_which_much_is_deleted_is_written_anew(engine: WhooshEngine) -> None:
    put(engine, *(document(number, body="w1 " * 50) for number in range(90)))
    put(engine, document(100, body="w1"))
    size = engine.stats().disk_bytes
    with engine.writer() as writer:
        for number in range(29):
            writer.delete(f"d{number:04}")
    assert sum(s.size for s in engine.snapshot().segments) == 91
    with engine.writer() as writer:
        writer.delete("d0029")
        writer.delete("d0030")
    assert [s.size for s in engine.snapshot().segments] == [59, 1]
    assert engine.stats().disk_bytes < size
    assert ids(engine, Term("w1", "w1")) == sorted(ids(engine, Everything()))


def test_what_is_wholly_deleted_goes_at_once(engine: WhooshEngine) -> None:
    put(engine, *(document(number, body="w1") for number in range(9)))
    put(engine, document(9, body="w1"))
    with engine.writer() as writer:
        writer.delete("d0009")
    assert engine.stats().segments == 1


def test_optimize_leaves_one_segment_without_deleted_documents(engine: WhooshEngine) -> None:
    put(engine, *(document(number, body=f"w1 only{number}") for number in range(40)))
    put(engine, *(document(number, body=f"w1 other{number}") for number in range(35, 50)))
    assert engine.stats().segments == 2
    before = [ids(engine, Term(word, word)) for word in ("w1", "only3", "only36", "other36")]
    engine.optimize()
    assert engine.stats().segments == 1
    assert [s.size for s in engine.snapshot().segments] == [50]
    assert [ids(engine, Term(w, w)) for w in ("w1", "only3", "only36", "other36")] == before
    generation = engine.stats().generation
    engine.optimize()
    assert engine.stats().generation == generation


def test_a_merge_that_fails_loses_nothing(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(engine, document(1, body="w1"))

    def fail(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(SegmentBuilder, "add_segment", fail)
        put(engine, document(2, body="w1"))
        assert ids(engine, Term("w1", "w1")) == ["d0001", "d0002"]
        assert "could not be merged: [Errno 28] No space left on device" in caplog.text
        assert engine.stats().segments == 2
        with pytest.raises(IndexNotWritable, match="is full"):
            engine.optimize()
    assert len(list(engine.folder.iterdir())) == 4 * 2 + 2
    put(engine, document(3, body="w1"))
    assert engine.stats().segments == 1
    assert ids(engine, Term("w1", "w1")) == ["d0001", "d0002", "d0003"]


def test_reader_follows_commits_of_others(engine: WhooshEngine) -> None:
    other = WhooshEngine(engine.folder)
    put(engine, document(1, body="w1"))
    assert ids(other, Everything()) == ["d0001"]
    held = other.snapshot()
    put(engine, document(1, body="w2"), document(2, body="w2"))
    assert ids(other, Everything()) == ["d0001", "d0002"]
    # What was opened before goes on showing what it was.
    assert held.segments[0].documents.stored_fields(0)["texts"] == {"body": "w1"}


def test_more_than_fits_into_memory_makes_several_segments(tmp_path: Path) -> None:
    documents = random_documents(random.Random(7), 200)
    small, large = tmp_path / "small", tmp_path / "large"
    engines = []
    for folder, memory in ((small, 2_000), (large, 2**27)):
        folder.mkdir()
        WhooshEngine.publish_empty(folder)
        engines.append(WhooshEngine(folder, memory_bytes=memory))
        put(engines[-1], *documents)
    of_small, of_large = engines
    assert len(of_small.snapshot().segments) > len(of_large.snapshot().segments)
    chance = random.Random(7)
    for _ in range(20):
        node = random_query(chance)
        assert ids(of_small, node) == ids(of_large, node)


def test_folder_without_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="holds no index"):
        WhooshEngine(tmp_path)


def test_commits_are_not_kept_without_end(engine: WhooshEngine) -> None:
    put(engine, *(document(n, body="w1") for n in range(9)))
    first = engine.search(Term("w1", "w1"), Filters(), 0, 5).last
    for number in range(20, 25):
        put(engine, document(number, body="w1"))
        engine.search(Term("w1", "w1"), Filters(), 0, 5)
    with pytest.raises(QueryError, match="or sort by date, where cursors outlast changes"):
        engine.search(Term("w1", "w1"), Filters(), 0, 5, after=first)
