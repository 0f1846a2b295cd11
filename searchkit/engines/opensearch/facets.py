"""The facets of what is found, counted by OpenSearch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from searchkit.analysis.normalization import fold_value
from searchkit.engines.base import FacetsWanted, Filters
from searchkit.engines.opensearch.copies import Collapsed
from searchkit.engines.opensearch.ranked import Search
from searchkit.engines.opensearch.snapshot import Snapshot
from searchkit.engines.opensearch.translation import Query
from searchkit.results import FacetCount

# More than are shown, so that equals are told apart by their spelling and not by chance.
_SPARE = 1000


def facets_of(
    search: Search, wanted: FacetsWanted, collapsed: Collapsed
) -> dict[str, tuple[FacetCount, ...]]:
    """Return the facets of all hits; `collapsed` is what of them is shown."""
    counts: dict[str, dict[str, int]] = {}
    together = []
    for field in wanted.fields:
        own = search.filters.without(field)
        if wanted.multi_select and own is not search.filters:
            counts |= _counts(search, own, search.collapsed(own), [field], wanted.most)
        else:
            together.append(field)
    if together:
        counts |= _counts(search, search.filters, collapsed, together, wanted.most)
    shown = _spellings(search.snapshot, counts)
    return {field: _ordered(counts[field], shown[field], wanted.most) for field in wanted.fields}


def _ordered(
    counts: Mapping[str, int], shown: Mapping[str, str], most: int
) -> tuple[FacetCount, ...]:
    values = [FacetCount(shown.get(value, value), count) for value, count in counts.items()]
    values.sort(key=lambda value: (-value.count, value.value))
    return tuple(values[:most])


def _counts(
    search: Search, filters: Filters, collapsed: Collapsed, fields: Iterable[str], most: int
) -> dict[str, dict[str, int]]:
    """Return by facet how many documents have each value, folded."""
    conditions = [*search.conditions(filters), *collapsed.shown_only]
    asked = {field: _terms(f"facet.{field}", most + _SPARE) for field in fields}
    return _buckets(search.snapshot, conditions, asked)


def _spellings(
    snapshot: Snapshot, counts: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, str]]:
    """Return by facet the commonest spelling, of the whole index, of each folded value."""
    shown: dict[str, dict[str, str]] = {field: {} for field in counts}
    asked = {}
    for field, values in counts.items():
        if values:
            inner = _terms(f"spelling.{field}", 3 * len(values) + _SPARE)
            having = {"terms": {f"facet.{field}": list(values)}}
            asked[field] = {"filter": having, "aggs": {"spelled": inner}}
    found = _buckets(snapshot, [], asked) if asked else {}
    for field, spellings in found.items():
        by_value: dict[str, Counter[str]] = {}
        for spelling, count in spellings.items():
            by_value.setdefault(fold_value(spelling), Counter())[spelling] = count
        shown[field] = {
            value: min((-count, spelling) for spelling, count in each.items())[1]
            for value, each in by_value.items()
        }
    return shown


def _terms(name: str, size: int) -> dict[str, Any]:
    return {"terms": {"field": name, "size": size, "shard_size": 2 * size}}


def _buckets(
    snapshot: Snapshot, conditions: Sequence[Query], asked: Mapping[str, Any]
) -> dict[str, dict[str, int]]:
    answer = snapshot.search(
        {
            "query": snapshot.query(*conditions),
            "size": 0,
            "track_total_hits": False,
            "aggs": dict(asked),
        }
    )
    found = {}
    for name, result in answer["aggregations"].items():
        buckets = (result.get("spelled") or result)["buckets"]
        found[name] = {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    return found
