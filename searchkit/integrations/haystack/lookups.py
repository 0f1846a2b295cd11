"""From haystack's conditions (field, lookup, value) to clauses of searchkit."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from haystack.backends import SearchNode
from haystack.exceptions import SearchBackendError
from haystack.inputs import BaseInput, Exact, Not

from searchkit.integrations.haystack.layout import LONGEST_WHOLE, TEXTS, Layout, as_values, whole
from searchkit.integrations.haystack.text import bare, cleaned, operand
from searchkit.integrations.haystack.typed import from_text
from searchkit.schema import Clause, clauses

NOTHING = clauses.Either(())

_RANGES: dict[str, Callable[[str, Any], Clause]] = {
    "gt": lambda name, value: clauses.Between(name, value, None, low_included=False),
    "gte": lambda name, value: clauses.Between(name, value, None),
    "lt": lambda name, value: clauses.Between(name, None, value, high_included=False),
    "lte": lambda name, value: clauses.Between(name, None, value),
    "range": lambda name, value: clauses.Between(name, value[0], value[1]),
}


def from_tree(node: SearchNode, leaf: Callable[[str, str, Any], Clause | None]) -> Clause | None:
    """Return a tree of SQs as one clause; None if it says nothing."""
    parts: list[Clause] = []
    for child in node.children:
        if isinstance(child, SearchNode):
            part = from_tree(child, leaf)
        else:
            expression, value = child
            field, lookup = node.split_expression(expression)
            part = leaf(field, lookup, value)
        if part is not None:
            parts.append(part)
    if not parts:
        return None
    if len(parts) == 1:
        joined: Clause = parts[0]
    elif node.connector == SearchNode.OR:
        joined = clauses.Either(tuple(parts))
    else:
        joined = clauses.Every(tuple(parts))
    return clauses.Not(joined) if node.negated else joined


def from_condition(layout: Layout, name: str, lookup: str, value: Any, query: Any) -> Clause | None:
    """Return one condition as a clause; None if it says nothing, as an empty auto query does.

    `query` is the haystack query that its inputs prepare themselves for. SearchBackendError if the
    field has no such lookup.
    """
    kind = layout.kind(name)
    if isinstance(value, BaseInput) and not value.post_process:
        text = str(value.prepare(query))
        return from_text(layout, name, text) if text.strip() else None
    if isinstance(value, Not):
        inner = from_condition(layout, name, lookup, value.query_string, query)
        return None if inner is None else clauses.Not(inner)
    if isinstance(value, Exact) and kind in TEXTS:
        return clauses.Phrase(str(value.query_string), fields=(name,))
    if isinstance(value, BaseInput):
        value = value.query_string
    if hasattr(value, "values_list"):
        value = list(value)
    if value is None:
        return clauses.Is(name, None)
    return (_of_text if kind in TEXTS else _of_value)(layout, kind, name, lookup, value)


def _of_text(layout: Layout, kind: str, name: str, lookup: str, value: Any) -> Clause:
    whole_name = whole(name) if layout.has_whole(name) else None
    if lookup in _RANGES:
        if whole_name is None:
            raise _unsupported(name, lookup)
        ends = [str(each) for each in value] if lookup == "range" else str(value)
        return _RANGES[lookup](whole_name, ends)
    values = [str(each) for each in as_values(value)]
    if lookup == "in":
        return clauses.Either(tuple(_exactly(whole_name, name, each) for each in values))
    text = " ".join(values)
    if not text.strip():
        return NOTHING
    if lookup == "exact":
        return _exactly(whole_name, name, text)
    if kind != "text":
        # haystack's autocomplete has cleaned it.
        return _beginning_so(kind, name, bare(text))
    return _of_words(name, lookup, text)


def _of_words(name: str, lookup: str, text: str) -> Clause:
    words = text.split()
    match lookup:
        case "content":
            return clauses.Words(text, fields=(name,))
        case "startswith":
            return clauses.Words(text, fields=(name,), prefix=True)
        case "fuzzy":
            return _every(
                clauses.Words(each, fields=(name,), fuzzy=1 if len(each) <= 5 else 2)
                for each in words
            )
    return _every(clauses.Matches(name, _pattern(lookup, each)) for each in words)


def _beginning_so(kind: str, name: str, text: str) -> Clause:
    if kind == "edge_ngram":
        return clauses.Words(text, fields=(name,), prefix=True)
    return _every(clauses.Matches(name, _pattern("contains", each)) for each in text.split())


def _exactly(whole_name: str | None, name: str, text: str) -> Clause:
    if whole_name is None or len(text) > LONGEST_WHOLE:
        return clauses.Phrase(text, fields=(name,))
    return clauses.Is(whole_name, text)


def _of_value(layout: Layout, kind: str, name: str, lookup: str, value: Any) -> Clause:
    if kind == "stored":
        raise SearchBackendError(f"field {name!r} is not indexed; it can only be given back")
    values = [layout.value(kind, name, each) for each in as_values(value)]
    if lookup in _RANGES and kind != "id":
        return _RANGES[lookup](name, values if lookup == "range" else values[0])
    if lookup in ("content", "exact", "in"):
        return clauses.OneOf(name, values)
    if kind == "keyword" and values and lookup != "fuzzy":
        return clauses.Matches(name, _pattern(lookup, str(values[0])))
    raise _unsupported(name, lookup)


def _every(parts: Iterable[Clause]) -> Clause:
    return clauses.Every(tuple(parts))


def _pattern(lookup: str, text: str) -> str:
    plain = "".join(f"\\{sign}" if sign in "\\*?" else sign for sign in text)
    return ("" if lookup == "startswith" else "*") + plain + ("" if lookup == "endswith" else "*")


def _unsupported(name: str, lookup: str) -> SearchBackendError:
    return SearchBackendError(
        f"field {name!r} has no lookup {lookup!r}; words have content, contains, startswith, "
        "endswith, fuzzy, exact and in; numbers and dates gt, gte, lt, lte, range, exact and in"
    )


def printed(name: str | None, lookup: str, value: Any, query: Any) -> str:
    """Return one condition in the query language; `name` is None for the document field.

    It is what `narrow` takes of an SQ, and what logs and `str(query)` show.
    """
    prefix = f"{name}:" if name else ""
    if isinstance(value, BaseInput):
        return f"{prefix}({value.prepare(query)})"
    if hasattr(value, "values_list"):
        value = list(value)
    if lookup == "in":
        return f"{prefix}({' OR '.join(operand(each) for each in as_values(value))})"
    if lookup in _RANGES:
        return prefix + _range(lookup, value)
    if isinstance(value, date):
        return f"{prefix}{operand(value)}"
    if lookup == "exact":
        return f"{prefix}({query.build_exact_query(str(value))})"
    shapes = {"contains": "*{}*", "startswith": "{}*", "endswith": "*{}", "fuzzy": "{}~2"}
    words = " ".join(str(each) for each in as_values(value)).split()
    shaped = [shapes.get(lookup, "{}").format(cleaned(word)) for word in words]
    return f"{prefix}({' AND '.join(shaped)})"


def _range(lookup: str, value: Any) -> str:
    low, high = value if lookup == "range" else (value, value)
    low_text = "*" if lookup in ("lt", "lte") else operand(low)
    high_text = "*" if lookup in ("gt", "gte") else operand(high)
    opened, closed = "{" if lookup == "gt" else "[", "}" if lookup == "lt" else "]"
    return f"{opened}{low_text} TO {high_text}{closed}"
