"""Reads all of an index, and says what is wrong with it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from searchkit.engines import locking
from searchkit.engines.findings import Checked, FaultOf
from searchkit.engines.manifest import BACKUP_NAME, FILE_NAME, INNOCENT, fields_of
from searchkit.engines.opening import IrregularFile, open_regular, unreadable
from searchkit.engines.tantivy import footers
from searchkit.engines.tantivy.folder import (
    META,
    POINTER,
    SEGMENT_FILE,
    TANTIVYS_OWN,
    State,
    current,
    is_directory_of_ours,
    open_index,
    read_commit,
    state_of,
    watched,
)
from searchkit.engines.tantivy.schema import layout_of
from searchkit.engines.tantivy.snapshot import EVERYTHING, Snapshot
from searchkit.errors import IndexDamaged, SearchIndexError

_OURS = {FILE_NAME, BACKUP_NAME, POINTER, locking.FILE_NAME} | INNOCENT


def check(folder: Path, fault_of: FaultOf) -> Checked:
    """Check all files in `folder`; `fault_of` judges each stored object.

    Raises SearchIndexError when a file cannot be read at all.
    """
    try:
        while True:
            before = _state(folder)
            checked = Checked()
            try:
                _check(folder, fault_of, checked)
            except (OSError, SearchIndexError):
                if _state(folder) == before:
                    raise
                continue
            # A writer that has come between has removed files of the commit that was looked at.
            if not checked.findings or _state(folder) == before:
                return checked
    except OSError as error:
        raise unreadable(folder, error) from error


def _state(folder: Path) -> State | None:
    with suppress(IndexDamaged):
        return state_of(watched(folder, current(folder)))
    return None


def _check(folder: Path, fault_of: FaultOf, checked: Checked) -> None:
    try:
        directory = current(folder)
    except IndexDamaged:
        checked.add("damaged", POINTER, "it is missing, or not as it was written")
        return
    _check_names(folder, checked)
    try:
        commit = read_commit(directory)
    except IndexDamaged:
        checked.add("damaged", f"{directory.name}/{META}", "it is missing or damaged")
        return
    checked.documents = commit.documents
    if _files_are_sound(directory, commit.files, checked):
        # Of a length that is not as it was, tantivy takes so much memory that the process ends.
        checked.add_all(directory.name, _faults(folder, directory, fault_of, checked))


def _check_names(folder: Path, checked: Checked) -> None:
    """Name what the newest commit does not need."""
    with locking.unless_written(folder) as unwritten:
        if not unwritten:
            return
        try:
            directory = current(folder)
            around = sorted(folder.iterdir())
            within = sorted(directory.iterdir())
            needed = read_commit(directory).files | TANTIVYS_OWN
        except IndexDamaged:
            return  # nobody can tell what is needed
    for entry in around:
        if is_directory_of_ours(entry.name) and entry != directory:
            checked.add("leftover", entry.name, "of a writer that was killed")
        elif entry.name not in _OURS and entry != directory:
            checked.add("unknown", entry.name, "it is not a file of the index")
    for entry in within:
        place = f"{directory.name}/{entry.name}"
        if entry.name in needed:
            continue
        if SEGMENT_FILE.fullmatch(entry.name):
            checked.add("leftover", place, "of a writer that was killed")
        else:
            checked.add("unknown", place, "it is not a file of the index")


def _files_are_sound(directory: Path, needed: frozenset[str], checked: Checked) -> bool:
    sound = True
    for name in sorted(needed):
        path = directory / name
        try:
            with open_regular(path) as file:
                fault = footers.fault_of(file)
            checked.size += path.stat().st_size
        except (FileNotFoundError, IrregularFile) as error:
            fault = f"cannot be opened ({error.strerror})"
        if fault:
            sound = False
            checked.add("damaged", f"{directory.name}/{name}", f"it {fault}")
    return sound


def _faults(folder: Path, directory: Path, fault_of: FaultOf, checked: Checked) -> Iterator[str]:
    """Count the documents, and yield what is wrong with them."""
    try:
        layout = layout_of(fields_of(folder))
        commit = read_commit(directory)
        snapshot = Snapshot(folder, open_index(directory, layout), commit, layout)
        checked.documents = snapshot.documents
        for hit in snapshot.in_order(EVERYTHING):
            try:
                document = snapshot.indexed(hit)
            except IndexDamaged:
                yield "a document cannot be read"
                continue
            if fault := fault_of(document.stored):
                yield f"document {document.id} {fault}"
    except IndexDamaged as error:
        yield f"its documents cannot be read: {error}"
