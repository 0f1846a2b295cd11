"""Results as the JSON of the API. `models` describes it; to validate each answer would be slow."""

import hashlib
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from searchkit.indexing import IndexReport
from searchkit.objects import fragment_object, hit_object, page_object, time_object
from searchkit.results import Fragment, Hit, ResultPage


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


def page_answer(request: Request, page: ResultPage) -> Response:
    """Return a result page as JSON."""
    return answer(request, page_object(page, _hit), changing=time_object(page))


def _hit(hit: Hit) -> dict[str, Any]:
    return hit_object(hit, _fragment) | {"snippet": _fragment(hit.snippet)}


def _fragment(fragment: Fragment) -> dict[str, Any]:
    """Return the object of a fragment, with its text as safe HTML."""
    return fragment_object(fragment) | {"html": fragment.html()}


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
