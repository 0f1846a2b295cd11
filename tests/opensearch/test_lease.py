"""The lock of a writer, where answers are lost on their way."""

import json
import time
from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from searchkit.engines.opensearch.lease import LOCK, Lease
from searchkit.engines.opensearch.server import Server
from searchkit.errors import IndexLocked
from tests.opensearch.answering import Answer, answering, refusal


class LosesAnswers:
    """Keeps the lock; of the requests that write it, those of some numbers are not answered.

    With `comes_between` it is written once more after it was read next.
    """

    def __init__(self, lost: set[int]) -> None:
        self._lost = lost
        self._source: object = None
        self._number = 0
        self.written = 0
        self.comes_between = False

    def remove(self) -> None:
        """Be without it, as where the index was removed."""
        self._source = None

    def __call__(self, method: str, path: str, body: str) -> Answer:
        url = urlsplit(path)
        if not url.path.endswith(LOCK):
            return refusal(404, "resource_not_found_exception") if "/_doc/" in path else (200, {})
        found = {"_id": LOCK, "_index": "news-1", "_seq_no": self._number, "_primary_term": 1}
        if method == "GET":
            known = {**found, "_source": self._source}
            self._number += self.comes_between
            self.comes_between = False
            return (200, known) if self._source else refusal(404, "no such document")
        asked = parse_qs(url.query)
        free = (
            self._source is None
            if "op_type" in asked
            else asked["if_seq_no"] == [str(self._number)]
        )
        if not free:
            return refusal(409, "version_conflict_engine_exception")
        self._source, self._number = json.loads(body), self._number + 1
        self.written += 1
        return (
            refusal(503, "an answer that is lost") if self.written in self._lost else (200, found)
        )


def test_a_lock_whose_first_answer_is_lost_is_held() -> None:
    answer = LosesAnswers({1})
    with answering(answer) as (options, _), closing(Server(options)) as server:
        lease = Lease(server, "news-1")
        lease.acquire(1)
        lease.check()
        lease.release()
    assert lease.number == 2


def test_a_lock_is_put_off_again_where_answers_are_lost() -> None:
    answer = LosesAnswers({2, 3, 4})
    with answering(answer) as (given, _), closing(Server(replace(given, lease=3))) as server:
        lease = Lease(server, "news-1")
        lease.acquire(1)
        held = time.monotonic()
        while time.monotonic() < held + 3:
            lease.check()
            time.sleep(0.05)
        lease.release()
    assert answer.written > 4


def test_a_lock_is_given_back_though_it_was_put_off_meanwhile() -> None:
    answer = LosesAnswers(set())
    with answering(answer) as (options, _), closing(Server(options)) as server:
        lease = Lease(server, "news-1")
        lease.acquire(1)
        answer.comes_between = True
        lease.release()
        following = Lease(server, "news-1")
        following.acquire(0)
        following.release()


def test_a_lock_is_lost_with_the_index() -> None:
    answer = LosesAnswers(set())
    with answering(answer) as (given, _), closing(Server(replace(given, lease=3))) as server:
        lease = Lease(server, "news-1")
        lease.acquire(1)
        acquired = time.monotonic()
        answer.remove()
        with pytest.raises(IndexLocked, match="the lock of this writer was lost"):
            while time.monotonic() < acquired + 2:  # so long it would have been held
                lease.check()
                time.sleep(0.05)
        lease.release()
