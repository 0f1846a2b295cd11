"""The commits of an index: small documents in it that no search finds.

`head` names the newest commit and `commit-N` tells what is in commit N, so that whoever reads one
request more learns what all shards have to show. Head is replaced only by who has seen the one
before (optimistic locking by sequence number).
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from searchkit.engines.opensearch.server import Answer, Conflict, NotFound, Server
from searchkit.errors import REBUILD, IndexDamaged, IndexNotWritable
from searchkit.forking import lock_held_at_fork

HEAD = "head"

_MOST_KNOWN = 16
_MOST_ABANDONED = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What a commit says of the index.

    `documents` by kind; `averages` by text field, the mean number of tokens of the documents that
    have it; `newest` the latest date. `vocabulary` and `links` name what holds the words and the
    copies, in the order written. `previous` is the number of the commit before, 0 for none, and
    `time` when it was made, in seconds since 1970. `abandoned` are numbers below its own that were
    given to writers and came to nothing: what one of those has sent, or sends yet, is not there.
    """

    number: int
    previous: int = 0
    time: float = 0.0
    documents: Mapping[str, int] = field(default_factory=dict)
    averages: Mapping[str, float] = field(default_factory=dict)
    newest: int | None = None
    vocabulary: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    abandoned: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """The number of documents."""
        return sum(self.documents.values())

    def following(self, number: int, **changes: Any) -> "Commit":
        """Return the commit after this one, of that number: the same but for `changes`."""
        abandoned = (*self.abandoned, *range(self.number + 1, number))[-_MOST_ABANDONED:]
        return replace(
            self,
            number=number,
            previous=self.number,
            time=time.time(),
            abandoned=abandoned,
            **changes,
        )

    @property
    def is_sound(self) -> bool:
        """Whether each value is of the kind that it should be; it may come from anyone."""
        numbers = (self.number, self.previous, *self.abandoned, *self.documents.values())
        figures = (self.time, *self.averages.values())
        return (
            all(isinstance(each, int) and each >= 0 for each in numbers)
            and all(isinstance(each, int | float) for each in figures)
            and isinstance(self.newest, int | None)
            and all(isinstance(each, str) for each in (*self.vocabulary, *self.links))
            and self.previous <= self.number
        )

    @property
    def id(self) -> str:
        """The name of the document that it is kept in."""
        return f"commit-{self.number}"


