"""The file of the saved queries of an index: who changes it keeps others out meanwhile."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from searchkit.durable import replace_file, replacing_file
from searchkit.engines.location import Location
from searchkit.engines.manifest import watches_of
from searchkit.engines.opening import open_regular
from searchkit.errors import OutputNotWritable, SearchIndexError, WatchError

_VERSION = 1
_LOCK_SECONDS = 10


@dataclass(slots=True)
class SavedQueries:
    """Queries by name, in the order added, and of each the ids of the hits told."""

    queries: dict[str, str] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)


def read_saved_queries(path: Path) -> SavedQueries:
    """Return what is saved; nothing if there is no file, WatchError if it cannot be used."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != _VERSION:
            raise ValueError(data["version"])
        watches = data["watches"]
        return SavedQueries(
            queries={name: _text(watch["query"]) for name, watch in watches.items()},
            told={name: set(map(_text, watch["told"])) for name, watch in watches.items()},
        )
    except FileNotFoundError:
        return SavedQueries()
    except OSError as error:
        raise WatchError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise WatchError(
            f"{path} is damaged or of another version; move it away and add the queries anew"
        ) from None


@contextmanager
def changed_saved_queries(path: Path) -> Iterator[SavedQueries]:
    """Give what is saved, to be changed: it is written when the block ends well.

    Raises WatchError when it cannot be, or another process takes long to do the same.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            saved = read_saved_queries(path)
            yield saved
            watches = {
                name: {"query": query, "told": sorted(saved.told[name])}
                for name, query in saved.queries.items()
            }
            replace_file(path, json.dumps({"version": _VERSION, "watches": watches}).encode())
    except OSError as error:
        raise WatchError(f"{path} cannot be written: {error.strerror}") from None


@contextmanager
def copied_saved_queries(source: Location, target: Location) -> Iterator[None]:
    """Copy the saved queries, if there are any: they are put in place when the block ends well.

    Raises SearchIndexError when they cannot be read, OutputNotWritable when they cannot be written.
    """
    path, copied = watches_of(source), watches_of(target)
    try:
        file = open_regular(path)
    except FileNotFoundError:
        yield
        return
    except OSError as error:
        raise SearchIndexError(
            f"{path} cannot be read ({error.strerror}); check its permissions"
        ) from error
    try:
        with file:
            copied.parent.mkdir(parents=True, exist_ok=True)
            with ExitStack() as lock, replacing_file(copied, alone=False) as copy:
                shutil.copyfileobj(file, copy)
                yield
                lock.enter_context(_alone(copied))
    except OSError as error:
        raise OutputNotWritable(
            f"{copied} cannot be written ({error.strerror or error}); make room, or name another "
            "directory"
        ) from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes from changing the file of saved queries; they wait."""
    # Imported late: who only searches needs no lock.
    from filelock import FileLock, Timeout

    name = path.with_name(path.name + ".lock")
    try:
        with FileLock(name, timeout=_LOCK_SECONDS, thread_local=False, fallback_to_soft=False):
            yield
    except Timeout:
        raise WatchError(f"{path} is being changed by another process; try again") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
