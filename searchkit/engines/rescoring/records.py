"""Forward records: the tokens of a document as bytes.

A record is a header (version, the width of a word's number in bytes, how many distinct words, how
many of them have a form that is not as the term, the number of tokens by text field), the numbers
of the words by field and position, little-endian, and the words: all terms, first those of the
words whose form is another, then these forms. The words are UTF-8, with a byte before each that
UTF-8 has not; half a surrogate pair is written as a question mark.
"""

import struct
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


@cache
def _header(fields: int) -> struct.Struct:
    return struct.Struct(f"<BBxxII{fields}I")


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
    header = _header(len(fields)).pack(_VERSION, width, len(met), spelled, *lengths)
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
    found = taken_apart(data, fields)
    if found.text.count(SEPARATOR) != found.words + found.spelled:
        raise ValueError(MISCOUNTED)
    if len(found.numbers) and int(found.numbers.max()) >= found.words:
        raise ValueError(MISNUMBERED)
    return found


def taken_apart(data: bytes, fields: Sequence[str]) -> Forward:
    """Return what is in a record; ValueError if it cannot be one.

    That there are as many words as it says, and a word of each number, is left to check.
    """
    header = _header(len(fields))
    if len(data) < header.size:
        raise ValueError("it is cut short")
    version, width, words, spelled, *lengths = header.unpack_from(data)
    if version != _VERSION or width not in (_NARROW, _WIDE):
        raise ValueError("it is of another version")
    count, end = sum(lengths), header.size + width * sum(lengths)
    text = data[end:]
    if end > len(data) or spelled > words or (text and not text.startswith(SEPARATOR)):
        raise ValueError(MISCOUNTED)
    numbers = np.frombuffer(data, dtype=f"<u{width}", count=count, offset=header.size)
    return Forward(fields, tuple(lengths), numbers, words, spelled, text)
