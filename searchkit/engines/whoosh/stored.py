"""The documents of a segment: `SEGMENT.stored` and half of `SEGMENT.tables`.

A stored document is a zlib-compressed JSON object; where it ends, how many tokens its fields have
and its numbers are arrays by document.
"""

from collections.abc import Callable, Iterator, Sequence
from mmap import mmap
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base

from searchkit.cached import cached_property
from searchkit.canonical import from_json, to_json
from searchkit.engines.whoosh.copies import Copies, read_copies
from searchkit.engines.whoosh.facets import Column, read_column
from searchkit.engines.whoosh.segment import STORED, TABLES, CompactSegment
from searchkit.engines.whoosh.spools import Output, Spool, Spools
from searchkit.engines.whoosh.streams import StreamDamaged, compress, decompressobj
from searchkit.engines.whoosh.tables import (
    TEXT,
    Array,
    MappedFile,
    Pieces,
    read_tables,
)

LONGEST_STORED = 256 * 1024 * 1024
_READ_TOGETHER = 1024

_LEVEL = 3
"""Of compression: 6 is hardly smaller."""


class DocumentWriter:
    """Writes stored documents as they come; keeps ids, numbers and field lengths until the end."""

    def __init__(self, folder: Path, segment: CompactSegment, spools: Spools) -> None:
        self._segment = segment
        self._spools = spools
        self._file = Output(folder / segment.make_filename(STORED))
        self._sizes = spools.new("Q")
        self._id_sizes, self._ids = spools.new("I"), spools.new("B")
        self._numbers: dict[str, Spool] = {}
        # By field as far as the last document that has it.
        self._lengths: dict[str, Spool] = {}
        self.is_closed = False

    def __len__(self) -> int:
        return len(self._sizes)

    def add(
        self, document_id: str, stored: dict[str, Any], lengths: dict[str, int], **numbers: int
    ) -> None:
        """Write the next document, with tokens by field and the same `numbers` as every other."""
        data = compress(to_json(stored), _LEVEL)
        self._file.write(data)
        for field, length in lengths.items():
            if length:
                self._lengths_of(field).append(length)
        for name, number in numbers.items():
            self._numbers_of(name).append(number)
        self._sizes.append(len(data))
        self._add_id(document_id)

    def add_all(self, documents: "DocumentReader", chosen: Array, numbers: Sequence[str]) -> None:
        """Write the `chosen` documents of another segment, ascending, as they are there."""
        for data in documents.compressed(chosen):
            self._file.write(data)
        for field in documents.field_names():
            lengths = documents.lengths(field)
            assert lengths is not None, "it was named"
            self._lengths_of(field).extend(lengths[chosen].astype(np.uint32))
        for name in numbers:
            self._numbers_of(name).extend(documents.numbers(name)[chosen])
        self._sizes.extend(documents.sizes(chosen))
        for document_id in documents.ids(chosen):
            self._add_id(document_id)

    def _add_id(self, document_id: str) -> None:
        encoded = document_id.encode(*TEXT)
        self._id_sizes.append(len(encoded))
        self._ids.extend(encoded)

    def _numbers_of(self, name: str) -> Spool:
        if name not in self._numbers:
            self._numbers[name] = self._spools.new("q")
        return self._numbers[name]

    def _lengths_of(self, field: str) -> Spool:
        """Return the lengths of a field, those of all documents that were added."""
        if field not in self._lengths:
            self._lengths[field] = self._spools.new("I")
        lengths = self._lengths[field]
        if missing := len(self._sizes) - len(lengths):
            lengths.extend(bytes(4 * missing))
        return lengths

    def tables(self) -> dict[str, Pieces]:
        """Return the arrays that `DocumentReader` needs."""
        arrays = {
            "stored.ends": self._sizes.ends(),
            "id.ends": self._id_sizes.ends(),
            "id.text": self._ids.table(),
        }
        for name, numbers in self._numbers.items():
            arrays[f"number.{name}"] = numbers.table()
        for field in self._lengths:
            lengths = self._lengths_of(field)
            arrays[f"length.{field}"] = lengths.table()
            self._segment.field_lengths[field] = lengths.total()
        return arrays

    def close(self) -> None:
        """Close the file of stored documents."""
        if not self.is_closed:
            self._file.close()
            self.is_closed = True


