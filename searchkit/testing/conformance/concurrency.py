"""Readers beside a writer, writers beside one another, and writers that are killed."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from searchkit.engines.base import Engine
from searchkit.errors import IndexLocked
from searchkit.query import Term
from searchkit.testing.conformance.harness import Harness, Indexes
from searchkit.testing.conformance.processes import (
    DOCUMENTS,
    documents_of,
    heard,
    kill,
    read_rounds,
    rounds_in,
    started,
    write_half,
    write_rounds,
)
from searchkit.testing.making import document, ids, put


class Concurrency(Harness):
    """Others at work on the same index."""

    def test_threads_see_whole_commits(self, indexes: Indexes) -> None:
        """Each search is of one commit, while another object commits."""
        place = indexes.new()
        writing, reading = indexes.open(place), indexes.open(place)
        put(writing, *documents_of(1))
        done = threading.Event()

        def read() -> list[dict[str, str]]:
            seen = [rounds_in(reading)]
            while not done.is_set():
                seen.append(rounds_in(reading))
            return seen

        with ThreadPoolExecutor(4) as threads:
            readers = [threads.submit(read) for _ in range(4)]
            try:
                for number in range(2, 8):
                    put(writing, *documents_of(number))
            finally:
                done.set()
            seen = [rounds for reader in readers for rounds in reader.result()]
        if indexes.engine.capabilities.atomic:
            assert {len(rounds) for rounds in seen} == {DOCUMENTS}
            assert all(len(set(rounds.values())) == 1 for rounds in seen)
        assert set(rounds_in(reading).values()) == {"round7"}

    def test_threads_get_the_same_answers_as_one(self, engine: Engine) -> None:
        """An engine keeps nothing of a search that another one could trip over."""
        put(engine, *(document(n, body=f"w{n % 7} w{n % 5} w{n % 3}") for n in range(80)))
        nodes = [Term(f"w{n}", f"w{n}") for n in range(7)] * 6
        expected = [ids(engine, node) for node in nodes]
        with ThreadPoolExecutor(6) as threads:
            assert list(threads.map(lambda node: ids(engine, node), nodes)) == expected

    def test_another_process_sees_each_commit(self, indexes: Indexes) -> None:
        """Whole, and as soon as it is committed."""
        place = indexes.new()
        engine = indexes.open(place)
        process, talk = started(read_rounds, indexes.name, place, indexes.settings)
        try:
            assert heard(talk) == "ready"
            for number in (1, 2, 3):
                put(engine, *documents_of(number))
                talk.send("search")
                rounds = heard(talk)
                assert len(rounds) == DOCUMENTS
                assert set(rounds.values()) == {f"round{number}"}
            talk.send(None)
            process.join(30)
            assert process.exitcode == 0
        finally:
            kill(process)

    def test_a_second_writer_is_told_to_wait(self, indexes: Indexes) -> None:
        """After `lock_timeout`; when the first has ended, it has its turn."""
        place = indexes.new()
        first, second = indexes.open(place), indexes.open(place)
        with first.writer() as writer:
            writer.put(document(1, body="w1"))
            with pytest.raises(IndexLocked, match="try again when it has finished"):
                second.writer()
            with pytest.raises(IndexLocked):
                second.optimize()
        put(second, document(2, body="w1"))
        assert ids(first, Term("w1", "w1")) == ["d0001", "d0002"]


class Crashes(Harness):
    """A process that writes is killed with no chance to tidy up."""

    def test_killed_within_the_block(self, indexes: Indexes) -> None:
        """What was put and not committed is gone, and locks nobody out."""
        place = indexes.new()
        put(indexes.open(place), *documents_of(1))
        process, tell = started(write_half, indexes.name, place, indexes.settings)
        assert heard(tell) == ("begun", 2)
        kill(process)
        check_after_a_kill(indexes, indexes.open(place), 1, 2)

    @pytest.mark.parametrize("seed", range(4))
    def test_killed_at_a_random_instant(self, indexes: Indexes, seed: int) -> None:
        """Either of two commits is there: the last one done, or the one under way."""
        place, chance = indexes.new(), random.Random(seed)
        put(indexes.open(place), *documents_of(1))
        process, tell = started(write_rounds, indexes.name, place, indexes.settings)
        begun = done = 1
        assert heard(tell) == ("begun", 2)
        time.sleep(chance.uniform(0, 0.5))
        kill(process)
        begun = 2
        try:
            while tell.poll(0):
                word, number = tell.recv()
                begun, done = (number, done) if word == "begun" else (begun, number)
        except EOFError:
            pass
        check_after_a_kill(indexes, indexes.open(place), done, begun)


def check_after_a_kill(indexes: Indexes, engine: Engine, done: int, begun: int) -> None:
    """Check that the index is at one of two rounds, and that the next writer does its work."""
    rounds = rounds_in(engine)
    assert set(rounds) == {each.id for each in documents_of(1)}
    assert set(rounds.values()) <= {f"round{done}", f"round{begun}"}
    if indexes.engine.capabilities.atomic:
        assert len(set(rounds.values())) == 1
    put(engine, *documents_of(begun + 1))
    assert set(rounds_in(engine).values()) == {f"round{begun + 1}"}
    assert engine.stats().documents["article"] == DOCUMENTS
