"""The application: the page, the routes of the API, and what every request passes before them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from searchkit.errors import ExtraMissing
from searchkit.search_index import SearchIndex
from searchkit.web.options import WebOptions

try:
    from fastapi import APIRouter, FastAPI
    from fastapi.routing import APIRoute
    from starlette.middleware.cors import CORSMiddleware
    from starlette.middleware.gzip import GZipMiddleware

    from searchkit.web import operating, problems, reading, writing
    from searchkit.web.guarding import BodyLimit, KnownHosts, Observed, Rate
    from searchkit.web.operating import Metrics
    from searchkit.web.page import page_router, static_files
    from searchkit.web.service import API, Service
except ModuleNotFoundError as error:
    raise ExtraMissing("serve", error.name or "fastapi") from error

_SMALLEST_PACKED = 1000
_GZIP_LEVEL = 4  # of most of the gain, at a fraction of the time


def create_app(index: SearchIndex, options: WebOptions) -> FastAPI:
    """Return the application that serves `index`, which stays the caller's to close.

    Raises SettingsError when `options` say something impossible.
    """
    service = Service(index, options)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    app = FastAPI(
        title="searchkit",
        version=version("searchkit"),
        description="Full-text search for Indonesian news.",
        openapi_url=f"{API}/openapi.json",
        # Its pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.metrics = Metrics()
    problems.install(app)
    app.include_router(reading.router)
    app.include_router(writing.router)
    app.include_router(operating.router)
    _answer_head(app, reading.router, operating.router)
    app.include_router(page_router(index, title=options.title, run=service.search))
    app.mount("/static", static_files(), name="static")
    _describe_problems(app)
    _guard(app, options)
    return app


def _answer_head(app: FastAPI, *routers: APIRouter) -> None:
    """Have what answers GET answer HEAD, too, by routes of their own that no description names."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                app.add_api_route(
                    route.path, route.endpoint, methods=["HEAD"], include_in_schema=False
                )


def _guard(app: FastAPI, options: WebOptions) -> None:
    """Add what every request passes; what is added last comes first."""
    app.add_middleware(BodyLimit, most=options.max_body_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=_SMALLEST_PACKED, compresslevel=_GZIP_LEVEL)
    if options.rate != "off":
        app.add_middleware(Rate, rate=options.rate)
    if options.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=options.cors_origins,
            allow_methods=["GET"],
            expose_headers=["ETag", "Retry-After"],
        )
    app.add_middleware(KnownHosts, names=options.allowed_hosts)
    app.add_middleware(Observed, metrics=app.state.metrics)


def _describe_problems(app: FastAPI) -> None:
    """Have the OpenAPI description hold the schema of problems, also in place of FastAPI's own."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas = make()["components"]["schemas"]
            schemas["ProblemDetails"] = problems.ProblemDetails.model_json_schema()
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
        assert app.openapi_schema is not None, "it has just been made"
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation advises
