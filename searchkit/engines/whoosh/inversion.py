"""From the words of documents to the documents of words: the inverted index of a segment.

Words are numbers from the start, see `searchkit.analysis.TokenColumns`. Texts are inverted a block
at a time as they come, by sorting one array of integers; that takes four bytes an occurrence. At
the end the blocks are read together, from one key to another, each time as many keys as give a
bounded number of occurrences, which are sorted once more. So memory beside the blocks stays the
same however large a segment grows. (I. Witten, A. Moffat, T. Bell, "Managing Gigabytes", 1999,
section 5.2, has inversion by sorting.)
"""

from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, groupby, islice
from weakref import WeakKeyDictionary

import numpy as np

from searchkit.analysis import TokenColumns, TokenTable
from searchkit.engines.marks import Marks
from searchkit.engines.whoosh.postings import (
    PostingLists,
    counted_up,
    run_starts,
    starts_of,
    term_key,
)
from searchkit.engines.whoosh.segment import EXACT
from searchkit.engines.whoosh.tables import TEXT, Array

# What is held for each, until the lists are made.
_TOKEN_BYTES = 6
_WORD_BYTES = 200
_VALUE_BYTES = 60
_OCCURRENCE_BYTES = 8

_BLOCK = 2**18
"""Words of a field from which on they are sorted, as a block of whole documents."""

_VALUES = 2**13
"""Values of a keyword field that are numbered at a time."""

_WAITING = 2**12
"""Documents whose words of a field wait to be sorted at most: short texts take more than words."""

_TOGETHER = 2**17
"""Occurrences whose lists are made at a time, more only of a single word."""

_SCRATCH_BYTES = 2 * 88 * _TOGETHER
"""What making lists takes: of some, while the last ones are written."""

_RANKED_BYTES = 100
"""What a word takes while all are put into their order."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The words of some documents that follow one another, sorted.

    `words` are the different ones, `lengths` how often each occurs, `places` where: first all of
    the first word, ascending. A place counts the words of all documents of the block; `starts` are
    by document the first place, and `first` is the row of the first document in its text.
    """

    words: Array
    lengths: Array
    places: Array
    starts: Array
    first: int


@dataclass(slots=True)
class _Text:
    """A text field: its documents, by row, and their words, in blocks.

    Those of the last documents are still `fresh`: `waiting` words, numbered as they came.
    """

    documents: "array[int]" = field(default_factory=lambda: array("I"))
    blocks: list[_Block] = field(default_factory=list)
    fresh: list[TokenColumns] = field(default_factory=list)
    waiting: int = 0
    longest: int = 0


@dataclass(slots=True)
class _Keywords:
    """A keyword field: pairs of a value, numbered, and a document; the last ones are `fresh`.

    The different values stand one after another in `text`, up to `ends`; `numbers` knows them by
    their hashes, as there are many and a dictionary of strings takes four times the room.
    """

    text: bytearray = field(default_factory=bytearray)
    ends: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    numbers: Marks = field(default_factory=Marks)
    values: "array[int]" = field(default_factory=lambda: array("I"))
    documents: "array[int]" = field(default_factory=lambda: array("I"))
    fresh: list[str] = field(default_factory=list)

    def settle(self) -> int:
        """Number the fresh values; return how many of them are new."""
        hashes = np.fromiter(map(hash, self.fresh), np.int64, len(self.fresh)).view(np.uint64)
        marks, first, same = np.unique(hashes, return_index=True, return_inverse=True)
        numbers = self.numbers.find(marks)
        new = np.flatnonzero(numbers < 0)
        numbers[new] = np.arange(len(new)) + len(self.ends) - 1
        texts = [self.fresh[place].encode(*TEXT) for place in first[new].tolist()]
        self.text += b"".join(texts)
        self.ends.extend(islice(accumulate(map(len, texts), initial=self.ends[-1]), 1, None))
        self.numbers.update(marks[new], numbers[new])
        self.values.frombytes(numbers[same].astype(np.uint32).tobytes())
        self.fresh.clear()
        return len(new)


