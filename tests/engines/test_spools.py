"""Spools: the same numbers are read from memory and from a file, which has no name."""

import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.engines.whoosh import spools as module
from searchkit.engines.whoosh.leftovers import is_leftover
from searchkit.engines.whoosh.spools import Spools
from searchkit.engines.whoosh.tables import Pieces, read_tables, write_tables


@pytest.fixture(params=[8, 2**18], ids=["on disk", "in memory"])
def spools(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Spools]:
    monkeypatch.setattr(module, "_IN_MEMORY", request.param)
    monkeypatch.setattr(module, "_PIECE", 2)
    with closing(Spools(tmp_path, "MAIN_a")) as made:
        yield made


def written(pieces: Pieces, path: Path) -> tuple[str, list[int]]:
    write_tables(path, {"before": np.arange(3), "numbers": pieces, "empty": np.arange(0)})
    tables = read_tables(path)
    assert (tables["before"].tolist(), tables["empty"].tolist()) == ([0, 1, 2], [])
    return tables["numbers"].dtype.str, tables["numbers"].tolist()


def test_numbers_are_written_in_the_smallest_type(spools: Spools, tmp_path: Path) -> None:
    for numbers, dtype in (([1, 2, 255], "|u1"), ([7, 256, 0, 1], "<u2"), ([], "|u1")):
        spool = spools.new("Q")
        for number in numbers:
            spool.append(number)
        assert len(spool) == len(numbers)
        assert spool.values().tolist() == numbers
        assert written(spool.table(), tmp_path / "file") == (dtype, numbers)


def test_signed_numbers_stay_as_they_are(spools: Spools, tmp_path: Path) -> None:
    spool = spools.new("q")
    spool.extend(np.array([-5, 2**62], dtype=np.int64))
    spool.extend(np.array([1, 2], dtype=np.int64).tobytes())
    assert written(spool.table(), tmp_path / "file") == ("<i8", [-5, 2**62, 1, 2])


def test_sizes_become_ends(spools: Spools, tmp_path: Path) -> None:
    spool = spools.new("I")
    assert written(spool.ends(), tmp_path / "file") == ("|u1", [0])
    spool.extend(np.array([2, 0, 250, 4, 1], dtype=np.uint32))
    assert written(spool.ends(), tmp_path / "file") == ("<u2", [0, 2, 2, 252, 256, 257])


def test_memory_does_not_grow_with_them(tmp_path: Path) -> None:
    with closing(Spools(tmp_path, "MAIN_a")) as spools:
        tracemalloc.start()
        spool = spools.new("Q")
        for first in range(0, 4_000_000, 10_000):
            spool.extend(np.arange(first, first + 10_000, dtype=np.uint64))
        write_tables(tmp_path / "file", {"numbers": spool.table(), "ends": spool.ends()})
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 4 * 2**20  # they are 32 MB
    assert int(read_tables(tmp_path / "file")["numbers"][-1]) == 3_999_999


def test_what_was_taken_is_read_on_when_the_files_are_gone(spools: Spools, tmp_path: Path) -> None:
    spool = spools.new("I")
    spool.extend(np.arange(9, dtype=np.uint32))
    values = spool.values()
    spools.close()
    assert values.tolist() == list(range(9))
    assert list(tmp_path.iterdir()) == []


def test_files_have_names_of_leftovers_where_they_need_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, Any]] = []

    def temporary_file(**how: Any) -> BinaryIO:
        made.append(how)
        return (tmp_path / "named").open("w+b")

    monkeypatch.setattr("tempfile.TemporaryFile", temporary_file)
    with closing(Spools(tmp_path, "MAIN_a")) as spools:
        spools.file()
    (how,) = made
    assert how["dir"] == tmp_path
    assert is_leftover(f"{how['prefix']}ab_12xyz{how['suffix']}", {"MAIN_a"})


@given(st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=5), max_size=5))
def test_whatever_is_added(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[int]]
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(Spools(tmp_path_factory.mktemp("spools"), "MAIN_a")) as spools,
    ):
        patch.setattr(module, "_IN_MEMORY", 12)
        spool = spools.new("I")
        for part in parts:
            spool.extend(np.array(part, dtype=np.uint32))
        assert spool.values().tolist() == [number for part in parts for number in part]
