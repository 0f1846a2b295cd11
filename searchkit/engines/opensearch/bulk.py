"""Sends many changes: a few requests at a time, each again until all of it is done."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import tenacity

from searchkit.engines.opensearch.server import BLOCKED, PASSING, PASSING_KINDS, Server, kinds_in
from searchkit.errors import IndexNotWritable

_log = logging.getLogger(__name__)

_LONGEST_WAIT = 10.0
_END = (
    "if (ctx._source.until == null || ctx._source.until < params.number)"
    " { ctx._source.until = params.number } else { ctx.op = 'none' }"
)
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Change:
    """One line or two of a bulk request: what to do with the document `id`, and its new text.

    `action` is "index", "update" or "delete". Done twice, each leaves what it leaves done once.
    """

    action: str
    id: str
    text: str = ""

    @classmethod
    def index(cls, name: str, source: Mapping[str, Any]) -> "Change":
        """Put a document."""
        return cls("index", name, json.dumps(source, separators=(",", ":")))

    @classmethod
    def update(cls, name: str, part: Mapping[str, Any]) -> "Change":
        """Change a part of a document that is there."""
        return cls("update", name, json.dumps({"doc": part}, separators=(",", ":")))

    @classmethod
    def end(cls, name: str, number: int) -> "Change":
        """Let a version of a document end with a commit, unless it ends with a later one."""
        script = {"source": _END, "lang": "painless", "params": {"number": number}}
        return cls("update", name, json.dumps({"script": script}, separators=(",", ":")))

    @property
    def lines(self) -> str:
        """The lines of the request."""
        meta: dict[str, Any] = {"_id": self.id}
        if self.action == "update":
            meta["retry_on_conflict"] = 3
        head = json.dumps({self.action: meta}, separators=(",", ":"))
        return f"{head}\n{self.text}\n" if self.text else f"{head}\n"

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.text) + 64


class _AllPutOff(Exception):
    """The server has made none of the changes, but may do so later; the message says why."""


def send(server: Server, index: str, changes: Sequence[Change]) -> None:
    """Make changes, again and again what the server puts off, until all are made.

    Between two tries is a random and growing time. Raises IndexNotWritable when the server refuses
    one, or puts off all that are left for `patience` seconds.
    """
    left = list(changes)
    while left:
        left = _put_off(server, index, left)


def _put_off(server: Server, index: str, changes: Sequence[Change]) -> list[Change]:
    """Make some of the changes at least; return those that are left."""
    waiting = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(_AllPutOff),
        wait=tenacity.wait_random_exponential(multiplier=0.2, max=_LONGEST_WAIT),
        stop=tenacity.stop_after_delay(server.options.patience),
        reraise=True,
    )
    try:
        return waiting(_send_once, server, index, changes)
    except _AllPutOff as error:
        raise IndexNotWritable(
            f"{server.options.url} is overloaded and has put off {len(changes)} changes for "
            f"{server.options.patience:g} s ({error}); run it again later, or with a smaller "
            "`in_flight` in [engines.opensearch]"
        ) from None


def _send_once(server: Server, index: str, changes: Sequence[Change]) -> list[Change]:
    """Make changes; return those that were put off."""
    body = "".join(change.lines for change in changes)
    answer = server.request("POST", f"/{index}/_bulk", body)
    left: list[Change] = []
    if not answer.get("errors"):
        return left
    reason = ""
    for change, item in zip(changes, answer["items"], strict=True):
        result = item[change.action]
        status = int(result["status"])
        if status < 300 or (status == 404 and change.action == "delete"):
            continue
        reason = _reason(result)
        passing = status in PASSING or not PASSING_KINDS.isdisjoint(kinds_in(result))
        if (not passing and status != 409) or BLOCKED in reason:
            raise _refused(server, change, result, reason)
        left.append(change)
    if left:
        _log.info("%s: %d of %d put off: %s", index, len(left), len(changes), reason)
    if len(left) == len(changes):
        raise _AllPutOff(reason)
    return left


def _reason(result: Mapping[str, Any]) -> str:
    error = result.get("error") or {}
    text = f"{error.get('type')}: {error.get('reason')}"
    return "".join(c if c.isprintable() else " " for c in text[:_LONGEST_REASON])


def _refused(
    server: Server, change: Change, result: Mapping[str, Any], reason: str
) -> IndexNotWritable:
    if BLOCKED in reason:
        return server.blocked(reason)
    return IndexNotWritable(
        f"{server.options.url} refuses a document ({change.action} {change.id}, HTTP "
        f"{result['status']}: {reason}); nothing was changed"
    )


class BulkSender:
    """Makes changes in the background: who adds faster than the server takes has to wait.

    At most `in_flight` requests of about `bulk_mb` each are under way, and so much is in memory.
    What goes wrong is raised by the next call.
    """

    def __init__(self, server: Server, index: str) -> None:
        self._server = server
        self._index = index
        self._most = server.options.in_flight
        self._bytes = int(server.options.bulk_mb * 1024 * 1024)
        self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="searchkit-bulk")
        self._under_way: set[Future[None]] = set()
        self._waiting: list[Change] = []
        self._size = 0

    def add(self, change: Change) -> bool:
        """Take a change; return whether it is time to `flush`."""
        self._waiting.append(change)
        self._size += change.size
        return self._size >= self._bytes

    def flush(self, more: Callable[[], Sequence[Change]] = list) -> None:
        """Send what waits, and what `more` returns when it is called in the background."""
        changes, self._waiting, self._size = self._waiting, [], 0
        while len(self._under_way) >= self._most:
            self._wait_for(FIRST_COMPLETED)

        def job() -> None:
            send(self._server, self._index, [*changes, *more()])

        self._under_way.add(self._threads.submit(job))

    def drain(self) -> None:
        """Wait until all that was flushed is done."""
        while self._under_way:
            self._wait_for(FIRST_COMPLETED)

    def _wait_for(self, what: str) -> None:
        done, self._under_way = wait(self._under_way, return_when=what)
        for future in done:
            future.result()

    def close(self) -> None:
        """Wait for what is under way, whatever becomes of it, and send nothing more."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._under_way.clear()
