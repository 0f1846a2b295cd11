"""The search page: HTML that works as it is, and feeds; see docs/web.md."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

from searchkit.documents import Article
from searchkit.errors import DocumentNotFound, ExtraMissing, QueryError, SearchkitError
from searchkit.filtering import zoned
from searchkit.query.lowering import MOST_PATTERNS, MOST_TERMS
from searchkit.query.parsing import DEEPEST_QUERY, LONGEST_QUERY
from searchkit.search_index import SearchIndex
from searchkit.suggesting import LONGEST_PREFIX
from searchkit.web import views
from searchkit.web.facets import chips, facets
from searchkit.web.language import Wording, preferred
from searchkit.web.page_query import SORTS, PageError, PageQuery, document_path

try:
    from fastapi import APIRouter
    from fastapi.responses import JSONResponse
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.staticfiles import StaticFiles

    from searchkit.web.rendering import page
except ModuleNotFoundError as error:
    raise ExtraMissing("serve", error.name or "fastapi") from error

SUGGESTIONS = 7
_FEED_ENTRIES = 20
_LONGEST_TITLE = 80
_KEPT = "public, max-age=31536000, immutable"


class Run(Protocol):
    """Runs a function that searches, where it does not hold up the event loop."""

    def __call__(self, function: Callable[[], Response], /) -> Awaitable[Response]:
        """Return what `function` returns."""


class _Visit:
    """One request for a page: what every answer to it needs."""

    def __init__(self, request: Request, title: str, route: str = "") -> None:
        self.request = request
        self.root = _root(request, route)
        self.chosen = request.query_params.get("lang", "")
        self.say = Wording(preferred(request.headers.get("accept-language", ""), self.chosen))
        self.name = title or self.say("title")

    def query(self) -> PageQuery:
        return PageQuery.read(self.request.query_params.multi_items(), self.say)

    def address(self, query: PageQuery, path: str = "") -> str:
        return query.address(self.root + path)

    def document(self, document_id: str, query: PageQuery) -> str:
        return self.address(query, document_path(document_id))

    path = staticmethod(document_path)

    def stamp(self, moment: datetime | None) -> str:
        """Return a time as feeds write it; the beginning of time for none."""
        return (zoned(moment) if moment else datetime.fromtimestamp(0, UTC)).isoformat()

    def in_language(self, language: str) -> str:
        return f"?{self.request.url.include_query_params(lang=language).query}"

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        common: dict[str, Any] = {
            "say": self.say,
            "name": self.name,
            "root": self.root,
            "visit": self,
            "views": views,
            "base": str(self.request.url.replace(path=self.root, query="")),
        }
        return page(template, status, **(common | values))


def page_router(index: SearchIndex, *, title: str = "", run: Run | None = None) -> APIRouter:
    """Return the routes of the page on `index`; `title` is the name of the archive.

    `run` runs what searches, in a thread of its own unless given. The router has no prefix: it is
    included in an application, or mounted with it, wherever the page is to be. `static_files` is
    to be mounted at `static` below that.
    """
    router = APIRouter(include_in_schema=False)
    wait = run or run_in_threadpool
    answers: dict[str, Callable[[SearchIndex, _Visit], Response]] = {
        "/": _search,
        "/doc/{document_id:path}": _document,
        "/feed.xml": _feed,
        "/suggest": _suggest,
        "/opensearch.xml": _description,
    }
    for path, answer in answers.items():
        endpoint = _endpoint(index, partial(_Visit, title=title, route=path), answer, wait)
        router.add_api_route(path, endpoint, methods=["GET", "HEAD"])
    return router


def static_files() -> StaticFiles:
    """Return the application that serves style, scripts and icon, to be mounted at `static`."""
    return _Static(packages=[("searchkit.web", "static")])


def not_found(request: Request, title: str = "") -> Response:
    """Return the page that says that there is nothing at an address."""
    visit = _Visit(request, title)
    return _error(visit, 404, visit.say("error_address"))


class _Static(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # An address with a version is another one when the file changes.
        versioned = b"v=" in (args[2] if len(args) > 2 else kwargs["scope"])["query_string"]
        response.headers["Cache-Control"] = _KEPT if versioned else "no-cache"
        return response


def _endpoint(
    index: SearchIndex,
    visit: Callable[[Request], _Visit],
    answer: Callable[[SearchIndex, _Visit], Response],
    wait: Callable[[Callable[[], Response]], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await wait(partial(_answered, index, visit(request), answer))

    return endpoint


def _root(request: Request, route: str) -> str:
    """Return what the paths of the page begin with, wherever its router was mounted or included.

    `route` is the path of the route that `request` has taken, "" if it has taken none.
    """
    mounted = request.scope.get("root_path", "").rstrip("/")
    if not route:
        return f"{mounted}/"
    path = request.scope["path"]
    path = path[len(mounted) :] if path.startswith(f"{mounted}/") else path
    own = route.replace("{document_id:path}", request.path_params.get("document_id", ""))
    return f"{mounted}{quote(path.removesuffix(own))}/"


def _answered(
    index: SearchIndex, visit: _Visit, answer: Callable[[SearchIndex, _Visit], Response]
) -> Response:
    try:
        return answer(index, visit)
    except PageError as error:
        return _error(visit, 400, str(error))
    except QueryError:
        return _refused(visit)
    except DocumentNotFound:
        return _error(visit, 404, visit.say("error_document"))
    except SearchkitError:
        # The message names files of this machine: it is for those who run it.
        logging.getLogger("searchkit.web").exception("the page could not be made")
        return _error(visit, 503, visit.say("error_index"))


def _refused(visit: _Visit) -> Response:
    """Return the page on a query that cannot be answered; its error speaks English only."""
    if visit.request.query_params.get("cursor"):
        return _error(visit, 400, visit.say("error_cursor"))
    limits = {
        "characters": LONGEST_QUERY,
        "words": MOST_TERMS,
        "patterns": MOST_PATTERNS,
        "deep": DEEPEST_QUERY,
    }
    return _error(visit, 400, visit.say("error_query"), visit.say("error_limits", **limits))


def _error(visit: _Visit, status: int, message: str, reason: str = "") -> Response:
    text = visit.request.query_params.get("q", "")
    lang = preferred("", visit.chosen) if visit.chosen else ""
    query = PageQuery(text=text, chosen={}, lang=lang)
    return visit.page("error.html", status, query=query, message=message, reason=reason)


def _search(index: SearchIndex, visit: _Visit) -> Response:
    query = visit.query()
    found = views.search(index, query)
    page = found.hits
    return visit.page(
        "search.html",
        query=query,
        found=page,
        items=found.items,
        answered=found.answered,
        facets=facets(page, query, visit.say),
        chips=chips(query, visit.say),
        numbers=[] if query.cursor else views.numbers(query, page.total),
        after=views.after(page, query),
        sorts=SORTS if query.text else SORTS[1:],
        copies={hit.id: views.copies(index, hit.copies) for hit in page.hits if hit.copies},
    )


def _document(index: SearchIndex, visit: _Visit) -> Response:
    document_id = visit.request.path_params["document_id"]
    document = index.get(document_id)
    query = visit.query()
    words = query.words if query.text else ""
    shown: dict[str, Any] = {
        "query": query,
        "document": document,
        "mark": partial(views.mark, index, words),
        "similar": index.similar(document.id, limit=views.SIMILAR_SHOWN, fragments=False).hits,
    }
    if isinstance(document, Article):
        body = views.paragraphs(index, words, document.body)
        beside = views.beside(index, document)
        return visit.page("document.html", body=body, beside=beside, **shown)
    seen = list(views.sightings(index, document))
    article = index.article_of(document)
    return visit.page("item.html", seen=seen, article=article, **shown)


def _feed(index: SearchIndex, visit: _Visit) -> Response:
    query = visit.query().having(sort="newest")
    asked = query.arguments() | {"limit": _FEED_ENTRIES}
    found = index.search(query.words, **asked)
    response = visit.page("feed.xml", query=query, found=found)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response


def _suggest(index: SearchIndex, visit: _Visit) -> Response:
    """Answer as browsers ask for completions: the text, then a list of them."""
    text = visit.request.query_params.get("q", "")
    found = index.suggest(text, SUGGESTIONS) if len(text) <= LONGEST_PREFIX else []
    media = "application/x-suggestions+json"
    headers = {"Cache-Control": "private, max-age=60", "X-Content-Type-Options": "nosniff"}
    return JSONResponse([text, found], headers=headers, media_type=media)


def _description(index: SearchIndex, visit: _Visit) -> Response:
    response = visit.page("opensearch.xml")
    response.headers["Content-Type"] = "application/opensearchdescription+xml; charset=utf-8"
    return response
