"""Files, directories and streams to pages.

What a file holds is told by its content, and a reader of an installed package that wants it goes
first. Everything is streamed: archives of any size are read in the memory of their largest page. A
page or record that cannot be used is yielded as `Skipped`, and reading goes on.
"""

import io
import logging
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from gzip import GzipFile
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from searchkit.arguments import check_type, wrong_type
from searchkit.documents.decoding import decode, marked_encoding
from searchkit.documents.detection import LOOKED_AT, Kind, binary_name, delimiter, detect
from searchkit.documents.models import Page, Skipped
from searchkit.documents.readers import InputFile, Limits, Readers
from searchkit.errors import UnreadableInput
from searchkit.own_files import SAVED_QUERIES, is_own

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    Buffered = io.BufferedReader[Any]

OnProgress = Callable[[int], None]
_CHUNK = 1024 * 1024
_OWN = "is what searchkit made, an index, a backup or a site; name what it was made of"
_DEEPEST_GZIP = 2


def read_sources(
    paths: str | Path | Iterable[str | Path],
    *,
    limits: Limits | None = None,
    source: str = "",
    on_progress: OnProgress | None = None,
) -> Iterator[Page | Skipped]:
    """Yield the pages of files and directories, in the order given, directories sorted by name.

    Hidden files, links to directories, and indexes of searchkit in them are passed over. One
    path may be given alone. `source` names the newspaper where the pages do not. `on_progress` is
    called with the bytes read so far, over all files. Raises SettingsError when a reader of an
    installed package cannot be used.
    """
    readers = Readers()
    done = 0
    for path in _each(paths):
        for file in _files(path):
            if isinstance(file, Skipped):
                yield file
                continue
            before = done

            def report(read: int, before: int = before) -> None:
                if on_progress:
                    on_progress(before + read)

            yield from _read_file(file, limits or Limits(), source, readers, report)
            done += _size(file)
            report(_size(file))


def _each(paths: str | Path | Iterable[str | Path]) -> Iterator[Path]:
    # The letters of a single str would be paths as well, "/" the whole machine.
    several = (paths,) if isinstance(paths, str | PathLike) else paths
    check_type("paths", several, Iterable, "a path or several in a list")
    for path in several:
        check_type("a path", path, str | PathLike, "a str or a Path")
        if path == "":
            raise wrong_type("a path", path, "the path of a file or directory, this one being '.'")
        yield Path(path)


def read_stream(
    stream: BinaryIO,
    origin: str = "<stdin>",
    *,
    limits: Limits | None = None,
    source: str = "",
    on_progress: OnProgress | None = None,
) -> Iterator[Page | Skipped]:
    """Yield the pages of a binary stream of any kind; SettingsError as `read_sources`."""
    counted = _counted(stream, on_progress)
    file = InputFile(stream=counted, origin=origin, source=source, limits=limits or Limits())
    yield from _read_content(file, Readers())


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
            if is_own(path):
                yield Skipped(origin=str(path), reason=_OWN)
                return
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
    own = [entry.name for entry in entries if is_own(entry)]
    theirs = tuple(name + SAVED_QUERIES for name in own)
    for entry in entries:
        hidden = entry.name.startswith(".") or (entry.is_symlink() and entry.is_dir())
        if not hidden and entry.name not in own and not entry.name.startswith(theirs):
            yield from _files(entry)


def _read_file(
    path: Path, limits: Limits, source: str, readers: Readers, on_progress: OnProgress
) -> Iterator[Page | Skipped]:
    try:
        with path.open("rb") as stream:
            file = InputFile(
                stream=_counted(stream, on_progress),
                origin=str(path),
                name=path.name,
                source=source,
                limits=limits,
            )
            yield from _read_content(file, readers)
    except OSError as error:
        yield Skipped(origin=str(path), reason=f"cannot be read: {error.strerror or error}")


def _counted(stream: BinaryIO, on_progress: OnProgress | None) -> "Buffered":
    return io.BufferedReader(_Counted(stream, on_progress), buffer_size=LOOKED_AT)


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


def _read_content(file: InputFile, readers: Readers, depth: int = 0) -> Iterator[Page | Skipped]:
    stream = file.stream
    start = stream.peek(LOOKED_AT)[:LOOKED_AT]
    kind = detect(start)
    if kind is Kind.EMPTY and not stream.read(LOOKED_AT).strip() and not stream.peek(1):
        yield Skipped(origin=file.origin, reason="is empty")
    elif kind is Kind.GZIP:
        yield from _read_gzip(file, readers, depth)
    elif (pages := readers.pages(file, start)) is not None:
        yield from pages
    else:
        yield from _read_kind(file, kind, start)


