"""Records to articles: JSON lines, JSON and CSV with the column names of many sources."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from html import unescape
from pathlib import PurePath
from typing import Any, TextIO

from lxml import html

from searchkit.documents.dates import NoSuchDate, parse_published
from searchkit.documents.models import Article, Page, Skipped
from searchkit.documents.page_words import related_link
from searchkit.documents.stored import is_stored, read_stored
from searchkit.shipped import shipped_text

_MARKUP = re.compile(r"<(?:p|br|div|span|a|strong|em|b|i|ul|li|h\d|img|figure)\b[^>]*>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});", re.I)
# What feeds of WordPress end with, also behind the mark of a cut: a link to the post, no text.
_SYNDICATED = re.compile(
    r"(?:^|(?<=[\]….!?”\"])\s)(?:the post|artikel|postingan|kiriman)\s.{1,300}\s"
    r"(?:appeared first on|first appeared on|pertama kali (?:muncul|tampil|terbit) (?:di|pada))"
    r"\s.{1,150}$",
    re.I,
)
_LONGEST_SYNDICATED = 512
"""Characters of such an end, and more: what is before them is not searched for one."""
_OF_SYNDICATED = ("appeared", "pertama kali")
_MILLISECONDS_FROM = 10**11
_TEXT_KEYS = ("name", "text", "@value", "rendered")  # of schema.org, and of WordPress
_BLOCKS = (
    *("p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption"),
    *("blockquote", "section", "article", "table", "tr", "ul", "ol", "hr", "pre"),
)
_NO_RECORDS = "there are no records in it"
_LONGEST_KEPT = 64  # characters of a column name of which the field is kept at hand


@cache
def _columns() -> dict[str, str]:
    """Return our field by lower-case column name, as listed in data/record_columns.txt."""
    text = shipped_text("searchkit.documents", "data/record_columns.txt")
    columns: dict[str, str] = {}
    for line in text.splitlines():
        field, colon, names = line.partition("#")[0].partition(":")
        if colon:
            columns |= {name: field.strip() for name in names.split()}
    return columns


def known_columns(names: Iterable[str]) -> bool:
    """Return whether a header has a column that can hold text: a headline or a body."""
    return not {"headline", "body", "summary"}.isdisjoint(map(_field, names))


def _field(name: object) -> str | None:
    """Return our field of a column; None for one that is not known."""
    text = str(name)
    return _field_at_hand(text) if len(text) <= _LONGEST_KEPT else _normal_field(text)


def _normal_field(name: str) -> str | None:
    return _columns().get(re.sub(r"[\s\-]+", "_", name.strip().strip("\ufeff").lower()))


_field_at_hand = lru_cache(1024)(_normal_field)


def read_record(
    record: object, origin: str, line: int | None = None, source: str = ""
) -> Page | Skipped:
    """Return the page of one record: an article, or what an index has exported, as it was.

    Columns are known by many names, see data/record_columns.txt; others are passed over. A record
    without headline and text is skipped.
    """
    if not isinstance(record, Mapping):
        reason = f"the record is {type(record).__name__}, not an object with named fields"
        return Skipped(origin=origin, line=line, reason=reason)
    if is_stored(record):
        return _exported(record, origin, line)
    fields = _known_fields(record)
    headline, (body, related) = _one_line(fields.get("headline")), read_body(fields.get("body"))
    if not body:
        body, related = read_body(fields.get("summary"))
    if not headline and not body:
        reason = "the record has no headline and no text; known names are title, body and the like"
        return Skipped(origin=origin, line=line, reason=reason)
    published, warnings = _published(fields.get("published"))
    source = source or _one_line(fields.get("source"))
    article = Article(
        id=_identity(fields.get("id"), source or PurePath(origin).name.partition(".")[0]),
        headline=headline,
        body=body,
        section=_one_line(fields.get("section")),
        caption=_one_line(fields.get("caption")),
        reporter=_one_line(fields.get("reporter")),
        editor=_one_line(fields.get("editor")),
        published=published,
        source=source,
        url=_one_line(fields.get("url")),
        tags=_listed(fields.get("tags")),
        related=related,
    )
    place = f"{origin}:{line}" if line else origin
    return Page(origin=place, article=article, warnings=warnings)


def _known_fields(record: Mapping[Any, Any]) -> dict[str, Any]:
    """Return by our field the first value that holds text."""
    fields: dict[str, Any] = {}
    for name, value in record.items():
        field = _field(name)
        if field and field not in fields and _text(value):
            fields[field] = value
    return fields


def _exported(record: Mapping[Any, Any], origin: str, line: int | None) -> Page | Skipped:
    try:
        document = read_stored(record)
    except ValueError as error:
        return Skipped(origin=origin, line=line, reason=f"a document of an index, but {error}")
    place = f"{origin}:{line}" if line else origin
    if isinstance(document, Article):
        return Page(origin=place, article=document)
    return Page(origin=place, items=(document,))


def _identity(value: Any, source: str) -> str:
    """Return a record's own id; a number is one in its source only, so it is named after that.

    pandas writes whole numbers as 12.0 when some rows have none.
    """
    text = _one_line(value)
    number = text.removesuffix(".0")
    return f"{source}:{number}" if number.isdigit() else text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or (isinstance(value, bool | float) and value != value):
        return ""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text, value)))
    if isinstance(value, Mapping):
        return next((_text(value[key]) for key in _TEXT_KEYS if key in value), "")
    return str(value).strip()


def _one_line(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_one_line, value)))
    return _spaced(_without_markup(_text(value)))


def _paragraphs(value: Any) -> tuple[str, ...]:
    return tuple(filter(None, map(_spaced, _without_markup(_text(value)).splitlines())))


def read_body(value: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paragraphs of a text, and the headlines of the "Baca juga" lines among them.

    Markup in it is taken out. Both are () when there is no text.
    """
    body: list[str] = []
    related: list[str] = []
    for text in _paragraphs(value):
        if (link := related_link(text)) is None:
            body.append(text)
        else:
            related.append(link)
    if body and (last := _without_syndicated(body[-1])) != body[-1]:
        body[-1:] = [last] if last else []
    return tuple(body), tuple(dict.fromkeys(filter(None, related)))


