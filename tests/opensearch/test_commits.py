"""Commits on a real cluster: seen whole, given up without a trace, one writer at a time."""

import time
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from searchkit.engines.base import Filters
from searchkit.engines.opensearch import OpenSearchEngine
from searchkit.engines.opensearch.bulk import Change, send
from searchkit.engines.opensearch.commits import Commits, write_meta
from searchkit.engines.opensearch.lease import LOCK, acquired
from searchkit.engines.opensearch.mapping import version_id
from searchkit.engines.opensearch.server import Answer, Server
from searchkit.engines.opensearch.writer import OpenSearchWriter
from searchkit.errors import (
    IndexDamaged,
    IndexLocked,
    IndexNotWritable,
    QueryError,
    SearchIndexError,
)
from searchkit.query import Everything, Term
from searchkit.testing.making import document, ids, put
from tests.opensearch.conftest import OnCluster, keeping, kept_in, server_of

ONE = Term("w1", "w1")


def refreshed(engine: OpenSearchEngine) -> None:
    snapshot = engine.snapshot()
    snapshot.server.request("POST", f"/{snapshot.index}/_refresh")


def lock_lost(engine: OpenSearchEngine) -> None:
    """Take the lock from its writer, as the next one does that thinks it dead."""
    snapshot = engine.snapshot()
    place = Commits(snapshot.server, snapshot.index).place(LOCK)
    write_meta(snapshot.server, snapshot.index, LOCK, {**place, "holder": None})


def test_what_is_sent_is_not_seen_before_the_commit(index: OnCluster) -> None:
    engine = index.open(bulk_mb=0.01)
    put(engine, document(0, body="w1"))
    with engine.writer() as writer:
        for number in range(60):
            writer.put(document(number, body="w1 w2"))
        # Whatever makes OpenSearch show what it has: somebody's refresh, or a node that comes back.
        deadline = time.monotonic() + 30
        while len(kept_in(engine)) == 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(kept_in(engine)) > 1
        assert ids(engine, Everything()) == ["d0000"]
        assert ids(engine, Term("w2", "w2")) == []
    assert len(ids(engine, Term("w2", "w2"))) == 60


def counted_requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all requests that are made from now on, as they come."""
    requests: list[str] = []
    request = Server.request

    def counted(self: Server, method: str, path: str, *rest: Any, **parameters: Any) -> Answer:
        requests.append(path)
        return request(self, method, path, *rest, **parameters)

    monkeypatch.setattr(Server, "request", counted)
    return requests


def test_many_are_deleted_by_few_requests(
    index: OnCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of those that the same writer has put."""
    engine = index.open()
    put(engine, *(document(number, body="w1") for number in range(300)))
    requests = counted_requests(monkeypatch)
    named = [f"d{number:04}" for number in range(250)]
    assert engine.existing(named) == set(named)
    with engine.writer() as writer:
        for number in range(100):
            writer.put(document(number, body="w2"))
        assert writer.delete(*named) == 250
    assert len(requests) < 50
    assert len(ids(engine, ONE)) == 50


