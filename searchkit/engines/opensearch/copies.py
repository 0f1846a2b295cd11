"""Copies of an article: found when a commit is written, shown as one when it is searched."""

import base64
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from searchkit.engines.base import Collapse
from searchkit.engines.copies import SIGNATURE_BYTES, links, links_among
from searchkit.engines.opensearch.mapping import bands
from searchkit.engines.opensearch.server import Answer
from searchkit.engines.opensearch.snapshot import Found, Snapshot, hit_fields
from searchkit.engines.opensearch.translation import Query
from searchkit.engines.opensearch.words import Array

MOST_COPIES = 50_000
"""Documents with copies that one search compares; OpenSearch takes 65,536 ids in a query."""

# As many as OpenSearch lets an aggregation list.
_MOST_LISTED = 100
_BATCH = 256
_MOST_NEAR = 10_000

_LINKED: Query = {"term": {"linked": True}}
# What decides which one of a group is shown.
_COMPARED = ("member", "length.body")


class Collapsed(NamedTuple):
    """What of the documents that match is shown, and what is behind it.

    `shown` has, by the id of each member of a group, the one that is shown for it; `behind`, by the
    id of one that is shown, the ids of the others, newest first.
    """

    shown: dict[str, Found]
    behind: dict[str, tuple[str, ...]]

    @property
    def hidden(self) -> list[str]:
        """The ids of those that are not shown."""
        return [each for ids in self.behind.values() for each in ids]

    @property
    def shown_only(self) -> list[Query]:
        """The queries that leave out what is not shown."""
        hidden = self.hidden
        return [{"bool": {"must_not": [{"terms": {"k.id": hidden}}]}}] if hidden else []


NOTHING_COLLAPSED = Collapsed({}, {})


def collapse(snapshot: Snapshot, conditions: Sequence[Query], how: Collapse) -> Collapsed:
    """Return which of the documents that match all `conditions` are shown.

    Of a group the newest or the fullest is, of several the one of the smaller member number. Of
    more than MOST_COPIES documents with copies, the others are shown each.
    """
    if not _may_collapse(snapshot, how):
        return NOTHING_COLLAPSED
    matching = snapshot.pages([*conditions, _LINKED], _COMPARED, MOST_COPIES)
    return _collapsed(snapshot, matching, how)


def asking_for_copies(snapshot: Snapshot, how: Collapse) -> dict[str, Any]:
    """Return the part of a search by whose answer `collapse_answered` knows the copies."""
    if not _may_collapse(snapshot, how):
        return {}
    listed = {"size": _MOST_LISTED, "sort": ["_doc"], **hit_fields(_COMPARED)}
    return {
        "aggs": {"linked": {"filter": _LINKED, "aggs": {"listed": {"top_hits": listed}}}},
    }


def collapse_answered(
    snapshot: Snapshot, answer: Answer, conditions: Callable[[], Sequence[Query]], how: Collapse
) -> Collapsed:
    """Return what `collapse` does, of the documents that a search for `conditions` has found.

    It needs no request of its own, unless more have copies than an aggregation lists.
    """
    linked = answer.get("aggregations", {}).get("linked")
    if linked is None:
        return NOTHING_COLLAPSED
    if linked["doc_count"] > _MOST_LISTED:
        return collapse(snapshot, conditions(), how)
    return _collapsed(snapshot, snapshot.read_hits(linked["listed"]), how)


def _may_collapse(snapshot: Snapshot, how: Collapse) -> bool:
    return how != "off" and len(snapshot.links.members) > 0


def _collapsed(snapshot: Snapshot, matching: Iterable[Found], how: Collapse) -> Collapsed:
    by_group: dict[int, list[Found]] = {}
    for found in matching:
        if group := snapshot.links.group(_number(found, "member")):
            by_group.setdefault(group, []).append(found)
    shown: dict[str, Found] = {}
    behind: dict[str, tuple[str, ...]] = {}
    for group_of in by_group.values():
        if len(group_of) > 1:
            first, *others = sorted(group_of, key=lambda found: _preference(found, how))
            shown |= {found.id: first for found in group_of}
            newest_first = sorted(others, key=lambda found: (-_moment(found), found.id))
            behind[first.id] = tuple(found.id for found in newest_first)
    return Collapsed(shown, behind)


def _preference(found: Found, how: Collapse) -> tuple[float, float, int]:
    newest, fullest = -_moment(found), -float(_number(found, "length.body"))
    member = _number(found, "member")
    return (newest, fullest, member) if how == "newest" else (fullest, newest, member)


def _number(found: Found, name: str) -> int:
    return int(found.values.get(name, [0])[0])


def _moment(found: Found) -> float:
    return float("-inf") if found.moment is None else found.moment


class Signed(NamedTuple):
    """An article with a signature: the `_id` of its version, and its member number."""

    version: str
    member: int
    signature: bytes


def new_links(before: Snapshot, fresh: Sequence[Signed]) -> tuple[Array, list[str]]:
    """Return (pairs of member numbers that `fresh` brings, `_id`s of all that have copies now).

    Those have to be marked, so that a search can find them.
    """
    known = {each.member: each for each in _near(before, fresh)}
    for each in fresh:
        known.pop(each.member, None)
    everything = [*known.values(), *fresh]
    members = np.array([each.member for each in everything], dtype=np.int64)
    signatures = np.frombuffer(b"".join(each.signature for each in everything), np.uint8)
    pairs = links(members, signatures.reshape(-1, SIGNATURE_BYTES), len(fresh))
    linked = set(pairs.ravel().tolist())
    already = set(before.links.members.tolist()) if before.commit.links else set()
    marked = [each.version for each in known.values() if each.member in linked - already]
    marked += [each.version for each in fresh if each.member in linked or each.member in already]
    return pairs, marked


def links_left(snapshot: Snapshot) -> Array:
    """Return pairs of member numbers that link those in the commit as its links do."""
    linked = snapshot.pages([_LINKED], ("member",), snapshot.commit.size)
    members = np.array([_number(found, "member") for found in linked], dtype=np.int64)
    return links_among([members], np.column_stack(snapshot.links))


def _near(before: Snapshot, fresh: Sequence[Signed]) -> Iterable[Signed]:
    """Yield the articles of the commit before that share a band with one of `fresh`."""
    if not before.commit.size:
        return
    for start in range(0, len(fresh), _BATCH):
        batch = fresh[start : start + _BATCH]
        asked = sorted({band for each in batch for band in bands(each.signature)})
        answer = before.search(
            {
                "query": before.query({"terms": {"bands": asked}}),
                "size": _MOST_NEAR,
                "sort": ["_doc"],
                "track_total_hits": False,
                "_source": ["member", "signature"],
            }
        )
        for hit in answer["hits"]["hits"]:
            source = hit["_source"]
            signature = base64.b64decode(source.get("signature", ""))
            if len(signature) == SIGNATURE_BYTES and isinstance(source.get("member"), int):
                yield Signed(hit["_id"], source["member"], signature)
