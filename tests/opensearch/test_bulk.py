"""Changes are made once and all of them, however often the server puts them off."""

import json
import random
import threading
import time
from collections import Counter
from contextlib import closing
from typing import Any

import pytest

from searchkit.engines.opensearch.bulk import BulkSender, Change, send
from searchkit.engines.opensearch.server import Server
from searchkit.errors import IndexNotWritable, SearchIndexError
from tests.opensearch.answering import Answer, answering, refusal

EASY: dict[str, Any] = {"errors": False, "items": []}


class Index:
    """Documents, changed by bulk requests of which some are put off."""

    def __init__(self, put_off: float = 0.0, seed: int = 0) -> None:
        self.documents: dict[str, Any] = {}
        self.times: Counter[str] = Counter()
        self._put_off = put_off
        self._chance = random.Random(seed)
        self._guard = threading.Lock()

    def __call__(self, method: str, path: str, body: str) -> Answer:
        assert (method, path) == ("POST", "/news-1/_bulk")
        with self._guard:
            if self._chance.random() < self._put_off:
                return refusal(self._chance.choice([429, 502, 503]), "rejected_execution_exception")
            items = list(self._changed(body.splitlines()))
            # An answer that is lost is asked for again.
            if self._chance.random() < self._put_off:
                return refusal(504, "timeout")
        return 200, {"errors": True, "items": items}

    def _changed(self, lines: list[str]) -> Any:
        at = 0
        while at < len(lines):
            (action, meta) = next(iter(json.loads(lines[at]).items()))
            at += 1
            status = 200
            if self._chance.random() < self._put_off:
                status = self._chance.choice([429, 500, 503])
            elif action == "delete":
                status = 200 if self.documents.pop(meta["_id"], None) else 404
            elif action == "index":
                self.documents[meta["_id"]] = json.loads(lines[at])
                self.times[meta["_id"]] += 1
            else:
                self.documents[meta["_id"]] |= json.loads(lines[at])["doc"]
            at += action != "delete"
            item: dict[str, Any] = {"_id": meta["_id"], "status": status}
            if status >= 429:
                kind = "node_closed_exception" if status == 500 else "rejected_execution_exception"
                item["error"] = {"type": kind, "reason": "queue full"}
            yield {action: item}


@pytest.mark.parametrize("seed", range(3))
def test_each_change_is_made_however_often_it_is_put_off(seed: int) -> None:
    index = Index(put_off=0.3, seed=seed)
    changes = [Change.index(f"d{n}", {"n": n}) for n in range(40)]
    changes += [Change.update(f"d{n}", {"more": n}) for n in range(10)]
    changes += [Change("delete", f"d{n}") for n in range(30, 40)]
    with answering(index, patience=20) as (options, asked), closing(Server(options)) as server:
        for start in range(0, len(changes), 10):
            send(server, "news-1", changes[start : start + 10])
        assert len(asked.requests) > 6
    assert index.documents == {
        f"d{n}": {"n": n} | ({"more": n} if n < 10 else {}) for n in range(30)
    }


def test_what_the_server_takes_is_not_sent_again() -> None:
    index = Index()
    with answering(index) as (options, asked), closing(Server(options)) as server:
        send(server, "news-1", [Change.index(f"d{n}", {}) for n in range(5)])
        assert len(asked.requests) == 1
    assert set(index.times.values()) == {1}


def test_tries_are_apart_by_a_random_time() -> None:
    times: list[float] = []

    def never(method: str, path: str, body: str) -> Answer:
        times.append(time.monotonic())
        return refusal(429, "rejected_execution_exception", "queue full")

    waits = []
    for _ in range(2):
        times.clear()
        with (
            answering(never, patience=0.8) as (options, _),
            closing(Server(options)) as server,
            pytest.raises(SearchIndexError, match="429"),
        ):
            server.request("GET", "/")
        waits.append([round(b - a, 3) for a, b in zip(times, times[1:], strict=False)])
    assert all(len(each) > 1 for each in waits)
    assert waits[0] != waits[1]


def test_an_overloaded_server_is_given_up_in_the_end() -> None:
    def never(method: str, path: str, body: str) -> Answer:
        error = {"type": "rejected_execution_exception", "reason": "queue full"}
        return 200, {"errors": True, "items": [{"index": {"status": 429, "error": error}}]}

    with answering(never, patience=0.3) as (options, asked), closing(Server(options)) as server:
        with pytest.raises(IndexNotWritable, match=r"overloaded and has put off 1 changes.*queue"):
            send(server, "news-1", [Change.index("d1", {})])
        assert len(asked.requests) > 1


def test_a_document_that_is_refused_is_named() -> None:
    def refusing(method: str, path: str, body: str) -> Answer:
        error = {"type": "mapper_parsing_exception", "reason": "no number"}
        return 200, {"errors": True, "items": [{"index": {"status": 400, "error": error}}]}

    with answering(refusing) as (options, asked), closing(Server(options)) as server:
        with pytest.raises(IndexNotWritable, match=r"refuses a document \(index d1, HTTP 400: map"):
            send(server, "news-1", [Change.index("d1", {})])
        assert len(asked.requests) == 1


def test_a_full_disk_is_told() -> None:
    def blocked(method: str, path: str, body: str) -> Answer:
        error = {"type": "cluster_block_exception", "reason": "index [news-1] blocked by: [x]"}
        return 200, {"errors": True, "items": [{"index": {"status": 403, "error": error}}]}

    with (
        answering(blocked) as (options, _),
        closing(Server(options)) as server,
        pytest.raises(IndexNotWritable, match="may only be read.*disk of a node is probably"),
    ):
        send(server, "news-1", [Change.index("d1", {})])


def test_who_adds_faster_than_the_server_takes_waits() -> None:
    release = threading.Event()
    added = []

    def slow(method: str, path: str, body: str) -> Answer:
        assert release.wait(20)
        return 200, EASY

    with (
        answering(slow, in_flight=2, bulk_mb=0.01) as (options, asked),
        closing(Server(options)) as server,
    ):
        sender = BulkSender(server, "news-1")

        def add() -> None:
            for number in range(40):
                if sender.add(Change.index(f"d{number}", {"text": "x" * 5000})):
                    sender.flush()
                added.append(number)
            sender.flush()
            sender.drain()

        thread = threading.Thread(target=add)
        thread.start()
        deadline = time.monotonic() + 20
        while len(asked.requests) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.2)
        # Two requests of three documents are under way, and a third one waits for its turn.
        assert len(asked.requests) == 2
        assert len(added) < 10
        release.set()
        thread.join()
        sender.close()
        assert len(added) == 40
        assert asked.most_at_a_time == 2
        sent = "".join(body for _, _, body in asked.requests)
    assert all(f'"d{number}"' in sent for number in range(40))


def test_what_goes_wrong_in_the_background_is_raised() -> None:
    with (
        answering(lambda *_: refusal(400, "illegal_argument_exception", "no")) as (options, _),
        closing(Server(options)) as server,
    ):
        sender = BulkSender(server, "news-1")
        sender.add(Change.index("d1", {}))
        sender.flush()
        with pytest.raises(Exception, match=r"answers HTTP 400 \(illegal_argument_exception: no\)"):
            sender.drain()
        sender.close()
