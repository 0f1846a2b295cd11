"""Results as the JSON of the API. `models` describes it; to validate each answer would be slow."""

import hashlib
from dataclasses import asdict
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from searchkit.explaining import HitExplanation
from searchkit.indexing import IndexReport
from searchkit.results import Fragment, Hit, ResultPage
from searchkit.upkeep import Stats


def answer(request: Request, content: Any, *, changing: Any = None) -> Response:
    """Return `content` as JSON, or that the client has it already.

    `changing` is laid over it; the tag by which an answer is known does not depend on it.
    """
    body = orjson.dumps(content)
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    asked = request.headers.get("if-none-match", "")
    if tag in (each.strip() for each in asked.split(",")):
        return Response(status_code=304, headers=headers)
    if changing:
        body = orjson.dumps(content | changing)
    return Response(body, headers=headers, media_type="application/json")


def page_object(page: ResultPage) -> dict[str, Any]:
    """Return the object of a result page, less the time it took."""
    return {
        "query": page.query,
        "total": page.total,
        "offset": page.offset,
        "limit": page.limit,
        "relaxed": page.relaxed,
        "suggestion": page.suggestion,
        "corrections": [{"typed": each.typed, "taken": each.taken} for each in page.corrections],
        "hits": [hit_object(hit) for hit in page.hits],
        "facets": facets_object(page),
        "next_cursor": page.next_cursor,
    }


def facets_object(page: ResultPage) -> dict[str, list[dict[str, Any]]]:
    """Return the facets of a result page."""
    return {
        name: [{"value": each.value, "count": each.count} for each in counts]
        for name, counts in page.facets.items()
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """Return the object of a hit."""
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
        "lists": hit.lists,
        "blocks": hit.blocks,
        "title": fragment_object(hit.title),
        "snippet": fragment_object(hit.snippet),
        "fragments": [fragment_object(fragment) for fragment in hit.fragments],
        "seen": [{"page": sighting.page, "list": sighting.list} for sighting in hit.seen],
        "article_id": hit.article_id or None,
        "copies": hit.copies,
    }


def fragment_object(fragment: Fragment) -> dict[str, Any]:
    """Return the object of a fragment, with its text as safe HTML."""
    return {
        "block": fragment.block,
        "text": fragment.text,
        "start": fragment.start,
        "marks": fragment.marks,
        "cut_before": fragment.cut_before,
        "cut_after": fragment.cut_after,
        "html": fragment.html(),
    }


def explanation_object(found: HitExplanation) -> dict[str, Any]:
    """Return the object of an explanation."""
    return asdict(found)


def stats_object(stats: Stats) -> dict[str, Any]:
    """Return the object of the size of an index; where it is, is nobody's business."""
    return {
        "engine": stats.engine,
        "analyzer": stats.analyzer,
        "documents": dict(stats.size.documents),
        "terms": dict(stats.size.terms),
        "segments": stats.size.segments,
        "generation": stats.size.generation,
        "disk_bytes": stats.size.disk_bytes,
    }


def report_object(report: IndexReport) -> dict[str, Any]:
    """Return the object of what an indexing run did."""
    return {
        "added": dict(report.added),
        "updated": dict(report.updated),
        "unchanged": dict(report.unchanged),
        "skipped": [{"origin": each.origin, "reason": each.reason} for each in report.skipped],
        "skipped_count": report.skipped_count,
        "warnings": report.warnings,
        "warning_count": report.warning_count,
    }
