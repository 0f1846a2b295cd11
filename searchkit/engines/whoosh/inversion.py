"""From the words of documents to the documents of words: the inverted index of a segment.

Words are numbers from the start, see `searchkit.analysis.TokenColumns`. Texts are inverted a block
at a time as they come, by sorting one array of integers; blocks go to a spool, at four bytes an
occurrence. At the end the words of each block are put into the order of their keys, and the blocks
are read together, from one key to another, each time as many keys as give a bounded number of
occurrences, which are sorted once more. So memory grows with the different words of a segment, not
with its documents. (I. Witten, A. Moffat, T. Bell, "Managing Gigabytes", 1999, section 5.2, has
inversion by sorting.)
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from searchkit.analysis import TokenColumns, TokenTable
from searchkit.engines.whoosh.distinct import DistinctStrings
from searchkit.engines.whoosh.keyword_values import KeywordValues
from searchkit.engines.whoosh.memory import give_back
from searchkit.engines.whoosh.postings import PostingLists, counted_up, run_starts, term_key
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.sorting import alphabetical
from searchkit.engines.whoosh.spools import Spools
from searchkit.engines.whoosh.tables import Array
from searchkit.errors import SearchIndexError

_STRING_BYTES = 24
"""What a word or a value takes until the lists are made."""

_TEXT_BYTES = 4
"""What a document takes for each of its texts."""

_BLOCK = 2**18
"""Words of a field from which on they are sorted, as a block of whole documents."""

_WAITING = 2**11
"""Documents whose words of a field wait to be sorted at most: short texts take more than words."""

_TOGETHER = 2**17
"""Occurrences whose lists are made at a time, more only of a single word."""

_LEAST_FINISHING = 8 * 2**20
"""What finishing a segment takes in any case: blocks that are sorted, lists that are made."""

_RANKED_BYTES = 140
"""What a word takes beside that while all are put into their order."""

_KEYS_BYTES = 40
"""What the keys of a word take from then on."""

_LISTED_BYTES = 85
"""What a word takes while the lists of a text field are made, beside its keys."""

_RUN_BYTES = 16
"""What a word of a block takes in the order of the keys of its term and its form."""

_SORTED_BYTES = 65
"""What a value takes while those of its field are put into their order."""


class _Block(NamedTuple):
    """The words of some documents that follow one another, sorted.

    `words` are the different ones, `starts` and what follows each where its `places` begin and end.
    A place is the row of the document in the block, shifted by `bits`, and the position there; the
    places of a word ascend. `first` is the row of the first document in its text.
    """

    words: Array
    starts: Array
    places: Array
    bits: int
    first: int


class _Kept(NamedTuple):
    """A block whose arrays stand one after another in the spool of all, from `begin` on."""

    begin: int
    word_count: int
    occurrences: int
    bits: int
    first: int

    def read(self, numbers: Array) -> _Block:
        """Return the block; `numbers` are those of the spool."""
        borders = np.cumsum([self.word_count, self.word_count + 1, self.occurrences]) + self.begin
        words, starts, places = np.split(
            numbers[self.begin : borders[-1]], borders[:2] - self.begin
        )
        return _Block(words.view(np.int32), starts, places, self.bits, self.first)


class _Run(NamedTuple):
    """Words of a block in the order of their keys: by key its rank, and the index of its word."""

    block: _Block
    ranks: Array
    order: Array


@dataclass(slots=True)
class _Text:
    """A text field: its documents, by row, and their words, in blocks.

    Those of the last documents are still `fresh`: `waiting` words, numbered as they came.
    """

    documents: "array[int]" = field(default_factory=lambda: array("I"))
    blocks: list[_Kept] = field(default_factory=list)
    fresh: list[TokenColumns] = field(default_factory=list)
    waiting: int = 0
    longest: int = 0


class _Keys(NamedTuple):
    """The keys of all words, in order, without their field.

    They are the bytes of `text` from `starts` to `ends`. `ranks` are by word those of its term and
    of its form, -1 for one that has the same postings as the other, which comes first: `original`
    is by key the rank of the one that has its postings.
    """

    text: bytes
    starts: Array
    ends: Array
    ranks: Array
    original: Array

    def named(self, field: str, ranks: Array) -> list[bytes]:
        """Return the keys of some ranks with their field."""
        beginning, text = term_key(field, ""), self.text
        places = zip(self.starts[ranks].tolist(), self.ends[ranks].tolist(), strict=True)
        return [beginning + text[start:end] for start, end in places]


class Inverter:
    """Collects the words and keywords of documents, which must come in ascending order.

    `size` is about how many bytes of memory it takes, and `finishing` how many more it will take to
    give the posting lists.
    """

    def __init__(self, spools: Spools) -> None:
        self._spools = spools
        self._texts: dict[str, _Text] = {}
        self._keywords: dict[str, KeywordValues] = {}
        # Each word is its term and its form with a line break between, which neither has.
        self._words = DistinctStrings(spools)
        # By table of the texts: the numbers here of its words, -1 for those that have none yet.
        self._numbers: WeakKeyDictionary[TokenTable, Array] = WeakKeyDictionary()
        self._blocks = spools.new("I")
        self._runs = 0

    @property
    def size(self) -> int:
        """Bytes, about."""
        texts = sum(len(text.documents) for text in self._texts.values())
        values = sum(len(keywords.distinct) for keywords in self._keywords.values())
        return _STRING_BYTES * (len(self._words) + values) + _TEXT_BYTES * texts

    @property
    def finishing(self) -> int:
        """Bytes, about."""
        words = len(self._words)
        values = max((len(keywords.distinct) for keywords in self._keywords.values()), default=0)
        lists = max(_LISTED_BYTES * words + _RUN_BYTES * self._runs, _SORTED_BYTES * values)
        return _LEAST_FINISHING + max(_RANKED_BYTES * words, _KEYS_BYTES * words + lists)

    def add(self, field: str, document: int, tokens: TokenColumns) -> None:
        """Add a text field of a document, under the terms and the forms of its words."""
        count = len(tokens)
        if not count:
            return
        if tokens.table not in self._numbers:
            # The words of the tables before need not be kept any longer.
            self._settle_all()
            self._numbers[tokens.table] = np.empty(0, dtype=np.int32)
        text = self._texts.setdefault(field, _Text())
        if count >= _BLOCK:
            self._settle(text)  # a place has 32 bits: the longest texts have a block to themselves
        text.documents.append(document)
        text.fresh.append(tokens)
        text.waiting += count
        text.longest = max(text.longest, count)
        if text.waiting >= _BLOCK or len(text.fresh) >= _WAITING:
            self._settle(text)

    def add_values(self, field: str, document: int, values: Iterable[str]) -> None:
        """Add a keyword field of a document; of equal values one is kept."""
        found = set(values)
        if not found:
            return
        if field not in self._keywords:
            self._keywords[field] = KeywordValues(self._spools)
        self._keywords[field].add(document, found)

    def _settle_all(self) -> None:
        for text in self._texts.values():
            self._settle(text)

    def _settle(self, text: _Text) -> None:
        """Make a block of the fresh words of a text field, numbered as they are numbered here."""
        if not text.fresh:
            return
        parts = []
        for _, some in groupby(text.fresh, key=lambda tokens: id(tokens.table)):
            columns = list(some)
            words = np.concatenate([each.numbers for each in columns])
            parts.append(self._renumbered(columns[0].table, words))
        lengths = np.array([len(tokens) for tokens in text.fresh], dtype=np.int64)
        block = _block(np.concatenate(parts), lengths, len(text.documents) - len(text.fresh))
        begin = len(self._blocks)
        for numbers in block[:3]:
            self._blocks.extend(numbers)
        kept = _Kept(begin, len(block.words), len(block.places), block.bits, block.first)
        text.blocks.append(kept)
        self._runs += len(block.words)
        text.fresh.clear()
        text.waiting = 0

    def _renumbered(self, table: TokenTable, words: Array) -> Array:
        """Return words of a table by their numbers here, which those that are new are given."""
        numbers = self._numbers[table]
        if len(numbers) < len(table):
            before = numbers
            numbers = np.full(2 * len(table), -1, dtype=np.int32)
            numbers[: len(before)] = before
            self._numbers[table] = numbers
        found: Array = numbers[words]
        if found.min() < 0:
            new = np.unique(words[found < 0])
            spelled = [f"{table.terms[word]}\n{table.forms[word]}" for word in new.tolist()]
            if wrong := [word for word in spelled if word.count("\n") != 1]:
                raise SearchIndexError(
                    f"the analyzer made a word with a line break in it, {wrong[0]!r} with its "
                    "form: terms and forms must have no white space"
                )
            numbers[new] = self._words.numbers(spelled)
            found = numbers[words]
        return found

    def lists(self) -> Iterator[PostingLists]:
        """Yield the posting lists in ascending order of keys; the inverter is empty then."""
        self._settle_all()
        # What is not needed any more goes first: what follows takes as much room.
        self._numbers.clear()
        give_back()
        keys = _keys_of(self._words)
        numbers = self._blocks.values()
        for name in sorted((*self._texts, *self._keywords)):
            give_back()  # what the lists of the field before took
            if name in self._texts:
                yield from _text_lists(name, keys, self._texts.pop(name), numbers)
            else:
                yield from self._keywords.pop(name).lists(name)


def _keys_of(words: DistinctStrings) -> _Keys:
    spelled, borders = words.text()
    text = spelled.copy()
    breaks = np.flatnonzero(text == ord("\n")).astype(borders.dtype)
    text[breaks] = ord(EXACT)
    starts = np.concatenate((borders[:-1], breaks))
    ends = np.concatenate((breaks, borders[1:]))
    order, first = alphabetical(text, starts, ends)
    ranks: Array = np.empty(len(order), dtype=np.int32)
    ranks[order] = np.cumsum(first, dtype=np.int32) - 1
    ranks = ranks.reshape(2, -1)
    chosen = order[first]
    # A word that alone has its term and its form is inverted once.
    alone = (np.bincount(ranks.ravel(), minlength=len(chosen))[ranks] == 1).all(axis=0)
    later = alone & (ranks == ranks.max(axis=0))
    original = np.arange(len(chosen), dtype=np.int32)
    original[ranks[later]] = ranks[::-1][later]
    ranks[later] = -1
    return _Keys(text.tobytes(), starts[chosen], ends[chosen], ranks, original)


def _block(words: Array, lengths: Array, first: int) -> _Block:
    """Return the words of documents of these lengths as a block."""
    bits = int(lengths.max()).bit_length()
    places = counted_up(np.arange(len(lengths)) << bits, lengths).view(np.uint64)
    # The place stands below the word: one array of plain integers is sorted, which is fast.
    order = words.astype(np.uint64) << np.uint64(32) | places
    order.sort()
    sorted_words = (order >> np.uint64(32)).astype(np.int32)
    begins = run_starts(sorted_words)
    return _Block(
        words=sorted_words[begins],
        starts=np.append(begins, len(words)).astype(np.uint32),
        places=order.astype(np.uint32),
        bits=bits,
        first=first,
    )


def _text_lists(name: str, keys: _Keys, text: _Text, numbers: Array) -> Iterator[PostingLists]:
    """Yield the lists of a text field, some at a time, in ascending order.

    `numbers` are those of the spool of blocks.
    """
    by_key = np.zeros(len(keys.original), dtype=np.int64)
    runs = []
    for kept in text.blocks:
        block = kept.read(numbers)
        lengths = np.diff(block.starts)
        for ranks in keys.ranks:
            run = _run(block, ranks)
            runs.append(run)
            by_key += np.bincount(run.ranks, lengths[run.order], len(by_key)).astype(np.int64)
    used = by_key[keys.original].nonzero()[0]
    ends = by_key[used].cumsum()
    # By key how many of those used it stands behind the one that has its postings.
    before = np.arange(len(used)) - used.searchsorted(keys.original[used])
    # What is sorted has its key above its row above its position, in 64 bits.
    bits = len(text.documents).bit_length(), text.longest.bit_length()
    most_keys = 2 ** min(63 - sum(bits), 31)
    documents = np.array(text.documents, dtype=np.uint32)
    start = 0
    while start < len(used):
        done = ends[start - 1] if start else 0
        end = max(int(ends.searchsorted(done + _TOGETHER, side="right")), start + 1)
        end = min(end, int(used.searchsorted(used[start] + most_keys)))
        chosen = used[start:end]
        yield _inverted(keys.named(name, chosen), before[start:end], chosen, runs, documents, bits)
        start = end


def _run(block: _Block, ranks: Array) -> _Run:
    """Return the words of a block that have a rank, which are by word."""
    of_word = ranks[block.words]
    having = (of_word >= 0).nonzero()[0]
    order = having[of_word[having].argsort()]
    return _Run(block, of_word[order], order.astype(np.int32))


def _inverted(
    keys: list[bytes],
    before: Array,
    chosen: Array,
    runs: list[_Run],
    documents: Array,
    bits: tuple[int, int],
) -> PostingLists:
    """Return the lists of `keys`, which have the ranks `chosen`, of the words in `runs`.

    `documents` are by row, `bits` so many as a row and as a position takes.
    """
    row_bits, position_bits = map(np.uint64, bits)
    order = np.concatenate([_coded(run, chosen[0], chosen[-1] + 1, *bits) for run in runs])
    order.sort()
    rows = order >> position_bits
    first = run_starts(rows)
    rows = rows[first]
    of_list = run_starts(rows >> row_bits)
    rows = (rows & ((np.uint64(1) << row_bits) - np.uint64(1))).astype(np.int64)
    frequencies = _run_lengths(first, len(order))
    lengths, occurrences = np.zeros((2, len(keys)), dtype=np.int64)
    lengths[before == 0] = _run_lengths(of_list, len(first))
    occurrences[before == 0] = _run_lengths(first[of_list], len(order))
    return PostingLists(
        keys=keys,
        before=before,
        lengths=lengths,
        occurrences=occurrences,
        documents=documents[rows],
        frequencies=frequencies.astype(np.uint32),
        positions=(order & ((np.uint64(1) << position_bits) - np.uint64(1))).astype(np.uint32),
    )


def _coded(run: _Run, first: int, end: int, row_bits: int, position_bits: int) -> Array:
    """Return each occurrence of the words of ranks from `first` to `end` as it is to be sorted."""
    block, ranks, _ = run
    low, high = ranks.searchsorted((first, end))
    words = run.order[low:high]
    starts = block.starts[words].astype(np.int64)
    lengths = block.starts[words + 1] - starts
    places = block.places[counted_up(starts, lengths)].astype(np.int64)
    above = ((ranks[low:high].astype(np.int64) - first) << row_bits) + block.first
    codes = np.repeat(above, lengths)
    codes += places >> block.bits
    codes <<= position_bits
    codes += places & ((1 << block.bits) - 1)
    return codes.view(np.uint64)


def _run_lengths(starts: Array, total: int) -> Array:
    """Return how long each run is that begins at one of `starts` and ends where the next does."""
    lengths: Array = np.diff(starts, append=total)
    return lengths
