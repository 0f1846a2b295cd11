"""Routes that write: index and delete, for those who show the token."""

import secrets
from dataclasses import replace
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response

from searchkit.documents import Page, Skipped
from searchkit.documents.records import read_record
from searchkit.indexing import IndexReport
from searchkit.web import models
from searchkit.web.answers import report_object
from searchkit.web.problems import Problem, documented
from searchkit.web.service import API, Served

_bearer = HTTPBearer(auto_error=False, description="the token of the server")


def _may_write(
    served: Served, shown: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> None:
    token = served.options.token
    if token is None:
        raise Problem(
            403,
            "writing-is-off",
            "this server has no token, so nobody can write; start it with SEARCHKIT_TOKEN in its "
            "environment, or token_file in the section [serve] of searchkit.toml",
        )
    given = shown.credentials if shown else ""
    if not secrets.compare_digest(given.encode(errors="replace"), token.encode()):
        raise Problem(
            401,
            "wrong-token",
            "show the token of this server in a header `Authorization: Bearer TOKEN`",
            {"WWW-Authenticate": "Bearer"},
        )


router = APIRouter(prefix=API, tags=["writing"], dependencies=[Depends(_may_write)])
_PROBLEMS = documented(400, 401, 403, 413, 422, 429, 503)
_OF_DELETE = _PROBLEMS | documented(404)


_ORIGIN = "api"
"""What records come from, were they in a file: the place in a batch is no part of an id."""


def _read(record: models.Record, place: int = 1) -> Page | Skipped:
    """Return what a record holds, under its `id` as it is given.

    The records of a file are of one source, in which alone a number is an id; those of a client are
    not, and the id is all that the client can ask for, change or delete the document by.
    """
    read = replace(read_record(record, _ORIGIN), origin=f"#{place}")
    given = record.get("id")
    named = isinstance(given, str | int) and bool(str(given).strip())
    if named and isinstance(read, Page) and read.article:
        return replace(read, article=replace(read.article, id=str(given)))
    return read


def _told(report: IndexReport) -> Response:
    return Response(orjson.dumps(report_object(report)), media_type="application/json")


@router.post("/documents", response_model=models.IndexReportModel, responses=_PROBLEMS)
async def index_documents(batch: models.BatchModel, served: Served) -> Response:
    """Index documents in one commit, each in place of the one of its `id`, which is taken as it is.

    Records that cannot be used are skipped and reported; the others are indexed.
    """
    records = enumerate(batch.documents, start=1)
    sources = [_read(each, number) for number, each in records]
    return _told(await served.write(lambda: served.index.add(sources)))


@router.put("/documents/{id:path}", response_model=models.IndexReportModel, responses=_PROBLEMS)
async def put_document(id: str, record: models.Record, served: Served) -> Response:  # noqa: A002
    """Index one document under an id of the client's."""
    given = record.get("id")
    if not id.strip() or (given not in (None, "") and str(given) != id):
        raise Problem(422, "other-id", "the id in the document must be that of the address")
    read = _read(record | {"id": id})
    if isinstance(read, Skipped):
        raise Problem(422, "unusable-document", read.reason)
    report = await served.write(lambda: served.index.add([read]))
    if report.skipped:
        raise Problem(422, "unusable-document", report.skipped[0].reason)
    return _told(report)


@router.delete("/documents", response_model=models.DeletedModel, responses=_OF_DELETE)
async def delete_documents(
    served: Served,
    id: Annotated[list[str], Query(min_length=1, max_length=1000)],  # noqa: A002
) -> Response:
    """Delete documents by their ids: all of them, or none if one is not there."""
    await served.write(lambda: served.index.delete(*id))
    return Response(orjson.dumps({"deleted": len(set(id))}), media_type="application/json")


@router.delete(
    "/documents/{id:path}",
    response_model=models.DeletedModel,
    responses=_OF_DELETE,
)
async def delete_document(served: Served, id: str) -> Response:  # noqa: A002
    """Delete one document."""
    await served.write(lambda: served.index.delete(id))
    return Response(orjson.dumps({"deleted": 1}), media_type="application/json")
