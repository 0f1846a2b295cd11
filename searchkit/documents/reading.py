"""Files, directories and streams to pages.

What a file holds is told by its content. Everything is streamed: archives of any size are read in
the memory of their largest page. A page or record that cannot be used is yielded as `Skipped`, and
reading goes on.
"""

import io
import logging
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from gzip import GzipFile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from searchkit.documents.decoding import decode, marked_encoding
from searchkit.documents.detection import LOOKED_AT, Kind, binary_name, delimiter, detect
from searchkit.documents.models import Page, Skipped

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    Buffered = io.BufferedReader[Any]

OnProgress = Callable[[int], None]
_CHUNK = 1024 * 1024
_DEEPEST_GZIP = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read: bytes of a page, and of a record of a JSONL, JSON or CSV file."""

    page_bytes: int = 10 * 1024 * 1024
    record_bytes: int = 10 * 1024 * 1024


def read_sources(
    paths: Iterable[str | Path],
    *,
    limits: Limits | None = None,
    source: str = "",
    on_progress: OnProgress | None = None,
) -> Iterator[Page | Skipped]:
    """Yield the pages of files and directories, in the order given, directories sorted by name.

    Hidden files, and links to directories, are passed over. `source` names the newspaper where the
    pages do not. `on_progress` is called with the bytes read so far, over all files.
    """
    done = 0
    for path in paths:
        for file in _files(Path(path)):
            if isinstance(file, Skipped):
                yield file
                continue
            before = done

            def report(read: int, before: int = before) -> None:
                if on_progress:
                    on_progress(before + read)

            yield from _read_file(file, limits or Limits(), source, report)
            done += _size(file)
            report(_size(file))


def read_stream(
    stream: BinaryIO,
    origin: str = "<stdin>",
    *,
    limits: Limits | None = None,
    source: str = "",
    on_progress: OnProgress | None = None,
) -> Iterator[Page | Skipped]:
    """Yield the pages of a binary stream of any kind."""
    counted = io.BufferedReader(_Counted(stream, on_progress), buffer_size=LOOKED_AT)
    yield from _read_content(counted, origin, limits or Limits(), source)


def count_bytes(paths: Iterable[str | Path]) -> int:
    """Return how many bytes `read_sources` will go through, for a progress bar."""
    return sum(_size(f) for path in paths for f in _files(Path(path)) if isinstance(f, Path))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _files(path: Path) -> Iterator[Path | Skipped]:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            entries = sorted(path.iterdir())
        elif not stat.S_ISREG(mode):
            yield Skipped(origin=str(path), reason="it is not a file; pipe it in with `-`")
            return
        else:
            yield path
            return
    except FileNotFoundError:
        yield Skipped(origin=str(path), reason="there is no such file or directory")
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        yield Skipped(origin=str(path), reason=f"cannot be read: {reason}")
        return
    for entry in entries:
        if not entry.name.startswith(".") and not (entry.is_symlink() and entry.is_dir()):
            yield from _files(entry)


def _read_file(
    path: Path, limits: Limits, source: str, on_progress: OnProgress
) -> Iterator[Page | Skipped]:
    try:
        with path.open("rb") as stream:
            yield from read_stream(
                stream, str(path), limits=limits, source=source, on_progress=on_progress
            )
    except OSError as error:
        yield Skipped(origin=str(path), reason=f"cannot be read: {error.strerror or error}")


class _Counted(io.RawIOBase):
    """A stream that tells how far it was read."""

    def __init__(self, stream: BinaryIO, on_progress: OnProgress | None) -> None:
        self._stream = stream
        self._on_progress = on_progress
        self._done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self._done += len(data)
        if self._on_progress and data:
            self._on_progress(self._done)
        return len(data)


def _read_content(
    stream: "Buffered", origin: str, limits: Limits, source: str, depth: int = 0
) -> Iterator[Page | Skipped]:
    start = stream.peek(LOOKED_AT)[:LOOKED_AT]
    kind = detect(start)
    match kind:
        case Kind.EMPTY if not stream.read(LOOKED_AT).strip() and not stream.peek(1):
            yield Skipped(origin=origin, reason="is empty")
        case Kind.BINARY:
            name = binary_name(start)
            reason = f"is binary ({name}), not text; convert it to text or HTML first"
            yield Skipped(origin=origin, reason=reason)
        case Kind.GZIP:
            yield from _read_gzip(stream, origin, limits, source, depth)
        case Kind.WARC:
            yield from _read_warc(stream, origin, limits, source)
        case Kind.JSON_LINES:
            from searchkit.documents.records import read_json_lines

            skipped: list[Skipped] = []
            lines = _lines(stream, origin, limits.record_bytes, skipped)
            for read in read_json_lines(lines, origin, source):
                yield from _drained(skipped)
                yield read
            yield from _drained(skipped)
        case Kind.CSV:
            yield from _read_table(stream, origin, limits, source)
        case _:
            yield from _read_page(stream, kind, origin, limits, source)


def _drained(skipped: list[Skipped]) -> Iterator[Skipped]:
    while skipped:
        yield skipped.pop(0)


def _read_gzip(
    stream: "Buffered", origin: str, limits: Limits, source: str, depth: int
) -> Iterator[Page | Skipped]:
    if depth >= _DEEPEST_GZIP:
        yield Skipped(origin=origin, reason="is gzipped more than twice; unpack it first")
        return
    unpacked = io.BufferedReader(_Unpacked(stream), buffer_size=LOOKED_AT)
    yield from _read_content(unpacked, origin, limits, source, depth + 1)
    if problem := unpacked.raw.problem:
        reason = f"the gzip file is damaged or cut short ({problem}); what came before is kept"
        yield Skipped(origin=origin, reason=reason)


class _Unpacked(io.RawIOBase):
    """The content of a gzip stream; damage ends it, and is told in `problem`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._file = GzipFile(fileobj=stream)
        self.problem = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        filled = 0
        # Filled as far as it goes, so that what is looked at to detect the kind is enough.
        while filled < len(view) and not self.problem:
            try:
                data = self._file.read1(len(view) - filled)
            except (OSError, EOFError, zlib.error) as error:
                self.problem = str(error)
                break
            if not data:
                break
            view[filled : filled + len(data)] = data
            filled += len(data)
        return filled


