"""A server of HTTP on this machine that answers as a test tells it."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme

from searchkit.engines.opensearch.options import Options, read_options

Answer = tuple[int, dict[str, Any] | list[Any] | str]
"""A status, and an object, a list or a page."""


@dataclass
class Asked:
    """What a server was asked: (method, path, body) each, their headers, the most at a time.

    `connections` counts those that were made for it.
    """

    requests: list[tuple[str, str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    most_at_a_time: int = 0
    connections: int = 0


@contextmanager
def answering(
    answer: Callable[[str, str, str], Answer],
    certificate: trustme.LeafCert | None = None,
    **section: Any,
) -> Iterator[tuple[Options, Asked]]:
    """Answer requests until the block ends; yield options for such a server, and what it is asked.

    With `certificate` by TLS. Requests are tried again for 2 seconds, when `section` does not say
    otherwise.
    """
    asked, guard, at_a_time = Asked(), threading.Lock(), [0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            with guard:
                asked.connections += 1

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionError, ssl.SSLError):  # the client has gone, or trusts no such server
                self.close_connection = True

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            with guard:
                asked.requests.append((self.command, self.path, body))
                asked.headers.append({name.lower(): text for name, text in self.headers.items()})
                at_a_time[0] += 1
                asked.most_at_a_time = max(asked.most_at_a_time, at_a_time[0])
            status, found = answer(self.command, self.path, body)
            with guard:
                at_a_time[0] -= 1
            text = found if isinstance(found, str) else json.dumps(found)
            data = text.encode()
            self.send_response(status)
            kind = "text/html" if isinstance(found, str) else "application/json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"opensearch://127.0.0.1:{server.server_port}/news"
    if certificate is not None:
        url += "?tls=true"
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
        # The handshake is left to the thread of the connection: it may fail, as a test wants it.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield read_options(url, {"patience": 2} | section), asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def refusal(status: int, kind: str, reason: str = "") -> Answer:
    """Return an answer that is an error, as OpenSearch writes it."""
    cause = {"type": kind, "reason": reason}
    return status, {"error": {**cause, "root_cause": [cause]}, "status": status}