def test_what_is_there_is_looked_up_by_few_requests(
    index: OnCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = index.open()
    put(engine, *(document(number, body="w1") for number in range(300)))
    named = [f"d{number:04}" for number in range(250, 350)]
    with engine.writer() as writer:
        requests = counted_requests(monkeypatch)
        found = writer.before(named)
        assert len(requests) < 3
    assert sorted(found) == named[:50]
    assert found["d0250"] == {"id": "d0250", "texts": {"body": "w1"}}


def test_what_was_sent_is_removed_when_the_block_fails(index: OnCluster) -> None:
    engine = index.open(bulk_mb=0.01)
    put(engine, document(0, body="w1"), document(1, body="w1"))
    with pytest.raises(KeyError), engine.writer() as writer:
        for number in range(1, 60):
            writer.put(document(number, body="w1 w2"))
        raise KeyError("stop")
    assert kept_in(engine) == ["d0000", "d0001"]
    assert ids(engine, ONE) == ["d0000", "d0001"]


def test_what_a_writer_that_died_has_sent_is_removed_by_the_next(index: OnCluster) -> None:
    engine = index.open(bulk_mb=0.01)
    put(engine, document(0, body="w1"), document(1, body="w1"))
    writer = engine.writer()
    for number in (*range(1, 60), 1):  # one comes again: what was sent before it has arrived
        writer.put(document(number, body="w2"))
    lock_lost(engine)
    assert len(kept_in(engine)) > 2
    put(engine, document(2, body="w1"))
    assert kept_in(engine) == ["d0000", "d0001", "d0002"]
    # Were it alive after all, it would change nothing, whatever it sends yet.
    for number in range(1, 60):
        writer.put(document(number, body="w2 w3"))
    with pytest.raises(IndexNotWritable, match="was changed by another writer meanwhile"):
        writer.__exit__(None, None, None)
    refreshed(engine)
    assert ids(engine, ONE) == ["d0000", "d0001", "d0002"]
    assert ids(engine, Term("w2", "w2")) == []
    assert kept_in(engine) == ["d0000", "d0001", "d0002"]


@pytest.mark.parametrize("fails", [True, False])
def test_a_writer_that_was_thought_dead_leaves_what_the_next_has_sent(
    index: OnCluster, fails: bool
) -> None:
    """Whether it fails or commits, while the next one writes."""
    engine = index.open(bulk_mb=0.01)
    put(engine, document(0, body="w1"), document(1, body="w1"))
    writer = engine.writer()
    for number in (*range(1, 60), 1):
        writer.put(document(number, body="w2"))
    lock_lost(engine)
    with engine.writer() as following:
        for number in (*range(1, 60), 1):
            following.put(document(number, body="w3"))
        with pytest.raises(KeyError if fails else IndexNotWritable), writer:
            if fails:
                raise KeyError
    assert ids(engine, ONE) == ["d0000"]
    assert len(ids(engine, Term("w3", "w3"))) == 59
    assert kept_in(engine) == sorted(["d0000", "d0001", *(f"d{n:04}" for n in range(1, 60))])


@pytest.mark.parametrize("killed", [True, False])
def test_words_and_links_of_what_was_not_committed_are_removed(
    index: OnCluster, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    engine = index.open()
    body = " ".join(f"w{number}" for number in range(40))
    copies = [document(number, body=body) for number in (1, 2)]
    before = keeping(engine)
    with monkeypatch.context() as changed, pytest.raises(SearchIndexError):
        error = SearchIndexError("it does not answer")
        changed.setattr(Commits, "publish", Mock(side_effect=error))
        if killed:
            changed.setattr(OpenSearchWriter, "_undo", lambda _: None)
        put(engine, *copies)
    assert set(keeping(engine)) - set(before) == {"lock"} | (
        {"commit-1", "links-1-0", "words-1-0"} if killed else set()
    )
    put(engine, *copies)
    assert set(keeping(engine)) - set(before) == {"lock", "commit-2", "links-2-0", "words-2-0"}


def test_what_an_abandoned_writer_ends_is_not_removed(index: OnCluster) -> None:
    engine = index.open(kept=0)
    put(engine, document(0, body="w1"), document(1, body="w1"))
    with pytest.raises(KeyError), engine.writer() as writer:
        writer.put(document(1, body="w2"))
        raise KeyError
    with engine.writer() as writer:
        writer.put(document(2, body="w1"))
        # The writer of commit 2, that was thought dead, sends this while commit 3 is written.
        snapshot = engine.snapshot()
        (found,) = snapshot.of_ids(["d0001"])
        send(snapshot.server, snapshot.index, [Change.end(version_id(found.id, found.since), 2)])
    assert engine.snapshot().commit.abandoned == (2,)
    assert ids(engine, ONE) == ["d0000", "d0001", "d0002"]
    put(engine, document(1, body="w1 w1"))
    put(engine, document(3, body="w1"))
    assert ids(engine, ONE) == ["d0001", "d0000", "d0002", "d0003"]
    assert kept_in(engine) == ["d0000", "d0001", "d0002", "d0003"]


def test_a_second_writer_waits_and_is_told_who_writes(index: OnCluster) -> None:
    engine = index.open()
    with engine.writer() as writer:
        writer.put(document(1, body="w1"))
        with pytest.raises(IndexLocked, match=r"is being written by this process itself \(pid \d+"):
            index.open().writer()
        with pytest.raises(IndexLocked, match="waited 0.2 s: try again when it has finished"):
            engine.optimize()
    put(engine, document(2, body="w1"))
    assert ids(engine, ONE) == ["d0001", "d0002"]


def test_half_a_document_is_not_committed(index: OnCluster) -> None:
    engine = index.open()
    put(engine, document(1, body="w1"))
    broken = replace(document(2, body="w1"), stored={"no": object()})
    with (
        pytest.raises(IndexNotWritable, match="a document could not be added to opensearch://"),
        engine.writer() as writer,
    ):
        writer.put(document(3, body="w1"))
        with pytest.raises(TypeError):
            writer.put(broken)
    assert ids(engine, ONE) == ["d0001"]


def test_a_lock_ends_when_its_holder_is_silent(index: OnCluster) -> None:
    engine = index.open()
    lease = acquired(server_of(engine), 1)
    place = Commits(server_of(engine), lease.index).place(LOCK)
    holder = {**place["holder"], "host": "elsewhere", "pid": 1}
    write_meta(server_of(engine), lease.index, LOCK, {**place, "holder": holder})
    with pytest.raises(IndexLocked, match="another process .pid 1 on elsewhere"):
        engine.writer()
    holder["end"] = time.time() - 1
    write_meta(server_of(engine), lease.index, LOCK, {**place, "holder": holder})
    put(engine, document(1, body="w1"))
    assert ids(engine, ONE) == ["d0001"]


def test_a_lock_that_was_lost_is_noticed(index: OnCluster) -> None:
    engine = index.open(lease=5, in_flight=1, bulk_mb=0.01)
    lease = acquired(server_of(engine), 1)
    place = Commits(server_of(engine), lease.index).place(LOCK)
    write_meta(server_of(engine), lease.index, LOCK, {**place, "holder": None})
    deadline = time.monotonic() + 20
    with pytest.raises(IndexLocked, match=r"the lock of this writer was lost, for it could not be"):
        while time.monotonic() < deadline:
            lease.check()
            time.sleep(0.05)
    lease.release()


def test_numbers_of_commits_are_not_given_twice(index: OnCluster) -> None:
    engine = index.open()
    numbers: list[int] = []
    for fails in (False, True, False):
        try:
            with engine.writer() as writer:
                writer.put(document(len(numbers), body="w1"))
                if fails:
                    raise KeyError
        except KeyError:
            pass
        numbers.append(engine.stats().generation)
    assert numbers == [1, 1, 3]


def test_a_cursor_is_good_for_all_until_its_commit_is_removed(index: OnCluster) -> None:
    engine = index.open()
    put(engine, *(document(number, body="w1", moment=number) for number in range(10)))
    first = engine.search(ONE, Filters(), 0, 4)
    put(engine, *(document(number, body="w1 w1", moment=number) for number in range(5)))
    other = index.open(kept=0)
    rest = other.search(ONE, Filters(), 0, 9, after=first.last)
    assert [match.id for match in rest.matches] == [f"d{number:04}" for number in range(5, -1, -1)]
    assert rest.before == 4
    put(other, document(20, body="w2"))
    with pytest.raises(QueryError, match="the index has changed since this cursor was given"):
        index.open().search(ONE, Filters(), 0, 9, after=first.last)


def test_earlier_versions_go_after_a_while(index: OnCluster) -> None:
    engine, brief = index.open(), index.open(kept=0)
    for text in ("w1", "w1 w2", "w1 w2 w3"):
        put(engine, document(1, body=text))
    assert kept_in(engine) == ["d0001"] * 3
    put(brief, document(2, body="w1"))
    assert kept_in(engine) == ["d0001", "d0002"]
    left = [document(1, body="w1 w2 w3"), document(2, body="w1")]
    assert list(engine.documents()) == [each.stored for each in left]


def test_documents_that_go_while_they_are_read_are_missed(index: OnCluster) -> None:
    engine, brief = index.open(), index.open(kept=0)
    put(engine, *(document(number, body="w1") for number in range(1005)))
    reading = engine.documents()
    first = [next(reading) for _ in range(3)]
    assert [each["id"] for each in first] == ["d0000", "d0001", "d0002"]
    put(brief, *(document(number, body="w2") for number in range(1005)))
    put(brief, document(0, body="w3"))
    with pytest.raises(SearchIndexError, match="changed while its documents were read"):
        list(reading)


def test_optimizing_counts_words_anew(index: OnCluster) -> None:
    engine = index.open()
    for text in ("w1 w2x", "w1", "w1 w3"):
        put(engine, document(1, body=text))
    assert dict(engine.forms()) == {"w1": 3, "w2x": 1, "w3": 1}
    engine.optimize()
    assert dict(engine.forms()) == {"w1": 1, "w3": 1}
    assert engine.stats().terms["body"] == 2
    assert kept_in(engine) == ["d0001"]


def test_many_commits_are_read_as_one(index: OnCluster) -> None:
    engine = index.open()
    for number in range(20):
        put(engine, document(number, body=f"w1 v{number}"))
    assert len(engine.snapshot().commit.vocabulary) < 10
    assert engine.forms()["w1"] == 20
    assert set(engine.forms()) == {"w1", *(f"v{number}" for number in range(20))}


def test_a_disk_that_is_full(index: OnCluster) -> None:
    engine = index.open(patience=1)
    put(engine, document(1, body="w1"))
    snapshot = engine.snapshot()
    path = f"/{snapshot.index}/_settings"
    snapshot.server.request("PUT", path, {"index.blocks.read_only_allow_delete": True})
    with pytest.raises(IndexNotWritable, match="may only be read .*is probably full"):
        put(engine, document(2, body="w1"))
    assert ids(index.open(), ONE) == ["d0001"]
    snapshot.server.request("PUT", path, {"index.blocks.read_only_allow_delete": None})
    put(engine, document(3, body="w1"))
    assert ids(engine, ONE) == ["d0001", "d0003"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (
            "commit-1",
            {"meta": '{"number": 1}'},
            "the document commit-1, which keeps the index, is",
        ),
        ("words-1-0", {"meta": "AAAA"}, "words-1 is damaged .*; rebuild it with"),
    ],
)
def test_what_keeps_an_index_is_not_trusted(
    index: OnCluster, name: str, data: dict[str, str], message: str
) -> None:
    put(index.open(), document(1, body="w1"))
    engine = index.open()
    target = engine.snapshot().index if name != "commit-1" else f"{index.name}-1"
    server_of(engine).request("PUT", f"/{target}/_doc/{name}", data)
    with pytest.raises(IndexDamaged, match=message):
        index.open().forms()


def test_a_document_that_is_damaged(index: OnCluster) -> None:
    engine = index.open()
    put(engine, document(1, body="w1"))
    snapshot = engine.snapshot()
    (found,) = snapshot.of_ids(["d0001"])
    changes = {"doc": {"stored": "no object", "record": "AAAA"}}
    (hit,) = snapshot.search({"query": snapshot.query()})["hits"]["hits"]
    path = f"/{snapshot.index}/_update/{hit['_id']}"
    snapshot.server.request("POST", path, changes, refresh=True)
    assert found.id == "d0001"
    with pytest.raises(IndexDamaged, match="a stored document is damaged"):
        engine.stored("d0001")
    with pytest.raises(IndexDamaged, match="damaged"):
        engine.search(ONE, Filters(), 0, 1)
    with pytest.raises(IndexDamaged, match="the record of the document d0001 is damaged"):
        engine.optimize()