def _read_warc(
    stream: "Buffered", origin: str, limits: Limits, source: str
) -> Iterator[Page | Skipped]:
    from searchkit.documents.warc import archived_pages

    for page in archived_pages(stream, origin, limits.page_bytes):
        if isinstance(page, Skipped):
            yield page
        else:
            place = f"{origin}#{page.url}"
            kind = detect(page.data[:LOOKED_AT])
            yield from _read_whole(page.data, kind, place, source, url=page.url)


def _read_table(
    stream: "Buffered", origin: str, limits: Limits, source: str
) -> Iterator[Page | Skipped]:
    from searchkit.documents.records import read_csv

    start = stream.peek(LOOKED_AT)[:LOOKED_AT]
    text = decode(start)
    encoding = marked_encoding(start) or ("utf-8" if "\ufffd" not in text else "cp1252")
    if encoding == "utf-8":
        try:
            start.decode("utf-8")
        except UnicodeDecodeError as error:
            encoding = "utf-8" if error.start >= len(start) - 3 else "cp1252"
    rows = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        yield from read_csv(rows, delimiter(text) or ",", origin, limits.record_bytes, source)
    finally:
        rows.detach()


def _lines(
    stream: "Buffered", origin: str, most: int, skipped: list[Skipped]
) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of lines; one longer than `most` bytes goes to `skipped` instead."""
    encoding = marked_encoding(stream.peek(LOOKED_AT)[:LOOKED_AT])
    if encoding and encoding.startswith(("utf-16", "utf-32")):
        wrapped = io.TextIOWrapper(stream, encoding=encoding, errors="replace")
        yield from enumerate(wrapped, start=1)
        wrapped.detach()
        return
    number = 0
    while line := stream.readline(most + 1):
        number += 1
        if len(line) <= most:
            yield number, decode(line)
            continue
        while (line := stream.readline(_CHUNK)) and not line.endswith(b"\n"):
            pass
        limit = f"{most / 2**20:g} MB"
        reason = f"the record is larger than the limit of {limit}"
        skipped.append(Skipped(origin=origin, line=number, reason=reason))


def _read_page(
    stream: "Buffered", kind: Kind, origin: str, limits: Limits, source: str
) -> Iterator[Page | Skipped]:
    data = stream.read(limits.page_bytes + 1)
    if len(data) > limits.page_bytes:
        size = len(data)
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
        yield Skipped(
            origin=origin,
            reason=f"the page has {size / 2**20:,.1f} MB, the limit is "
            f"{limits.page_bytes / 2**20:g} MB; raise it with --max-page-mb",
        )
        return
    yield from _read_whole(data, kind, origin, source)


def _read_whole(
    data: bytes, kind: Kind, origin: str, source: str, url: str = ""
) -> Iterator[Page | Skipped]:
    # The readers are imported late: each brings a library that others do not need.
    try:
        if kind is Kind.FEED:
            from searchkit.documents.feeds import read_feed

            yield from read_feed(data, origin, source)
            return
        if kind is Kind.JSON:
            from searchkit.documents.records import read_json

            yield from read_json(decode(data), origin, source)
            return
        if kind is Kind.HTML:
            from searchkit.documents.html import read_html

            page = read_html(data, origin, url, source)
        else:
            from searchkit.documents.page_text import read_page_text

            page = read_page_text(decode(data), origin, source)
    except Exception as error:
        # A fault in a reader must not cost the other pages.
        _log.debug("reading %s failed", origin, exc_info=True)
        reason = f"the page could not be read ({type(error).__name__}: {error}); please report it"
        yield Skipped(origin=origin, reason=reason)
        return
    if page.article or page.items:
        yield page
    else:
        reason = "no article and no list of headlines found in it"
        yield Skipped(origin=origin, reason=reason)
