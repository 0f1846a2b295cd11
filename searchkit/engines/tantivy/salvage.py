"""Reads what can still be read of the documents of a damaged index."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from searchkit.engines.manifest import fields_of
from searchkit.engines.tantivy.folder import current, open_index, read_commit
from searchkit.engines.tantivy.schema import layout_of
from searchkit.engines.tantivy.snapshot import EVERYTHING, Snapshot
from searchkit.errors import IndexDamaged


@dataclass(slots=True)
class Salvage:
    """What was found of an index beside its documents.

    `lost` are the ids of documents that cannot be read, "" where that cannot be read either;
    `uncertain` when nobody can tell any more how many there were.
    """

    lost: list[str] = field(default_factory=list)
    uncertain: bool = False


def salvage(folder: Path, found: Salvage) -> Iterator[dict[str, Any]]:
    """Yield the stored objects that can be read, and note in `found` what cannot.

    Raises OSError when a file cannot be read at all.
    """
    try:
        directory = current(folder)
        layout = layout_of(fields_of(folder))
        commit = read_commit(directory)
        snapshot = Snapshot(folder, open_index(directory, layout), commit, layout)
        for hit in snapshot.in_order(EVERYTHING):
            try:
                stored = snapshot.stored(hit)
            except IndexDamaged:
                found.lost.append("")
                continue
            yield stored
    except IndexDamaged:
        found.uncertain = True
