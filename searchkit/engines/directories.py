"""Indexes in directories: making and removing one, for engines that keep theirs there."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from searchkit.engines.location import Location
from searchkit.engines.locking import FILE_NAME as LOCK_NAME
from searchkit.engines.locking import WriterLock
from searchkit.engines.manifest import FILE_NAME, INNOCENT, Manifest, is_free, read_manifest
from searchkit.engines.write_errors import write_errors
from searchkit.errors import IndexNotWritable
from searchkit.settings import Settings

# Left to the end, or not of the index.
_KEPT = INNOCENT | {FILE_NAME, LOCK_NAME}


class DirectoryEngine(ABC):
    """What is the same in all engines that keep an index in a directory; see `base.Engine`."""

    @staticmethod
    @abstractmethod
    def publish_empty(folder: Path) -> None:
        """Put the empty commit into `folder`, which must exist."""

    @classmethod
    def is_free(cls, location: Location, settings: Settings) -> bool:
        """Return whether a new index may be made there; see `searchkit.engines.base.Engine`."""
        return is_free(location.directory)

    @classmethod
    def manifest(cls, location: Location, settings: Settings) -> Manifest:
        """Return the manifest there; see `searchkit.engines.base.Engine`."""
        return read_manifest(location.directory)

    @classmethod
    def create(cls, location: Location, manifest: Manifest, settings: Settings) -> None:
        """Put an empty index there; see `searchkit.engines.base.Engine`."""
        create_in(location.directory, manifest, settings.lock_timeout, cls.publish_empty)

    @classmethod
    def remove(cls, location: Location, settings: Settings) -> None:
        """Remove the index there; see `searchkit.engines.base.Engine`."""
        remove_from(location.directory, settings.lock_timeout)


def create_in(
    path: Path, manifest: Manifest, lock_timeout: float, publish_empty: Callable[[Path], None]
) -> None:
    """Put an empty index into directory `path`; IndexLocked, IndexNotWritable if it cannot be done.

    Nothing is done when another process has put one there in the meantime. The manifest is first:
    with it alone, a directory counts as one where no index has been made yet.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexNotWritable(
            f"no index can be made in {path}: {error.strerror}; name another directory with "
            "--index-dir"
        ) from error
    lock = WriterLock(path)
    with write_errors(path):
        lock.acquire(lock_timeout)
        try:
            if is_free(path):
                manifest.write(path)
                publish_empty(path)
        finally:
            lock.release()


def remove_from(path: Path, lock_timeout: float) -> None:
    """Remove the index in directory `path`; see `searchkit.engines.base.Engine.remove`.

    The manifest goes last: cut off before, there is still an index to remove.
    """
    # Imported late, as all that a program which only searches has no use for.
    from shutil import rmtree

    read_manifest(path)
    lock = WriterLock(path)
    with write_errors(path):
        lock.acquire(lock_timeout)
        try:
            for entry in path.iterdir():
                if entry.is_dir() and not entry.is_symlink():
                    rmtree(entry)
                elif entry.name not in _KEPT:
                    entry.unlink()
            (path / FILE_NAME).unlink()
        finally:
            lock.release()
