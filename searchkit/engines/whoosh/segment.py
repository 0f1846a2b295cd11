"""What the table of contents knows of a segment."""

from collections.abc import Iterator
from typing import Any

from whoosh.codec import base

from searchkit.engines.fields import LEAST_NUMBER
from searchkit.engines.whoosh.checksums import Checksums

TABLES, KEYS, POSTINGS, STORED = ENDINGS = (".tables", ".keys", ".postings", ".stored")
"""The files of a segment."""

EXACT = "="
"""Stands before a folded surface form, to tell it from a stem in the same field."""

MOMENT = "moment"
"""The name of the number that is a document's date."""

UNDATED = LEAST_NUMBER
"""Stands for the date of a document that has none, and for a number that it does not have."""


def field_number(field: str) -> str:
    """Return the name of the number of a number field: none of ours."""
    return f"field.{field}"


class CompactSegment(base.Segment):
    """The name and size of a segment, its deleted documents and the lengths of its fields.

    `checksums` has those of its files by their ending; it is empty until the segment is published.
    """

    def __init__(self, codec: base.Codec, indexname: str) -> None:
        super().__init__(indexname)
        self._codec = codec
        self._count = 0
        self.deleted: set[int] = set()
        self.field_lengths: dict[str, int] = {}
        self.checksums: dict[str, Checksums] = {}

    def codec(self, **kwargs: Any) -> base.Codec:
        """Return the codec of the segment."""
        return self._codec

    def set_doc_count(self, count: int) -> None:
        """Set the number of documents, deleted ones included."""
        self._count = count

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._count

    def deleted_count(self) -> int:
        """Return the number of deleted documents."""
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Yield the deleted documents."""
        return iter(self.deleted)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Mark a document as deleted, or as not."""
        (self.deleted.add if delete else self.deleted.discard)(docnum)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return docnum in self.deleted

    def should_assemble(self) -> bool:
        """Return False: the files of a segment stay apart."""
        return False
