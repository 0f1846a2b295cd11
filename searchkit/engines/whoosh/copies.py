"""The copies of a segment, in its `SEGMENT.tables`: signatures of articles, and links.

Documents without a signature (sidebar items, articles of a line or two) have no row.
"""

from array import array
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from searchkit.engines.copies import SIGNATURE_BYTES, links, member_number, sharing_a_band
from searchkit.engines.whoosh.tables import Array


class Copies(NamedTuple):
    """Document numbers, their member numbers, their signatures (a row each), and links (pairs)."""

    documents: Array
    members: Array
    signatures: Array
    links: Array


def read_copies(tables: Mapping[str, Array], size: int) -> Copies | None:
    """Return the copies in the tables of a segment of `size` documents; None if damaged."""
    empty = np.empty(0, dtype=np.uint8)
    documents = tables.get("copies.documents", empty)
    members = tables.get("copies.members", empty).astype(np.int64)
    signatures = tables.get("copies.signatures", empty)
    pairs = tables.get("copies.links", empty).astype(np.int64)
    sound = (
        len(documents) == len(members)
        and signatures.dtype == np.uint8
        and len(signatures) == len(members) * SIGNATURE_BYTES
        and len(pairs) % 2 == 0
        and not (len(documents) and int(documents.max()) >= size)
    )
    if not sound:
        return None
    return Copies(documents, members, signatures.reshape(-1, SIGNATURE_BYTES), pairs.reshape(-1, 2))


class CopyCollector:
    """Collects the copies of a new segment."""

    def __init__(self) -> None:
        self._documents = array("I")
        self._members = array("q")
        self._signatures = bytearray()
        self._merged: list[Copies] = []

    def add(self, document: int, document_id: str, signature: bytes) -> None:
        """Add an article with a signature."""
        if len(signature) == SIGNATURE_BYTES:
            self._documents.append(document)
            self._members.append(member_number(document_id, signature))
            self._signatures += signature

    def add_merged(self, copies: Copies, numbers: Array) -> None:
        """Add those of another segment; `numbers` are the new document numbers, -1 for deleted."""
        documents = numbers[copies.documents]
        kept = documents >= 0
        if kept.all():
            # As it is on disk, so that no memory is taken for it.
            self._merged.append(copies._replace(documents=documents))
            return
        members, signatures = copies.members[kept], copies.signatures[kept]
        self._merged.append(Copies(documents[kept], members, signatures, copies.links))

    def tables(self, known: Iterable[Copies]) -> dict[str, Array]:
        """Return the arrays that `read_copies` needs.

        Articles added are linked with one another and with those `known` to other segments.
        """
        fresh = Copies(
            np.array(self._documents, dtype=np.int64),
            np.array(self._members, dtype=np.int64),
            np.frombuffer(self._signatures, np.uint8).reshape(-1, SIGNATURE_BYTES),
            np.empty((0, 2), dtype=np.int64),
        )
        found = fresh.links
        if len(fresh.members):
            parts = [_near(copies, fresh) for copies in known]
            members = np.concatenate([*(near for near, _ in parts), fresh.members])
            signatures = np.concatenate([*(near for _, near in parts), fresh.signatures])
            found = links(members, signatures, len(fresh.members))
        joined = fresh._replace(links=found)
        if self._merged:
            rows = (*self._merged, joined)
            joined = Copies(*(np.concatenate(column) for column in zip(*rows, strict=True)))
        return {
            "copies.documents": joined.documents.astype(np.uint32),
            "copies.members": joined.members,
            "copies.signatures": joined.signatures.ravel(),
            "copies.links": np.unique(joined.links, axis=0).ravel(),
        }


def _near(known: Copies, fresh: Copies) -> tuple[Array, Array]:
    """Return (members, signatures) of those that can be copies of fresh ones: few, of any number.

    Nothing of a mapped file is kept.
    """
    near = sharing_a_band(known.signatures, fresh.signatures)
    return known.members[near], known.signatures[near]
