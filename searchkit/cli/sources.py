"""Where `searchkit index` takes its pages from."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from searchkit.cli.messages import say
from searchkit.documents import Limits, Page, Skipped
from searchkit.documents.reading import count_bytes, read_sources, read_stream
from searchkit.samples import sample_pages
from searchkit.settings import Settings

OnProgress = Callable[[int], None]


def choose_sources(
    arguments: tuple[str, ...], settings: Settings, *, rebuild: bool
) -> list[Path] | BinaryIO:
    """Return the paths to read, or standard input.

    The arguments, else the sources of the settings, else standard input if something is piped into
    it, else the sample pages, which never take the place of an index. `-` names standard input.
    """
    if arguments == ("-",):
        return sys.stdin.buffer
    if arguments:
        return [Path(argument) for argument in arguments]
    if settings.sources:
        return list(settings.sources)
    if _is_piped() and (piped := _not_empty()):
        return piped
    if rebuild:
        raise click.UsageError(say("index_rebuild_what"))
    click.echo(say("index_samples"), err=True)
    return [sample_pages()]


def read(
    chosen: list[Path] | BinaryIO, limits: Limits, on_progress: OnProgress
) -> Iterator[Page | Skipped]:
    """Yield the pages of what `choose_sources` returned."""
    if isinstance(chosen, list):
        return read_sources(chosen, limits=limits, on_progress=on_progress)
    return read_stream(chosen, "<stdin>", limits=limits, on_progress=on_progress)


@contextmanager
def progress_bar(chosen: list[Path] | BinaryIO) -> Iterator[OnProgress]:
    """Show a bar on a terminal, and nothing in a pipe; gives what to call with the bytes read."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _bytes: None
        return
    columns = (
        TextColumn(say("index_progress")),
        BarColumn(),
        TextColumn(say("index_progress_of")),
        TimeRemainingColumn(),
    )
    total = count_bytes(chosen) / 1e6 if isinstance(chosen, list) else None
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("index", total=total or None)
        yield lambda done: progress.update(task, completed=done / 1e6)


def _is_piped() -> bool:
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _not_empty() -> BinaryIO | None:
    stream = cast("BufferedReader", sys.stdin.buffer)
    return stream if stream.peek(1) else None
