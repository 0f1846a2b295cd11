"""Engines by name, imported only when asked for; an index made and removed on disk."""

from importlib import import_module
from pathlib import Path
from typing import Any

from searchkit.engines.manifest import FILE_NAME, Manifest
from searchkit.errors import IndexNotWritable, IndexVersionMismatch

_ENGINES = {"whoosh": ("searchkit.engines.whoosh", "WhooshEngine")}


def engine_class(name: str) -> Any:
    """Return the class of an engine; IndexVersionMismatch if this version has none of that name."""
    if name not in _ENGINES:
        raise IndexVersionMismatch(
            f"the index was written by the engine {name!r}; this searchkit has "
            f"{', '.join(_ENGINES)}: rebuild it with `searchkit index --rebuild`"
        )
    module, attribute = _ENGINES[name]
    return getattr(import_module(module), attribute)


def create_index(path: Path, manifest: Manifest) -> None:
    """Put an empty index into directory `path`; IndexNotWritable if that cannot be done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        engine_class(manifest.engine).create(path)
        manifest.write(path)
    except OSError as error:
        raise IndexNotWritable(
            f"no index can be made in {path}: {error.strerror}; name another directory with "
            "--index-dir"
        ) from error


def remove_index(path: Path, engine: str) -> None:
    """Remove the files of `engine` and the manifest from `path`; IndexNotWritable if it fails."""
    try:
        engine_class(engine).remove(path)
        (path / FILE_NAME).unlink(missing_ok=True)
    except OSError as error:
        raise IndexNotWritable(f"{path} cannot be written: {error.strerror}") from error
