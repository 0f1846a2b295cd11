"""Results as objects of JSON: what `--json` prints and the API answers with, the same in both.

What each shows in a way of its own, it lays over these.
"""

from collections.abc import Callable
from typing import Any

from searchkit.results import Fragment, Hit, ResultPage
from searchkit.upkeep import Stats


def page_object(page: ResultPage, hit: Callable[[Hit], dict[str, Any]]) -> dict[str, Any]:
    """Return the object of a result page, of whose hits `hit` makes objects; without its time."""
    return {
        "query": page.query,
        "total": page.total,
        "offset": page.offset,
        "limit": page.limit,
        "relaxed": page.relaxed,
        "suggestion": page.suggestion,
        "corrections": [{"typed": each.typed, "taken": each.taken} for each in page.corrections],
        "hits": [hit(each) for each in page.hits],
        "facets": facets_object(page),
        "next_cursor": page.next_cursor,
    }


def time_object(page: ResultPage) -> dict[str, float]:
    """Return the object of the time that a search took, which no two have in common."""
    return {"milliseconds": round(page.seconds * 1000, 2)}


def facets_object(page: ResultPage) -> dict[str, list[dict[str, Any]]]:
    """Return the facets of a result page, by name."""
    return {
        name: [{"value": each.value, "count": each.count} for each in counts]
        for name, counts in page.facets.items()
    }


def hit_object(hit: Hit, fragment: Callable[[Fragment], dict[str, Any]]) -> dict[str, Any]:
    """Return the object of a hit, of whose fragments `fragment` makes objects; no snippet."""
    return {
        "rank": hit.rank,
        "id": hit.id,
        "kind": hit.kind,
        "score": round(hit.score, 4),
        "headline": hit.headline,
        "published": hit.published.isoformat(timespec="minutes") if hit.published else None,
        "section": hit.section,
        "source": hit.source,
        "reporter": hit.reporter,
        "url": hit.url,
        "lists": list(hit.lists),
        "blocks": list(hit.blocks),
        "title": fragment(hit.title),
        "fragments": [fragment(each) for each in hit.fragments],
        "seen": [{"page": sighting.page, "list": sighting.list} for sighting in hit.seen],
        "article_id": hit.article_id or None,
        "copies": list(hit.copies),
    }


def fragment_object(fragment: Fragment) -> dict[str, Any]:
    """Return the object of a fragment, its marks as pairs of offsets into `text`."""
    return {
        "block": fragment.block,
        "text": fragment.text,
        "start": fragment.start,
        "marks": [list(mark) for mark in fragment.marks],
        "cut_before": fragment.cut_before,
        "cut_after": fragment.cut_after,
    }


def stats_object(stats: Stats) -> dict[str, Any]:
    """Return the object of the size of an index, without the place where it is."""
    return {
        "engine": stats.engine,
        "analyzer": stats.analyzer,
        "documents": dict(stats.size.documents),
        "terms": dict(stats.size.terms),
        "segments": stats.size.segments,
        "generation": stats.size.generation,
        "disk_bytes": stats.size.disk_bytes,
    }
