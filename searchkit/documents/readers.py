"""Readers that installed packages offer, for kinds of files that searchkit itself does not read."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from searchkit.documents.models import Page, Skipped
from searchkit.errors import InputError, SettingsError, UnreadableInput
from searchkit.values import dataclass

if TYPE_CHECKING:
    import io
    from importlib.metadata import EntryPoint

GROUP = "searchkit.readers"
"""The entry points by which installed packages offer readers: name and what makes one."""

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read: bytes of a page, and of a record of a JSONL, JSON or CSV file."""

    page_bytes: int = 10 * 1024 * 1024
    record_bytes: int = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that is open to be read; unpacked, if it was gzipped.

    `stream` is binary, at its beginning, and cannot be sought in. `origin` is what reports call the
    file, and what `Page.origin` begins with. `name` is its name without directories and without
    ".gz", "" for a stream without one. `source` names the newspaper where the pages do not, "" if
    that is not known.
    """

    stream: "io.BufferedReader[Any]"
    origin: str
    name: str = ""
    source: str = ""
    limits: Limits = Limits()

    def whole(self) -> bytes:
        """Return all that is left of the stream.

        Raises UnreadableInput, having read to the end, when that is more than `limits` allow for a
        page.
        """
        data = self.stream.read(self.limits.page_bytes + 1)
        if len(data) <= self.limits.page_bytes:
            return data
        size = len(data)
        while chunk := self.stream.read(_CHUNK):
            size += len(chunk)
        raise UnreadableInput(
            self.origin,
            f"the page has {size / 2**20:,.1f} MB, the limit is "
            f"{self.limits.page_bytes / 2**20:g} MB; raise it with --max-page-mb",
        )


class Reader(Protocol):
    """Reads a kind of files; made once a run, from a class or function without arguments."""

    def detects(self, start: bytes, name: str) -> bool:
        """Return whether a file that begins with `start` is of that kind.

        `start` has up to 64 KiB, unpacked; `name` is that of `InputFile`.
        """

    def read(self, file: InputFile) -> Iterable[Page | Skipped]:
        """Give the pages of the file, in order, and what of it cannot be used.

        An InputError that is raised ends the file, and is reported with its reason.
        """


class Readers:
    """The readers of all installed packages, by name, in the order of their names.

    Raises SettingsError when one of them cannot be made.
    """

    def __init__(self) -> None:
        # Imported late: it takes a while, and only what reads files needs it.
        from importlib.metadata import entry_points

        points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
        self._readers = {point.name: _made(point) for point in points}

    def pages(self, file: InputFile, start: bytes) -> Iterator[Page | Skipped] | None:
        """Return what the first reader that takes the file makes of it; None if none takes it.

        When a reader fails, the failure is the last that is given of the file.
        """
        for name, reader in self._readers.items():
            try:
                taken = reader.detects(start, file.name)
            except Exception as error:
                return iter([_failure(name, file, error)])
            if taken:
                return _pages(name, reader, file)
        return None


def _made(point: "EntryPoint") -> Reader:
    try:
        reader: Reader = point.load()()
    except Exception as error:
        raise SettingsError(
            f"the reader {point.name!r}, {point.value}, cannot be used "
            f"({type(error).__name__}: {error}); install its package anew, or remove it"
        ) from error
    return reader


def _pages(name: str, reader: Reader, file: InputFile) -> Iterator[Page | Skipped]:
    none = True
    try:
        for page in reader.read(file):
            if not isinstance(page, Page | Skipped):
                raise TypeError(f"a {type(page).__name__} where a Page or a Skipped was due")
            none = False
            yield page
    except InputError as error:
        yield Skipped(origin=error.origin, reason=error.reason, line=error.line)
        return
    except Exception as error:
        yield _failure(name, file, error)
        return
    if none:
        yield Skipped(origin=file.origin, reason=f"the reader {name!r} found nothing in it")


def _failure(name: str, file: InputFile, error: Exception) -> Skipped:
    reason = (
        f"the reader {name!r} failed ({type(error).__name__}: {error}); ask the authors of its "
        "package"
    )
    return Skipped(origin=file.origin, reason=reason)
