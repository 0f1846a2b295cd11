"""What an engine is: documents of analysed tokens in, ids and scores out.

An engine knows nothing of pages, stems or snippets. It is given tokens, keeps them with a stored
object, and ranks documents for a query tree.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from types import TracebackType
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, Self

from searchkit.analysis import Token
from searchkit.analysis.located import Located, Positions
from searchkit.analysis.offsets import offsets_in
from searchkit.engines.fields import NEWS, Fields
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest
from searchkit.engines.ranking import Ranking, Recency
from searchkit.query import Leaf, Node, Term
from searchkit.results import FacetCount
from searchkit.settings import Settings
from searchkit.values import dataclass

ARTICLE, ITEM = "article", "item"
"""The kinds of documents."""

LONGEST_ID = 1024
"""Characters of an id; documents of longer ones are not handed to engines."""

Sort = Literal["relevance", "newest", "oldest"]
"""The order of hits: see `Engine.search`."""


@dataclass(frozen=True, slots=True)
class ByNumber:
    """The order of hits by a number of theirs; see `Engine.search`."""

    field: str
    descending: bool = False


Order = Sort | ByNumber
"""An order of hits, of which an engine of capability `schemas` knows all."""


Collapse = Literal["newest", "fullest", "off"]
"""Which of several copies of an article is shown for all: see `Engine.search`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """A document as an engine is given it.

    `tokens` by text field, of which an engine may use term, form and position; `keywords` by
    keyword field, `moment` in seconds since 1970 (None when undated) and `stored`, a JSON object
    that the engine gives back as it is; `signature`, by which copies are known (see
    `searchkit.engines.copies`; empty for what has none), and `facets`,
    by facet field the values in their own spelling, none of them empty. `numbers`, by number field,
    are above LEAST_NUMBER and below its opposite; a field that the document has no number in is
    left out.
    """

    id: str
    kind: str
    tokens: Mapping[str, Sequence[Token]]
    keywords: Mapping[str, tuple[str, ...]]
    moment: int | None
    stored: dict[str, Any]
    signature: bytes = b""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filters:
    """What documents must be to be hits; it does not change what a word is worth.

    `values`, by facet field, are values one of which a document must have, folded by `fold_value`.
    Documents must be dated `since` or later and before `until`, in seconds since 1970, None where
    that is open; undated ones do not pass either.
    """

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None

    def without(self, facet: str) -> "Filters":
        """Return these filters less that by a facet field; themselves if there is none."""
        if facet not in self.values:
            return self
        values = {name: wanted for name, wanted in self.values.items() if name != facet}
        return replace(self, values=values)


@dataclass(frozen=True, slots=True)
class FacetsWanted:
    """Which facets to count: `fields` of FACET_FIELDS, the `most` frequent values of each.

    With `multi_select` the counts of a facet leave its own filter out: they tell what choosing a
    further value would bring.
    """

    fields: tuple[str, ...] = ()
    most: int = 20
    multi_select: bool = False


class Position(NamedTuple):
    """Where a hit stands in an order: what it is ordered by, and the name of the commit.

    `moment` is None when undated; in an order by number it is that number.
    """

    score: float
    moment: int | None
    id: str
    commit: str


class Match(NamedTuple):
    """A document found: its id, its score, and `stored`, which reads its stored object.

    Reading takes longer than finding, and raises IndexDamaged when it cannot be done. `copies` are
    the ids of the other matching members of its copy group, newest first; the score is then that of
    the best of them. `positions` tell where words stand in it, so that fragments need not be looked
    for; None if the engine cannot tell. They may raise IndexDamaged, too.
    """

    id: str
    score: float
    stored: Callable[[], dict[str, Any]]
    copies: tuple[str, ...] = ()
    positions: Positions | None = None

    def located(self, stored: Mapping[str, Any]) -> Located | None:
        """Return what is known of where words stand in its texts; `stored` is what was read."""
        return Located(self.positions, offsets_in(stored)) if self.positions else None


