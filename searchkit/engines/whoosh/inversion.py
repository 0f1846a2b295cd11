"""From the words of documents to the documents of words: the inverted index of a batch.

Words are numbers from the start, see `searchkit.analysis.TokenColumns`, so that a batch is inverted
by sorting one array of integers, whatever the number of terms.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from weakref import WeakKeyDictionary

import numpy as np

from searchkit.analysis import TokenColumns, TokenTable
from searchkit.engines.whoosh.postings import PostingLists, term_key, within
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.tables import TEXT, Array

# What is held for each, with the arrays that sorting them takes.
_TOKEN_BYTES = 72
_WORD_BYTES = 400
_VALUE_BYTES = 250
_OCCURRENCE_BYTES = 40

_TOGETHER = 256
"""Texts whose words are numbered at once: it takes as long for many as for one."""


@dataclass(slots=True)
class _Text:
    """A text field: the words of its documents, one document after another.

    Those of the last documents are still `fresh`: numbered as they came.
    """

    documents: "array[int]" = field(default_factory=lambda: array("I"))
    lengths: "array[int]" = field(default_factory=lambda: array("I"))
    words: list[Array] = field(default_factory=list)
    fresh: list[TokenColumns] = field(default_factory=list)


@dataclass(slots=True)
class _Keywords:
    """A keyword field: its values, numbered, and pairs of a value and a document."""

    numbers: dict[str, int] = field(default_factory=dict)
    values: "array[int]" = field(default_factory=lambda: array("I"))
    documents: "array[int]" = field(default_factory=lambda: array("I"))


class Inverter:
    """Collects the words and keywords of documents, which must come in ascending order.

    `size` is about how many bytes of memory it takes, and will take to give the posting lists.
    """

    def __init__(self) -> None:
        self._texts: dict[str, _Text] = {}
        self._keywords: dict[str, _Keywords] = {}
        self._words = TokenTable()
        # By table of the texts: the numbers here of its words, -1 for those that have none yet.
        self._numbers: WeakKeyDictionary[TokenTable, Array] = WeakKeyDictionary()
        self.size = 0

    def add(self, field: str, document: int, tokens: TokenColumns) -> None:
        """Add a text field of a document, under the terms and the forms of its words."""
        if not len(tokens):
            return
        text = self._texts.setdefault(field, _Text())
        text.documents.append(document)
        text.lengths.append(len(tokens))
        text.fresh.append(tokens)
        if len(text.fresh) == _TOGETHER:
            self._settle(text)
        self.size += _TOKEN_BYTES * len(tokens)

    def add_values(self, field: str, document: int, values: Iterable[str]) -> None:
        """Add a keyword field of a document; of equal values one is kept."""
        keywords = self._keywords.setdefault(field, _Keywords())
        numbers = keywords.numbers
        known = len(numbers)
        found = {numbers.setdefault(value, len(numbers)) for value in values}
        keywords.values.extend(found)
        keywords.documents.extend([document] * len(found))
        self.size += _VALUE_BYTES * (len(numbers) - known) + _OCCURRENCE_BYTES * len(found)

    def _settle(self, text: _Text) -> None:
        """Number the fresh words of a text field as they are numbered here."""
        for _, some in groupby(text.fresh, key=lambda tokens: id(tokens.table)):
            columns = list(some)
            words = np.concatenate([each.numbers for each in columns])
            text.words.append(self._renumbered(columns[0].table, words))
        text.fresh.clear()

    def _renumbered(self, table: TokenTable, words: Array) -> Array:
        """Return words of a table by their numbers here, which those that are new are given."""
        numbers = self._numbers.get(table)
        if numbers is None or len(numbers) < len(table):
            before = np.empty(0, dtype=np.int32) if numbers is None else numbers
            numbers = np.full(2 * len(table), -1, dtype=np.int32)
            numbers[: len(before)] = before
            self._numbers[table] = numbers
        found: Array = numbers[words]
        if found.min() < 0:
            known = len(self._words)
            for number in set(words[found < 0].tolist()):
                numbers[number] = self._words.number(table.terms[number], table.forms[number])
            self.size += _WORD_BYTES * (len(self._words) - known)
            found = numbers[words]
        return found

    def lists(self) -> Iterator[PostingLists]:
        """Yield the posting lists by field, in ascending order of keys."""
        for text in self._texts.values():
            self._settle(text)
        terms = self._words.terms
        forms = [EXACT + form for form in self._words.forms]
        keys = sorted({*terms, *forms})
        rank = dict(zip(keys, range(len(keys)), strict=True))
        ranks = np.array([[rank[w] for w in words] for words in (terms, forms)], dtype=np.uint64)
        for name in sorted((*self._texts, *self._keywords)):
            if name in self._texts:
                yield _inverted_text(name, keys, ranks, self._texts[name])
            else:
                yield _inverted_keywords(name, self._keywords[name])


def _inverted_text(field: str, keys: list[str], ranks: Array, text: _Text) -> PostingLists:
    """Return the lists of a text field; `ranks` are those of the terms, then forms, in `keys`."""
    words = np.concatenate(text.words)
    lengths = np.array(text.lengths, dtype=np.int64)
    # Which occurrence it is stands below the rank of its key: so all of a key come together in the
    # order of documents and positions, and one array of plain integers is sorted, which is fast.
    occurrence = np.arange(len(words), dtype=np.uint64)
    order = np.concatenate([rank[words] << np.uint64(32) | occurrence for rank in ranks])
    order.sort()
    occurrence = (order & np.uint64(0xFFFFFFFF)).astype(np.int64)
    of_key = order >> np.uint64(32)
    del order
    documents = np.repeat(np.array(text.documents, dtype=np.uint32), lengths)[occurrence]
    positions = within(lengths).astype(np.uint32)[occurrence]
    new_key = np.diff(of_key, prepend=np.uint64(2**63)) != 0
    first = np.flatnonzero(new_key | (np.diff(documents, prepend=np.uint32(0)) != 0))
    of_list = np.flatnonzero(new_key)
    return PostingLists(
        keys=_keys(field, (keys[rank] for rank in of_key[of_list].tolist())),
        lengths=_run_lengths(np.flatnonzero(new_key[first]), len(first)),
        occurrences=_run_lengths(of_list, len(documents)),
        documents=documents[first],
        frequencies=_run_lengths(first, len(documents)).astype(np.uint32),
        positions=positions,
    )


def _inverted_keywords(field: str, keywords: _Keywords) -> PostingLists:
    values = sorted(keywords.numbers)
    rank = np.empty(len(values), dtype=np.int64)
    rank[[keywords.numbers[value] for value in values]] = np.arange(len(values))
    of_value = rank[np.array(keywords.values, dtype=np.int64)]
    order = np.argsort(of_value, kind="stable")
    lengths = np.bincount(of_value, minlength=len(values))
    return PostingLists(
        keys=_keys(field, values),
        lengths=lengths,
        occurrences=np.zeros_like(lengths),
        documents=np.array(keywords.documents, dtype=np.uint32)[order],
        frequencies=np.ones(len(order), dtype=np.uint32),
        positions=np.empty(0, dtype=np.uint32),
    )


def _keys(field: str, terms: Iterable[str]) -> list[bytes]:
    beginning = term_key(field, "")
    return [beginning + term.encode(*TEXT) for term in terms]


def _run_lengths(starts: Array, total: int) -> Array:
    """Return how long each run is that begins at one of `starts` and ends where the next does."""
    lengths: Array = np.diff(starts, append=total)
    return lengths