def _read_kind(file: InputFile, kind: Kind, start: bytes) -> Iterator[Page | Skipped]:
    match kind:
        case Kind.BINARY:
            name = binary_name(start)
            reason = f"is binary ({name}), not text; convert it to text or HTML first"
            yield Skipped(origin=file.origin, reason=reason)
        case Kind.WARC:
            yield from _read_warc(file)
        case Kind.JSON_LINES:
            from searchkit.documents.records import read_json_lines

            skipped: list[Skipped] = []
            for read in read_json_lines(_lines(file, skipped), file.origin, file.source):
                yield from _drained(skipped)
                yield read
            yield from _drained(skipped)
        case Kind.CSV:
            yield from _read_table(file)
        case _:
            yield from _read_page(file, kind)


def _drained(skipped: list[Skipped]) -> Iterator[Skipped]:
    while skipped:
        yield skipped.pop(0)


def _read_gzip(file: InputFile, readers: Readers, depth: int) -> Iterator[Page | Skipped]:
    if depth >= _DEEPEST_GZIP:
        yield Skipped(origin=file.origin, reason="is gzipped more than twice; unpack it first")
        return
    unpacked = io.BufferedReader(_Unpacked(file.stream), buffer_size=LOOKED_AT)
    inner = replace(file, stream=unpacked, name=file.name.removesuffix(".gz"))
    yield from _read_content(inner, readers, depth + 1)
    if problem := unpacked.raw.problem:
        reason = f"the gzip file is damaged or cut short ({problem}); what came before is kept"
        yield Skipped(origin=file.origin, reason=reason)


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


def _read_warc(file: InputFile) -> Iterator[Page | Skipped]:
    from searchkit.documents.warc import archived_pages

    for page in archived_pages(file.stream, file.origin, file.limits.page_bytes):
        if isinstance(page, Skipped):
            yield page
        else:
            place = f"{file.origin}#{page.url}"
            kind = detect(page.data[:LOOKED_AT])
            yield from _read_whole(page.data, kind, place, file.source, url=page.url)


def _read_table(file: InputFile) -> Iterator[Page | Skipped]:
    from searchkit.documents.records import read_csv

    start = file.stream.peek(LOOKED_AT)[:LOOKED_AT]
    text = decode(start)
    encoding = marked_encoding(start) or ("utf-8" if "\ufffd" not in text else "cp1252")
    if encoding == "utf-8":
        try:
            start.decode("utf-8")
        except UnicodeDecodeError as error:
            encoding = "utf-8" if error.start >= len(start) - 3 else "cp1252"
    rows = io.TextIOWrapper(file.stream, encoding=encoding, errors="replace", newline="")
    try:
        most = file.limits.record_bytes
        yield from read_csv(rows, delimiter(text) or ",", file.origin, most, file.source)
    finally:
        rows.detach()


def _lines(file: InputFile, skipped: list[Skipped]) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of lines; one longer than a record may be goes to `skipped` instead."""
    stream, most = file.stream, file.limits.record_bytes
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
        skipped.append(Skipped(origin=file.origin, line=number, reason=reason))


def _read_page(file: InputFile, kind: Kind) -> Iterator[Page | Skipped]:
    try:
        data = file.whole()
    except UnreadableInput as error:
        yield Skipped(origin=file.origin, reason=error.reason)
        return
    yield from _read_whole(data, kind, file.origin, file.source)


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
        pages = _whole_pages(data, kind, origin, source, url)
    except Exception as error:
        # A fault in a reader must not cost the other pages.
        _log.debug("reading %s failed", origin, exc_info=True)
        reason = f"the page could not be read ({type(error).__name__}: {error}); please report it"
        yield Skipped(origin=origin, reason=reason)
        return
    found = [page for page in pages if page.article or page.items]
    yield from found
    if not found:
        reason = "no article and no list of headlines found in it"
        yield Skipped(origin=origin, reason=reason)


def _whole_pages(data: bytes, kind: Kind, origin: str, source: str, url: str) -> list[Page]:
    if kind is Kind.MHTML:
        from searchkit.documents.mhtml import saved_page

        address, data = saved_page(data) or ("", b"")
        url = address or url
    if kind in (Kind.HTML, Kind.MHTML):
        from searchkit.documents.html import read_html

        return [read_html(data, origin, url, source)]
    from searchkit.documents.page_text import read_pages

    return read_pages(decode(data), origin, source)