class Inverter:
    """Collects the words and keywords of documents, which must come in ascending order.

    `size` is about how many bytes of memory it takes, and `finishing` how many more it will take to
    give the posting lists.
    """

    def __init__(self) -> None:
        self._texts: dict[str, _Text] = {}
        self._keywords: dict[str, _Keywords] = {}
        self._words = TokenTable()
        # By table of the texts: the numbers here of its words, -1 for those that have none yet.
        self._numbers: WeakKeyDictionary[TokenTable, Array] = WeakKeyDictionary()
        self.size = 0

    @property
    def finishing(self) -> int:
        """Bytes, about."""
        return _SCRATCH_BYTES + _RANKED_BYTES * len(self._words)

    def add(self, field: str, document: int, tokens: TokenColumns) -> None:
        """Add a text field of a document, under the terms and the forms of its words."""
        count = len(tokens)
        if not count:
            return
        text = self._texts.setdefault(field, _Text())
        text.documents.append(document)
        text.fresh.append(tokens)
        text.waiting += count
        text.longest = max(text.longest, count)
        self.size += _TOKEN_BYTES * count
        if text.waiting >= _BLOCK or len(text.fresh) >= _WAITING:
            self._settle(text)

    def add_values(self, field: str, document: int, values: Iterable[str]) -> None:
        """Add a keyword field of a document; of equal values one is kept."""
        found = set(values)
        if not found:
            return
        keywords = self._keywords.setdefault(field, _Keywords())
        keywords.fresh.extend(found)
        keywords.documents.extend([document] * len(found))
        self.size += _OCCURRENCE_BYTES * len(found)
        if len(keywords.fresh) >= _VALUES:
            self.size += _VALUE_BYTES * keywords.settle()

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
        first = len(text.documents) - len(text.fresh)
        text.blocks.append(_block(np.concatenate(parts), lengths, first))
        text.fresh.clear()
        text.waiting = 0

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
        """Yield the posting lists in ascending order of keys; the inverter is empty then.

        The next ones are made, in a thread, while those yielded are used.
        """
        made: deque[Future[PostingLists]] = deque()
        with ThreadPoolExecutor(1, "searchkit-invert") as thread:
            for make in self._parts():
                made.append(thread.submit(make))
                del make  # it holds what it is made of
                if len(made) > 1:
                    yield made.popleft().result()
            while made:
                yield made.popleft().result()

    def _parts(self) -> Iterator[Callable[[], PostingLists]]:
        for text in self._texts.values():
            self._settle(text)
        terms, forms = self._words.terms, [EXACT + form for form in self._words.forms]
        # What is not needed any more goes first: what follows takes as much room.
        self._numbers.clear()
        self._words = TokenTable()
        keys = sorted({*terms, *forms})
        rank = dict(zip(keys, range(len(keys)), strict=True))
        ranks = np.array(
            [np.fromiter(map(rank.__getitem__, w), np.int32, len(w)) for w in (terms, forms)]
        )
        del rank, terms, forms
        for name in sorted((*self._texts, *self._keywords)):
            if name in self._texts:
                yield from _text_parts(name, keys, ranks, self._texts.pop(name))
            else:
                yield from _keyword_parts(name, self._keywords.pop(name))


def _block(words: Array, lengths: Array, first: int) -> _Block:
    """Return the words of documents of these lengths as a block."""
    # The place stands below the word: one array of plain integers is sorted, which is fast.
    order = words.astype(np.uint64) << np.uint64(32) | np.arange(len(words), dtype=np.uint64)
    order.sort()
    sorted_words = (order >> np.uint64(32)).astype(np.int32)
    begins = run_starts(sorted_words)
    return _Block(
        words=sorted_words[begins],
        lengths=np.diff(begins, append=len(words)).astype(np.uint32),
        places=order.astype(np.uint32),
        starts=starts_of(lengths),
        first=first,
    )


def _text_parts(
    field: str, keys: list[str], ranks: Array, text: _Text
) -> Iterator[Callable[[], PostingLists]]:
    """Yield what makes the lists of a text field, some at a time, in ascending order.

    `ranks` are by word those of its term and of its form in `keys`.
    """
    by_word = np.zeros(ranks.shape[1], dtype=np.int64)
    for block in text.blocks:
        by_word[block.words] += block.lengths
    by_key = np.bincount(ranks[0], by_word, len(keys)) + np.bincount(ranks[1], by_word, len(keys))
    used = by_key.nonzero()[0]
    ends = by_key[used].cumsum()
    # What is sorted has its key above its row above its position, in 64 bits.
    bits = len(text.documents).bit_length(), text.longest.bit_length()
    most_keys = 2 ** min(63 - sum(bits), 31)
    start = 0
    while start < len(used):
        done = ends[start - 1] if start else 0
        end = int(np.searchsorted(ends, done + _TOGETHER, side="right"))
        end = min(max(end, start + 1), start + most_keys)
        yield partial(_inverted_text, field, keys, ranks, text, used[start:end], bits)
        start = end


