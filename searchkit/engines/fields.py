"""The fields of an index: those of news, or those that its documents' own schema declares.

A schema is plain data, so that it can be kept in the manifest of an index: a JSON object with the
name of what the id is called (`id`) and, by field (`fields`), what it is (`kind`) and how it is
kept. Engines need no more of it than `Fields`.
"""

from collections.abc import Mapping
from typing import Any

from searchkit.values import dataclass

TEXT_FIELDS = ("headline", "body", "caption", "section", "reporter", "tags", "sidebar", "teaser")
"""Fields of analysed text; the last two belong to sidebar items, the others to articles."""

KEYWORD_FIELDS = ("id", "kind", "list", "page", "title", "source", "defines", "phrase")
"""Fields of exact values, used to look up and to filter.

`defines` holds the abbreviations that an article spells out, see `searchkit.analysis.definitions`;
`list` and `source` hold values folded by `fold_value`.
`phrase` holds what is offered to complete a query, see `searchkit.suggesting`.
"""

FACET_FIELDS = ("section", "source", "reporter", "month", "kind", "list")
"""Fields whose values are counted over all hits, and filtered by; `month` is `2024-06`.

Spellings of one value, which `fold_value` makes equal, count as one.
"""

OWN_KEYWORDS = ("id", "kind", "has", "title", "phrase")
"""The keyword fields that every index of an own schema has, beside those declared.

`has` holds the names of the fields in which a document has a value; the others are those of news.
"""

LEAST_NUMBER = -(2**62)
"""Below all numbers that documents have, as its opposite is above them.

An engine may write it for none.
"""


def bounded(number: int | None) -> int | None:
    """Return an end of a range as it is, or the nearest one that 64 bits can hold."""
    return None if number is None else min(max(number, LEAST_NUMBER), -LEAST_NUMBER)


Schema = Mapping[str, Any]
"""A schema as plain data; see the module."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that an engine keeps apart, by what they hold.

    `text` is analysed; `keywords` are exact values; of `facets` the values are counted and filtered
    by; `numbers` are whole numbers of 64 bits, one a document, for ranges and orders.
    """

    text: tuple[str, ...]
    keywords: tuple[str, ...]
    facets: tuple[str, ...]
    numbers: tuple[str, ...] = ()

    @classmethod
    def of(cls, schema: Schema | None) -> "Fields":
        """Return the fields of an index of that schema; those of news for None.

        They are in the same order however the schema lists them. Raises ValueError when it is no
        schema.
        """
        if schema is None:
            return NEWS
        by_kind: dict[str, list[str]] = {"text": [], "keyword": [], "number": [], "moment": []}
        try:
            for name, declared in schema["fields"].items():
                by_kind.setdefault(declared["kind"], []).append(own_name(name))
            counted = [
                value_name(name)
                for name, declared in schema["fields"].items()
                if declared["kind"] == "number" and declared.get("facet")
            ]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(schema) from error
        keywords = (*by_kind["keyword"], *counted)
        return cls(
            text=tuple(sorted(by_kind["text"])),
            keywords=(*OWN_KEYWORDS, *sorted(keywords)),
            facets=tuple(sorted(keywords)),
            numbers=tuple(sorted(by_kind["number"] + by_kind["moment"])),
        )


def own_name(name: str) -> str:
    """Return the name by which an engine knows a declared field: none that it has itself."""
    return f"{name}_" if name.rstrip("_") in OWN_KEYWORDS else name


def value_name(name: str) -> str:
    """Return the keyword field in which the values of a number field are counted.

    No declared field has a hyphen in its name.
    """
    return f"{name}-values"


NEWS = Fields(TEXT_FIELDS, KEYWORD_FIELDS, FACET_FIELDS)
"""The fields of articles and sidebar items."""
