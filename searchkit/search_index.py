"""`SearchIndex`: the whole of searchkit as a library, in one class."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from searchkit.analysis import Analyzer, IndonesianAnalyzer, Token, stemmer_of
from searchkit.analysis.normalization import fold_value
from searchkit.analysis.vocabulary import load_vocabulary
from searchkit.asking import (
    DEEPEST_RANK,
    Asked,
    check_ranks,
    wanted_collapse,
    wanted_expansions,
    wanted_recency,
    wanted_sort,
)
from searchkit.documents import Article, SidebarItem
from searchkit.engines.base import Collapse, Sort
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest, check_manifest
from searchkit.engines.registry import engine_at
from searchkit.errors import (
    DocumentNotFound,
    ForeignIndex,
    IndexDamaged,
    IndexMissing,
    QueryError,
)
from searchkit.explaining import HitExplanation, explain
from searchkit.filtering import Values, read_filters, wanted_facets
from searchkit.indexing import IndexReport, IndexRun, Source
from searchkit.query import parse_query
from searchkit.query.expansion import Expander
from searchkit.query.thesaurus import Thesaurus
from searchkit.results import Fragment, ResultPage
from searchkit.searching import linked_article, mark, read_document, search
from searchkit.settings import Settings
from searchkit.similar import similar
from searchkit.suggesting import MOST_SUGGESTIONS, suggest
from searchkit.upkeep import Upkeep, fingerprint_of

if TYPE_CHECKING:
    from searchkit.preparing import Preparer
    from searchkit.repairing import RepairReport


class SearchIndex(Upkeep):
    """An index: add pages, delete them, search.

    Where it is, is the path of a directory, or a URL as `whoosh:///dir` or
    `opensearch://host/name`; see docs/engines.md. Open one with `open`, `create` or
    `open_or_create`, best in a `with` block. Searching is safe from several threads; one process at
    a time can write, others wait for it.

    >>> with SearchIndex.open_or_create("index") as index:                    # doctest: +SKIP
    ...     index.add([Article(headline="Dua negara teken pakta", body=("...",))])
    ...     for hit in index.search("pakta pertahanan").hits:
    ...         print(hit.score, hit.headline)
    """

    def __init__(
        self,
        location: Location,
        settings: Settings,
        analyzer: Analyzer | None = None,
        *,
        replacing: bool = False,
    ) -> None:
        """Use `open`, `create`, `open_or_create` or `rebuild`, which is replacing, instead."""
        self.location = location
        name, engine = engine_at(location, settings.engine)
        version = engine.format_version
        kept = None if replacing else engine.manifest(location, settings)
        self._stemmer = stemmer_of(settings)
        self._own_analyzer = analyzer is None
        self._analyzer = analyzer or IndonesianAnalyzer(self._stemmer)
        analyzer_name = self._analyzer.fingerprint
        self._manifest = kept or Manifest(engine=name, analyzer=analyzer_name, version=version)
        check_manifest(location, self._manifest, version, analyzer_name)
        self._settings = settings
        vocabulary = load_vocabulary(settings.abbreviations, settings.synonyms)
        self._thesaurus = Thesaurus(vocabulary, self._analyzer)
        self._engine = engine.open(
            location, settings, replacing=self._manifest if replacing else None
        )

    @property
    def path(self) -> Path:
        """The directory of the index; SearchIndexError when it is on a server."""
        return self.location.directory

    @classmethod
    def open(
        cls,
        path: str | Path | Location,
        settings: Settings | None = None,
        *,
        analyzer: Analyzer | None = None,
    ) -> Self:
        """Open the index at `path`.

        It must have been made with the same `analyzer`, searchkit's own when none is given.
        Raises IndexMissing, ForeignIndex, IndexVersionMismatch or IndexDamaged.
        """
        return cls(Location.of(path), settings or Settings(), analyzer)

    @classmethod
    def create(
        cls,
        path: str | Path | Location,
        settings: Settings | None = None,
        *,
        analyzer: Analyzer | None = None,
    ) -> Self:
        """Make an empty index at `path`, where nothing may be but an empty directory.

        It is of the engine that a URL or else `Settings.engine` names. `analyzer` takes the place
        of searchkit's own; it stays the caller's to save and close. Raises ForeignIndex when there
        is anything else in it, IndexNotWritable when it cannot be
        written.
        """
        location, settings = Location.of(path), settings or Settings()
        name, engine = engine_at(location, settings.engine)
        if not engine.is_free(location, settings):
            raise ForeignIndex(f"{location} is not empty; name another place with --index-dir")
        fingerprint = fingerprint_of(settings, analyzer)
        manifest = Manifest(engine=name, analyzer=fingerprint, version=engine.format_version)
        engine.create(location, manifest, settings)
        return cls(location, settings, analyzer)

    @classmethod
    def open_or_create(cls, path: str | Path | Location, settings: Settings | None = None) -> Self:
        """Open the index at `path`, or make one if there is none; see both."""
        return (cls.create if _is_free(path, settings or Settings()) else cls.open)(path, settings)

    @classmethod
    def rebuild(cls, path: str | Path | Location, settings: Settings | None = None) -> Self:
        """Begin the index at `path` anew, whatever version it is of.

        The object returned is empty. Others go on to see what was there, until the first commit
        takes its place; before that nothing is lost. Raises ForeignIndex when there is anything in
        the directory but an index.
        """
        location, settings = Location.of(path), settings or Settings()
        if _is_free(location, settings):
            return cls.create(location, settings)
        engine = engine_at(location, settings.engine)[1]
        with suppress(IndexMissing, IndexDamaged):
            engine.manifest(location, settings)
        return cls(location, settings, replacing=True)

    @classmethod
    def repair(
        cls, path: str | Path | Location, settings: Settings | None = None
    ) -> "RepairReport":
        """Build the index in directory `path` anew from the documents stored in it.

        They are analysed as `settings` say. What is there stays until the new index is whole and on
        the disk. Raises IndexMissing, ForeignIndex, IndexVersionMismatch when it is of another
        format, IndexDamaged when no document can be read, IndexLocked, IndexNotWritable, and
        SearchIndexError when a file cannot be read at all.
        """
        from searchkit.repairing import Repair

        run = Repair(Location.of(path), settings or Settings())
        with cls.rebuild(path, settings) as index:
            index.add(run.documents())
            return run.report(sum(index.stats().size.documents.values()))

    def add(
        self, documents: Iterable[Source], on_document: Callable[[], None] | None = None
    ) -> IndexReport:
        """Add articles, items or pages in one commit, in place of those of the same id.

        Raises IndexLocked or IndexNotWritable; the index is then as it was before.
        """
        try:
            return IndexRun(self._engine, self._preparer(), on_document).run(documents)
        finally:
            self._stemmer.save()

    def _preparer(self) -> "Preparer":
        # Imported late, as all that a program which only searches has no use for.
        from searchkit.preparing import SerialPreparer, preparer_of

        if not self._own_analyzer:  # another process could not make that analyzer
            return SerialPreparer(self._analyzer)
        if self._settings.workers == 0:
            self._stemmer.preload()
        return preparer_of(self._settings, self._analyzer)

    def add_files(self, paths: Iterable[str | Path]) -> IndexReport:
        """Read files and directories of any kind searchkit knows, and add what is in them."""
        # Imported late: a program that only searches needs no readers.
        from searchkit.documents.reading import Limits, read_sources

        limits = Limits(page_bytes=self._settings.max_page_mb * 1024 * 1024)
        return self.add(read_sources(paths, limits=limits))

    def delete(self, *ids: str) -> None:
        """Delete documents in one commit.

        Raises DocumentNotFound, having deleted nothing, when there is no document of some id.
        """
        missing = [document_id for document_id in ids if self._engine.stored(document_id) is None]
        if missing:
            raise DocumentNotFound(
                f"no document {', '.join(missing)} in {self.location}; ids are shown by `searchkit "
                "query`"
            )
        with self._engine.writer() as writer:
            for document_id in ids:
                writer.delete(document_id)

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        cursor: str | None = None,
        sort: Sort = "relevance",
        kind: Values = None,
        list_name: Values = None,
        section: Values = None,
        source: Values = None,
        reporter: Values = None,
        month: Values = None,
        since: date | datetime | None = None,
        until: date | datetime | None = None,
        facets: Iterable[str] = (),
        facet_limit: int = 20,
        multi_select: bool = False,
        expand: Sequence[str] | None = None,
        recency: float | None = None,
        collapse: Collapse | None = None,
        fragments: bool = True,
        tolerant: bool | None = None,
    ) -> ResultPage:
        """Return the best hits for `query`, from rank `offset + 1`.

        `sort` orders them by "relevance", or by date from the "newest" or the "oldest", undated
        ones last; equals by date, then by id. `cursor`, the `next_cursor` of a page of the same
        search, takes the place of `offset` and goes on from there, however deep. Walking so meets
        every hit once, in order. When documents are added meanwhile, by date those that were there
        are still met once each; by relevance the search goes on in the index as it was, or raises
        QueryError once that is gone (four commits of this object are kept).

        Filters take a value or several of which one is enough; case and accents do not matter and
        scores stay as they are. `kind` is "article" or "item", `list_name` the list in which items
        were seen, `month` is as "2024-06". `since` and `until` are included: a date is the whole
        day in Jakarta, a time without a zone is Jakarta's.

        `facets` names what to count over all hits: "section", "source", "reporter", "month",
        "kind", "list"; the page has the `facet_limit` (up to 1,000) most frequent values of each.
        With `multi_select` a facet is counted as if its own filter were not there.

        `expand` names what the query is expanded by, of "abbreviation" and "synonym": () for
        nothing. `recency` is how much the newest documents are preferred, 0 for not at all;
        `collapse` which of several copies of an article is shown for all: "newest", "fullest", or
        "off" for each. All three are taken from the settings when not given, and so is `tolerant`:
        whether a query that finds nothing for an unknown word is answered for the word that was
        most likely meant, see `ResultPage.corrections`. Without `fragments` the same hits come much
        faster, unmarked and without blocks and fragments. Raises QueryError when the query or what
        else is asked for is beyond its limits.
        """
        check_ranks(offset, limit, cursor)
        values = {"kind": kind, "list": list_name, "section": section, "source": source}
        values |= {"reporter": reporter, "month": month}
        asked = Asked(
            filters=read_filters(values, since, until),
            offset=offset,
            limit=limit,
            cursor=cursor,
            sort=wanted_sort(sort),
            recency=wanted_recency(recency, self._settings),
            collapse=wanted_collapse(collapse, self._settings),
            facets=wanted_facets(facets, facet_limit, multi_select),
            fragments=fragments,
            tolerant=self._settings.tolerant if tolerant is None else tolerant,
        )
        expander = self._expander(expand)
        try:
            return search(self._engine, self._analyzer, expander, query, asked)
        finally:
            self._stemmer.save()

    def similar(
        self, document_id: str, *, limit: int = 10, copies: bool = False, fragments: bool = True
    ) -> ResultPage:
        """Return the articles most like a document, by its most telling words, best first.

        The document itself is not among them, nor are its copies unless `copies` asks for each
        copy of an article. The `query` of the page is the id; the page is empty when the document
        has no words. Raises DocumentNotFound, and QueryError when `limit` is out of bounds.
        """
        if not 0 <= limit < DEEPEST_RANK:
            raise QueryError(f"limit {limit} is out of bounds: 0 to {DEEPEST_RANK - 1:,}")
        document = self.get(document_id)
        collapse = wanted_collapse(None, self._settings)
        asked = Asked(
            limit=limit,
            recency=wanted_recency(None, self._settings),
            collapse="off" if copies else "newest" if collapse == "off" else collapse,
            fragments=fragments,
        )
        try:
            return similar(self._engine, self._analyzer, document, asked)
        finally:
            self._stemmer.save()

    def explain(
        self,
        query: str,
        document_id: str,
        *,
        expand: Sequence[str] | None = None,
        recency: float | None = None,
    ) -> HitExplanation | None:
        """Return why a document is a hit of `query`; None if it is not one.

        `expand` and `recency` are those of `search`. A query that is answered as corrected is
        explained as corrected. The score is that of a search without filters that shows every
        copy. Raises DocumentNotFound, and QueryError as `search` does, or when the engine of the
        index cannot explain.
        """
        self.get(document_id)
        if not self._engine.capabilities.explains:
            raise QueryError(
                f"the engine {self._manifest.engine!r} does not say how a score came about; ask an "
                "index of another engine"
            )
        answer = self.search(query, limit=0, expand=expand, recency=recency, fragments=False)
        if answer.corrections and answer.suggestion:
            query = answer.suggestion
        parsed = parse_query(query, self._analyzer, expand=self._expander(expand).expand)
        wanted = wanted_recency(recency, self._settings)
        return explain(self._engine, self._analyzer, parsed, document_id, wanted)

    def _expander(self, expand: Sequence[str] | None) -> Expander:
        rules = wanted_expansions(expand, self._settings)
        return Expander(self._thesaurus, self._analyzer, self._learned, rules)

    def _learned(self, prefixes: Sequence[str]) -> Iterator[tuple[str, int]]:
        values: Iterator[tuple[str, int]] = self._engine.keyword_values("defines", prefixes)
        return values

    def get(self, document_id: str) -> Article | SidebarItem:
        """Return a document by its id; DocumentNotFound if there is none."""
        stored = self._engine.stored(document_id)
        if stored is None:
            raise DocumentNotFound(
                f"no document {document_id!r} in {self.location}; ids are shown by `searchkit "
                "query`"
            )
        return read_document(stored)

    def article_of(self, item: SidebarItem) -> str:
        """Return the id of the indexed article of that title; "" if there is none."""
        return linked_article(self._engine, item)

    def items_seen_on(self, page: str) -> Iterator[SidebarItem]:
        """Yield the sidebar items that were seen on a page, named as in `Sighting.page`."""
        for stored in self._engine.find("page", page):
            document = read_document(stored)
            if isinstance(document, SidebarItem):
                yield document

    def suggest(self, prefix: str, limit: int = 8) -> list[str]:
        """Return up to `limit` completions of what is being typed, the commonest first.

        They are names, phrases and headlines of the index in their own spelling; a slip in
        `prefix` is forgiven when nothing begins so. [] if there are none, or `prefix` is empty.
        Raises QueryError when `limit` is out of bounds.
        """
        if not 0 <= limit <= MOST_SUGGESTIONS:
            raise QueryError(f"limit {limit} is out of bounds: 0 to {MOST_SUGGESTIONS}")
        return suggest(self._engine, prefix, limit) if limit else []

    def list_names(self, prefix: str = "") -> list[str]:
        """Return the lists that items were seen in and that begin with `prefix`, folded, sorted."""
        values = self._engine.keyword_values("list", [fold_value(prefix)])
        return [name for name, _ in values if name]

    def mark(self, query: str, text: str) -> Fragment:
        """Return all of `text` with the places that match `query`, as a hit would show them.

        Raises QueryError when the query is beyond its limits.
        """
        return mark(self._analyzer, self._expander(None), query, text)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens under which `text` is indexed and looked up."""
        return self._analyzer.analyze(text)

    def close(self) -> None:
        """Give back files and save the stems met."""
        self._engine.close()
        self._stemmer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _is_free(path: str | Path | Location, settings: Settings) -> bool:
    location = Location.of(path)
    return engine_at(location, settings.engine)[1].is_free(location, settings)
