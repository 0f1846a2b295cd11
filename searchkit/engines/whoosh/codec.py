"""A Whoosh codec without pickle: compact arrays, mapped into memory.

Whoosh's own codec pickles posting blocks, stored fields and its tables of terms, and unpickling
runs whatever code a hostile index names. This codec keeps a segment in four files of plain data:

- `SEGMENT.keys`: the terms (see `terms`);
- `SEGMENT.tables`: arrays by term and by document (see `tables`);
- `SEGMENT.postings`: the posting lists (see `terms` and `postings`);
- `SEGMENT.stored`: the stored documents (see `stored`).
"""

from pathlib import Path
from typing import Any

from whoosh.codec import base

from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.engines.whoosh.stored import DocumentReader
from searchkit.engines.whoosh.terms import TermsReader


class CompactCodec(base.Codec):
    """Gives Whoosh its readers and writers for segments in searchkit's format."""

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        """Not used: segments are written by `SegmentBuilder`."""
        raise NotImplementedError

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """Not used: segments are written by `SegmentBuilder`."""
        raise NotImplementedError

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        """Return the reader of terms and postings."""
        return TermsReader(Path(storage.folder), segment)

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentReader:
        """Return the reader of stored documents and field lengths."""
        return DocumentReader(Path(storage.folder), segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        """Not used, as above."""
        raise NotImplementedError

    def postings_reader(self, *args: Any, **kwargs: Any) -> Any:
        """Not used: postings are read a list at a time by `TermsReader`."""
        raise NotImplementedError

    def new_segment(self, storage: Any, indexname: str) -> CompactSegment:
        """Return a segment with a fresh name."""
        return CompactSegment(self, indexname)
