"""`searchkit serve`: starts the server of `searchkit.web`."""

from typing import Any

import click

from searchkit.cli.messages import say
from searchkit.cli.options import Shared, index_dir_option, pass_shared
from searchkit.cli.screen import harmless
from searchkit.cli.translated import command
from searchkit.engines.location import Location
from searchkit.errors import ExtraMissing
from searchkit.web.options import BOUNDS, WebOptions


@command("serve")
@index_dir_option
@click.option("--host", help=say("serve_host"))
@click.option("--port", type=click.IntRange(*BOUNDS["port"]), metavar="N", help=say("serve_port"))
@click.option(
    "--workers", type=click.IntRange(*BOUNDS["workers"]), metavar="N", help=say("serve_workers")
)
@click.option("--rate", metavar="N/second", help=say("serve_rate"))
@click.option("--allowed-host", "allowed_hosts", multiple=True, help=say("serve_allowed_host"))
@click.option("--cors-origin", "cors_origins", multiple=True, help=say("serve_cors_origin"))
@click.option("--trusted-proxy", "trusted_proxies", multiple=True, help=say("serve_trusted_proxy"))
@pass_shared
def serve(shared: Shared, /, index_dir: Location | None, **given: Any) -> None:
    """Serve the index over HTTP."""
    try:
        from searchkit.web import guarding, serving
    except ModuleNotFoundError as error:
        raise ExtraMissing("serve", error.name or "fastapi") from None
    if given["host"] == "":
        # To a socket that is every address.
        raise click.UsageError(say("serve_no_host"))
    options = WebOptions.of(
        {
            **shared.settings.serve,
            **{name: each for name, each in given.items() if each not in (None, ())},
        }
    )
    if options.rate != "off":
        guarding.parse_rate(options.rate)
    # What is wrong with the index is said here, not by each process.
    shared.open_index(index_dir).close()
    listening = serving.bind(options)
    if not options.is_loopback:
        click.echo(say("serve_open", host=options.host), err=True)
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = f"http://{host}:{listening.getsockname()[1]}/"
    place = shared.index_dir(index_dir)
    click.echo(say("serve_started", index=harmless(str(place)), url=url), err=True)
    serving.serve(place, shared.settings, options, listening)
