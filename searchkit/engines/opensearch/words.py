"""The words of an index: which forms and stems occur, and how often.

A commit adds the counts of the documents that it has written; those of documents that went stay in
until the index is optimized. A client reads them once, adds them up and keeps them: OpenSearch
itself has no way to list the terms of a field.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from searchkit.analysis import Token, TokenColumns, TokenTable
from searchkit.cached import cached_property
from searchkit.engines.fields import TEXT_FIELDS
from searchkit.engines.kept import Kept
from searchkit.engines.rescoring import expand
from searchkit.query import Synonym
from searchkit.query.patterns import Pattern

Array = np.ndarray[Any, np.dtype[Any]]

_HEADER = struct.Struct("<4I")
_VERSION = 1
_SEPARATOR = "\n"
_MOST_KEPT = 256


class Words:
    """Forms and stems, ascending, with their counts.

    `occurrences` and `documents` have a row for each of the text `fields` and a column for each
    form; `holding` tells by field, and stem, whether the stem is in it.
    """

    def __init__(
        self,
        forms: Sequence[str] = (),
        occurrences: Array | None = None,
        documents: Array | None = None,
        stems: Sequence[str] = (),
        holding: Array | None = None,
        *,
        fields: tuple[str, ...] = TEXT_FIELDS,
    ) -> None:
        self.fields = fields
        empty = np.zeros((len(fields), 0), dtype=np.int64)
        self.forms = forms
        self.occurrences = empty if occurrences is None else occurrences
        self.documents = empty if documents is None else documents
        self.stems = stems
        self.holding = empty.astype(bool) if holding is None else holding
        self._expansions: Kept[tuple[Pattern, tuple[str, ...]], tuple[Synonym, ...]]
        self._expansions = Kept(_MOST_KEPT)

    @cached_property
    def counted(self) -> dict[str, int]:
        """The forms, each with the documents of the field that has it most often."""
        return dict(zip(self.forms, self.documents.max(axis=0, initial=0).tolist(), strict=True))

    def expansion(self, pattern: Pattern, fields: tuple[str, ...]) -> tuple[Synonym, ...]:
        """Return what a pattern stands for in these fields; those asked for lately are kept."""
        key = (pattern, fields)
        known = self._expansions.get(key)
        if known is None:
            rows = [self.fields.index(field) for field in fields]
            counts = self.occurrences[rows].sum(axis=0)
            numbers = self._numbers
            found = expand(pattern, self.forms, lambda form: int(counts[numbers[form]]))
            known = self._expansions.keep(key, found)
        return known

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {form: number for number, form in enumerate(self.forms)}

    def distinct_stems(self) -> dict[str, int]:
        """Return how many stems there are by text field."""
        counts = self.holding.sum(axis=1).tolist()
        return {field: count for field, count in zip(self.fields, counts, strict=True) if count}

    def to_bytes(self) -> bytes:
        """Return what `from_bytes` reads."""
        text = _SEPARATOR.join((*self.forms, *self.stems)).encode("utf-8", "replace")
        header = _HEADER.pack(_VERSION, len(self.forms), len(self.stems), len(text))
        bits = np.packbits(self.holding, axis=0, bitorder="little").T
        tables = (self.occurrences.astype("<u4"), self.documents.astype("<u4"), bits)
        return b"".join((header, *(table.tobytes() for table in tables), text))

    @classmethod
    def from_bytes(cls, data: bytes, fields: tuple[str, ...] = TEXT_FIELDS) -> "Words":
        """Return the words of `to_bytes`, in these text fields; ValueError if these are none."""
        if len(data) < _HEADER.size:
            raise ValueError("it is cut short")
        version, forms, stems, length = _HEADER.unpack_from(data)
        table, width = 4 * len(fields) * forms, -(-len(fields) // 8)
        ends = np.cumsum([_HEADER.size, table, table, width * stems, length]).tolist()
        if version != _VERSION or ends[-1] != len(data):
            raise ValueError("it is of another version or cut short")
        text = data[ends[3] :].decode("utf-8")
        found = text.split(_SEPARATOR) if forms + stems else []
        if len(found) != forms + stems or any(
            sorted(set(part)) != part for part in (found[:forms], found[forms:])
        ):
            raise ValueError("its words are not as many as it says, or not in order")
        counts = np.frombuffer(data[ends[0] : ends[2]], dtype="<u4").astype(np.int64)
        occurrences, documents = counts.reshape(2, len(fields), forms)
        bits = np.frombuffer(data[ends[2] : ends[3]], dtype=np.uint8).reshape(stems, width)
        unpacked = np.unpackbits(bits.T, axis=0, count=len(fields), bitorder="little")
        holding = unpacked.astype(bool)
        return cls(found[:forms], occurrences, documents, found[forms:], holding, fields=fields)

    @classmethod
    def merged(cls, parts: Sequence["Words"], fields: tuple[str, ...] = TEXT_FIELDS) -> "Words":
        """Return the words of all parts, in these text fields, their counts added up."""
        if len(parts) < 2:
            return parts[0] if parts else cls(fields=fields)
        forms = sorted(set().union(*(part.forms for part in parts)))
        stems = sorted(set().union(*(part.stems for part in parts)))
        form_numbers = {form: number for number, form in enumerate(forms)}
        stem_numbers = {stem: number for number, stem in enumerate(stems)}
        occurrences = np.zeros((len(fields), len(forms)), dtype=np.int64)
        documents = np.zeros_like(occurrences)
        holding = np.zeros((len(fields), len(stems)), dtype=bool)
        for part in parts:
            columns = _places(form_numbers, part.forms)
            occurrences[:, columns] += part.occurrences
            documents[:, columns] += part.documents
            holding[:, _places(stem_numbers, part.stems)] |= part.holding
        return cls(forms, occurrences, documents, stems, holding, fields=fields)


def _places(numbers: Mapping[str, int], words: Sequence[str]) -> Array:
    return np.fromiter(map(numbers.__getitem__, words), dtype=np.int64, count=len(words))


class WordCounter:
    """Counts the words of documents by text field; words have numbers as they are first met."""

    _BATCH = 512

    def __init__(self, fields: tuple[str, ...] = TEXT_FIELDS) -> None:
        self._fields = fields
        self._forms: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        # By table: the numbers of form and stem of each of its words.
        self._known: WeakKeyDictionary[TokenTable, Array] = WeakKeyDictionary()
        self._own = TokenTable()
        self._waiting: list[list[Array]] = [[] for _ in fields]
        self._documents = 0
        self._counts = np.zeros((2, len(fields), 0), dtype=np.int64)
        self._holding = np.zeros((len(fields), 0), dtype=bool)

    def add(self, tokens: Mapping[str, Sequence[Token]]) -> None:
        """Count the tokens of a document by text field."""
        for field, each in tokens.items():
            if len(each):
                columns = TokenColumns.of(each, self._own)
                numbers = self._numbers(columns.table)[:, columns.numbers]
                self._waiting[self._fields.index(field)].append(numbers)
        self._documents += 1
        if self._documents % self._BATCH == 0:
            self._count()

    def words(self) -> Words:
        """Return all that was counted."""
        self._count()
        forms, stems = sorted(self._forms), sorted(self._stems)
        columns = _places(self._forms, forms)
        occurrences, documents = self._counts[:, :, columns]
        holding = self._holding[:, _places(self._stems, stems)]
        return Words(forms, occurrences, documents, stems, holding, fields=self._fields)

    def _numbers(self, table: TokenTable) -> Array:
        known = self._known.get(table, np.zeros((2, 0), dtype=np.int64))
        done = known.shape[1]
        if done < len(table):
            stems, forms = table.since(done)
            fresh = [
                [numbers.setdefault(word, len(numbers)) for word in words]
                for numbers, words in ((self._forms, forms), (self._stems, stems))
            ]
            known = np.concatenate((known, np.array(fresh, dtype=np.int64)), axis=1)
            self._known[table] = known
        return known

    def _count(self) -> None:
        room = len(self._forms) - self._counts.shape[2]
        self._counts = np.pad(self._counts, ((0, 0), (0, 0), (0, room)))
        more = len(self._stems) - self._holding.shape[1]
        self._holding = np.pad(self._holding, ((0, 0), (0, more)))
        for row, waiting in enumerate(self._waiting):
            if not waiting:
                continue
            forms, stems = np.concatenate(waiting, axis=1)
            owners = np.repeat(np.arange(len(waiting)), [each.shape[1] for each in waiting])
            width = max(len(self._forms), 1)
            once = np.unique(owners * width + forms) % width
            for counts, found in zip(self._counts, (forms, once), strict=True):
                counts[row] += np.bincount(found, minlength=len(self._forms))
            self._holding[row, stems] = True
            waiting.clear()
