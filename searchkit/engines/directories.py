"""An empty index in a directory, for engines that keep theirs there."""

from collections.abc import Callable
from pathlib import Path

from searchkit.engines.locking import WriterLock
from searchkit.engines.manifest import Manifest, is_free
from searchkit.engines.write_errors import write_errors
from searchkit.errors import IndexNotWritable


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
