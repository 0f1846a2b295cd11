"""From text in the query language, as `narrow`, `query_facet` and Raw take it, to clauses.

It is searchkit's own language, and beyond it, where one of these is all of the text, what other
backends of haystack know: a range of times, `pub_date:[2024-06-03T10:00:00 TO *]`, or of whole
values, `author:[a TO c]`, and a whole value as haystack's forms write it, `author_exact:"Laras"`.
"""

import re

from haystack.exceptions import SearchBackendError

from searchkit.integrations.haystack.layout import TEXTS, Layout, whole
from searchkit.integrations.haystack.text import bare
from searchkit.schema import Between, Clause, Is, Phrase, Typed

_VALUE = re.compile(r'(\w+):"((?:[^"\\]|\\.)*)"')
_RANGE = re.compile(
    r"(\w+):([\[{])\s*([^\[\]{}]*?)\s*\bTO\b\s*([^\[\]{}]*?)\s*([\]}])", re.IGNORECASE
)
_HAS_TIME = re.compile(r"\d[T ]\d")


def from_query(layout: Layout, text: str) -> Clause:
    """Return a query as a clause; bare words are looked for in the document field.

    SearchBackendError if it has a range, of times or whole values, that is not all of it.
    """
    text = text.strip()
    if (match := _VALUE.fullmatch(text)) and (clause := _value(layout, match)):
        return clause
    if (match := _RANGE.fullmatch(text)) and (clause := _range(layout, match)):
        return clause
    for match in _RANGE.finditer(text):
        if _range(layout, match):
            raise SearchBackendError(
                f"{match[0]} cannot be part of a longer query; give it a narrow() of its own, or "
                "use filter()"
            )
    return Typed(text, fields=(layout.content,))


def from_text(layout: Layout, name: str, text: str) -> Clause:
    """Return what is typed of field `name` as a clause."""
    if name == layout.content:
        return from_query(layout, text)
    if _VALUE.fullmatch(f"{name}:{text}") or _RANGE.fullmatch(f"{name}:{text}"):
        return from_query(layout, f"{name}:{text}")
    if layout.kind(name) in TEXTS:
        return Typed(text, fields=(name,))
    return Typed(f"{name}:{text}" if " " not in text else f"{name}:({text})")


def _value(layout: Layout, match: re.Match[str]) -> Clause | None:
    """Return the clause of a value in quotes; None where the query language has the same."""
    name, text = match[1], bare(match[2])
    if name not in layout.fields:
        return None
    kind = layout.kind(name)
    if kind in TEXTS:
        return Phrase(text, fields=(name,))
    if kind in ("keyword", "number"):
        return Is(name, layout.value(kind, name, text))
    return Is(name, layout.value(kind, name, text)) if _HAS_TIME.search(text) else None


def _range(layout: Layout, match: re.Match[str]) -> Clause | None:
    """Return the clause of a range; None where the query language has the same."""
    name, opened, low, high, closed = match.groups()
    if name not in layout.fields:
        return None
    kind = layout.kind(name)
    if kind == "number" or (kind == "moment" and not _HAS_TIME.search(f"{low}/{high}")):
        return None
    if layout.has_whole(name) and kind != "moment":
        name, kind = whole(name), "keyword"
    if kind not in ("moment", "keyword"):
        raise SearchBackendError(f"field {name!r} has no ranges")
    ends = [_unquoted(end) for end in (low, high)]
    first, last = (layout.value(kind, name, end) if end else None for end in ends)
    return Between(name, first, last, low_included=opened == "[", high_included=closed == "]")


def _unquoted(end: str) -> str:
    """Return an end of a range without its quotes; "" if it is open."""
    return "" if end == "*" else bare(end.removeprefix('"').removesuffix('"'))
