"""The documents of an archive as a site numbers and writes them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from searchkit.analysis.normalization import fold_value
from searchkit.documents import Article, SidebarItem
from searchkit.documents.stored import to_stored
from searchkit.engines.base import ARTICLE, Collapse, IndexedDocument
from searchkit.engines.copies import SIGNATURE_BYTES, groups, links, member_number
from searchkit.engines.fields import FACET_FIELDS
from searchkit.wording.dates import local

_SINGLE = tuple(field for field in FACET_FIELDS if field not in ("kind", "list"))


class Listed(NamedTuple):
    """A document with what is analysed of it."""

    document: Article | SidebarItem
    prepared: IndexedDocument


def in_order(documents: Sequence[Listed]) -> list[Listed]:
    """Return documents by date, the newest first, undated ones last; equals by id.

    That is how equal scores are ordered, so that a number says it all.
    """
    by_id = sorted(documents, key=lambda each: each.document.id)
    return sorted(by_id, key=lambda each: _age(each.prepared.moment))


def _age(moment: int | None) -> tuple[bool, int]:
    return moment is None, -(moment or 0)


def facet_columns(documents: Sequence[Listed]) -> dict[str, Any]:
    """Return by facet its values in their commonest spelling, and by document which it has.

    `keys` are the values folded. A document has one number of a value, -1 for none, and of lists
    several.
    """
    columns: dict[str, Any] = {}
    for field in (*_SINGLE, "list"):
        spellings: dict[str, Counter[str]] = {}
        for each in documents:
            for value in each.prepared.facets.get(field, ()):
                spellings.setdefault(fold_value(value), Counter())[value] += 1
        keys = sorted(spellings)
        numbers = {key: number for number, key in enumerate(keys)}
        found = [
            sorted({numbers[fold_value(v)] for v in each.prepared.facets.get(field, ())})
            for each in documents
        ]
        columns[field] = {
            "keys": keys,
            "values": [min((-n, s) for s, n in spellings[key].items())[1] for key in keys],
            "of": found if field == "list" else [(each or [-1])[0] for each in found],
        }
    return columns


def copy_groups(documents: Sequence[Listed], collapse: Collapse) -> list[list[int]]:
    """Return the numbers of each group of copies, the one first that is shown for all."""
    if collapse == "off":
        return []
    signed = [
        (number, each.prepared)
        for number, each in enumerate(documents)
        if len(each.prepared.signature) == SIGNATURE_BYTES
    ]
    members = np.array([member_number(d.id, d.signature) for _, d in signed], dtype=np.int64)
    rows = np.frombuffer(b"".join(d.signature for _, d in signed), np.uint8)
    pairs = links(members, rows.reshape(-1, SIGNATURE_BYTES), len(signed))
    made: dict[int, list[tuple[int, int, int, int]]] = {}
    for (number, prepared), member, group in zip(
        signed, members.tolist(), groups(members, pairs).tolist(), strict=True
    ):
        if group:
            newest = -(prepared.moment if prepared.moment is not None else -(10**15))
            fullest = -len(prepared.tokens.get("body", ()))
            keys = (newest, fullest) if collapse == "newest" else (fullest, newest)
            made.setdefault(group, []).append((*keys, member, number))
    return sorted([each[3] for each in sorted(group)] for group in made.values())


def texts_of(
    documents: Sequence[Listed], articles: Mapping[str, str], numbers: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return what is shown of each document.

    Items have the number of their article, which `articles` gives by their ids, or -1; articles
    have what stood beside them: list, title, number of the article or else of the item. Times are
    in a zone of Indonesia.
    """
    beside: dict[int, list[tuple[str, str, int]]] = {}
    for number, each in enumerate(documents):
        item = each.document
        if isinstance(item, SidebarItem):
            target = numbers.get(articles[item.id], number)
            for sighting in item.seen:
                if sighting.page in numbers:
                    rows = beside.setdefault(numbers[sighting.page], [])
                    rows.append((sighting.list, item.title, target))
    texts = []
    for number, each in enumerate(documents):
        published = each.document.published
        text = to_stored(replace(each.document, published=published and local(published)))
        if each.prepared.kind == ARTICLE:
            text["beside"] = beside.get(number, [])
        else:
            text["article"] = numbers.get(articles[each.document.id], -1)
        texts.append(text)
    return texts
