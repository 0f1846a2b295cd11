"""What an action costs, how times are summed up, and what is kept from run to run."""

import gzip
import json
import os
import re
import time
from pathlib import Path

import pytest

from benchmarks.speed import other_engines
from benchmarks.speed.archives import read_tokens, records, write_tokens
from benchmarks.speed.builds import COLD, WARM, build_pipelines, faster
from benchmarks.speed.contenders import searchkit_build
from benchmarks.speed.generated import write_articles
from benchmarks.speed.growth import ask_generated, exponent
from benchmarks.speed.other_engines import TANTIVY
from benchmarks.speed.processes import Prepared, measured
from benchmarks.speed.query_kinds import Ask
from benchmarks.speed.timing import fastest, summed_up
from benchmarks.speed.token_queries import TokenQuery
from benchmarks.speed.workspace import Costs, Workspace, megabytes

CALLS: list[int] = []


def use_memory(number: int) -> tuple[int, int]:
    """Takes 50 MB and some processor time, for long enough to be looked at."""
    content = bytearray(b"\1") * (50 * 2**20)
    time.sleep(0.3)
    return sum(content[::64]) + number, len(CALLS)


def remember(number: int) -> None:
    CALLS.append(number)


def fail() -> None:
    raise RuntimeError("on purpose")


def test_an_action_is_measured_in_a_process_of_its_own() -> None:
    outcome = measured(use_memory, 3, before=remember)
    assert outcome.result == (50 * 2**20 // 64 + 3, 1)
    assert CALLS == []
    assert outcome.seconds > 0
    assert outcome.cpu > 0
    assert 50 < outcome.peak <= outcome.peak_of_all
    assert 50 < outcome.own_of_all < outcome.peak_of_all
    assert set(outcome.costs) == {"seconds", "cpu", "peak", "peak_of_all", "own_of_all"}


def test_memory_of_the_process_that_measures_does_not_count() -> None:
    ballast = bytearray(b"\1") * (300 * 2**20)
    outcome = measured(use_memory, 3)
    assert len(ballast) > 2**28
    assert outcome.peak < 300


def test_an_action_that_fails_ends_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="fail failed"):
        measured(fail)
    assert "on purpose" in capfd.readouterr().err


def another(prepared: list[int], more: int) -> tuple[int, list[int]]:
    prepared.append(more)
    return os.getpid(), prepared


def test_what_is_prepared_is_kept_in_a_process_of_its_own() -> None:
    with Prepared(list, (1, 2)) as first, Prepared(list) as second:
        here, found = first.do(another, 3)
        assert found == [1, 2, 3]
        assert second.do(another, 4)[1] == [4]
        assert first.do(another, 5) == (here, [1, 2, 3, 5])
        assert here not in (os.getpid(), second.do(another, 6)[0])


def test_what_cannot_be_prepared_ends_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    with Prepared(fail) as process, pytest.raises(SystemExit, match="fail failed"):
        process.do(another, 1)
    assert "on purpose" in capfd.readouterr().err


def test_the_fastest_of_several_rounds_counts() -> None:
    asked: list[str] = []
    taken = fastest(asked.append, ["a", "b"], 3)
    assert asked == ["a", "b"] * 3
    assert len(taken) == 2
    assert fastest(asked.append, ["a"], 0) == [float("inf")]


def test_times_are_summed_up() -> None:
    assert summed_up([3.0, 1.0, 2.0])["p50"] == 2.0
    assert summed_up([5.0]) == {"p50": 5.0, "p95": 5.0}
    assert 94 <= summed_up([float(n) for n in range(1, 101)])["p95"] <= 96.5


def test_of_two_builds_the_faster_counts_with_the_memory_of_both() -> None:
    one = {"seconds": 3.0, "cpu": 3.5, "peak": 9.0, "disk": 2.0}
    other = {"seconds": 2.0, "cpu": 4.0, "peak": 8.0, "disk": 2.0}
    expected = {"seconds": 2.0, "cpu": 4.0, "peak": 9.0, "disk": 2.0}
    assert faster(one, other) == faster(other, one) == expected


def test_the_exponent_of_a_power_law_is_found() -> None:
    sizes = [1000, 4000, 16000]
    assert exponent(sizes, [0.3 * size**0.7 for size in sizes]) == pytest.approx(0.7)
    assert exponent(sizes, [5.0, 5.0, 5.0]) == pytest.approx(0)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "berita.jsonl.gz"
    rows = [{"id": str(n), "title": "Judul", "body": f"Perbaikan jalan ke-{n}"} for n in range(4)]
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    return path


