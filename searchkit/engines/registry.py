"""Engines by name, imported only when asked for; an index made on disk."""

from importlib import import_module
from pathlib import Path
from typing import Any

from searchkit.engines.locking import WriterLock
from searchkit.engines.manifest import Manifest, is_free
from searchkit.engines.write_errors import write_errors
from searchkit.errors import IndexNotWritable, IndexVersionMismatch

DEFAULT_ENGINE = "whoosh"

_ENGINES = {"whoosh": ("searchkit.engines.whoosh", "WhooshEngine")}


def engine_class(name: str) -> Any:
    """Return the class of an engine; IndexVersionMismatch if this version has none of that name."""
    module, attribute = _place(name)
    return getattr(import_module(module), attribute)


def upkeep_of(name: str) -> Any:
    """Return the module in which an engine checks and copies its indexes; raises as the above."""
    return import_module(f"{_place(name)[0]}.upkeep")


def _place(name: str) -> tuple[str, str]:
    if name not in _ENGINES:
        raise IndexVersionMismatch(
            f"the index was written by the engine {name!r}; this searchkit has "
            f"{', '.join(_ENGINES)}: rebuild it with `searchkit index --rebuild`"
        )
    return _ENGINES[name]


def create_index(path: Path, manifest: Manifest, lock_timeout: float) -> None:
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
                engine_class(manifest.engine).create(path)
        finally:
            lock.release()
