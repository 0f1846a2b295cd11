"""`searchkit mcp`: the index as a server for programs with language models."""

import logging
import os
import socket

import click

from searchkit.cli.messages import say
from searchkit.cli.options import Shared, index_dir_option, pass_shared
from searchkit.cli.signals import end_on_signals
from searchkit.cli.translated import command
from searchkit.engines.location import Location

_LOOPBACK = "127.0.0.1"


@command("mcp")
@index_dir_option
@click.option("--http", "port", type=click.IntRange(0, 65535), metavar="PORT", help=say("mcp_http"))
@pass_shared
def mcp(shared: Shared, index_dir: Location | None, port: int | None) -> None:
    """Serve over standard input and output, or over HTTP on a port of the loopback address."""
    # The library is an extra, and no other command is to wait for it.
    from searchkit.integrations.mcp import make_server, run_http, run_stdio

    # Standard error is where clients look for what a server has to say; a model is told less.
    logging.getLogger("searchkit.mcp").setLevel(logging.ERROR)
    with shared.open_index(index_dir) as index:
        server = make_server(index)
        if port is None:
            end_on_signals()
            run_stdio(server)
            return
        with _listening(port) as listening:
            host, taken = listening.getsockname()
            click.echo(say("mcp_listening", url=f"http://{host}:{taken}/mcp"), err=True)
            run_http(server, listening)


def _listening(port: int) -> socket.socket:
    """Return a socket bound to `port` of the loopback address, 0 for one that is free."""
    try:
        return socket.create_server((_LOOPBACK, port))
    except OSError as error:
        raise click.UsageError(
            say("mcp_port_taken", port=str(port), reason=os.strerror(error.errno or 0))
        ) from error