def test_records_are_read_up_to_the_number_asked_for(archive: Path) -> None:
    assert [record["id"] for record in records(archive, 3)] == ["0", "1", "2"]
    assert len(list(records(archive, 99))) == 4


def test_tokens_are_the_terms_of_the_bodies(archive: Path, tmp_path: Path) -> None:
    write_tokens(archive, 2, tmp_path / "tokens.txt", tmp_path / "cache")
    assert list(read_tokens(tmp_path / "tokens.txt")) == [
        ["baik", "jalan", "0"],
        ["baik", "jalan", "1"],
    ]


def build(work: Workspace, folder: Path) -> Costs:
    (folder / "index").write_bytes(b"0" * 2000)
    return {"a": {"seconds": 1.0, "disk": megabytes(folder)}}


def test_what_was_built_is_kept(archive: Path, tmp_path: Path) -> None:
    first = Workspace(tmp_path / "kept", archive, 3).built("one", build)
    assert first == {"a": {"seconds": 1.0, "disk": 0.002}}
    (tmp_path / "kept" / "one" / "index").write_bytes(b"")
    assert Workspace(tmp_path / "kept", archive, 3).built("one", build) == first


def test_what_was_built_of_other_articles_is_refused(archive: Path, tmp_path: Path) -> None:
    Workspace(tmp_path / "kept", archive, 3).built("one", build)
    message = re.escape("was built from ['berita.jsonl.gz', 3], not ['berita.jsonl.gz', 4]")
    with pytest.raises(SystemExit, match=f"{message}: name another --keep"):
        Workspace(tmp_path / "kept", archive, 99).built("one", build)


def test_what_was_not_completed_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "kept" / "one").mkdir(parents=True)
    with pytest.raises(SystemExit, match="one was not completed: remove it, or name another"):
        Workspace(tmp_path / "kept", archive, 3).built("one", build)


def test_an_index_of_made_up_articles_is_built_and_asked(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles.jsonl", 60)
    searchkit_build(tmp_path / "articles.jsonl", 60, tmp_path)
    queries = [TokenQuery(("yang", "di"), "or", (60, 60)), TokenQuery(("dan",), "or", (60,))]
    found = ask_generated(tmp_path, {"common": queries})["common"]
    assert 50 <= found["hits"] <= 60
    assert found["ranking"]["p50"] > 0
    assert found["search"]["p95"] >= found["search"]["p50"] > 0


def test_all_pipelines_are_built_and_those_with_stems_kept(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles.jsonl", 30)
    work = Workspace(tmp_path / "work", tmp_path / "articles.jsonl", 30)
    (tmp_path / "own").mkdir()
    costs = build_pipelines(work, tmp_path / "own")
    states = {f"{name}, {state}" for name in ("searchkit", "Whoosh") for state in (COLD, WARM)}
    assert set(costs) == states
    assert all(each["seconds"] > 0 and each["disk"] > 0 for each in costs.values())
    kept = {path.name for path in (tmp_path / "own").iterdir()}
    assert kept == {f"searchkit, {WARM}", f"Whoosh, {WARM}"}
    assert any((tmp_path / "own" / f"searchkit, {WARM}" / "cache").iterdir())


def test_the_part_on_tantivy_measures_both(tmp_path: Path) -> None:
    pytest.importorskip("tantivy", reason="needs the extra tantivy")
    write_articles(tmp_path / "articles.jsonl", 60)
    work = Workspace(tmp_path / "work", tmp_path / "articles.jsonl", 60)
    cache = tmp_path / "work" / "pipelines" / "searchkit, stems cached" / "cache"
    cache.mkdir(parents=True)
    (tmp_path / "own").mkdir()
    costs = other_engines.build_with_tantivy(work, tmp_path / "own")
    assert set(costs) == {TANTIVY.ours, TANTIVY.alone}
    asked = {"1 word": [Ask("yang"), Ask("tidakada")]}
    times = other_engines.answered(TANTIVY, tmp_path / "own", asked)
    assert set(times) == {TANTIVY.alone, TANTIVY.ours, other_engines.WITHOUT_FRAGMENTS}
    for by_kind in times.values():
        assert by_kind["1 word"]["found"] == 0.5
        assert by_kind["1 word"]["p95"] >= by_kind["1 word"]["p50"] > 0
