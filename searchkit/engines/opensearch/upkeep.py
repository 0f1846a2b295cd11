"""What keeps an index small and fast, and what removes what a writer has left."""

from contextlib import suppress
from typing import Any

from searchkit.engines.opensearch import pieces
from searchkit.engines.opensearch.commits import Commit, Commits, Place, ended, unfinished
from searchkit.engines.opensearch.server import Conflict, NotFound, Server
from searchkit.engines.opensearch.snapshot import Snapshot, record_of
from searchkit.engines.opensearch.words import WordCounter
from searchkit.engines.rescoring import decode
from searchkit.errors import REBUILD, IndexDamaged, SearchIndexError

# Seconds that a request may take which goes through all of an index.
_LONG = 24 * 3600


def refresh(server: Server, index: str) -> None:
    """Let all that was sent be found; SearchIndexError when a shard cannot do so."""
    shards = server.request("POST", f"/{index}/_refresh", timeout=_LONG)["_shards"]
    if shards["failed"]:
        raise SearchIndexError(
            f"{server.options.url}: {shards['failed']} of {shards['total']} shards could not "
            "be refreshed; check the health and the logs of the cluster"
        )


def described(snapshot: Snapshot) -> dict[str, Any]:
    """Return what a commit says of its documents, which must have been refreshed."""
    fields = snapshot.fields.text
    lengths = {f"length_{field}": {"avg": {"field": f"length.{field}"}} for field in fields}
    answer = snapshot.search(
        {
            "query": snapshot.query(),
            "size": 0,
            "track_total_hits": False,
            "aggs": {
                "kinds": {"terms": {"field": "k.kind"}},
                "newest": {"max": {"field": "moment"}},
                **lengths,
            },
        }
    )
    found = answer["aggregations"]
    kinds = {bucket["key"]: bucket["doc_count"] for bucket in found["kinds"]["buckets"]}
    newest = found["newest"]["value"]
    averages = {field: found[f"length_{field}"]["value"] for field in fields}
    return {
        "documents": kinds,
        "averages": {field: value for field, value in averages.items() if value is not None},
        "newest": None if newest is None else int(newest),
    }


def undo(server: Server, commits: Commits, number: int) -> None:
    """Remove what writers have sent and not committed.

    For who holds the lock of the index, and is to write the commit of that number. None of them,
    were it alive after all, can commit what is missing then.
    """
    while True:
        newest, head = commits.newest()
        with suppress(Conflict):
            commits.fence(head)
            break
    _remove_unfinished(server, commits.index, newest, None)
    for each in range(newest.number + 1, number):
        _remove_kept(server, commits.index, each)


def undo_own(server: Server, commits: Commits, head: Place, number: int) -> None:
    """Remove what the writer of one commit, who began when head was so, has sent, unless committed.

    That is done without the lock, too: nothing of who may have it by now is touched.
    """
    with suppress(Conflict):
        commits.fence(head)
    newest = commits.newest()[0]
    _remove_unfinished(server, commits.index, newest, number)
    if number > newest.number or number in newest.abandoned:
        _remove_kept(server, commits.index, number)


def _remove_kept(server: Server, index: str, number: int) -> None:
    """Remove what would keep a commit, if it was written."""
    for kind in ("words", "links"):
        pieces.remove_data(server, index, f"{kind}-{number}")
    _delete(server, index, Commit(number=number).id)


def _remove_unfinished(server: Server, index: str, newest: Commit, number: int | None) -> None:
    refresh(server, index)
    put, replaced = (unfinished(newest, name, number) for name in ("since", "until"))
    left = {"query": {"bool": {"should": [put, replaced]}}}
    if not server.request("POST", f"/{index}/_count", left)["count"]:
        return
    _by_query(server, index, "delete", {"query": put})
    script = {"source": "ctx._source.remove('until')", "lang": "painless"}
    _by_query(server, index, "update", {"query": replaced, "script": script})


def purge(server: Server, commits: Commits, newest: Commit, seconds: float) -> None:
    """Remove what only commits have that were not the newest within the last `seconds`."""
    kept = commits.since(newest, seconds)
    oldest = kept[-1]
    gone: list[Commit] = []
    while (gone[-1] if gone else oldest).previous:
        try:
            gone.append(commits.commit((gone[-1] if gone else oldest).previous))
        except NotFound:
            break
    _by_query(server, commits.index, "delete", {"query": ended(oldest)})
    needed = {each for commit in kept for each in (*commit.vocabulary, *commit.links)}
    # The oldest first: what is left when this is interrupted is found from the newest.
    for commit in reversed(gone):
        for data in {*commit.vocabulary, *commit.links} - needed:
            for name in pieces.names_of(data):
                _delete(server, commits.index, name)
        _delete(server, commits.index, commit.id)
        commits.forget(commit.number)


def count_words(snapshot: Snapshot) -> WordCounter:
    """Return the counts of all words of a commit, from its forward records."""
    fields = snapshot.fields.text
    counter = WordCounter(fields)
    for found in snapshot.pages((), ("record",), snapshot.commit.size):
        try:
            counter.add(decode(record_of(found), fields).tokens())
        except (ValueError, KeyError) as error:
            raise IndexDamaged(
                f"{snapshot.server.options.url}: the record of the document {found.id} is "
                f"damaged ({error}); {REBUILD}"
            ) from error
    return counter


def merge(server: Server, index: str) -> None:
    """Join the segments of each shard."""
    server.request("POST", f"/{index}/_forcemerge", max_num_segments=1, timeout=_LONG)
    refresh(server, index)


def _by_query(server: Server, index: str, what: str, body: dict[str, Any]) -> None:
    server.request(
        "POST",
        f"/{index}/_{what}_by_query",
        body,
        conflicts="proceed",
        refresh=True,
        timeout=_LONG,
    )


def _delete(server: Server, index: str, name: str) -> None:
    with suppress(NotFound):
        server.request("DELETE", f"/{index}/_doc/{name}")
