"""Copies a commit to another directory, where it becomes the newest one.

Files of segments never change, so a writer may go on meanwhile: it can only remove files, and what
is open stays readable. (Windows does not let it remove them.)
"""

import json
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from searchkit.durable import replace_file, replacing_file
from searchkit.engines.copied import Copied, unreadable
from searchkit.engines.fields import Fields
from searchkit.engines.locking import WriterLock
from searchkit.engines.manifest import Manifest
from searchkit.engines.opening import IrregularFile, open_regular
from searchkit.engines.tantivy import footers
from searchkit.engines.tantivy.folder import (
    MANAGED,
    META,
    commit_of,
    current,
    next_name,
    open_index,
    read_commit,
    read_meta,
    remove_others,
    switch,
)
from searchkit.engines.tantivy.schema import layout_of
from searchkit.engines.tantivy.snapshot import Snapshot
from searchkit.errors import IndexDamaged


class OpenCommit:
    """The newest commit of an index, all of its files open."""

    def __init__(self, folder: Path) -> None:
        """Open it; IndexDamaged, or SearchIndexError if it cannot be read."""
        self._opened = ExitStack()
        try:
            self.directory = current(folder)
            self.meta = read_meta(self.directory)
            while not self._open_all():
                pass
        except OSError as error:
            self.close()
            raise unreadable(folder, error) from error
        except BaseException:
            self.close()
            raise

    def _open_all(self) -> bool:
        """Open all files; return False when a writer has come between and removed some."""
        meta = self.meta
        self.commit = commit_of(self.directory, meta)
        try:
            self.files = {name: self._open(name) for name in sorted(self.commit.files)}
        except IndexDamaged:
            self.close()
            self.meta = read_meta(self.directory)
            if self.meta == meta:
                raise
            return False
        return True

    def _open(self, name: str) -> BinaryIO:
        path = self.directory / name
        try:
            return self._opened.enter_context(open_regular(path))
        except (FileNotFoundError, IrregularFile) as error:
            raise IndexDamaged(
                f"{path} is damaged ({error.strerror}); see `searchkit check`"
            ) from None

    def close(self) -> None:
        """Close all files."""
        self._opened.close()


def copy_commit(commit: OpenCommit, target: Path, manifest: Manifest, timeout: float) -> Copied:
    """Make `commit` the newest one of `target`, a directory with a manifest of searchkit.

    Until then, whoever reads `target` sees what was there. Of files that are there already, byte by
    byte, no more is written than a name. Raises IndexDamaged when the commit is not as it was
    written, IndexLocked when another process writes to `target`, and OSError when it cannot be
    written; it is then as it was before.
    """
    lock = WriterLock(target)
    lock.acquire(timeout)
    directory = target / next_name(target)
    try:
        directory.mkdir()
        copied = _copied(commit, _in_use(target), directory)
        copied.documents = _documents(directory, manifest, commit.directory)
        switch(target, directory.name, manifest)
        remove_others(target, directory)
        return copied
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    finally:
        lock.release()


def _in_use(target: Path) -> Path | None:
    with suppress(IndexDamaged):
        return current(target)
    return None


def _copied(commit: OpenCommit, before: Path | None, directory: Path) -> Copied:
    """Put all files into `directory`, those that are in `before` already by another name."""
    copied = Copied()
    for name, file in commit.files.items():
        if before is not None and _is_there(before / name, file):
            (directory / name).hardlink_to(before / name)
            copied.kept += 1
        else:
            copied.size += _copy(commit.directory / name, file, directory / name)
            copied.files += 1
    # tantivy removes only files that it knows of.
    replace_file(directory / MANAGED, json.dumps([META, *commit.files]).encode())
    replace_file(directory / META, commit.meta)
    return copied


def _documents(directory: Path, manifest: Manifest, source: Path) -> int:
    """Return how many documents the copy of `source` has; IndexDamaged if it is none."""
    layout = layout_of(Fields.of(manifest.schema))
    try:
        commit, index = read_commit(directory), open_index(directory, layout)
        return Snapshot(directory, index, commit, layout).documents
    except IndexDamaged as error:
        raise IndexDamaged(
            f"{source.parent} is damaged, so it is not copied: {error}; see `searchkit check`"
        ) from None


def _is_there(path: Path, file: BinaryIO) -> bool:
    """Return whether there is a sound file of this end: that has its size and checksum."""
    try:
        with open_regular(path) as other:
            return footers.end_of(other) == footers.end_of(file) and not footers.fault_of(other)
    except OSError:
        return False


def _copy(source: Path, file: BinaryIO, target: Path) -> int:
    """Copy an open file to `target`, verify it and return its size."""
    with replacing_file(target) as copy:
        if fault := footers.fault_of(file, copy.write):
            raise IndexDamaged(f"{source} {fault}; see `searchkit check`")
        return copy.tell()