class DocumentReader(base.PerDocumentReader):
    """Reads stored documents and field lengths."""

    def __init__(self, folder: Path, segment: CompactSegment) -> None:
        self._segment = segment
        sums = segment.checksums
        tables = read_tables(folder / segment.make_filename(TABLES), sums.get(TABLES))
        self._file = MappedFile(folder / segment.make_filename(STORED), sums.get(STORED))
        self._tables = tables
        self._ends = tables.get("stored.ends", np.zeros(1, dtype=np.uint64))
        if self._ends.dtype.kind != "u" or len(self._ends) != segment.doc_count_all() + 1:
            raise self._file.damaged("it holds another number of documents than it should")

    def lengths(self, field: str) -> Array | None:
        """Return the number of tokens of `field` by document; None if no document has any."""
        return self._by_document(f"length.{field}")

    def numbers(self, name: str) -> Array:
        """Return the number of that name by document; zeros if the segment has none."""
        numbers = self._by_document(f"number.{name}")
        return np.zeros(self.doc_count_all(), dtype=np.int64) if numbers is None else numbers

    @cached_property
    def copies(self) -> Copies:
        """The signatures and links by which copies of articles are known."""
        copies = read_copies(self._tables, self.doc_count_all())
        if copies is None:
            raise self._file.damaged("the tables of copies do not fit together")
        return copies

    def facet(self, field: str) -> Column:
        """Return the values of a facet field."""
        column = read_column(self._tables, field, self.doc_count_all())
        if column is None:
            raise self._file.damaged(f"the tables of the facet {field} do not fit together")
        return column

    def id(self, docnum: int) -> str:
        """Return the id of a document."""
        return self.ids(np.array([docnum]))[0]

    def ids(self, docnums: Array) -> list[str]:
        """Return the ids of documents."""
        starts, ends, (data, first) = self._ids
        places = zip(starts[docnums].tolist(), ends[docnums].tolist(), strict=True)
        texts = [data[first + start : first + end] for start, end in places]
        try:
            return [text.decode() for text in texts]
        except UnicodeDecodeError:  # half a surrogate pair: strict decoding is twice as fast
            pass
        try:
            return [text.decode(*TEXT) for text in texts]
        except UnicodeDecodeError:
            raise self._file.damaged("an id in it is no text") from None

    @cached_property
    def _ids(self) -> tuple[Array, Array, tuple[mmap | bytes, int]]:
        """By document where its id begins and ends, and the text of all, with where it begins."""
        empty = np.empty(0, dtype=np.uint8)
        ends, text = self._tables.get("id.ends", empty), self._tables.get("id.text", empty)
        numbers = ends.dtype.kind == "u" and text.dtype == np.uint8
        if not numbers or len(ends) != self.doc_count_all() + 1:
            raise self._file.damaged("the table of ids is not that of its documents")
        return ends[:-1], ends[1:], self._tables.place("id.text")

    def field_names(self) -> list[str]:
        """Return the names of the fields that have lengths."""
        prefix = "length."
        return [name.removeprefix(prefix) for name in self._tables if name.startswith(prefix)]

    def _by_document(self, name: str) -> Array | None:
        values = self._tables.get(name)
        if values is not None and len(values) != self.doc_count_all():
            raise self._file.damaged(f"{name} is of another number of documents")
        return values

    def sizes(self, docnums: Array) -> Array:
        """Return how many bytes are stored of documents."""
        sizes: Array = self._ends[docnums + 1].astype(np.uint64) - self._ends[docnums]
        return sizes

    def compressed(self, chosen: Array) -> Iterator[bytes]:
        """Yield what is stored of the `chosen` documents, ascending, as it is on disk.

        Made for reading all once, as merging does: nothing of it stays in memory.
        """
        # Neighbours are read together.
        starts = np.flatnonzero(np.diff(chosen, prepend=-2) != 1)
        for run in np.split(chosen, starts[1:]):
            for first in range(0, len(run), _READ_TOGETHER):
                few = run[first : first + _READ_TOGETHER]
                yield self._bytes(int(few[0]), int(few[-1]))
                self._file.release()

    def _bytes(self, first: int, last: int) -> bytes:
        return self._file.read(int(self._ends[first]), int(self._ends[last + 1]))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return a stored document; IndexDamaged if it cannot be read."""
        try:
            text = decompressobj().decompress(self._bytes(docnum, docnum), LONGEST_STORED)
            stored = from_json(text)
        except (StreamDamaged, ValueError):
            raise self._file.damaged(f"document {docnum} cannot be read") from None
        if not isinstance(stored, dict):
            raise self._file.damaged(f"document {docnum} is not an object")
        return stored

    # What follows is Whoosh's interface.

    def supports_columns(self) -> bool:
        """Return False: what others keep in columns is stored or indexed here."""
        return False

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        """Yield the deleted documents."""
        return self._segment.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the number of tokens of a field of a document."""
        lengths = self.lengths(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return the number of tokens of a field over all documents."""
        return self._segment.field_lengths.get(fieldname, 0)

    def min_field_length(self, fieldname: str) -> int:
        """Return the smallest number of tokens of a field."""
        return self._extreme(fieldname, np.min)

    def max_field_length(self, fieldname: str) -> int:
        """Return the largest number of tokens of a field."""
        return self._extreme(fieldname, np.max)

    def _extreme(self, fieldname: str, choose: Callable[[Array], Any]) -> int:
        lengths = self.lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(choose(lengths))