def _without_syndicated(text: str) -> str:
    # The pattern is tried at every character, and hardly a text has the words.
    end = text[-_LONGEST_SYNDICATED:].lower()
    return _SYNDICATED.sub("", text) if any(words in end for words in _OF_SYNDICATED) else text


def _spaced(text: str) -> str:
    """Return `text` with its words one blank apart, as they are in most texts: seen at once."""
    if text.isprintable() and "  " not in text:  # of all blanks only " " is printable
        return text.strip()
    return " ".join(text.split())


def _without_markup(text: str) -> str:
    if "&" in text and not _MARKUP.search(text):
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    if not _MARKUP.search(text):
        return text
    try:
        tree = html.fromstring(f"<div>{text}</div>")
    except (ValueError, AssertionError):
        return text
    for node in tree.xpath("//script|//style"):
        node.drop_tree()
    for node in tree.iter(*_BLOCKS):
        node.text = "\n" + (node.text or "")
        node.tail = "\n" + (node.tail or "")
    return str(tree.text_content())


def _listed(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else re.split(r"[,;|]", _text(value))
    return tuple(dict.fromkeys(text for part in parts if (text := _one_line(part).lstrip("#"))))


def _published(value: Any) -> tuple[datetime | None, tuple[str, ...]]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
        try:
            return datetime.fromtimestamp(seconds, UTC), ()
        except (OverflowError, ValueError, OSError):
            return None, (f"there is no date {value}; it is left out",)
    try:
        return parse_published(_text(value)), ()
    except NoSuchDate as error:
        return None, (f"{error}; it is left out",)


def read_json_lines(
    lines: Iterable[tuple[int, str]], origin: str, source: str = ""
) -> Iterator[Page | Skipped]:
    """Yield the articles of JSON lines, given as (line number, text); blank lines are nothing."""
    for number, line in lines:
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            reason = f"broken JSON: {error.msg} at column {error.colno}"
            yield Skipped(origin=origin, line=number, reason=reason)
            continue
        except (RecursionError, ValueError):
            reason = "broken JSON: nested too deep, or a number too long"
            yield Skipped(origin=origin, line=number, reason=reason)
            continue
        records = _records(record)
        if not records:
            yield Skipped(origin=origin, line=number, reason=_NO_RECORDS)
        for each in records:
            yield read_record(each, origin, number, source)


def _records(data: Any) -> list[Any]:
    """Return the records of a JSON value: a list, the list an object holds, or the object.

    Of the lists of an object it is the first with objects in it: others are errors or tags. An
    empty list has none, nor has an object whose lists are all empty.
    """
    if isinstance(data, dict) and not known_columns(data):
        lists = [value for value in data.values() if isinstance(value, list)]
        filled = (each for each in lists if any(isinstance(record, dict) for record in each))
        data = next(filled, [] if lists and not any(lists) else data)
    return data if isinstance(data, list) else [data]


def read_json(text: str, origin: str, source: str = "") -> Iterator[Page | Skipped]:
    """Yield the articles of a JSON document: a list of records, or an object (that holds one)."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"broken JSON: {error.msg} at column {error.colno}"
        yield Skipped(origin=origin, line=error.lineno, reason=reason)
        return
    except (RecursionError, ValueError):
        yield Skipped(origin=origin, reason="broken JSON: nested too deep, or a number too long")
        return
    records = _records(data)
    if not records:
        yield Skipped(origin=origin, reason=_NO_RECORDS)
    for number, record in enumerate(records, start=1):
        yield read_record(
            record, f"{origin}#{number}" if len(records) > 1 else origin, None, source
        )


def read_csv(
    stream: TextIO, delimiter: str, origin: str, most_characters: int, source: str = ""
) -> Iterator[Page | Skipped]:
    """Yield the articles of a table whose first row names the columns; blank rows are nothing."""
    csv.field_size_limit(most_characters)
    lines = (line.replace("\0", "\ufffd") for line in stream)
    reader = csv.reader(lines, delimiter=delimiter)
    header: list[str] = []
    none = True
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Skipped(origin=origin, line=line, reason=f"broken CSV: {error}")
            continue
        if row is None:
            break
        if not any(cell.strip() for cell in row):
            continue
        if not header:
            header = row
            continue
        none = False
        yield read_record(dict(zip(header, row, strict=False)), origin, line, source)
    if none:
        yield Skipped(origin=origin, reason=_NO_RECORDS)


def text_stream(text: str) -> TextIO:
    """Return `text` as a stream for `read_csv`, its line ends as they are."""
    return io.StringIO(text, newline="")
