"""For who operates the server: health, and metrics in the text form of Prometheus."""

import os
from collections.abc import Iterator, Mapping

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from searchkit.web import models
from searchkit.web.problems import documented
from searchkit.web.service import Served

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the processes of one server share their numbers."""

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

router = APIRouter(tags=["operating"])


class Metrics:
    """Counts requests, by method, template of the route, and status."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "searchkit_http_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "searchkit_http_request_duration_seconds",
            "Time to answer a request",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "searchkit_http_requests_in_flight",
            "Requests being answered",
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def name_of(self, scope: Scope) -> str:
        """Return the template of the route that a request took, "unmatched" if none."""
        if isinstance(scope.get("endpoint"), StaticFiles):
            return "/static"
        template: str = getattr(scope.get("route"), "path", "unmatched")
        return template

    def text(self, documents: Mapping[str, int]) -> bytes:
        """Return all numbers, those of the other processes of this server among them.

        `documents` is how many there are of each kind.
        """
        counted = self.registry
        if os.environ.get(SHARED_FOLDER):
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # its library's lack
        of_index = CollectorRegistry()
        of_index.register(_Documents(documents))
        return generate_latest(counted) + generate_latest(of_index)


class _Documents:
    """How many documents there are: of the index, not of one of the processes that serve it."""

    def __init__(self, documents: Mapping[str, int]) -> None:
        self._documents = documents

    def collect(self) -> Iterator[Metric]:
        """Yield the number of each kind."""
        family = GaugeMetricFamily("searchkit_documents", "Documents in the index", labels=["kind"])
        for kind, count in self._documents.items():
            family.add_metric([kind], count)
        yield family


@router.get("/health/live", response_model=models.HealthModel)
async def live() -> Response:
    """Say that the process answers."""
    return Response(b'{"status":"ok"}', media_type="application/json")


@router.get("/health/ready", response_model=models.HealthModel, responses=documented(503, 504))
async def ready(served: Served) -> Response:
    """Say that the index can be searched."""
    await served.search(lambda: served.index.search("*", limit=0, fragments=False))
    return Response(b'{"status":"ok"}', media_type="application/json")


@router.get("/metrics", response_class=Response, responses=documented(503, 504))
async def metrics(request: Request, served: Served) -> Response:
    """Return the metrics of Prometheus."""
    counted: Metrics = request.app.state.metrics
    text = await served.search(lambda: counted.text(served.documents()))
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})
