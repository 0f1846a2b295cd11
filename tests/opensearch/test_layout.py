"""The alias of an index on a real cluster, and the indices behind it."""

import random
import threading
from contextlib import closing
from typing import Any

import pytest

from searchkit.engines.base import Filters, Match
from searchkit.engines.opensearch import OpenSearchEngine, layout
from searchkit.engines.opensearch.commits import HEAD, Commits, write_meta
from searchkit.engines.opensearch.lease import LOCK
from searchkit.engines.opensearch.server import Answer, NotFound, Server
from searchkit.engines.ranking import Ranking
from searchkit.errors import (
    ForeignIndex,
    IndexLocked,
    IndexNotWritable,
    IndexVersionMismatch,
    SearchIndexError,
)
from searchkit.query import Everything, Term
from searchkit.testing.making import document, ids, put, random_documents
from searchkit.testing.reference import ReferenceEngine
from tests.opensearch.conftest import MANIFEST, OnCluster, server_of

ONE = Term("w1", "w1")
OTHER = type(MANIFEST)(engine="opensearch", analyzer="test-2", version=1)


def behind(index: OnCluster) -> set[str]:
    """Return the indices of OpenSearch that are there for an index."""
    engine = index.open(replacing=MANIFEST)
    return set(server_of(engine).request("GET", f"/{index.name}-*/_alias"))


def test_a_rebuild_takes_the_place_of_an_index_in_one_step(index: OnCluster) -> None:
    reading = index.open()
    put(reading, *(document(number, body="w1") for number in range(20)))
    stop, totals = threading.Event(), set()

    def search() -> None:
        while not stop.is_set():
            totals.add(reading.search(ONE, Filters(), 0, 3).total)

    thread = threading.Thread(target=search)
    thread.start()
    try:
        for size in (30, 40):
            new = index.open(replacing=MANIFEST)
            assert ids(new, Everything()) == []
            put(new, *(document(number, body="w1") for number in range(size)))
            assert len(ids(new, ONE)) == size
    finally:
        stop.set()
        thread.join()
    assert totals <= {20, 30, 40}
    assert len(ids(reading, ONE)) == 40
    assert len(behind(index)) == 1


def test_a_rebuild_that_fails_leaves_nothing(index: OnCluster) -> None:
    put(index.open(), document(1, body="w1"))
    before = behind(index)
    with pytest.raises(KeyError), index.open(replacing=MANIFEST).writer() as writer:
        writer.put(document(2, body="w1"))
        raise KeyError
    assert behind(index) == before
    assert ids(index.open(), ONE) == ["d0001"]


