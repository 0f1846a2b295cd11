"""What an engine is: documents of analysed tokens in, ids and scores out.

An engine knows nothing of pages, stems or snippets. It is given tokens, keeps them with a stored
object, and ranks documents for a query tree.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

from searchkit.analysis import Token
from searchkit.query import Node

ARTICLE, ITEM = "article", "item"
"""The kinds of documents."""

TEXT_FIELDS = ("headline", "body", "caption", "section", "reporter", "tags", "sidebar", "teaser")
"""Fields of analysed text; the last two belong to sidebar items, the others to articles."""

KEYWORD_FIELDS = ("id", "kind", "list", "page", "title", "source", "defines")
"""Fields of exact values, used to look up and to filter.

`defines` holds the abbreviations that an article spells out, see `searchkit.analysis.definitions`.
"""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The parameters of BM25F: what a match in each field is worth.

    `weights` multiplies the frequency in a field before saturation, `k1` sets how soon more
    occurrences stop counting, `b` how strongly a long field is held against a document (0 to 1, by
    field), `exact` how much more the typed form is worth than another word of its stem.

    Source: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
    Foundations and Trends in Information Retrieval 3(4), 2009, section 3.6.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "headline": 3.0,
            "body": 1.0,
            "caption": 1.0,
            "section": 1.0,
            "reporter": 1.5,
            "tags": 1.0,
            "sidebar": 1.0,
            "teaser": 0.5,
        }
    )
    b: Mapping[str, float] = field(default_factory=lambda: {"body": 0.6})
    default_b: float = 0.3
    k1: float = 1.2
    exact: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """A document as an engine is given it.

    `tokens` by text field, `keywords` by keyword field, `moment` in seconds since 1970 (None when
    undated) and `stored`, a JSON object that the engine gives back as it is.
    """

    id: str
    kind: str
    tokens: Mapping[str, list[Token]]
    keywords: Mapping[str, tuple[str, ...]]
    moment: int | None
    stored: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """Keyword values that documents must have, None for any."""

    kind: str | None = None
    list: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A document found: its score and its stored object."""

    score: float
    stored: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Matches:
    """How many documents match a query, and the ranked ones asked for."""

    total: int
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class EngineStats:
    """The size of an index: documents by kind, distinct terms by field, bytes on disk."""

    documents: Mapping[str, int]
    terms: Mapping[str, int]
    segments: int
    generation: int
    disk_bytes: int


class EngineWriter(Protocol):
    """One atomic change of an index: nothing is seen by readers until the block ends well."""

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what the commit before this writer stores under an id; None if nothing."""

    def put(self, document: IndexedDocument) -> None:
        """Add a document, in place of the one of the same id."""

    def delete(self, document_id: str) -> bool:
        """Remove a document; return whether there was one."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit; after an exception, leave the index as it was."""


class Engine(Protocol):
    """An index that is open."""

    def writer(self) -> EngineWriter:
        """Return a writer; IndexLocked if another one does not end in time, IndexNotWritable."""

    def search(self, node: Node, filters: Filters, offset: int, limit: int) -> Matches:
        """Return the documents of rank `offset` up to `offset + limit`.

        The order is by score, higher first; equal scores by date, newer first; then by id.
        """

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what is stored under an id; None if nothing."""

    def find(self, field: str, value: str) -> Iterator[dict[str, Any]]:
        """Yield the stored objects of all documents with `value` in a keyword field."""

    def keyword_values(self, field: str, prefixes: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Yield (value, number of documents) of the values of a keyword field, ascending.

        Only values that begin with one of `prefixes` and are in a document that is not deleted.
        """

    def stats(self) -> EngineStats:
        """Return the size of the index."""

    def close(self) -> None:
        """Give back what the engine holds open."""
