"""What every request passes: it is counted, logged, checked, and answered with safe headers."""

import ipaddress
import logging
import time
from contextlib import suppress
from urllib.parse import urlsplit

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchkit.errors import SettingsError
from searchkit.web.operating import Metrics
from searchkit.web.problems import problem_response

ACCESS = logging.getLogger("searchkit.access")
_LOG = logging.getLogger("searchkit.web")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}


class Observed:
    """Counts and logs each request, sets headers that are missing, and answers for faults."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, sending)
        except Exception:
            _LOG.exception("a request failed")
            if status:
                raise
            detail = "a fault in searchkit itself; the log of the server says which"
            await problem_response(500, "internal", detail)(scope, receive, sending)
        finally:
            self._metrics.in_flight.dec()
            self._observe(scope, status, time.perf_counter() - start)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        # Names that a client makes up must not become names of series.
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.count(method, self._metrics.name_of(scope), status, seconds)
        client = scope["client"][0] if scope.get("client") else "-"
        query = scope["query_string"].decode("ascii", "replace")
        path = ascii(scope["path"] + (f"?{query}" if query else ""))[1:-1]
        ACCESS.info('%s "%s %s" %d %.1fms', client, method, path, status, seconds * 1000)


class KnownHosts:
    """Refuses requests for a name that is not the server's, as DNS rebinding makes browsers send.

    An IP address is no name that could be rebound.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self._app = app
        self._names = {"localhost", *(name.lower() for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and not self._knows(Headers(scope=scope).get("host", "")):
            detail = "this server does not go by that name; add it to allowed_hosts"
            await problem_response(421, "unknown-host", detail)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        if "*" in self._names:
            return True
        with suppress(ValueError):
            name = urlsplit(f"//{host}").hostname or ""
            if name.rstrip(".") in self._names:
                return True
            ipaddress.ip_address(name)
            return True
        return False


class BodyLimit:
    """Refuses bodies that are too large, also those that do not say how large they are."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a body of more than `most` bytes ends in HTTPException 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        got = 0

        async def receiving() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > self._most:
                raise self._too_large()
            return message

        told = Headers(scope=scope).get("content-length", "")
        if told.isdigit() and int(told) > self._most:
            await problem_response(413, "content-too-large", self._too_large().detail)(
                scope, receive, send
            )
            return
        await self._app(scope, receiving, send)

    def _too_large(self) -> HTTPException:
        detail = f"the body has more than {self._most:,} bytes; send smaller batches"
        return HTTPException(413, detail)


class Rate:
    """Refuses requests of a client that makes too many."""

    def __init__(self, app: ASGIApp, rate: str) -> None:
        """SettingsError unless `rate` is one, such as "100/second"."""
        self._app = app
        self._item = parse_rate(rate)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and not scope["path"].startswith("/health/"):
            client = scope["client"][0] if scope.get("client") else "-"
            if not self._limiter.hit(self._item, client):
                reset, _ = self._limiter.get_window_stats(self._item, client)
                headers = {"Retry-After": str(max(1, round(reset - time.time())))}
                detail = f"more than {self._item} from one client; try again later"
                response = problem_response(429, "too-many-requests", detail, headers)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def parse_rate(rate: str) -> RateLimitItem:
    """Return a rate such as "100/second"; SettingsError if it is none, or lets nobody in."""
    with suppress(ValueError):
        item = parse(rate)
        if item.amount > 0:
            return item
    raise SettingsError(
        f"the rate {rate!r} must be as '100/second' or '3000/minute', or 'off' for any number"
    )
