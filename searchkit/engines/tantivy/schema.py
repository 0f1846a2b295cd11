"""How a document is kept in tantivy.

| field | |
|---|---|
| `all`, `exact` | stems and forms of all text fields: what words are looked up in |
| `text_FIELD` | stems of a text field, then its forms with `=` before them |
| `text_body` | stems of the body, without positions: it is most of `all` |
| `length_FIELD` | its number of tokens |
| `id`, `kw_FIELD` | keywords |
| `facet_FIELD`, `spelled_FIELD` | values of a facet, folded and as they are |
| `number`, `article`, `moment` | counts documents as they are added; 1 for articles; the date |
| `number_FIELD` | the number in a number field |
| `newest`, `oldest` | by which to sort: date and the beginning of the id, see `sort_keys` |
| `member`, `band` | of articles that may be copies: the member number, parts of the signature |
| `record`, `stored`, `rest` | the forward record, the stored object, and what else it is made of |

Words are given to tantivy with a blank between them and one text a field, so that stems and their
positions are those of searchkit's analyzer, and no phrase reaches from one field into another.

One more document, the only one without a `number`, has the links between copies. An index of an own
schema has a text field `body` only if that is declared, and can be ordered by `id`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import tantivy

from searchkit.analysis import Token, TokenColumns
from searchkit.analysis.normalization import fold_value
from searchkit.canonical import from_json, to_json
from searchkit.engines.base import ARTICLE, IndexedDocument
from searchkit.engines.by_word import ByWord
from searchkit.engines.copies import SIGNATURE_BYTES, member_number
from searchkit.engines.fields import NEWS, Fields
from searchkit.engines.rescoring import decode, encode

EXACT = "="
"""Before a form, in the field of its text field."""

BODY = "body"
"""The text field whose words are not kept a second time whole, by field."""

LINKS = "links"
"""The keyword, in the field `links`, of the document that has them."""

_DATE_BITS, _ID_BYTES = 39, 3
# Before any date that Python has.
_EARLIEST = -(2**36)
_BANDS = np.array([2 * n + 1 for n in range(SIGNATURE_BYTES // 8)], dtype=np.uint64)
_BANDS *= np.uint64(0x9E3779B97F4A7C15)


class Layout(NamedTuple):
    """How the documents of an index of these fields are kept."""

    fields: Fields
    schema: tantivy.Schema


@cache
def layout_of(fields: Fields) -> Layout:
    """Return how documents of these fields are kept: always the same, whoever opens the index."""
    return Layout(fields, _schema(fields))


def _schema(fields: Fields) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("all", "exact", *(f"text_{field}" for field in fields.text if field != BODY)):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    if BODY in fields.text:
        builder.add_text_field("text_body", tokenizer_name="whitespace", index_option="basic")
    for name in (LINKS, *(f"kw_{field}" for field in fields.keywords if field != "id")):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for field in fields.facets:
        for name in (f"facet_{field}", f"spelled_{field}"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("moment", fast=True)
    for name in ("number", "member"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("newest", "oldest", "article", *(f"length_{field}" for field in fields.text)):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("band", indexed=True)
    builder.add_text_field(
        "id", stored=True, tokenizer_name="raw", index_option="basic", fast=fields != NEWS
    )
    for name in ("record", "stored", "rest"):
        builder.add_bytes_field(name, stored=True)
    for field in fields.numbers:
        builder.add_integer_field(number_field(field), fast=True)
    return builder.build()


def native(layout: Layout, document: IndexedDocument, number: int) -> tantivy.Document:
    """Return what tantivy is given of a document; `number` tells when it was added."""
    texts = {field: words for field, words in document.tokens.items() if len(words)}
    values: dict[str, Any] = {
        "record": [encode(document.tokens, layout.fields.text)],
        "stored": [to_json(document.stored)],
        "rest": [_rest(document)],
        "number": [number],
        "article": [int(document.kind == ARTICLE)],
        "all": [],
        "exact": [],
    }
    for field, tokens in texts.items():
        stems, forms = _words(tokens)
        values["all"].append(stems)
        values["exact"].append(forms)
        values[f"text_{field}"] = [stems]
        if field != BODY:
            values[f"text_{field}"].append(EXACT + forms.replace(" ", f" {EXACT}"))
        values[f"length_{field}"] = [len(tokens)]
    for field, keywords in document.keywords.items():
        values[keyword_field(field)] = list(dict.fromkeys(keywords))
    for field, spellings in document.facets.items():
        values[f"spelled_{field}"] = list(dict.fromkeys(spellings))
        values[f"facet_{field}"] = list(dict.fromkeys(map(fold_value, spellings)))
    if document.moment is not None:
        values["moment"] = [document.moment]
    newest, oldest = sort_keys(document.moment, document.id)
    values |= {"newest": [newest], "oldest": [oldest]}
    if len(document.signature) == SIGNATURE_BYTES:
        values["member"] = [member_number(document.id, document.signature)]
        values["band"] = list(set(bands(document.signature)))
    for field, value in document.numbers.items():
        values[number_field(field)] = [value]
    values["id"] = [document.id]
    return tantivy.Document.from_dict(values, layout.schema)


def keyword_field(field: str) -> str:
    """Return the name in tantivy of a keyword field."""
    return field if field == "id" else f"kw_{field}"


def number_field(field: str) -> str:
    """Return the name in tantivy of a number field."""
    return f"number_{field}"


def native_links(layout: Layout, links: np.ndarray[Any, Any]) -> tantivy.Document:
    """Return the document that has the links between copies, pairs of member numbers."""
    data = links.astype("<i8").tobytes()
    return tantivy.Document.from_dict({LINKS: [LINKS], "stored": [data]}, layout.schema)


def _rest(document: IndexedDocument) -> bytes:
    rest: dict[str, Any] = {
        "kind": document.kind,
        "moment": document.moment,
        "keywords": document.keywords,
        "facets": document.facets,
        "signature": document.signature.hex(),
    }
    if document.numbers:
        rest["numbers"] = document.numbers
    return to_json(rest)


def indexed(
    layout: Layout, record: bytes, stored: bytes, rest: bytes, document_id: str
) -> IndexedDocument:
    """Return the document again of what is kept of it; ValueError if it is damaged."""
    try:
        found = json.loads(rest)
        return IndexedDocument(
            id=document_id,
            kind=str(found["kind"]),
            tokens=decode(record, layout.fields.text).tokens(),
            keywords=_values(found["keywords"]),
            moment=found["moment"],
            stored=from_json(stored),
            signature=bytes.fromhex(found["signature"]),
            facets=_values(found["facets"]),
            numbers={field: int(number) for field, number in found.get("numbers", {}).items()},
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"document {document_id}") from error


def signature_of(rest: bytes) -> bytes:
    """Return the signature of a document by what is kept of it; ValueError if it is damaged."""
    try:
        return bytes.fromhex(json.loads(rest)["signature"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("a document without a signature") from error


def _values(found: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {field: tuple(map(str, values)) for field, values in found.items()}


def _words(tokens: Sequence[Token]) -> tuple[str, str]:
    """Return the stems and the forms of a text, a blank between each two."""
    columns = TokenColumns.of(tokens)
    table, numbers = columns.table, columns.numbers
    return (
        " ".join(_terms.of(table)[numbers].tolist()),
        " ".join(_forms.of(table)[numbers].tolist()),
    )


def as_written(word: str) -> str:
    """Return a word without blanks, and with nothing that is no Unicode text."""
    if word and word.isprintable() and " " not in word:
        return word
    return "\0".join(word.encode("utf-8", "replace").decode().split()) or "\0"


def as_read(written: str) -> str:
    """Return the word that was written so; of each blank in it, that it is one."""
    return written.replace("\0", " ")


_terms = ByWord(object, lambda terms, _: list(map(as_written, terms)))
_forms = ByWord(object, lambda _, forms: list(map(as_written, forms)))


def bands(signature: bytes) -> list[int]:
    """Return the parts of a signature in one of which copies agree, each with its place in it."""
    found: list[int] = (np.frombuffer(signature, dtype="<u8") * _BANDS).tolist()
    return found


def sort_keys(moment: int | None, document_id: str) -> tuple[int, int]:
    """Return the keys by which documents are sorted ascending: (newest first, oldest first).

    The key of an undated document is higher than any other but for its id; documents whose keys are
    equal need not be equal.
    """
    last = 2**_DATE_BITS - 1
    beginning = int.from_bytes(_told(document_id), "big")
    if moment is None:
        newest = oldest = last
    else:
        oldest = min(max(moment - _EARLIEST, 0), last - 1)
        newest = last - 1 - oldest
    return newest << 8 * _ID_BYTES | beginning, oldest << 8 * _ID_BYTES | beginning


def _told(document_id: str) -> bytes:
    return document_id.encode("utf-8", "replace")[:_ID_BYTES].ljust(_ID_BYTES, b"\0")
