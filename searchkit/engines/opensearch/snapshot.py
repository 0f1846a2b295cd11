"""One commit of an index, as a client sees it: what there is, and figures of all of it."""

import base64
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np

from searchkit.engines.copies import groups
from searchkit.engines.fields import Fields
from searchkit.engines.opensearch import pieces
from searchkit.engines.opensearch.commits import Commit, visible
from searchkit.engines.opensearch.server import Answer, Server
from searchkit.engines.opensearch.translation import Query, all_of, having
from searchkit.engines.opensearch.words import Array, Words
from searchkit.engines.rescoring import Statistics, needed_leaves, pattern_of
from searchkit.engines.rescoring.statistics import within
from searchkit.errors import REBUILD, IndexDamaged
from searchkit.forking import lock_held_at_fork
from searchkit.query import Leaf, Node

PAGE = 1000
"""Documents that are read at a time."""

_MOST_COUNTED = 10_000

T = TypeVar("T")


class Kept:
    """What was computed lately, by key: the oldest go. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._guard = lock_held_at_fork()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key, made if it is not there."""
        with self._guard:
            if key in self._values:
                self._values.move_to_end(key)
                found: T = self._values[key]
                return found
        value = make()
        self.put(key, value)
        return value

    def put(self, key: Hashable, value: Any) -> None:
        """Keep a value."""
        with self._guard:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def peek(self, key: Hashable) -> Any:
        """Return the value of a key, None if there is none."""
        with self._guard:
            return self._values.get(key)


@dataclass(frozen=True, slots=True)
class Caches:
    """What an engine keeps from search to search; the words and links of the last few commits."""

    words: Kept = field(default_factory=lambda: Kept(2))
    links: Kept = field(default_factory=lambda: Kept(2))
    counts: Kept = field(default_factory=lambda: Kept(_MOST_COUNTED))
    ranked: Kept = field(default_factory=lambda: Kept(16))
    values: Kept = field(default_factory=lambda: Kept(256))


class Found(NamedTuple):
    """A document that was found: its id, the commit that wrote it, its date, and asked values."""

    id: str
    since: int
    moment: int | None
    values: Mapping[str, list[Any]]


class Links(NamedTuple):
    """The copies of a commit: member numbers, ascending, and the number of the group of each."""

    members: Array
    groups: Array

    def group(self, member: int) -> int:
        """Return the group of a member; 0 for none."""
        at = int(np.searchsorted(self.members, member))
        there = at < len(self.members) and int(self.members[at]) == member
        return int(self.groups[at]) if there else 0

    def to_bytes(self) -> bytes:
        """Return the groups as pairs of a member and the smallest of its own, for `read_pairs`."""
        return np.column_stack((self.members, self.groups)).astype("<i8").tobytes()


