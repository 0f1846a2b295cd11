"""Links between copies, found when documents are committed; see `searchkit.engines.copies`."""

import numpy as np

from searchkit.engines.copies import SIGNATURE_BYTES, links, member_number
from searchkit.engines.tantivy.schema import bands
from searchkit.engines.tantivy.snapshot import Array, Snapshot

_AT_ONCE = 1000


class Linker:
    """Collects the signatures of the documents of a commit."""

    def __init__(self, before: Snapshot) -> None:
        self._before = before
        self._signatures = bytearray()
        self._members: list[int] = []

    def add(self, document_id: str, signature: bytes) -> None:
        """Add a document that may be a copy."""
        if len(signature) == SIGNATURE_BYTES:
            self._members.append(member_number(document_id, signature))
            self._signatures += signature

    def links(self) -> Array | None:
        """Return all links of the index with the documents added; None if they are as before."""
        if not self._members:
            return None
        known = self._resembling()
        signatures = b"".join((*known.values(), self._signatures))
        found = links(
            np.array([*known, *self._members], dtype=np.int64),
            np.frombuffer(signatures, np.uint8).reshape(-1, SIGNATURE_BYTES),
            len(self._members),
        )
        before = self._before.links
        together: Array = np.unique(np.concatenate((before, found)), axis=0)
        return together if len(together) > len(before) else None

    def _resembling(self) -> dict[int, bytes]:
        """Return the signatures, by member number, of documents that share a band with a new one.

        They are those of documents that are in the index already.
        """
        if not self._before.documents:
            return {}
        size = SIGNATURE_BYTES
        rows = (
            bytes(self._signatures[start : start + size])
            for start in range(0, len(self._signatures), size)
        )
        shared = [band for band in {b for row in rows for b in bands(row)} if self._has(band)]
        found: dict[int, bytes] = {}
        for start in range(0, len(shared), _AT_ONCE):
            query = self._before.among("band", shared[start : start + _AT_ONCE])
            for hit in self._before.all_hits(query):
                document_id, signature = self._before.signature(hit)
                if len(signature) == size:
                    found[member_number(document_id, signature)] = signature
        return found

    def _has(self, band: int) -> bool:
        return self._before.having("band", band) > 0
