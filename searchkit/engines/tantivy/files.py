"""The files of an index, as one object: its newest commit, and what writes another one."""

import os
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

import tantivy

from searchkit.engines.locking import WriterLock
from searchkit.engines.manifest import Manifest, check_built
from searchkit.engines.opening import unreadable
from searchkit.engines.tantivy.boundary import writing
from searchkit.engines.tantivy.folder import (
    Commit,
    State,
    current,
    make,
    next_name,
    open_index,
    publish,
    read_commit,
    remove_leftovers,
    remove_others,
    state_of,
    switch,
    watched,
)
from searchkit.engines.tantivy.rewriting import rewrite
from searchkit.engines.tantivy.schema import Layout
from searchkit.engines.tantivy.snapshot import Snapshot
from searchkit.engines.tantivy.writer import TantivyWriter, Target
from searchkit.engines.write_errors import write_errors
from searchkit.errors import IndexDamaged, SearchIndexError
from searchkit.forking import lock_held_at_fork

_TRIES = 20


class IndexFiles:
    """The index in `folder`; with `replacing` an empty one that will take its place."""

    def __init__(self, folder: Path, replacing: Manifest | None, layout: Layout) -> None:
        self._folder = folder
        self._layout = layout
        self._replacing = replacing
        self._opening = lock_held_at_fork()
        self._built: Manifest | None = None
        self._watched: tuple[Path, ...] = ()
        self._state: State = ()
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """Return the newest commit, opened once."""
        with self._opening:
            if self._replacing is None:
                return self._newest()
            if self._snapshot is None:
                nothing = Commit("empty", 0, 0, 0, frozenset())
                self._snapshot = self._of(tantivy.Index(self._layout.schema), nothing)
            return self._snapshot

    def writer(self, memory_bytes: int, timeout: float) -> TantivyWriter:
        """Return a writer of the next commit; IndexLocked, IndexNotWritable."""
        lock = self._locked(timeout)
        try:
            before = self.snapshot()
            if self._replacing is None:
                directory = current(self._folder)
                remove_others(self._folder, directory)
                with writing(self._folder):
                    remove_leftovers(directory)
                discard = partial(_remove_own, directory)
                target = Target(open_index(directory, self._layout), discard=discard)
            else:
                target = self._new()
            return TantivyWriter(self._folder, target, lock, before, memory_bytes)
        except BaseException:
            lock.release()
            raise

    def rewrite(self, memory_bytes: int, timeout: float) -> None:
        """Write all documents of the newest commit anew, unless that would change nothing."""
        lock = self._locked(timeout)
        try:
            before = self.snapshot()
            if self._replacing is None and (before.segments > 1 or before.deleted):
                target = self._new()
                with writing(self._folder):
                    rewrite(before, target, memory_bytes)
        finally:
            lock.release()

    def disk_bytes(self) -> int:
        """Return the size of all files."""
        total = 0
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with suppress(OSError):  # a writer may remove it, or the folder
                    total += Path(folder, name).lstat().st_size
        return total

    def close(self) -> None:
        """Let go of the mapped files."""
        with self._opening:
            self._snapshot = None

    def _newest(self) -> Snapshot:
        try:
            if self._snapshot is None or state_of(self._watched) != self._state:
                self._snapshot = self._opened()
            return self._snapshot
        except OSError as error:
            raise unreadable(self._folder, error) from error

    def _of(self, index: tantivy.Index, commit: Commit) -> Snapshot:
        return Snapshot(self._folder, index, commit, self._layout)

    def _opened(self) -> Snapshot:
        """Open the newest commit, once more each time that a writer has come between."""
        for _ in range(_TRIES):
            # First, for what fails here must fail again when it is asked again.
            self._built = check_built(self._folder, self._layout.fields, self._built)
            directory = current(self._folder)
            self._watched = watched(self._folder, directory)
            self._state = state_of(self._watched)
            try:
                found = self._of(open_index(directory, self._layout), read_commit(directory))
            except IndexDamaged:
                if state_of(self._watched) == self._state:
                    raise
                continue
            if state_of(self._watched) == self._state:
                return found
        raise SearchIndexError(f"{self._folder} is written faster than it can be read; try again")

    def _locked(self, timeout: float) -> WriterLock:
        lock = WriterLock(self._folder)
        with write_errors(self._folder):
            lock.acquire(timeout)
        return lock

    def _new(self) -> Target:
        """Return a new directory that takes the place of the one in use when it is published."""
        with writing(self._folder):
            directory = self._folder / next_name(self._folder)
            return Target(
                make(directory, self._layout),
                partial(self._switch, directory.name),
                partial(shutil.rmtree, directory, ignore_errors=True),
            )

    def _switch(self, name: str) -> None:
        switch(self._folder, name, self._replacing)
        with self._opening:
            self._replacing = self._snapshot = None
        remove_others(self._folder, self._folder / name)


def _remove_own(directory: Path) -> None:
    """Remove what a writer has left that fails, for on a full disk others need the room."""
    # What cannot be removed is left to the next writer.
    with suppress(OSError, SearchIndexError):
        remove_leftovers(directory)


def publish_empty(folder: Path, layout: Layout) -> None:
    """Put an empty index into `folder`, which must exist."""
    with writing(folder):
        remove_others(folder, None)
        name = next_name(folder)
        make(folder / name, layout)
        publish(folder, name)