def test_a_rebuild_whose_last_answer_is_lost_stays(
    index: OnCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(index.open(), document(1, body="w1"))
    moved = layout.point

    def point(server: Server, fresh: str, before: str) -> None:
        moved(server, fresh, before)
        raise SearchIndexError("the answer was lost")

    monkeypatch.setattr(layout, "point", point)
    with pytest.raises(SearchIndexError, match="the answer was lost"):
        put(index.open(replacing=MANIFEST), document(2, body="w1"))
    assert ids(index.open(), ONE) == ["d0002"]


@pytest.mark.parametrize("rebuilds", [False, True])
def test_a_rebuild_that_stalled_takes_no_place_of_what_another_writer_wrote(
    index: OnCluster, monkeypatch: pytest.MonkeyPatch, rebuilds: bool
) -> None:
    """It goes on after the last look at its lock, which has gone to the other one by then."""
    put(index.open(), document(1, body="w1"))
    moved = layout.point

    def point(server: Server, fresh: str, before: str) -> None:
        monkeypatch.setattr(layout, "point", moved)
        lock = Commits(server, before).place(LOCK)
        write_meta(server, before, LOCK, {**lock, "holder": None})
        put(index.open(replacing=MANIFEST if rebuilds else None), document(2, body="w1"))
        moved(server, fresh, before)

    monkeypatch.setattr(layout, "point", point)
    with pytest.raises(IndexNotWritable, match="was changed by another writer meanwhile"):
        put(index.open(replacing=MANIFEST), document(3, body="w1"))
    assert ids(index.open(), ONE) == (["d0002"] if rebuilds else ["d0001", "d0002"])
    assert len(behind(index)) == 1


def test_a_rebuild_is_not_removed_when_it_has_taken_its_place(index: OnCluster) -> None:
    """Though it had not yet when another one looked what was left."""
    engine = index.open()
    put(engine, document(1, body="w1"))
    server, before = server_of(engine), engine.snapshot().index
    fresh = layout.fresh_name(server)
    layout.make(server, fresh, MANIFEST)

    class Late(Server):
        def request(self, method: str, path: str, *rest: Any, **parameters: Any) -> Answer:
            answer = super().request(method, path, *rest, **parameters)
            if path.endswith("-*/_alias"):
                layout.point(server, fresh, before)
            return answer

    with closing(Late(server.options)) as other, pytest.raises(NotFound):
        layout.remove_leftovers(other, before)
    assert layout.target_of(server) == fresh
    assert behind(index) == {fresh}


def test_what_a_rebuild_that_died_has_left_is_removed_by_the_next(index: OnCluster) -> None:
    engine = index.open()
    left = layout.fresh_name(server_of(engine))
    layout.make(server_of(engine), left, MANIFEST)
    assert left in behind(index)
    put(index.open(replacing=MANIFEST), document(1, body="w1"))
    assert len(behind(index)) == 1


def test_a_rebuild_and_a_writer_keep_apart(index: OnCluster) -> None:
    with index.open().writer() as writer:
        writer.put(document(1, body="w1"))
        with pytest.raises(IndexLocked, match="is being written by this process itself"):
            index.open(replacing=MANIFEST).writer()


def test_who_has_an_index_open_is_told_of_another_analyzer(index: OnCluster) -> None:
    engine = index.open()
    put(engine, document(1, body="w1"))
    put(index.open(replacing=OTHER), document(2, body="w1"))
    for use in (lambda: ids(engine, ONE), lambda: put(engine, document(3, body="w1"))):
        with pytest.raises(IndexVersionMismatch, match=r"built anew by another.*test-2.*open it"):
            use()
    assert ids(index.open(), ONE) == ["d0002"]


def test_an_index_of_another_program_is_left_alone(cluster: OnCluster) -> None:
    server = layout_server(cluster)
    server.request("PUT", f"/{cluster.name}", {"settings": {"number_of_replicas": 0}})
    try:
        with pytest.raises(ForeignIndex, match="is not a searchkit index"):
            cluster.open()
        with pytest.raises(ForeignIndex, match="is not a searchkit index"):
            put(cluster.open(replacing=MANIFEST), document(1, body="w1"))
    finally:
        server.request("DELETE", f"/{cluster.name}")


@pytest.mark.parametrize("by_alias", [False, True])
def test_an_index_of_another_program_in_the_way_is_named(
    cluster: OnCluster, by_alias: bool
) -> None:
    """Also one that a server has made of what was sent to an index that had been removed."""
    server = layout_server(cluster)
    first = f"{cluster.name}-1"
    there = f"other-{first}" if by_alias else first
    server.request("PUT", f"/{there}/_doc/1", {"some": "thing"})
    if by_alias:
        server.request("PUT", f"/{there}/_alias/{first}")
    try:
        with pytest.raises(IndexNotWritable, match=f"an index or alias '{first}' that is not of"):
            cluster.create()
        assert OpenSearchEngine.is_free(cluster.location, cluster.settings())
    finally:
        server.request("DELETE", f"/{there}")


@pytest.mark.parametrize("manifest", [MANIFEST, OTHER])
def test_an_index_that_was_not_made_to_the_end_is_made_anew(
    cluster: OnCluster, manifest: object
) -> None:
    server = layout_server(cluster)
    first = f"{cluster.name}-1"
    layout.make(server, first, manifest)  # type: ignore[arg-type]
    server.request("DELETE", f"/{first}/_doc/{HEAD}")
    cluster.create()
    engine = cluster.open()
    assert layout.manifest_of(server) == MANIFEST
    put(engine, document(1, body="w1"))
    assert ids(engine, ONE) == ["d0001"]


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_more_hits_than_are_ranked_follow_by_date(index: OnCluster, sort: str) -> None:
    documents = random_documents(random.Random(7), 150)
    engine = index.open(rescored=20)
    put(engine, *documents)
    reference = ReferenceEngine(documents, Ranking())
    expected = [match.id for match in reference.search(ONE, Filters(), 0, 200).matches]
    pages: list[Match] = []
    position = None
    while True:
        page = engine.search(ONE, Filters(), 0, 7, sort=sort, after=position)  # type: ignore[arg-type]
        assert page.before == len(pages)
        pages += page.matches
        if (position := page.last) is None:
            break
    found = [match.id for match in pages]
    assert sorted(found) == sorted(expected)
    by_rank = [
        match.id
        for start in range(0, 200, 9)
        for match in engine.search(ONE, Filters(), start, 9, sort=sort).matches  # type: ignore[arg-type]
    ]
    assert by_rank == found
    scores = [match.score for match in pages]
    if sort == "relevance":
        assert scores[:20] == sorted(scores[:20], reverse=True)
        assert max(scores[20:]) <= scores[19]
        moments = {each.id: each.moment or 0 for each in documents}
        rest = [(-moments[each], each) for each in found[20:]]
        assert rest == sorted(rest)
        assert found[:20] != sorted(found[:20])


def layout_server(cluster: OnCluster) -> Server:
    """Return the cluster itself, where there may be no index."""
    return server_of(cluster.open(replacing=MANIFEST))
