"""Reads what can still be read of the documents of a damaged index."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tantivy import Query

from searchkit.engines.manifest import fields_of
from searchkit.engines.tantivy.folder import current, open_index, read_commit
from searchkit.engines.tantivy.schema import layout_of
from searchkit.engines.tantivy.snapshot import Hit, Snapshot
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
        hits = _all_of(snapshot)
        found.uncertain = len(hits) != commit.documents
        for hit in hits:
            try:
                stored = _stored(snapshot, hit)
            except IndexDamaged:
                found.lost.append("")
                continue
            if stored is not None:
                yield stored
    except IndexDamaged:
        found.uncertain = True


def _all_of(snapshot: Snapshot) -> Sequence[Hit]:
    """Return all that is not deleted, in the order in which it was added if that can be told.

    No column is asked what there is, for a damaged one leaves documents out.
    """
    everything = Query.all_query()
    hits = snapshot.hits(everything, max(snapshot.count(everything), 1))[1]
    with suppress(IndexDamaged):
        order = np.argsort(snapshot.array("number", hits), kind="stable")
        return [hits[place] for place in order.tolist()]
    return hits


def _stored(snapshot: Snapshot, hit: Hit) -> dict[str, Any] | None:
    """Return the stored object of a document, None for that of the links; IndexDamaged."""
    document = snapshot.document(hit)
    if document.get_first("id") is None and document.get_first("record") is None:
        return None
    return snapshot.stored(hit)
