"""The terms of a segment and their postings: `SEGMENT.keys`, `.postings` and half of `.tables`.

A key is the field name, a zero byte and the term, so that the keys of a
field stand together in the order of their terms.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.codec import base

from searchkit.cached import cached_property
from searchkit.engines.whoosh.postings import (
    LongList,
    PostingList,
    PostingLists,
    described,
    packed,
    packed_parts,
    packed_sizes,
    read_postings,
    split_key,
    starts_of,
    term_key,
    unpacked,
)
from searchkit.engines.whoosh.segment import KEYS, POSTINGS, TABLES, CompactSegment
from searchkit.engines.whoosh.spools import Output, Spools, pieces_of
from searchkit.engines.whoosh.tables import (
    TEXT,
    Array,
    MappedFile,
    Pieces,
    read_tables,
    write_tables,
)
from searchkit.errors import IndexDamaged

if TYPE_CHECKING:
    from whoosh.matching import ListMatcher
    from whoosh.reading import TermInfo

_GUIDED = 4096
_COLUMNS = {"offset": "Q", "codes": "B", "documents": "I", "positions": "Q"}


class TermWriter:
    """Writes posting lists as they come, and the table of terms at the end."""

    def __init__(self, folder: Path, segment: CompactSegment, spools: Spools) -> None:
        self._tables_path = folder / segment.make_filename(TABLES)
        with ExitStack() as files:
            self._postings, self._keys = (
                files.enter_context(Output(folder / segment.make_filename(ending)))
                for ending in (POSTINGS, KEYS)
            )
            self._files = files.pop_all()
        self._end = 0
        self._lengths = spools.new("I")
        self._columns = {name: spools.new(code) for name, code in _COLUMNS.items()}
        self._before = spools.new("Q")
        self.is_closed = False

    def add(self, lists: PostingLists | LongList) -> None:
        """Write lists, or a long one, whose keys come after those before."""
        if isinstance(lists, LongList):
            self._add_long(lists)
            return
        codes, sizes, data = packed(lists)
        offsets = self._end + starts_of(sizes)
        self._postings.write(data.data)
        self._end += len(data)
        self._add_rows(lists.keys, lists.before, offsets, codes, lists.lengths, lists.occurrences)

    def _add_long(self, long: LongList) -> None:
        codes, length, occurrences = described(long)
        row = (self._end, codes, length, occurrences)
        for part in packed_parts(long, codes):
            self._postings.write(part.view(np.uint8).data)
            self._end += part.nbytes
        self._add_rows([long.key], np.zeros(1), *(np.array([number]) for number in row))

    def _add_rows(self, keys: list[bytes], before: Array, *columns: Array) -> None:
        self._keys.write(b"".join(keys))
        self._lengths.extend(np.fromiter(map(len, keys), np.uint32, len(keys)))
        self._before.extend(before.astype(np.uint64))
        for (name, code), column in zip(_COLUMNS.items(), columns, strict=True):
            self._columns[name].extend(column.astype(code))

    def finish(self, tables: Mapping[str, Array | Pieces]) -> None:
        """Write the table of terms, together with `tables`, and close the files."""
        self.close()
        before = self._before.values()
        columns = {
            f"term.{name}": column.table()._replace(parts=_shared(column.values(), before))
            for name, column in self._columns.items()
        }
        ends = {"term.ends": self._lengths.ends()}
        write_tables(self._tables_path, {**tables, **columns, **ends})

    def close(self) -> None:
        """Close the files, if that has not been done."""
        self.is_closed = True
        self._files.close()


def _shared(column: Array, before: Array) -> Iterator[Array]:
    """Yield a column in pieces: by term what is there, or so many terms before it."""
    first = 0
    for numbers, back in zip(pieces_of(column), pieces_of(before), strict=True):
        rows = back.nonzero()[0]
        there = numbers.copy()
        there[rows] = column[first + rows - back[rows].astype(np.int64)]
        yield there
        first += len(numbers)


class TermsReader(base.TermsReader):
    """Looks terms up by binary search and gives their postings; it has `count` terms."""

    def __init__(self, folder: Path, segment: CompactSegment) -> None:
        sums = segment.checksums
        self._tables = tables = read_tables(
            folder / segment.make_filename(TABLES), sums.get(TABLES)
        )
        self._postings = MappedFile(folder / segment.make_filename(POSTINGS), sums.get(POSTINGS))
        self._keys = MappedFile(folder / segment.make_filename(KEYS), sums.get(KEYS))
        try:
            self._ends = tables["term.ends"]
            self._offset, self._codes = tables["term.offset"], tables["term.codes"]
            self._documents, self._positions = tables["term.documents"], tables["term.positions"]
        except KeyError as missing:
            raise self._postings.damaged(f"the table {missing} is missing") from None
        self.count = len(self._ends) - 1
        columns = (self._offset, self._codes, self._documents, self._positions)
        if any(len(column) != self.count for column in columns):
            raise self._postings.damaged("the tables of terms are not of one length")
        if any(column.dtype.kind != "u" for column in (self._ends, *columns)):
            raise self._postings.damaged("a table of terms does not hold what it should")

    def posting_list(self, field: str, term: str) -> PostingList | None:
        """Return the postings of a term, deleted documents included; None if it has none."""
        row = self._row(term_key(field, term))
        return None if row is None else self.posting_list_at(row)

    @cached_property
    def _weight(self) -> Array:
        """By term, how often it occurs; a term without positions occurs once in a document."""
        return np.where(self._positions, self._positions, self._documents)

    def sizes(self, rows: slice) -> Array:
        """Return by term how many numbers its list has: of documents and of positions."""
        return self._bounded(self._documents[rows]) + self._bounded(self._positions[rows])

    def _bounded(self, counts: Array) -> Array:
        """Return `counts` of lists, in 64 bits; IndexDamaged if the file has not as many bytes."""
        if int(counts.max(initial=0)) > self._postings.size:
            raise self._postings.damaged("it is shorter than its lists")
        return counts.astype(np.int64)

    def lists(self, start: int, end: int) -> PostingLists:
        """Return the posting lists of the terms in the rows from `start` up to `end`.

        Made for reading all terms once, as merging does: nothing of it stays in memory.
        """
        rows = slice(start, end)
        lengths, occurrences = map(self._bounded, (self._documents[rows], self._positions[rows]))
        keys = self._keys_of(start, end)
        offsets, codes = self._offset[rows], self._codes[rows].astype(np.int64)
        data = self._postings.unverified("|u1", 0, self._postings.size)
        sizes = packed_sizes(codes, lengths, occurrences)
        self._postings.verify_each(offsets.astype(np.int64), sizes)
        try:
            columns = unpacked(data, offsets, codes, lengths, occurrences)
        except IndexError:
            raise self._postings.damaged("it is shorter than its lists") from None
        for file in (self._tables, self._postings, self._keys):
            file.release()
        return PostingLists(keys, np.zeros_like(lengths), lengths, occurrences, *columns)

    def offsets(self, start: int, end: int) -> Array:
        """Return where the lists of these rows begin in the file; terms of one list share it."""
        return self._offset[start:end].astype(np.uint64)

    def _keys_of(self, start: int, end: int, skipped: int = 0) -> list[bytes]:
        """Return the keys in the rows from `start` up to `end`, less so many bytes before each."""
        ends = self._ends[start : end + 1].tolist()
        text, first = self._keys.read(ends[0], ends[-1]), ends[0]
        return [text[a - first + skipped : b - first] for a, b in pairwise(ends)]

    def damaged(self, reason: str) -> IndexDamaged:
        """Return the error to raise when the postings cannot be what was written."""
        return self._postings.damaged(reason)

    def posting_list_at(self, row: int) -> PostingList:
        """Return the postings of the term in `row` of the table."""
        return read_postings(
            self._postings,
            int(self._offset[row]),
            int(self._codes[row]),
            int(self._documents[row]),
            int(self._positions[row]),
        )

    def beginning(self, field: str, prefix: str) -> tuple[Array, list[str], Array]:
        """Return (rows, terms less the prefix, occurrences) of those that begin so, in order."""
        start = term_key(field, prefix)
        first, end = self._span(start)
        try:
            # Taken apart at once, for there may be some hundred thousand.
            text = self._keys.read(self._bounds[first], self._bounds[end]).decode(*TEXT)
            terms = text.split(start.decode(*TEXT))[1:]
            if len(terms) != end - first:
                terms = [key.decode(*TEXT) for key in self._keys_of(first, end, len(start))]
        except UnicodeDecodeError:
            raise self._postings.damaged(f"a term of {field} is no text") from None
        return np.arange(first, end), terms, self._weight[first:end]

    def document_counts(self, rows: Array) -> Array:
        """Return how many documents hold each term of these rows, deleted ones included."""
        return self._documents[rows]

    def document_count(self, field: str, term: str) -> int:
        """Return how many documents hold a term, deleted ones included."""
        row = self._row(term_key(field, term))
        return 0 if row is None else int(self._documents[row])

    def counted(
        self, field: str, prefix: str, most: int | None = None
    ) -> Iterator[tuple[str, int]]:
        """Return (term, documents, deleted ones included) of the terms that begin with `prefix`.

        With `most`, only the so many that are in most documents, of equals the first by alphabet.
        In no order.
        """
        first, end = self._span(term_key(field, prefix))
        counts = self._documents[first:end]
        if most is not None and len(counts) > most:
            # Few of very many, as for a letter that is being typed: the others are not read.
            best = _highest(counts, most)
            terms = [split_key(self.key(first + row))[1] for row in best.tolist()]
            return zip(terms, counts[best].tolist(), strict=True)
        _, terms, _ = self.beginning(field, prefix)
        return zip((prefix + term for term in terms), counts.tolist(), strict=True)

    def _span(self, start: bytes) -> tuple[int, int]:
        """Return the row of the first key that begins so, and the one behind the last."""
        # No term holds the byte 255.
        return self.first_from(start), self.first_from(start + b"\xff")

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield (row, key) for all terms in order."""
        return ((row, self.key(row)) for row in range(self.count))

    def key(self, row: int) -> bytes:
        """Return the key of the term in `row` of the table."""
        return self._keys.read(self._bounds[row], self._bounds[row + 1])

    @cached_property
    def _bounds(self) -> memoryview:
        """The ends of the keys, which give Python's own numbers: looking at one is faster so."""
        native = self._ends.dtype.newbyteorder("=")
        return self._ends.astype(native, copy=False).data

    @cached_property
    def _guides(self) -> list[bytes]:
        """Keys at regular distances, to begin a search with: those at hand in memory."""
        return [self.key(row) for row in range(0, self.count, _GUIDED)]

    def first_from(self, key: bytes) -> int:
        """Return the row of the first term whose key is not before `key`."""
        guide = bisect_left(self._guides, key)
        low, high = max(guide - 1, 0) * _GUIDED, min(guide * _GUIDED, self.count)
        bounds, keys = self._bounds, self._keys.buffer
        self._keys.verify(bounds[low], bounds[high])
        while low < high:
            middle = (low + high) // 2
            if keys[bounds[middle] : bounds[middle + 1]] < key:
                low = middle + 1
            else:
                high = middle
        return low

    def _row(self, key: bytes) -> int | None:
        row = self.first_from(key)
        return row if row < self.count and self.key(row) == key else None

    def _info(self, row: int) -> "TermInfo":
        # Imported late, as all that only Whoosh's own searcher asks for.
        from whoosh.reading import TermInfo

        # Whoosh bounds scores by the shortest field and the highest frequency: any bound will do.
        weight = int(self._weight[row])
        documents = int(self._documents[row])
        return TermInfo(weight, documents, minlength=1, maxlength=1, maxweight=weight, minid=0)

    # What follows is Whoosh's interface.

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._row(_key_of(*term)) is not None

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield (field, term) for all terms in order."""
        return (_term(key) for _, key in self.rows())

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield (field, term) in order, from the first one not before `prefix`."""
        return (term for term, _ in self.items_from(fieldname, prefix))

    def items(self) -> "Iterator[tuple[tuple[str, bytes], TermInfo]]":
        """Yield ((field, term), statistics) for all terms in order."""
        return ((_term(key), self._info(row)) for row, key in self.rows())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> "Iterator[tuple[tuple[str, bytes], TermInfo]]":
        """Yield ((field, term), statistics) in order, from the first one not before `prefix`."""
        first = self.first_from(_key_of(fieldname, prefix))
        return ((_term(self.key(r)), self._info(r)) for r in range(first, self.count))

    def term_info(self, fieldname: str, text: bytes) -> "TermInfo":
        """Return the statistics of a term; TermNotFound if there are none."""
        return self._info(self._row_of(fieldname, text))

    def _row_of(self, fieldname: str, text: bytes) -> int:
        row = self._row(_key_of(fieldname, text))
        if row is None:
            from whoosh.reading import TermNotFound

            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return row

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that have terms."""
        names: list[str] = []
        row = 0
        while row < self.count:
            name = split_key(self.key(row))[0]
            names.append(name)
            row = self.first_from(name.encode() + b"\1")
        return names

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> "ListMatcher":
        """Return a Whoosh matcher over the postings of a term; TermNotFound if there are none."""
        from whoosh.matching import ListMatcher

        row = self._row_of(fieldname, text)
        postings = self.posting_list_at(row)
        ends = np.cumsum(postings.frequencies)[:-1]
        values = [p.astype("<u4").tobytes() for p in np.split(postings.positions, ends)]
        return ListMatcher(
            postings.documents.tolist(),
            postings.frequencies.astype(float).tolist(),
            values if len(postings.positions) else None,
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self._info(row),
        )

    def cursor(self, fieldname: str, fieldobj: Any) -> Any:
        """Not offered: Whoosh's spelling corrector is not used with this codec."""
        raise NotImplementedError


def _highest(counts: Array, most: int) -> Array:
    """Return the rows of the `most` highest counts, of equal ones the first, where there are more.

    In no order.
    """
    best = np.argpartition(counts, -most)[-most:]
    least = counts[best].min()
    above = best[counts[best] > least]
    level = np.flatnonzero(counts == least)
    return np.concatenate((above, level[: most - len(above)]))


def _key_of(field: str, term: bytes) -> bytes:
    return field.encode() + b"\0" + term


def _term(key: bytes) -> tuple[str, bytes]:
    field, _, term = key.partition(b"\0")
    return field.decode("utf-8", "replace"), term
