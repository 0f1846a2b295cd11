"""Errors as HTTP answers: problem details of RFC 9457, `application/problem+json`."""

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from searchkit.errors import DocumentNotFound, SearchkitError, http_status
from searchkit.web.page import not_found
from searchkit.web.pool import Overloaded, TookTooLong

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "1"
_LOG = logging.getLogger("searchkit.web")
_SERVER_SIDE = 500


class ProblemDetails(BaseModel):
    """What went wrong, after RFC 9457."""

    type: str = Field(examples=["urn:searchkit:problem:query-error"])
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["there is no sort 'best'; there are relevance, newest, oldest"])
    errors: list[str] | None = Field(None, description="each thing that was wrong with a request")


class Problem(Exception):
    """An answer that tells what went wrong; `name` ends its type."""

    def __init__(
        self, status: int, name: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = headers
        super().__init__(detail)


def problem_response(
    status: int,
    name: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: list[str] | None = None,
) -> Response:
    """Return the answer that tells of a problem."""
    content: dict[str, Any] = {
        "type": f"urn:searchkit:problem:{name}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = errors
    return Response(orjson.dumps(content), status, headers, MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route, for OpenAPI, that answers with these problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Have errors answered as problems."""
    app.add_exception_handler(SearchkitError, _of_searchkit)
    app.add_exception_handler(Problem, _of_problem)
    app.add_exception_handler(Overloaded, _of_overload)
    app.add_exception_handler(TookTooLong, _of_time)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)


def _of_searchkit(request: Request, error: Exception) -> Response:
    assert isinstance(error, SearchkitError), "it is installed for these"
    status = http_status(error)
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    if isinstance(error, DocumentNotFound):
        # The message of the library says where the index is, which is nobody's business here.
        return problem_response(status, name, "there is no document of that id")
    if status >= _SERVER_SIDE:
        _LOG.error("%s: %s", type(error).__name__, error)
        detail = "the index cannot be used at the moment; the log of the server says why"
        return problem_response(status, name, detail, {"Retry-After": RETRY_SECONDS})
    return problem_response(status, name, str(error))


def _of_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem), "it is installed for these"
    return problem_response(error.status, error.name, error.detail, error.headers)


def _of_overload(request: Request, error: Exception) -> Response:
    detail = "too many requests are being answered; try again in a moment"
    return problem_response(503, "overloaded", detail, {"Retry-After": RETRY_SECONDS})


def _of_time(request: Request, error: Exception) -> Response:
    return problem_response(504, "took-too-long", "this took too long and was given up")


def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError), "it is installed for these"
    errors = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    errors = [each.encode(errors="replace").decode() for each in errors]
    return problem_response(422, "invalid-request", "; ".join(errors[:3]), errors=errors[:100])


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "it is installed for these"
    if error.status_code == HTTPStatus.NOT_FOUND and _wants_page(request):
        return not_found(request, request.app.state.service.options.title)
    name = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods(request)):
        headers = {"Allow": ", ".join(methods)}
    return problem_response(error.status_code, name, str(error.detail), headers)


def _methods(request: Request) -> list[str]:
    """Return the methods of an address, of all its routes; each of them knows of its own only."""
    return [
        method
        for method in ("DELETE", "GET", "HEAD", "POST", "PUT")
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


def _wants_page(request: Request) -> bool:
    """Return whether a browser looks for a page at an address that is none of the API's."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(
        "/api/"
    )
