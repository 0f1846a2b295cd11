"""Forward records: the tokens of a document as bytes.

A record is a header (version, the width of a word's number in bytes, how many distinct words, how
many of them have a form that is not as the term, the number of tokens by text field), the numbers
of the words by field and position, little-endian, and the words: all terms, first those of the
words whose form is another, then these forms. The words are UTF-8, with a byte before each that
UTF-8 has not; half a surrogate pair is written as a question mark.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from searchkit.analysis import Token, TokenColumns, TokenTable
from searchkit.engines.by_word import ByWord
from searchkit.engines.fields import TEXT_FIELDS

Array = np.ndarray[Any, np.dtype[Any]]

SEPARATOR = b"\xff"

MISCOUNTED = "its words are not as many as it says"
MISNUMBERED = "a word has a number that no word has"

_VERSION = 1
_NARROW, _WIDE = 2, 4
_NONE = np.empty(0, dtype=np.uint32)


class Forward(NamedTuple):
    """A forward record taken apart, its words still as they are in it.

    `lengths` are the numbers of tokens by text field, in the order of `fields`; `numbers` those
    of the words by field and position. There are `words` terms and then `spelled` forms in `text`:
    those of the words below `spelled`, the others have the form of their term.
    """

    fields: Sequence[str]
    lengths: tuple[int, ...]
    numbers: Array
    words: int
    spelled: int
    text: bytes

    def tokens(self) -> dict[str, TokenColumns]:
        """Return the tokens by text field, of those that have any."""
        table = TokenTable()
        pieces = [piece.decode() for piece in self.text.split(SEPARATOR)[1:]]
        terms, forms = pieces[: self.words], pieces[self.words :]
        table.extend(terms, forms + terms[self.spelled :])
        ends = np.cumsum(self.lengths).tolist()
        return {
            field: TokenColumns(table, self.numbers[end - length : end].astype(np.uint32))
            for field, length, end in zip(self.fields, self.lengths, ends, strict=True)
            if length
        }


class Together(NamedTuple):
    """Forward records taken apart, one after another.

    `lengths` has a row a record; `counts` are their sums, `ends` where the text of each ends.
    """

    lengths: Array
    counts: Array
    numbers: Array
    words: Array
    spelled: Array
    text: bytes
    ends: Array


class UnsoundRecord(ValueError):
    """The record in that row is none, for a reason."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(reason)
        self.row = row


@cache
def _header(fields: int) -> np.dtype[Any]:
    """Return what a record begins with."""
    sizes = [("version", "u1"), ("width", "u1"), ("reserved", "<u2")]
    return np.dtype([*sizes, ("words", "<u4"), ("spelled", "<u4"), ("lengths", "<u4", (fields,))])


def encode(tokens: Mapping[str, Sequence[Token]], fields: Sequence[str] = TEXT_FIELDS) -> bytes:
    """Return the forward record of a document of these tokens by text field.

    `fields` are the text fields of its index, in an order that stays the same.
    """
    columns = _columns(tokens)
    lengths = [len(columns[field]) if field in columns else 0 for field in fields]
    numbers = [columns[field].numbers for field in fields if field in columns]
    met, places = np.unique(np.concatenate([_NONE, *numbers]), return_inverse=True)
    table = next(iter(columns.values())).table if numbers else TokenTable()
    same = _same.of(table)[met]
    order = np.concatenate((np.flatnonzero(~same), np.flatnonzero(same)))
    ranks = np.empty(len(met), dtype=np.int64)
    ranks[order] = np.arange(len(met))
    spelled = len(met) - int(np.count_nonzero(same))
    chosen = met[order]
    terms, forms = _terms.of(table)[chosen], _forms.of(table)[chosen[:spelled]]
    text = b"".join(terms.tolist() + forms.tolist())
    width = _NARROW if len(met) <= 2 ** (8 * _NARROW) else _WIDE
    figures = _VERSION, width, 0, len(met), spelled, lengths
    header = np.array(figures, dtype=_header(len(fields))).tobytes()
    return header + ranks[places].astype(f"<u{width}").tobytes() + text