@dataclass(frozen=True, slots=True)
class Matches:
    """How many documents match a query, and the ranked ones asked for.

    Copies that are collapsed into one count as one in `total` and in `facets`, which has what was
    wanted of them, the most frequent value first, equals by value. `before` counts the matches
    before the first of `matches`; `last` is where the last of them stands, None when there are no
    more after it or no matches here. `weights` tells how rare each leaf of the query is: its
    inverse document frequency.
    """

    total: int
    matches: tuple[Match, ...]
    before: int = 0
    last: Position | None = None
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    weights: Mapping[Leaf, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a document has its score: a value, what it was made from, and the parts of it.

    `key` names the kind of value, `facts` the numbers and names behind it; all are for programs
    to read, docs/ranking.md lists them. How the value follows from the parts depends on the key.
    """

    key: str
    value: float
    facts: Mapping[str, float | str] = field(default_factory=dict)
    parts: tuple["Explanation", ...] = ()


@dataclass(frozen=True, slots=True)
class EngineStats:
    """The size of an index: documents by kind, distinct terms by field, bytes on disk."""

    documents: Mapping[str, int]
    terms: Mapping[str, int]
    segments: int
    generation: int
    disk_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """In what engines differ: who needs to know asks this, never for the name of an engine.

    `directory`: indexes are directories of this machine; otherwise URLs of a server.
    `upkeep`: the module that checks, repairs and copies an index, "" if there is none; see
    `searchkit.engines.registry.upkeep_of`.
    `rescored`: how many of the documents found are ranked by searchkit's formulas, None for all;
    where more match, they are the best by the engine's own ranking, and come first.
    `atomic`: a writer that is killed leaves the commit before; otherwise some of its documents may
    be seen, each of them whole, and the writer is to be run again.
    `snapshots`: a `Position` by relevance is good for as long as its process keeps the commit;
    otherwise until the next commit.
    `explains`: `Engine.explain` says how a score came about; otherwise it is not asked.
    `schemas`: it can be opened with other `fields` than those of news, and knows `NumberRange` and
    `ByNumber`.
    """

    directory: bool = True
    upkeep: str = ""
    rescored: int | None = None
    atomic: bool = True
    snapshots: bool = True
    explains: bool = True
    schemas: bool = False


class EngineWriter(Protocol):
    """One atomic change of an index: nothing is seen by readers until the block ends well."""

    def before(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what the commit before this writer stores under `ids`, of those that are there.

        A server is asked for all together.
        """

    def put(self, document: IndexedDocument) -> None:
        """Add a document, in place of the one of the same id."""

    def delete(self, *document_ids: str) -> int:
        """Remove documents; return how many there were."""

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
    """An index that is open; the class makes and opens them.

    `format_version` is raised whenever what the engine writes changes its meaning.
    """

    capabilities: ClassVar[Capabilities]
    format_version: ClassVar[int]

    @classmethod
    def is_free(cls, location: Location, settings: Settings) -> bool:
        """Return whether a new index may be made there.

        That is where nothing is, or an index that was not made to the end, its process having been
        killed.
        """

    @classmethod
    def manifest(cls, location: Location, settings: Settings) -> Manifest:
        """Return the manifest of the index there.

        Raises IndexMissing, ForeignIndex or IndexDamaged, each saying what to do.
        """

    @classmethod
    def create(cls, location: Location, manifest: Manifest, settings: Settings) -> None:
        """Put an empty index there; IndexLocked, IndexNotWritable if it cannot be done.

        Nothing is done when another process has put one there in the meantime.
        """

    @classmethod
    def remove(cls, location: Location, settings: Settings) -> None:
        """Remove the index there and all that is in it.

        Raises what `manifest` does, IndexLocked and IndexNotWritable; then nothing is removed.
        """

    @classmethod
    def open(
        cls,
        location: Location,
        settings: Settings,
        *,
        ranking: Ranking | None = None,
        replacing: Manifest | None = None,
        fields: Fields = NEWS,
    ) -> Self:
        """Open the index there; its manifest has been looked at.

        With `replacing` the index is empty, whatever is there, until its first commit. That takes
        the place of what others see until then, and `replacing` the place of the manifest.
        `fields` are those of its schema, and given to engines of capability `schemas` only.
        Of `settings` an engine takes `memory_mb`, `lock_timeout`, and what `engines` has under its
        name: its own options, which it checks; SettingsError when they say something impossible.
        """

    def writer(self) -> EngineWriter:
        """Return a writer; IndexLocked if another one does not end in time, IndexNotWritable."""

    def optimize(self) -> None:
        """Bring the index into its smallest and fastest form; what is in it stays the same.

        Raises IndexLocked or IndexNotWritable; the index is then as it was before.
        """

    def search(
        self,
        node: Node,
        filters: Filters,
        offset: int,
        limit: int,
        *,
        recency: Recency | None = None,
        collapse: Collapse = "off",
        sort: Order = "relevance",
        after: Position | None = None,
        facets: FacetsWanted | None = None,
    ) -> Matches:
        """Return the documents of rank `offset` up to `offset + limit`.

        By relevance the order is by score, higher first; equal scores by date, newer first; then by
        id. By "newest" or "oldest" it is by date, then by id; undated documents come last in both;
        so it is by a number of theirs, and with documents without that number.
        `recency` stands for that of the ranking. With `collapse`, of the matching copies of an
        article only the newest or the fullest (the one with the longest body) is returned, by
        relevance at the rank of the best of them.

        `after` takes the place of `offset`: the documents that come after that position. Scores
        belong to a commit: by relevance they are those of the commit of the position, for as long
        as this process keeps it, and QueryError is raised when it is gone. By date the newest
        commit is taken.
        """

    def frequencies(self, field: str, terms: Iterable[str]) -> Mapping[str, int]:
        """Return in how many documents, about, each of `terms` is in a text field; 0 for none.

        Documents that are deleted may be counted.
        """

    def explain(
        self, node: Node, document_id: str, *, recency: Recency | None = None
    ) -> Explanation | None:
        """Return how `search` without filters scores a document; None if it does not match."""

    def stored(self, document_id: str) -> dict[str, Any] | None:
        """Return what is stored under an id; None if nothing."""

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that there are documents of."""

    def find(self, field: str, value: str) -> Iterator[dict[str, Any]]:
        """Yield the stored objects of all documents with `value` in a keyword field."""

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield the stored objects of all documents of the newest commit, in the order added."""

    def keyword_values(self, field: str, prefixes: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Yield (value, number of documents) of the values of a keyword field, ascending.

        Only values that begin with one of `prefixes` and are in a document that is not deleted.
        """

    def frequent_values(
        self, field: str, prefixes: Iterable[str], most: int
    ) -> list[tuple[str, int]]:
        """Return (value, documents) of the most frequent values of a keyword field.

        The `most` of those that begin with each of `prefixes`; most frequent first, equals by
        alphabet. Deleted documents may be counted for a while; fast however many values there are.
        """

    def forms(self) -> Mapping[str, int]:
        """Return all folded forms in text fields, each with a number of documents having it.

        Deleted documents may be counted for a while. The same object as long as the index has not
        changed.
        """

    def frequency(self, term: Term) -> int:
        """Return in how many documents a word stands, by its stem or by its form."""

    def stats(self) -> EngineStats:
        """Return the size of the index."""

    def close(self) -> None:
        """Give back what the engine holds open."""
