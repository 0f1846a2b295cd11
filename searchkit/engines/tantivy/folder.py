"""The index directory: tantivy's own directory in it, and the file that tells which one it is.

To build an index anew, a writer makes another directory beside the one in use, and then puts its
name into the file.
"""

import json
import os
import re
import shutil
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import tantivy

from searchkit.durable import replace_file
from searchkit.engines.manifest import Manifest, read_manifest
from searchkit.engines.opening import IrregularFile, open_regular
from searchkit.engines.sealed import sealed, unsealed
from searchkit.engines.tantivy.boundary import reading
from searchkit.engines.tantivy.schema import Layout
from searchkit.errors import REPAIR, IndexDamaged, SearchIndexError

POINTER = "tantivy.json"
META, MANAGED = "meta.json", ".managed.json"
_LOCKS = frozenset({".tantivy-meta.lock", ".tantivy-writer.lock"})
TANTIVYS_OWN = frozenset({META, MANAGED, *_LOCKS})
"""Files of tantivy's directory that are not of a segment."""

_NAME = re.compile(r"tantivy-([1-9][0-9]{0,8})")
SEGMENT_FILE = re.compile(r"[0-9a-f]{32}(\.[0-9]+)?\.[a-z]+")
_ENDINGS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
_LARGEST_POINTER = 4096
_LARGEST_META = 64 * 1024 * 1024

State = tuple[tuple[int, int, int], ...]


class Commit(NamedTuple):
    """What `meta.json` says of a commit: its name, and how many documents there are and deleted.

    The one that has the links between copies counts as well. `files` are the names of the files
    that it needs.
    """

    name: str
    opstamp: int
    documents: int
    deleted: int
    files: frozenset[str]


def current(folder: Path) -> Path:
    """Return tantivy's directory of the index in `folder`; IndexDamaged if that cannot be told."""
    path = folder / POINTER
    try:
        with open_regular(path) as file:
            name = unsealed(file.read(_LARGEST_POINTER))["directory"]
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(name)
    except (FileNotFoundError, IrregularFile, ValueError, KeyError):
        raise IndexDamaged(f"{path} is missing or damaged; {REPAIR}") from None
    return folder / name


def publish(folder: Path, name: str) -> None:
    """Make the directory of that name the one in use."""
    replace_file(folder / POINTER, sealed({"directory": name}))


def switch(folder: Path, name: str, manifest: Manifest | None) -> None:
    """Make the directory of that name the one in use, and `manifest` that of the index.

    When either cannot be written, both are as they were.
    """
    before = _bytes_of(folder / POINTER)
    publish(folder, name)
    if manifest is None or manifest == _manifest_in(folder):
        return
    # Killed here, the index has the old manifest: it is to be rebuilt, as before.
    try:
        manifest.write(folder)
    except BaseException:
        if before is None:
            (folder / POINTER).unlink()
        else:
            replace_file(folder / POINTER, before)
        raise


def _bytes_of(path: Path) -> bytes | None:
    with suppress(OSError), open_regular(path) as file:
        return file.read(_LARGEST_POINTER)
    return None


def _manifest_in(folder: Path) -> Manifest | None:
    with suppress(SearchIndexError):
        return read_manifest(folder)
    return None


def is_directory_of_ours(name: str) -> bool:
    """Return whether tantivy's directories are named so."""
    return _NAME.fullmatch(name) is not None


def next_name(folder: Path) -> str:
    """Return a name for a new directory, higher than all there are."""
    used = (_NAME.fullmatch(entry.name) for entry in folder.iterdir())
    return f"tantivy-{max((int(match[1]) for match in used if match), default=0) + 1}"


def remove_others(folder: Path, kept: Path | None) -> None:
    """Remove tantivy's directories but the one that is `kept`; leave what cannot be removed."""
    for entry in folder.iterdir():
        if _NAME.fullmatch(entry.name) and (kept is None or entry.name != kept.name):
            # Of a link it says that it is none of its own.
            shutil.rmtree(entry, ignore_errors=True)


