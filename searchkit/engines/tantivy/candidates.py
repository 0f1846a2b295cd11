"""Documents found, as candidates to score."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from searchkit.engines.base import ARTICLE, ITEM
from searchkit.engines.rescoring import Candidate
from searchkit.engines.tantivy.schema import number_field
from searchkit.engines.tantivy.snapshot import Hit, Snapshot
from searchkit.errors import REPAIR, IndexDamaged
from searchkit.query import HasValue, KeywordFilter, Node, NumberRange, walk


def candidates(snapshot: Snapshot, hits: Sequence[Hit], node: Node) -> list[Candidate]:
    """Return documents as candidates, with what the conditions of a query ask of them."""
    with_keywords = any(isinstance(each, KeywordFilter | HasValue) for each in walk(node))
    asked = {each.field for each in walk(node) if isinstance(each, NumberRange)}
    columns = {field: snapshot.numbers(number_field(field), hits) for field in asked}
    articles, moments = (snapshot.numbers(name, hits) for name in ("article", "moment"))
    found = []
    for row, (hit, article, moment) in enumerate(zip(hits, articles, moments, strict=True)):
        numbers = ((field, column[row]) for field, column in columns.items())
        document = snapshot.document(hit)
        document_id = snapshot.value(document, "id")
        rest = snapshot.value(document, "rest") if with_keywords else b""
        found.append(
            Candidate(
                id=document_id,
                kind=ARTICLE if article else ITEM,
                moment=moment,
                record=snapshot.value(document, "record"),
                keywords=_keywords(rest, document_id) if with_keywords else {},
                numbers={field: number for field, number in numbers if number is not None},
            )
        )
    return found


def _keywords(rest: bytes, document_id: str) -> Mapping[str, Any]:
    try:
        return dict(json.loads(rest)["keywords"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise IndexDamaged(f"the keywords of {document_id} are damaged; {REPAIR}") from None
