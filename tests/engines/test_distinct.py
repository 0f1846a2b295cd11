from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.engines.whoosh.distinct import DistinctStrings
from searchkit.engines.whoosh.spools import Spools


@given(st.lists(st.lists(st.text("ab\ud800é", max_size=3), max_size=20), max_size=5))
def test_strings_are_numbered_as_they_are_first_met(calls: list[list[str]]) -> None:
    distinct = DistinctStrings(Spools(Path(), "MAIN"))  # all is kept in memory
    known: dict[str, int] = {}
    for strings in calls:
        numbers = distinct.numbers(strings).tolist()
        for string, number in zip(strings, numbers, strict=True):
            assert known.setdefault(string, number) == number
    assert sorted(known.values()) == list(range(len(known))) == list(range(len(distinct)))
    text, borders = distinct.text()
    for string, number in known.items():
        start, end = borders[number : number + 2]
        assert text[start:end].tobytes() == string.encode("utf-8", "surrogatepass")
    assert len(text) > borders[-1]


def test_strings_that_were_spilled_are_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searchkit.engines.whoosh.spools._IN_MEMORY", 8)
    with closing(Spools(tmp_path, "MAIN")) as files:
        distinct = DistinctStrings(files)
        assert distinct.numbers(["berita", "berita"]).tolist() == [0, 0]
        assert distinct.numbers(["sidang"]).tolist() == [1]
        assert distinct.numbers(["Jakarta", "berita"]).tolist() == [2, 0]
        text, borders = distinct.text()
        assert text[: borders[-1]].tobytes() == b"beritasidangJakarta"
        assert borders.tolist() == [0, 6, 12, 19]