def _inverted_text(
    field: str, keys: list[str], ranks: Array, text: _Text, chosen: Array, bits: tuple[int, int]
) -> PostingLists:
    """Return the lists of the keys of the ranks `chosen`, ascending, each of which has one."""
    row_bits, position_bits = map(np.uint64, bits)
    # By rank, the index among those chosen.
    index = np.full(len(keys), -1, dtype=np.int32)
    index[chosen] = np.arange(len(chosen))
    by_word = index[ranks]
    order = np.concatenate(
        [_coded(block, of_word, *bits) for block in text.blocks for of_word in by_word]
    )
    order.sort()
    of_key = (order >> (row_bits + position_bits)).astype(np.int64)
    rows = order >> position_bits
    first = run_starts(rows)
    of_list = run_starts(of_key[first])
    rows = (rows[first] & ((np.uint64(1) << row_bits) - np.uint64(1))).astype(np.int64)
    frequencies = _run_lengths(first, len(order))
    return PostingLists(
        keys=_keys(field, (keys[rank] for rank in chosen.tolist())),
        lengths=_run_lengths(of_list, len(first)),
        occurrences=_run_lengths(first[of_list], len(order)),
        documents=np.array(text.documents, dtype=np.uint32)[rows],
        frequencies=frequencies.astype(np.uint32),
        positions=(order & ((np.uint64(1) << position_bits) - np.uint64(1))).astype(np.uint32),
    )


def _coded(block: _Block, of_word: Array, row_bits: int, position_bits: int) -> Array:
    """Return each occurrence of the words that have a number (not -1) as it is to be sorted."""
    numbers = of_word[block.words]
    chosen = np.flatnonzero(numbers >= 0)
    lengths = block.lengths[chosen]
    places = block.places[counted_up(starts_of(block.lengths)[chosen], lengths)]
    rows = np.searchsorted(block.starts, places, side="right") - 1
    codes = np.repeat(numbers[chosen].astype(np.int64), lengths) << row_bits
    codes += rows
    codes += block.first
    codes <<= position_bits
    codes += places
    codes -= block.starts[rows]
    return codes.view(np.uint64)


def _keyword_parts(field: str, keywords: _Keywords) -> Iterator[Callable[[], PostingLists]]:
    """Yield what makes the lists of a keyword field, some at a time, in ascending order."""
    keywords.settle()
    text, beginning = memoryview(keywords.text), term_key(field, "")
    borders = np.array(keywords.ends, dtype=np.int64)
    starts, ends = borders[:-1], borders[1:]
    ascending = _alphabetical(np.frombuffer(text, dtype=np.uint8), starts, ends)
    rank = np.empty(len(ascending), dtype=np.uint32)
    rank[ascending] = np.arange(len(ascending), dtype=np.uint32)
    of_value = rank[np.frombuffer(keywords.values, dtype=np.uint32)]
    lengths = np.bincount(of_value, minlength=len(rank))
    order = np.argsort(of_value, kind="stable")
    documents = np.frombuffer(keywords.documents, dtype=np.uint32)[order]
    last = lengths.cumsum()
    del rank, of_value, order
    for first in range(0, len(ascending), _VALUES):
        some = slice(first, first + _VALUES)
        places = zip(starts[ascending[some]].tolist(), ends[ascending[some]].tolist(), strict=True)
        those = documents[last[first] - lengths[first] : last[some][-1]]
        yield partial(
            PostingLists,
            keys=[beginning + text[start:end] for start, end in places],
            lengths=lengths[some],
            occurrences=np.zeros_like(lengths[some]),
            documents=those,
            frequencies=np.ones_like(those),
            positions=np.empty(0, dtype=np.uint32),
        )


def _alphabetical(text: Array, starts: Array, ends: Array) -> Array:
    """Return the order of strings of bytes, which stand in `text` from `starts` to `ends`.

    They are sorted by their first sixteen bytes as two numbers, and those that have the same ones
    by what follows: as long as most differ early, no string is made of any.
    """
    heads = np.zeros((2, len(starts)), dtype=np.uint64)
    for byte in range(16):
        there = np.flatnonzero(ends - starts > byte)
        digits = text[starts[there] + byte].astype(np.uint64)
        heads[byte // 8, there] |= digits << np.uint64(56 - byte % 8 * 8)
    order = np.lexsort((heads[1], heads[0]))
    heads = heads[:, order]
    differ = (heads[:, 1:] != heads[:, :-1]).any(axis=0)
    borders = np.flatnonzero(np.concatenate(([True], differ, [True])))
    alike = np.flatnonzero(np.diff(borders) > 1)
    for first, end in zip(borders[alike].tolist(), borders[alike + 1].tolist(), strict=True):
        some = order[first:end].tolist()
        order[first:end] = sorted(some, key=lambda n: text[starts[n] : ends[n]].tobytes())
    return order


def _keys(field: str, terms: Iterable[str]) -> list[bytes]:
    beginning = term_key(field, "")
    return [beginning + term.encode(*TEXT) for term in terms]


def _run_lengths(starts: Array, total: int) -> Array:
    """Return how long each run is that begins at one of `starts` and ends where the next does."""
    lengths: Array = np.diff(starts, append=total)
    return lengths
