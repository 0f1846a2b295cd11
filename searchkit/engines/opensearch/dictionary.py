"""Values of keyword fields: which there are, and which are the most frequent."""

import re
from collections.abc import Iterable, Iterator

from searchkit.engines.opensearch.snapshot import PAGE, Snapshot
from searchkit.engines.opensearch.translation import any_of

# What has a meaning in the regular expressions of Lucene.
_MEANING = re.compile(r'([.?+*|{}\[\]()"\\#@&<>~^$-])')
_SPARE = 100


def keyword_values(
    snapshot: Snapshot, field: str, prefixes: Iterable[str]
) -> Iterator[tuple[str, int]]:
    """Yield (value, number of documents) of the values that begin so, ascending."""
    wanted = tuple(sorted(set(prefixes)))
    if not wanted or not snapshot.commit.size:
        return
    name = f"k.{field}"
    conditions = [any_of([{"prefix": {name: prefix}} for prefix in wanted])]
    after: dict[str, str] = {}
    while True:
        composite = {
            "size": PAGE,
            "sources": [{"value": {"terms": {"field": name}}}],
            **({"after": after} if after else {}),
        }
        answer = snapshot.search(
            {
                "query": snapshot.query(*conditions),
                "size": 0,
                "track_total_hits": False,
                "aggs": {"values": {"composite": composite}},
            }
        )
        buckets = answer["aggregations"]["values"]["buckets"]
        for bucket in buckets:
            value = bucket["key"]["value"]
            if value.startswith(wanted):
                yield value, int(bucket["doc_count"])
        if len(buckets) < PAGE:
            return
        after = buckets[-1]["key"]


def frequent_values(
    snapshot: Snapshot, field: str, prefixes: Iterable[str], most: int
) -> list[tuple[str, int]]:
    """Return the `most` most frequent values of each prefix, most frequent first."""
    wanted = sorted(set(prefixes))
    if not wanted or most < 1 or not snapshot.commit.size:
        return []
    name = f"k.{field}"
    asked = {
        str(number): {
            "filter": {"prefix": {name: prefix}},
            "aggs": {
                "values": {
                    "terms": {
                        "field": name,
                        "include": _beginning(prefix),
                        "size": most,
                        "shard_size": 10 * most + _SPARE,
                        "order": [{"_count": "desc"}, {"_key": "asc"}],
                    }
                }
            },
        }
        for number, prefix in enumerate(wanted)
    }
    answer = snapshot.search(
        {"query": snapshot.query(), "size": 0, "track_total_hits": False, "aggs": asked}
    )
    values = {
        bucket["key"]: int(bucket["doc_count"])
        for number in asked
        for bucket in answer["aggregations"][number]["values"]["buckets"]
    }
    return sorted(values.items(), key=lambda item: (-item[1], item[0]))


def _beginning(prefix: str) -> str:
    """Return the regular expression of what begins so."""
    if not prefix:
        return ".*"
    # Or a character that no value is: from 2.17 on, OpenSearch takes a common beginning by a
    # shorter way, and fails there when it comes after all values of a shard (index out of bounds).
    return _MEANING.sub(r"\\\1", prefix) + ".*|\0"