def _pieces(words: Sequence[str]) -> list[bytes]:
    """Return words as they are put into records."""
    return [SEPARATOR + word.encode("utf-8", "replace") for word in words]


_terms = ByWord(object, lambda terms, _: _pieces(terms))
_forms = ByWord(object, lambda _, forms: _pieces(forms))
_same = ByWord(bool, lambda terms, forms: list(map(str.__eq__, terms, forms)))


def _columns(tokens: Mapping[str, Sequence[Token]]) -> Mapping[str, TokenColumns]:
    """Return the tokens as columns that share one table."""
    tables = {id(each.table) for each in tokens.values() if isinstance(each, TokenColumns)}
    columns = {field: each for field, each in tokens.items() if isinstance(each, TokenColumns)}
    if len(columns) == len(tokens) and len(tables) <= 1:
        return columns
    table = TokenTable()
    return {field: TokenColumns.of(list(each), table) for field, each in tokens.items()}


def decode(data: bytes, fields: Sequence[str] = TEXT_FIELDS) -> Forward:
    """Return what `encode` has made a record of; ValueError if it is not one."""
    found = taken_apart([data], fields)
    words, spelled = int(found.words[0]), int(found.spelled[0])
    if found.text.count(SEPARATOR) != words + spelled:
        raise ValueError(MISCOUNTED)
    if len(found.numbers) and int(found.numbers.max()) >= words:
        raise ValueError(MISNUMBERED)
    return Forward(fields, found.lengths[0].tolist(), found.numbers, words, spelled, found.text)


def taken_apart(records: Sequence[bytes], fields: Sequence[str]) -> Together:
    """Return what is in records; UnsoundRecord if one of them cannot be one.

    That there are as many words as they say, and a word of each number, is left to check.
    """
    header = _header(len(fields))
    size = header.itemsize
    sizes = np.array([len(record) for record in records], dtype=np.int64)
    check(sizes < size, "it is cut short")
    heads = np.frombuffer(b"".join([record[:size] for record in records]), dtype=header)
    version, widths, words, spelled, lengths = (
        heads[name] for name in ("version", "width", "words", "spelled", "lengths")
    )
    unknown = (version != _VERSION) | ((widths != _NARROW) & (widths != _WIDE))
    check(unknown, "it is of another version")
    counts = lengths.sum(axis=1, dtype=np.int64)
    ends = size + widths * counts
    bounds = ends.tolist()
    texts = [record[end:] for record, end in zip(records, bounds, strict=True)]
    begun = np.array([text[:1] in (b"", SEPARATOR) for text in texts], dtype=bool)
    check((ends > sizes) | (spelled > words) | ~begun, MISCOUNTED)
    columns = [record[size:end] for record, end in zip(records, bounds, strict=True)]
    return Together(
        lengths=lengths.astype(np.int64),
        counts=counts,
        numbers=_numbers(columns, widths),
        words=words.astype(np.int64),
        spelled=spelled.astype(np.int64),
        text=b"".join(texts),
        ends=np.cumsum([len(text) for text in texts]),
    )


def _numbers(columns: Sequence[bytes], widths: Array) -> Array:
    """Return the numbers in columns, one after another, each of its width in bytes."""
    if (widths == _NARROW).all():
        return np.frombuffer(b"".join(columns), dtype="<u2")
    kinds = [f"<u{width}" for width in widths.tolist()]
    return np.concatenate([np.frombuffer(*each) for each in zip(columns, kinds, strict=True)])


def check(wrong: Array, reason: str) -> None:
    """Raise UnsoundRecord for the first record that is `wrong`, if any is."""
    if wrong.any():
        raise UnsoundRecord(int(np.argmax(wrong)), reason)