def remove_leftovers(directory: Path) -> None:
    """Remove files of segments that the newest commit does not need: a killed writer's.

    Another writer would give its own the same names.
    """
    needed = read_commit(directory).files
    for entry in directory.iterdir():
        match = SEGMENT_FILE.fullmatch(entry.name)
        if match and entry.name not in needed:
            entry.unlink()


def watched(folder: Path, directory: Path) -> tuple[Path, Path]:
    """Return the files that are replaced when there is a newer commit than in `directory`."""
    return folder / POINTER, directory / META


def state_of(files: Sequence[Path]) -> State:
    """Return what changes when one of `files` is replaced."""
    return tuple(map(_state, files))


def _state(file: Path) -> tuple[int, int, int]:
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return (0, 0, 0)
    return found.st_mtime_ns, found.st_ino, found.st_size


def make(directory: Path, layout: Layout) -> tantivy.Index:
    """Return a new index in a new directory."""
    directory.mkdir()
    return tantivy.Index(layout.schema, path=str(directory))


def open_index(directory: Path, layout: Layout) -> tantivy.Index:
    """Return the index in tantivy's `directory`, which may be a stranger's.

    It has to hold nothing but files, and to be of the schema of `layout`: IndexDamaged if not.
    """
    with reading(directory):
        if directory.is_symlink():
            raise IndexDamaged(f"{directory} is a link, not a directory; {REPAIR}")
        for entry in directory.iterdir():
            # A writer may remove it at any moment: it is asked what it is once.
            with suppress(FileNotFoundError):
                if not stat.S_ISREG(entry.lstat().st_mode):
                    raise IndexDamaged(f"{entry} is no file; {REPAIR}")
        read_commit(directory)
        if os.access(directory, os.W_OK):
            return _opened(directory, layout)
        # To open what is there tantivy locks a file beside it. What is open needs no names.
        with TemporaryDirectory(prefix="searchkit-") as passing:
            for entry in directory.iterdir():
                if entry.name not in _LOCKS:
                    Path(passing, entry.name).symlink_to(entry.absolute())
            return _opened(Path(passing), layout)


def _opened(directory: Path, layout: Layout) -> tantivy.Index:
    index = tantivy.Index(layout.schema, path=str(directory))
    index.config_reader("manual")
    return index


def read_commit(directory: Path) -> Commit:
    """Return what the newest commit is; IndexDamaged if that cannot be read."""
    return commit_of(directory, read_meta(directory))


def read_meta(directory: Path) -> bytes:
    """Return what tantivy says of the newest commit; IndexDamaged if there is nothing."""
    path = directory / META
    try:
        with open_regular(path) as file:
            return file.read(_LARGEST_META)
    except (FileNotFoundError, IrregularFile):
        raise IndexDamaged(f"{path} is missing; {REPAIR}") from None


def commit_of(directory: Path, meta: bytes) -> Commit:
    """Return the commit of which tantivy says this; IndexDamaged if it makes no sense."""
    try:
        return _commit(json.loads(meta))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise IndexDamaged(f"{directory / META} is damaged; {REPAIR}") from None


def _commit(meta: dict[str, Any]) -> Commit:
    segments = meta["segments"]
    deletes = [segment["deletes"] or {"num_deleted_docs": 0} for segment in segments]
    deleted = sum(int(each["num_deleted_docs"]) for each in deletes)
    names = [str(segment["segment_id"]).replace("-", "") for segment in segments]
    opstamp = int(meta["opstamp"])
    return Commit(
        name=f"{opstamp:x}.{'.'.join(sorted(name[:8] for name in names))}",
        opstamp=opstamp,
        documents=sum(int(segment["max_doc"]) for segment in segments) - deleted,
        deleted=deleted,
        files=frozenset(
            [f"{name}.{ending}" for name in names for ending in _ENDINGS]
            + [
                f"{name}.{int(each['opstamp'])}.del"
                for name, each in zip(names, deletes, strict=True)
                if each.get("opstamp") is not None
            ]
        ),
    )