class Place(Mapping[str, Any]):
    """A document by which the index is kept: what it says, and which version of it was read.

    IndexDamaged if it says nothing.
    """

    def __init__(self, server: Server, answer: Answer) -> None:
        try:
            self._data = dict(json.loads(answer["_source"]["meta"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise damaged(server, str(answer.get("_id"))) from None
        self.condition = {
            "if_seq_no": answer["_seq_no"],
            "if_primary_term": answer["_primary_term"],
        }

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def damaged(server: Server, name: str) -> IndexDamaged:
    """Return the error for a document by which the index is kept, and which says nonsense."""
    return IndexDamaged(
        f"{server.options.url}: the document {name}, which keeps the index, is not as searchkit "
        f"wrote it; {REBUILD}"
    )


class Commits:
    """The commits of one index as the cluster knows it; commits never change, so they are kept."""

    def __init__(self, server: Server, index: str) -> None:
        self._server = server
        self.index = index
        self._known: dict[int, Commit] = {}
        self._guard = lock_held_at_fork()

    def place(self, name: str) -> Place:
        """Return a document by which the index is kept; NotFound if there is none."""
        return Place(self._server, self._server.request("GET", f"/{self.index}/_doc/{name}"))

    def newest(self) -> tuple[Commit, Place]:
        """Return the newest commit, and head as it was read; NotFound without an index."""
        head = self.place(HEAD)
        return self.commit(self.number_in(head)), head

    def number_in(self, head: Place) -> int:
        """Return the number of the newest commit that head names."""
        number = head.get("number")
        if not isinstance(number, int):
            raise damaged(self._server, HEAD)
        return number

    def commit(self, number: int) -> Commit:
        """Return a commit by its number; NotFound if there is none of it any more."""
        with self._guard:
            known = self._known.get(number)
        if known is None:
            known = self._read(number)
            with self._guard:
                self._known[number] = known
                for old in sorted(self._known)[:-_MOST_KNOWN]:
                    del self._known[old]
        return known

    def forget(self, number: int) -> None:
        """Take a commit for one that is not there any more."""
        with self._guard:
            self._known.pop(number, None)

    def _read(self, number: int) -> Commit:
        name = f"commit-{number}"
        data = self.place(name)
        try:
            lists = {name: tuple(data[name]) for name in ("vocabulary", "links", "abandoned")}
            commit = Commit(**{**data, **lists})
        except (KeyError, TypeError):
            raise damaged(self._server, name) from None
        if not commit.is_sound or commit.number != number:
            raise damaged(self._server, name)
        return commit

    def write(self, commit: Commit) -> None:
        """Keep a commit, which nobody reads until it is published."""
        write_meta(self._server, self.index, commit.id, asdict(commit))

    def publish(self, commit: Commit, head: Place) -> None:
        """Make a commit that was written the newest, if head is still as it was read.

        IndexNotWritable if another writer has been at it.
        """
        data = {"number": commit.number}
        try:
            write_meta(self._server, self.index, HEAD, data, **head.condition)
        except (Conflict, NotFound):
            # The answer to a request that has worked may have been lost.
            if self.number_in(self.place(HEAD)) != commit.number:
                raise IndexNotWritable(
                    f"{self._server.options.url} was changed by another writer meanwhile, so "
                    "nothing was changed by this one; run it again"
                ) from None

    def fence(self, head: Place) -> None:
        """Let nobody publish who has read head as this; Conflict if it is no more as it was read.

        A writer that was thought dead may be about to.
        """
        data = {"number": self.number_in(head)}
        write_meta(self._server, self.index, HEAD, data, **head.condition)

    def since(self, commit: Commit, seconds: float) -> list[Commit]:
        """Return `commit` and those before it that were the newest within the last `seconds`."""
        found, oldest = [commit], time.time() - seconds
        while found[-1].time > oldest and found[-1].previous:
            try:
                found.append(self.commit(found[-1].previous))
            except NotFound:
                break
        return found


def write_meta(
    server: Server, index: str, name: str, data: Mapping[str, Any], **parameters: Any
) -> Answer:
    """Write a document by which the index is kept."""
    body = {"meta": json.dumps(data, separators=(",", ":"))}
    return server.request("PUT", f"/{index}/_doc/{name}", body, **parameters)


def visible(commit: Commit) -> dict[str, Any]:
    """Return the query for the documents of a commit."""
    came = {"range": {"since": {"lte": commit.number}}}
    gone = [ended(commit)]
    if commit.abandoned:
        gone.append({"terms": {"since": list(commit.abandoned)}})
    return {"bool": {"filter": [came], "must_not": gone}}


def ended(commit: Commit) -> dict[str, Any]:
    """Return the query for what is there no more in a commit and those after it."""
    by_then = {"range": {"until": {"lte": commit.number}}}
    if not commit.abandoned:
        return by_then
    not_really = {"terms": {"until": list(commit.abandoned)}}
    return {"bool": {"filter": [by_then], "must_not": [not_really]}}


def unfinished(newest: Commit, name: str, number: int | None = None) -> dict[str, Any]:
    """Return the query for what writers have put into `since` or `until` and not committed.

    With `number` only what that one has put.
    """
    later = {"range": {name: {"gt": newest.number}}}
    earlier = {"terms": {name: list(newest.abandoned)}}
    its = [] if number is None else [{"term": {name: number}}]
    return {"bool": {"filter": its, "should": [later, earlier], "minimum_should_match": 1}}