class Snapshot:
    """A commit of an index; `index` is its name in the cluster, "" where nothing was made yet."""

    def __init__(
        self, server: Server, index: str, commit: Commit, caches: Caches, fields: Fields
    ) -> None:
        self.fields = fields
        self.server = server
        self.index = index
        self.commit = commit
        self.caches = caches
        self._visible = visible(commit)

    @property
    def name(self) -> str:
        """The name of the commit, the same for all clients."""
        return f"{self.index}/{self.commit.number}"

    @property
    def words(self) -> Words:
        """All words."""
        return self.caches.words.get((self.index, self.commit.vocabulary), self._read_words)

    def _read_words(self) -> Words:
        read = partial(Words.from_bytes, fields=self.fields.text)
        parts = [
            pieces.read_data(self.server, self.index, kept, read) for kept in self.commit.vocabulary
        ]
        return Words.merged(parts, self.fields.text)

    @property
    def links(self) -> Links:
        """Which articles are copies of which."""
        return self.caches.links.get((self.index, self.commit.links), self._read_links)

    def _read_links(self) -> Links:
        parts = [
            pieces.read_data(self.server, self.index, kept, read_pairs)
            for kept in self.commit.links
        ]
        pairs = np.concatenate([np.empty((0, 2), dtype=np.int64), *parts])
        members = np.unique(pairs)
        return Links(members, groups(members, pairs))

    def emptied(self, index: str) -> "Snapshot":
        """Return the empty commit of another index, one that was just made."""
        return Snapshot(self.server, index, Commit(number=0), self.caches, self.fields)

    def at(self, commit: Commit) -> "Snapshot":
        """Return another commit of the same index."""
        return Snapshot(self.server, self.index, commit, self.caches, self.fields)

    # Single documents

    def existing(self, ids: Sequence[str]) -> set[str]:
        """Return those of some ids that there are documents of."""
        starts = range(0, len(ids), PAGE)
        return {each.id for at in starts for each in self.of_ids(ids[at : at + PAGE])}

    def of_ids(self, ids: Sequence[str], fields: Sequence[str] = ()) -> list[Found]:
        """Return those documents that there are of some ids, with the values of `fields`."""
        if not ids or not self.commit.size:
            return []
        query = self.query({"terms": {"k.id": list(ids)}})
        return self.found({"query": query, "size": len(ids), "track_total_hits": False}, fields)

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what is stored under an id; None if nothing."""
        return self.stored_of([document_id]).get(document_id)

    def stored_of(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return what is stored under some ids, of those that are there."""
        found: dict[str, dict[str, Any]] = {}
        for at in range(0, len(ids) if self.commit.size else 0, PAGE):
            some = ids[at : at + PAGE]
            query = self.query({"terms": {"k.id": list(some)}})
            body = {"query": query, "size": len(some), "track_total_hits": False}
            columns = hit_fields(())["docvalue_fields"]
            answer = self.search({**body, "docvalue_fields": columns, "_source": ["stored"]})
            hits = zip(self.read_hits(answer), answer["hits"]["hits"], strict=True)
            found |= {each.id: self.read_stored(hit.get("_source", {})) for each, hit in hits}
        return found

    def documents(self, conditions: Sequence[Query] = ()) -> Iterator[dict[str, Any]]:
        """Yield what is stored of the documents that match all `conditions`, in the order added."""
        after: list[Any] = []
        while self.commit.size:
            body = {
                "query": self.query(*conditions),
                "sort": [{"order": "asc"}],
                "size": PAGE,
                "track_total_hits": False,
                "_source": ["stored"],
            }
            hits = self.search(body | ({"search_after": after} if after else {}))["hits"]["hits"]
            for hit in hits:
                yield self.read_stored(hit["_source"])
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]

    def read_stored(self, source: Mapping[str, Any]) -> dict[str, Any]:
        """Return the stored object of a document; IndexDamaged if there is none."""
        try:
            stored = json.loads(source["stored"])
            if isinstance(stored, dict):
                return stored
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        raise IndexDamaged(f"{self.server.options.url}: a stored document is damaged; {REBUILD}")

    # Searching

    def query(self, *conditions: Query) -> Query:
        """Return the query for the documents of this commit that match all `conditions`."""
        return all_of([self._visible, *conditions])

    def search(self, body: Mapping[str, Any]) -> Answer:
        """Return what OpenSearch finds; the query must have come through `query`."""
        return self.server.request(
            "POST",
            f"/{self.index}/_search",
            dict(body),
            # One that finds too little is no answer; it is asked again until all shards are there.
            allow_partial_search_results=False,
        )

    def found(self, body: Mapping[str, Any], fields: Sequence[str] = ()) -> list[Found]:
        """Return the hits of a search, with the values of `fields`, which must have doc values."""
        return self.read_hits(self.search({**body, **hit_fields(fields)}))

    def read_hits(self, answer: Answer) -> list[Found]:
        """Return the hits of a search that asked for `hit_fields`."""
        try:
            return list(map(_hit_of, answer["hits"]["hits"]))
        except (KeyError, ValueError, TypeError):
            raise IndexDamaged(
                f"{self.server.options.url}: a document is not as searchkit wrote it; {REBUILD}"
            ) from None

    def pages(
        self, conditions: Sequence[Query], fields: Sequence[str], most: int
    ) -> Iterator[Found]:
        """Yield documents in the order of their ids, up to `most`."""
        after: list[Any] = []
        while most > 0:
            body = {
                "query": self.query(*conditions),
                "sort": [{"k.id": "asc"}],
                "size": min(PAGE * 10, most),
                "track_total_hits": False,
            }
            hits = self.found(body | ({"search_after": after} if after else {}), fields)
            yield from hits
            most -= len(hits)
            if len(hits) < PAGE * 10:
                return
            after = [hits[-1].id]

    def counts(self, queries: Sequence[Query]) -> list[int]:
        """Return how many documents match each of `queries`."""
        if not queries or not self.commit.size:
            return [0] * len(queries)
        asked = {f"{number}": query for number, query in enumerate(queries)}
        answer = self.search(
            {
                "query": self.query(),
                "size": 0,
                "track_total_hits": False,
                "aggs": {"counts": {"filters": {"filters": asked}}},
            }
        )
        buckets = answer["aggregations"]["counts"]["buckets"]
        return [int(buckets[number]["doc_count"]) for number in asked]

    def counted(
        self, kind: str, asked: Iterable[Any], query_of: Callable[[Any], Query]
    ) -> list[int]:
        """Return how many documents match the query of each; those asked for lately are kept."""
        counts, wanted = self.caches.counts, list(asked)
        keys = [(self.name, kind, each) for each in wanted]
        known = {key: counts.peek(key) for key in keys}
        unknown = [key for key, count in known.items() if count is None]
        found = self.counts([query_of(each) for _, _, each in unknown])
        for key, count in zip(unknown, found, strict=True):
            counts.put(key, count)
            known[key] = count
        return [known[key] or 0 for key in keys]

    def statistics(self, node: Node) -> Statistics:
        """Return the figures that the scores of a query are computed from."""
        asked = needed_leaves(node)
        expansions = {
            leaf: self.words.expansion(pattern, within(leaf, self.fields.text)[1])
            for leaf in asked
            if (pattern := pattern_of(leaf)) is not None
        }
        bare = Statistics(
            documents=self.commit.size,
            having={},
            averages=self.commit.averages,
            newest=self.commit.newest,
            expansions=expansions,
            fields=self.fields.text,
        )

        def query_of(leaf: Leaf) -> Query:
            return having(leaf, bare.members(leaf), self.fields.text)

        numbers = self.counted("leaf", asked, query_of)
        return replace(bare, having=dict(zip(asked, numbers, strict=True)))


def hit_fields(fields: Sequence[str]) -> dict[str, Any]:
    """Return the part of a search that asks for what `read_hits` reads, from columns alone."""
    asked = dict.fromkeys(("k.id", "since", "moment", *fields))
    return {"_source": False, "stored_fields": "_none_", "docvalue_fields": list(asked)}


def _hit_of(hit: Mapping[str, Any]) -> Found:
    values = hit["fields"]
    moment = values.get("moment")
    return Found(
        values["k.id"][0], int(values["since"][0]), int(moment[0]) if moment else None, values
    )


def record_of(found: Found) -> bytes:
    """Return the forward record of a document that was found with its column, b"" for none."""
    # OpenSearch leaves out the padding of a column, and Python does not mind too much of it.
    return base64.b64decode(found.values.get("record", [""])[0] + "==")


def read_pairs(data: bytes) -> Array:
    """Return links as pairs of member numbers; ValueError if `data` holds none."""
    if len(data) % 16:
        raise ValueError("it is cut short")
    return np.frombuffer(data, dtype="<i8").reshape(-1, 2).astype(np.int64)
