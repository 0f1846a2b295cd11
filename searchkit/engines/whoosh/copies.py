"""The copies of a segment, in its `SEGMENT.tables`: signatures of articles, and links.

Documents without a signature (sidebar items, articles of a line or two) have no row.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

import numpy as np

from searchkit.engines.copies import (
    SIGNATURE_BYTES,
    links,
    links_among,
    member_number,
    sharing_a_band,
)
from searchkit.engines.whoosh.spools import Spools, pieces_of
from searchkit.engines.whoosh.tables import Array, Pieces


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

    def __init__(self, spools: Spools) -> None:
        self._documents, self._members = spools.new("I"), spools.new("q")
        self._signatures = spools.new("B")
        self._links: list[Array] = []

    def add(self, document: int, document_id: str, signature: bytes) -> None:
        """Add an article with a signature."""
        if len(signature) == SIGNATURE_BYTES:
            self._documents.append(document)
            self._members.append(member_number(document_id, signature))
            self._signatures.extend(signature)

    def add_merged(self, copies: Copies, numbers: Array) -> None:
        """Add those of another segment; `numbers` are the new document numbers, -1 for deleted."""
        for documents, members, signatures in zip(*map(pieces_of, copies[:3]), strict=True):
            new = numbers[documents]
            kept = new >= 0
            self._documents.extend(new[kept].astype(np.uint32))
            self._members.extend(members[kept])
            self._signatures.extend(signatures[kept])
        self._links.append(copies.links)

    def link(self, known: Iterable[Copies]) -> None:
        """Link the articles that were added with one another and with those of other segments."""
        if not len(self._members):
            return
        fresh = self._members.values()
        signatures = self._signatures.values().reshape(-1, SIGNATURE_BYTES)
        near = [_near(copies, signatures) for copies in known]
        members = np.concatenate([*(members for members, _ in near), fresh])
        signatures = np.concatenate([*(signatures for _, signatures in near), signatures])
        self._links.append(links(members, signatures, len(fresh)))

    def forget_gone(self, beside: Iterable[Array]) -> None:
        """Leave out links of articles that are gone; `beside` are the members to be known still.

        Those are the members of other segments, and all that their links name.
        """
        if pairs := [each for each in self._links if len(each)]:
            there = chain([self._members.values()], beside)
            self._links = [links_among(there, np.concatenate(pairs))]

    def tables(self) -> dict[str, Array | Pieces]:
        """Return the arrays that `read_copies` needs."""
        none = np.empty((0, 2), dtype=np.int64)
        return {
            "copies.documents": self._documents.table(),
            "copies.members": self._members.table(),
            "copies.signatures": self._signatures.table(),
            "copies.links": np.unique(np.concatenate([none, *self._links]), axis=0).ravel(),
        }


def _near(known: Copies, fresh: Array) -> tuple[Array, Array]:
    """Return (members, signatures) of those that may be copies of ones with `fresh` signatures.

    They are few, of any number. Nothing of a mapped file is kept.
    """
    near = np.zeros(len(known.members), dtype=bool)
    first = 0
    for piece in pieces_of(known.signatures):
        near[first : first + len(piece)] = sharing_a_band(piece, fresh)
        first += len(piece)
    return known.members[near], known.signatures[near]
