"""Documents found, as candidates to score."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from searchkit.engines.base import ARTICLE, ITEM
from searchkit.engines.rescoring import Candidate
from searchkit.engines.tantivy.snapshot import Hit, Snapshot
from searchkit.errors import REPAIR, IndexDamaged


def candidates(snapshot: Snapshot, hits: Sequence[Hit], *, with_keywords: bool) -> list[Candidate]:
    """Return documents as candidates, with their keywords if conditions are to be met."""
    articles, moments = (snapshot.numbers(name, hits) for name in ("article", "moment"))
    found = []
    for hit, article, moment in zip(hits, articles, moments, strict=True):
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
            )
        )
    return found


def _keywords(rest: bytes, document_id: str) -> Mapping[str, Any]:
    try:
        return dict(json.loads(rest)["keywords"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise IndexDamaged(f"the keywords of {document_id} are damaged; {REPAIR}") from None
