"""Measure how `searchkit serve` answers under load, beside Whoosh behind HTTP.

Prints the table of docs/benchmarks.md. It needs wrk, and the network for whoosh-ng.
"""

import argparse
import itertools
import json
import os
import platform
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError

from benchmarks.serving import writing
from benchmarks.serving.load import Form, Load, Loader, drawn, searchkit_form, whoosh_form
from benchmarks.serving.servers import (
    TOKEN,
    WHOOSH_NG,
    Command,
    Searchkit,
    ServerFailed,
    WhooshNg,
    WhooshServer,
    wait_for,
)
from benchmarks.speed.archives import records
from benchmarks.speed.report import NONE, milliseconds, table

PROBED = 50
"""Queries that are asked one by one before, to see whether they find something."""

Writing = Callable[[str], AbstractContextManager[writing.Commits | None]]
"""Commits all the time while in its context, to the server of an address or beside it."""

HEADER = ("server", "requests/s", "p50", "p99", "errors", "found", "commits/s")


class Row(NamedTuple):
    """A line of the table; `commits` is None where nobody writes."""

    name: str
    found: float
    load: Load
    commits: writing.Commits | None


def main() -> None:
    """Build the indexes, load the servers, print the table as it grows."""
    options = _options()
    before = os.getloadavg()
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        documents = list(records(options.archive, options.docs))
        archive = folder / "archive.jsonl"
        archive.write_text("".join(f"{json.dumps(record)}\n" for record in documents))
        asked = drawn(documents, options.queries)
        ours = Searchkit(_folder(folder, "searchkit"))
        theirs, failure = _build(ours, folder, archive)
        loader = Loader(folder, asked, seconds=options.seconds, connections=options.connections)
        print(_environment(len(documents), loader, before), end="\n\n")
        print(table(HEADER, ()))
        rows = itertools.chain(
            _of_searchkit(ours, loader, asked), _of_whoosh(theirs, loader, asked)
        )
        for row in rows:
            print(f"| {' | '.join(cells(row))} |", flush=True)
        if failure:
            print(f"\n{failure}")


def _build(ours: Searchkit, folder: Path, archive: Path) -> tuple[list[WhooshServer], str]:
    """Build all indexes at the same time; return the other servers, and why one is left out."""
    three, ng = WhooshServer(_folder(folder, "whoosh3")), WhooshNg(_folder(folder, "whoosh-ng"))
    theirs, failure = [three], ""
    building = {ours.folder: ours.build(archive)}
    if not three.index.exists():
        building[three.folder] = three.build(archive)
    try:
        ng.install()
        if not ng.index.exists():
            building[ng.folder] = ng.build(archive)
        theirs.append(ng)
    except ServerFailed as error:
        failure = str(error)
    for place, process in building.items():
        wait_for(process, place)
    return theirs, failure


def _of_searchkit(server: Searchkit, loader: Loader, asked: Sequence[str]) -> Iterator[Row]:
    whole, alone = searchkit_form(), searchkit_form("&fragments=false")
    beside: Command = [sys.executable, "-m", "benchmarks.serving.writing", "index"]

    def another(_: str) -> AbstractContextManager[writing.Commits]:
        return writing.process(beside, server.folder, server.variables)

    def client(url: str) -> AbstractContextManager[writing.Commits]:
        return writing.client(url, TOKEN)

    with server.serving(workers=1) as url:
        yield _row("searchkit", url, loader, asked, whole)
        yield _row("searchkit, hits without fragments", url, loader, asked, alone)
        yield _row("searchkit, another process commits", url, loader, asked, whole, another)
        yield _row("searchkit, a client of its API commits", url, loader, asked, whole, client)
    cores = os.cpu_count() or 1
    if cores > 1:
        with server.serving(workers=cores) as url:
            yield _row(f"searchkit, {cores} processes", url, loader, asked, whole)


def _of_whoosh(
    servers: Sequence[WhooshServer], loader: Loader, asked: Sequence[str]
) -> Iterator[Row]:
    for server in servers:
        command = server.command("write")

        def another(
            _: str, command: Command = command, server: WhooshServer = server
        ) -> AbstractContextManager[writing.Commits]:
            return writing.process(command, server.folder, server.variables)

        with server.serving() as url:
            yield _row(server.name, url, loader, asked, whoosh_form)
            name = f"{server.name}, another process commits"
            yield _row(name, url, loader, asked, whoosh_form, another)


def _row(
    name: str,
    url: str,
    loader: Loader,
    asked: Sequence[str],
    form: Form,
    write: Writing = lambda _: nullcontext(),
) -> Row:
    """Probe a server, warm it up and load it."""
    print(f"{name} ...", file=sys.stderr)
    found = sum(_total(url, form(text)) > 0 for text in asked[:PROBED]) / PROBED
    loader.warm_up(url, form)
    with write(url) as commits:
        load = loader.load(url, form)
    return Row(name, found, load, commits)


def _total(url: str, line: str) -> int:
    """Return how many documents a request finds, 0 when it fails; it is a line for wrk."""
    method, path, body = line.split("\t")
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url + path, body.encode() or None, headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - of this machine
            total: int = json.load(answer)["total"]
    except HTTPError:
        return 0
    return total


def _environment(articles: int, loader: Loader, before: Sequence[float]) -> str:
    return (
        f"{articles:,} articles; {platform.machine()}, {os.cpu_count()} cores; Python "
        f"{platform.python_version()}; whoosh3 {version('whoosh3')}, whoosh-ng {WHOOSH_NG}; "
        f"{loader.connections} connections, {loader.seconds:g} s each; load average before: "
        f"{before[0]:.1f}."
    )


def cells(row: Row) -> Sequence[str]:
    """Return what a line of the table says, under HEADER."""
    load = row.load
    times = (milliseconds(load.p50), milliseconds(load.p99))
    errors = f"{load.errors} of {load.requests:,}"
    commits = NONE
    if row.commits:
        commits = f"{row.commits.done / load.seconds:.1f}"
        if row.commits.failed:
            commits += f", {row.commits.failed} failed"
    return [row.name, f"{load.per_second:,.0f}", *times, errors, f"{row.found:.0%}", commits]


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir(exist_ok=True)
    return folder


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.serving", description=(__doc__ or "").partition("\n")[0]
    )
    add = parser.add_argument
    add("archive", type=Path, help="JSONL, plain or gzipped")
    add("--docs", type=int, default=10**9, metavar="N", help="use only the first N articles")
    add("--queries", type=int, default=300, metavar="N", help="draw N of each of 7 kinds")
    add("--seconds", type=int, default=10, help="how long each load lasts")
    add("--connections", type=int, default=4, help="requests at a time")
    add("--keep", type=Path, metavar="DIR", help="keep indexes there, and use those that are there")
    options = parser.parse_args()
    if not options.archive.is_file():
        parser.error(f"{options.archive} is not a file")
    if options.queries < 20:
        parser.error("--queries must be 20 or more")
    if not shutil.which("wrk"):
        parser.error("wrk is not installed")
    return options


if __name__ == "__main__":
    main()
