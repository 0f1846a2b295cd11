"""Routes that only read: search, facets, suggest, similar, explain, documents, stats."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from searchkit.documents.stored import to_stored
from searchkit.engines.base import Collapse, Sort
from searchkit.errors import QueryError
from searchkit.filtering import days_of
from searchkit.objects import facets_object, stats_object
from searchkit.settings import MOST_RECENCY
from searchkit.web import models
from searchkit.web.answers import answer, page_answer
from searchkit.web.problems import Problem, documented
from searchkit.web.service import API, Served

MOST_HITS = 1000
LONGEST = 10_000

router = APIRouter(prefix=API, tags=["reading"])
_PROBLEMS = documented(400, 422, 429, 503, 504)
Facet = Literal["section", "source", "reporter", "month", "kind", "list"]
Id = Annotated[str, Field(min_length=1, max_length=LONGEST, description="id of a document")]
Values = Annotated[list[str], Field(max_length=100)]
Facets = Annotated[list[Facet], Field(max_length=6, description="what to count")]
Expansions = list[Literal["abbreviation", "synonym", "none"]]
_DATE = "a day, month or year (2024-06-20, 2024-06, 2024), a time (ISO 8601), or as in a query"


class Asked(BaseModel):
    """The parameters of a route, which refuses those that it has not: a slip is to be told."""

    model_config = {"extra": "forbid"}


class Narrowing(Asked):
    """The words of a search and what narrows it; see docs/serve.md."""

    q: str = Field("*", description="the query", examples=["pakta pertahanan"])
    kind: Literal["article", "item"] | None = None
    list: Values = Field([], description="lists in which items were seen")
    section: Values = []
    source: Values = []
    reporter: Values = []
    month: Values = Field([], description="months such as 2024-06")
    since: str | None = Field(None, description=_DATE, examples=["2024-06"])
    until: str | None = Field(None, description=f"{_DATE}; included", examples=["2024-06-30"])
    facet: Facets = []
    facet_limit: int = Field(20, ge=1, le=1000)
    multi_select: bool = False
    expand: Expansions | None = Field(
        None, max_length=3, description="by what the query is expanded; `none` for nothing"
    )
    collapse: Collapse | None = None
    tolerant: bool | None = None

    def arguments(self) -> dict[str, Any]:
        """Return these as arguments of `SearchIndex.search`."""
        return {
            **self.model_dump(
                include={"kind", "section", "source", "reporter", "month", "facet_limit"}
            ),
            "list_name": self.list,
            "since": _moment(self.since, 0),
            "until": _moment(self.until, 1),
            "facets": self.facet,
            "multi_select": self.multi_select,
            "expand": expansions(self.expand),
            "collapse": self.collapse,
            "tolerant": self.tolerant,
        }


class Search(Narrowing):
    """All that can be asked of a search."""

    limit: int = Field(10, ge=0, le=MOST_HITS)
    offset: int = Field(0, ge=0)
    cursor: str | None = Field(None, description="`next_cursor` of an answer to the same search")
    sort: Sort = "relevance"
    recency: float | None = Field(None, ge=0, le=MOST_RECENCY)
    fragments: bool = True

    def arguments(self) -> dict[str, Any]:
        """Return these as arguments of `SearchIndex.search`."""
        names = {"limit", "offset", "cursor", "sort", "recency", "fragments"}
        return super().arguments() | self.model_dump(include=names)


class Suggest(Asked):
    """What is being typed."""

    q: str = Field(description="what was typed so far", examples=["pakta p"])
    limit: int = Field(8, ge=0, le=100)


class Similar(Asked):
    """A document, and how many like it."""

    id: Id
    limit: int = Field(10, ge=0, le=MOST_HITS)
    copies: bool = False
    fragments: bool = True


class Explain(Asked):
    """A query and a document that it finds."""

    q: str = Field(examples=["pakta"])
    id: Id
    expand: Expansions | None = None
    recency: float | None = Field(None, ge=0, le=MOST_RECENCY)


def expansions(given: Sequence[str] | None) -> list[str] | None:
    """Return the rules asked for; None to leave it to the settings."""
    return None if given is None else [rule for rule in given if rule != "none"]


def _moment(text: str | None, end: int) -> date | datetime | None:
    if text is None:
        return None
    if period := days_of(text):
        return period[end]
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise QueryError(f"{text!r} is no date; write one such as 2024-06-20 or 2024-06") from None


@router.get("/search", response_model=models.ResultPageModel, responses=_PROBLEMS)
async def search(request: Request, asked: Annotated[Search, Query()], served: Served) -> Response:
    """Search: the best hits of a query, with the places where they matched."""

    def found() -> Response:
        page = served.index.search(asked.q, **asked.arguments())
        return page_answer(request, page)

    return await served.search(found)


@router.get("/facets", response_model=models.FacetsModel, responses=_PROBLEMS)
async def facets(
    request: Request, asked: Annotated[Narrowing, Query()], served: Served
) -> Response:
    """Count the values of facets over all hits of a query, without the hits."""

    def found() -> Response:
        page = served.index.search(asked.q, limit=0, fragments=False, **asked.arguments())
        counted = {"query": page.query, "total": page.total, "facets": facets_object(page)}
        return answer(request, counted)

    return await served.search(found)


@router.get(
    "/suggest",
    response_model=models.SuggestionsModel,
    responses=_PROBLEMS,
)
async def suggest(request: Request, asked: Annotated[Suggest, Query()], served: Served) -> Response:
    """Complete what is being typed."""

    def found() -> Response:
        return answer(request, {"suggestions": served.index.suggest(asked.q, asked.limit)})

    return await served.search(found)


@router.get(
    "/similar",
    response_model=models.ResultPageModel,
    responses=documented(400, 404, 422, 429, 503, 504),
)
async def similar(request: Request, asked: Annotated[Similar, Query()], served: Served) -> Response:
    """Find the articles most like a document."""

    def found() -> Response:
        given = asked.model_dump(exclude={"id"})
        return page_answer(request, served.index.similar(asked.id, **given))

    return await served.search(found)


@router.get(
    "/explain",
    response_model=models.ExplanationModel | None,
    responses=documented(400, 404, 422, 429, 503, 504),
)
async def explain(request: Request, asked: Annotated[Explain, Query()], served: Served) -> Response:
    """Say why a document is a hit, and what its score is made of; null when it is none."""

    def found() -> Response:
        rules = expansions(asked.expand)
        explained = served.index.explain(asked.q, asked.id, expand=rules, recency=asked.recency)
        return answer(request, explained and asdict(explained))

    return await served.search(found)


@router.get("/stats", response_model=models.StatsModel, responses=documented(429, 503, 504))
async def stats(request: Request, served: Served) -> Response:
    """Tell how much is in the index."""
    return await served.search(lambda: answer(request, stats_object(served.index.stats())))


@router.get(
    "/documents/{id:path}",
    response_model=models.DocumentModel,
    responses=documented(404, 422, 429, 503, 504),
)
async def document(request: Request, served: Served, id: str) -> Response:  # noqa: A002
    """Return a document whole, as `searchkit export` writes it."""
    if not id:
        raise Problem(404, "document-not-found", "there is no document of that id")
    return await served.search(lambda: answer(request, to_stored(served.index.get(id))))
