"""What kind of content a file holds, by what it begins with, never by its name."""

import csv
import io
import json
import re
from enum import Enum
from itertools import islice

from searchkit.documents.decoding import decode, marked_encoding
from searchkit.documents.records import known_columns

LOOKED_AT = 64 * 1024
"""Bytes from the beginning that detection is given."""


class Kind(Enum):
    """The kinds of content that are read."""

    GZIP = "gzip"
    WARC = "WARC"
    JSON_LINES = "JSON lines"
    JSON = "JSON"
    FEED = "feed"
    HTML = "HTML"
    MHTML = "MHTML"
    CSV = "CSV"
    TEXT = "page text"
    EMPTY = "empty"
    BINARY = "binary"


_BINARY = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"PK\x03\x04": "ZIP",
    b"\x7fELF": "ELF",
    b"RIFF": "RIFF",
    b"\xd0\xcf\x11\xe0": "old Office",
    b"SQLite format 3": "SQLite",
}
_FEED = re.compile(r"<(?:rss|rdf:RDF|feed)[\s>]", re.IGNORECASE)
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|article|section|p|meta|title|script|table|span|h[1-6]|!--)\b",
    re.IGNORECASE,
)
_HEADER = re.compile(r"[A-Za-z-]+:[^\S\n]")
_DELIMITERS = ",;\t|"


def binary_name(start: bytes) -> str | None:
    """Return what kind of binary file begins so; "unknown" for other binary, None for text."""
    for magic, name in _BINARY.items():
        if start.startswith(magic):
            return name
    return "unknown" if b"\0" in start and not marked_encoding(start) else None


def detect(start: bytes) -> Kind:
    """Return the kind of the content that begins with `start` (up to `LOOKED_AT` bytes)."""
    if not start.strip():
        return Kind.EMPTY
    if start.startswith(b"\x1f\x8b"):
        return Kind.GZIP
    if start.startswith(b"WARC/"):
        return Kind.WARC
    if binary_name(start):
        return Kind.BINARY
    text = decode(start).lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return _json_kind(text)
    if text.startswith("<") and _FEED.search(text[:4096]):
        return Kind.FEED
    if text.startswith("<") and (_MARKUP.search(text) or text.startswith("<?xml")):
        return Kind.HTML
    if _is_saved_page(text):
        return Kind.MHTML
    return Kind.CSV if delimiter(text) else Kind.TEXT


def _is_saved_page(text: str) -> bool:
    """Return whether a text begins with the head of a message that holds a page and its parts."""
    if not _HEADER.match(text):
        return False
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0].lower()
    return "mime-version:" in head and "multipart/related" in head


def delimiter(text: str) -> str | None:
    """Return what separates the columns of `text`, when its first row names columns we know.

    None as well when the rows below are shorter: a page that begins with its menu is no table.
    """
    text = text.lstrip("\ufeff \t\r\n").replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    for candidate in _DELIMITERS:
        columns = next(csv.reader([first], delimiter=candidate), [])
        if len(columns) > 1 and known_columns(columns) and _is_table(rest, candidate, len(columns)):
            return candidate
    return None


def _is_table(rows: str, separator: str, columns: int) -> bool:
    """Return whether what stands below a header of so many columns may be rows of a table.

    One row may be short, in a table that somebody typed, or cut, when it is the last that is seen.
    """
    reader = csv.reader(io.StringIO(rows, newline=""), delimiter=separator)
    try:
        filled = (row for row in reader if any(cell.strip() for cell in row))
        first, *below = islice(filled, 3)
    except (csv.Error, ValueError):
        return True  # no row, or a field that is too long, which is told by who reads the table
    if len(first) >= columns or not below:
        return True
    blank_below_header = not rows.partition("\n")[0].strip()
    return not blank_below_header and (len(below) == 1 or len(below[0]) >= columns)


def _json_kind(text: str) -> Kind:
    first = text.split("\n", 1)[0].strip()
    if text.startswith("[") and (len(first) < 2 or first[1:].lstrip()[:1] in ("{", "]", "")):
        return Kind.JSON
    if text.startswith("["):
        return Kind.TEXT  # [ADVERTISEMENT] and the like
    lines = [line for line in text.split("\n", 2) if line.strip()]
    if len(lines) == 1 or (len(text) >= LOOKED_AT // 4 and len(first) > LOOKED_AT // 8):
        return Kind.JSON_LINES
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        # A broken first record, or the first line of an object written over several.
        return Kind.JSON_LINES if lines[1].lstrip().startswith("{") else Kind.JSON
    return Kind.JSON_LINES
