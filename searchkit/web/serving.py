"""Runs the application, in one process or several, until it is asked to stop."""

import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from searchkit.engines.location import Location
from searchkit.errors import SettingsError
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings
from searchkit.web.options import WebOptions


@dataclass(frozen=True)
class _AppOf:
    """Makes the application, in the process that runs it."""

    location: Location
    settings: Settings
    options: WebOptions

    def __call__(self) -> FastAPI:
        from searchkit.web.app import create_app

        log_to_stderr()
        _end_with_parent()
        return create_app(SearchIndex.open(self.location, self.settings), self.options)


def _end_with_parent() -> None:
    """Have this process, if it is one of several, end when the one above it was killed.

    It would go on with the port, and nobody could tell it to stop.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait(parent: BaseProcess) -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, args=(parent,), name="searchkit-parent", daemon=True).start()


class _Processes(Multiprocess):
    """The processes of a server, that take no connection once they are told to end."""

    def terminate_all(self) -> None:
        """Have all end; what they leave in the queue of the socket, nobody would answer."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()


def bind(options: WebOptions) -> socket.socket:
    """Return a socket that listens where `options` say; SettingsError if it cannot be had."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # asyncio sends at once on sockets that name their protocol: on others the end of each answer
    # waits 40 ms for the client to acknowledge its beginning.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((options.host, options.port))
        listening.listen(2048)
        listening.set_inheritable(True)
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"cannot listen at {options.host} port {options.port}: {error.strerror or error}; name "
            "another with --host and --port"
        ) from None
    return listening


def _end_with_terminal() -> None:
    """Have a terminal that is closed end this process as SIGTERM does, which uvicorn sees to."""
    number = getattr(signal, "SIGHUP", None)
    here = threading.current_thread() is threading.main_thread()
    if number is not None and here and signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))


def serve(
    location: Location, settings: Settings, options: WebOptions, listening: socket.socket
) -> None:
    """Serve the index until SIGTERM, SIGINT or SIGHUP; requests under way are answered first."""
    config = uvicorn.Config(
        _AppOf(location, settings, options),
        factory=True,
        workers=options.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(options.trusted_proxies),
        forwarded_allow_ips=list(options.trusted_proxies),
        timeout_graceful_shutdown=max(1, round(options.grace)),
        ws="none",
    )
    if options.workers == 1:
        _end_with_terminal()
        # Once it has stopped, uvicorn raises the signal again, as if nobody had seen to it.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([listening])
        return
    with tempfile.TemporaryDirectory(prefix="searchkit-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _Processes(config, sockets=[listening]).run()


def log_to_stderr() -> None:
    """Have requests and faults written to standard error, a line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    for name in ("searchkit.access", "searchkit.web", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(logging.WARNING if name == "uvicorn.error" else logging.INFO)
        logger.propagate = False
