"""What a search of documents of a schema returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from searchkit.results import Correction, FacetCount, Fragment


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHit:
    """A document that matches.

    `document` is as it was given, a dict or an object of the document class. `rank` counts from 1
    over the whole result; `score` is 1 where nothing asked for scores, else above it. `title` is
    the whole of the field that a document is shown by, with its marks. `fragments` has by text
    field the pieces around the matches, in the order of the text; of a title that is all of it. A
    field without a match is left out, and several values of a field are one text, a line each.
    """

    rank: int
    id: str
    score: float
    document: Any
    title: Fragment
    fragments: Mapping[str, tuple[Fragment, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """The hits of rank `offset + 1` up to `offset + limit`, in order; `total` counts all.

    `query` is what was typed, "" for a clause. `facets`, `relaxed`, `seconds`, `suggestion` and
    `corrections` are those of `searchkit.ResultPage`.
    """

    query: str
    total: int
    offset: int
    limit: int
    relaxed: bool
    seconds: float
    hits: tuple[DocumentHit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    suggestion: str | None = None
    corrections: tuple[Correction, ...] = ()
