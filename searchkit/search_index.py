"""`SearchIndex`: the whole of searchkit as a library, in one class."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from searchkit.analysis import Token
from searchkit.arguments import check_callback, check_flag, check_text, path_of, whole_number
from searchkit.asking import (
    DEEPEST_RANK,
    Asked,
    wanted_collapse,
    wanted_expansions,
    wanted_ranks,
    wanted_recency,
    wanted_sort,
)
from searchkit.documents import Article, SidebarItem
from searchkit.engines.base import Collapse, Sort
from searchkit.errors import (
    DocumentNotFound,
    QueryError,
)
from searchkit.filtering import Values, read_filters, wanted_facets
from searchkit.open_index import OpenIndex
from searchkit.query import parse_query
from searchkit.query.expansion import Expander
from searchkit.results import Fragment, ResultPage
from searchkit.searching import mark, read_document, search

if TYPE_CHECKING:
    from searchkit.explaining import HitExplanation
    from searchkit.site import SiteReport


class SearchIndex(OpenIndex):
    """An index: add pages, delete them, search.

    Where it is, is the path of a directory, or a URL as `whoosh:///dir` or
    `opensearch://host/name`; see docs/engines.md. Open one with `open`, `create` or
    `open_or_create`, best in a `with` block. Searching is safe from several threads; one process at
    a time can write, others wait for it. An argument of a type that was not asked for raises
    WrongType, before anything is done.

    >>> with SearchIndex.open_or_create("index") as index:                    # doctest: +SKIP
    ...     index.add([Article(headline="Dua negara teken pakta", body=("...",))])
    ...     for hit in index.search("pakta pertahanan").hits:
    ...         print(hit.score, hit.headline)
    """

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
        QueryError once that is gone (four commits of this object are kept) or the query is expanded
        otherwise by now. Relative dates are seen from the day of the first page.

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
        check_text("query", query)
        offset, limit = wanted_ranks(offset, limit, cursor)
        rules = wanted_expansions(expand, self._settings)
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
            expand=rules,
        )
        try:
            return search(self._engine, self._analyzer, self._expander(rules), query, asked)
        finally:
            self._analyzers.save()

    def similar(
        self, document_id: str, *, limit: int = 10, copies: bool = False, fragments: bool = True
    ) -> ResultPage:
        """Return the articles most like a document, by its most telling words, best first.

        The document itself is not among them, nor are its copies unless `copies` asks for each
        copy of an article. The `query` of the page is the id; the page is empty when the document
        has no words. Raises DocumentNotFound, and QueryError when `limit` is out of bounds.
        """
        limit = whole_number("limit", limit)
        check_flag("copies", copies)
        if not 0 <= limit < DEEPEST_RANK:
            raise QueryError(f"limit {limit} is out of bounds: 0 to {DEEPEST_RANK - 1:,}")
        from searchkit.similar import similar  # no search has a use for it

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
            self._analyzers.save()

    def explain(
        self,
        query: str,
        document_id: str,
        *,
        expand: Sequence[str] | None = None,
        recency: float | None = None,
    ) -> "HitExplanation | None":
        """Return why a document is a hit of `query`; None if it is not one.

        `expand` and `recency` are those of `search`. A query that is answered as corrected is
        explained as corrected. The score is that of a search without filters that shows every
        copy. Raises DocumentNotFound, and QueryError as `search` does, or when the engine of the
        index cannot explain.
        """
        from searchkit.explaining import explain

        check_text("query", query)
        rules = wanted_expansions(expand, self._settings)
        self.get(document_id)
        if not self._engine.capabilities.explains:
            raise QueryError(
                f"the engine {self._manifest.engine!r} does not say how a score came about; ask an "
                "index of another engine"
            )
        answer = self.search(query, limit=0, expand=rules, recency=recency, fragments=False)
        if answer.corrections and answer.suggestion:
            query = answer.suggestion
        parsed = parse_query(query, self._analyzer, expand=self._expander(rules).expand)
        wanted = wanted_recency(recency, self._settings)
        return explain(self._engine, self._analyzer, parsed, document_id, wanted)

    def _expander(self, rules: Sequence[str]) -> Expander:
        learned = partial(self._engine.keyword_values, "defines")
        return Expander(self._thesaurus, self._analyzer, learned, rules, self._forms)

    def get(self, document_id: str) -> Article | SidebarItem:
        """Return a document by its id; DocumentNotFound if there is none."""
        check_text("document_id", document_id)
        stored = self._engine.stored(document_id)
        if stored is None:
            raise DocumentNotFound(
                f"no document {document_id!r} in {self.location}; ids are shown by `searchkit "
                "query`"
            )
        return read_document(stored)

    def suggest(self, prefix: str, limit: int = 8) -> list[str]:
        """Return up to `limit` completions of what is being typed, the commonest first.

        They are names, phrases and headlines of the index in their own spelling; a slip in
        `prefix` is forgiven when nothing begins so. [] if there are none, or `prefix` is empty.
        Raises QueryError when `limit` is out of bounds.
        """
        from searchkit.suggesting import suggest  # nor for this

        return suggest(self._engine, prefix, limit)

    def mark(self, query: str, text: str, field: str = "") -> Fragment:
        """Return all of `text` with the places that match `query`, as a hit would show them.

        `field` is the part of a document that it is, as `Fragment.block` names it: "headline",
        "body", "caption"; of an item, "sidebar" and "teaser". Words that are asked of one part, as
        in `judul:pakta`, are marked in that only, and in nothing when `field` is "". Raises
        QueryError when the query is beyond its limits.
        """
        for name, given in (("query", query), ("text", text), ("field", field)):
            check_text(name, given)
        expander = self._expander(self._settings.expand)
        return mark(self._analyzer, expander, query, text, field)

    def analyze(self, text: str) -> list[Token]:
        """Return the tokens under which `text` is indexed and looked up."""
        check_text("text", text)
        self._check_open()
        return self._analyzer.analyze(text)

    def export_site(
        self,
        folder: str | Path,
        *,
        title: str = "",
        on_document: Callable[[], None] | None = None,
    ) -> "SiteReport":
        """Write all documents as a static site that searches in the browser; see docs/site.md.

        The site takes the place of an earlier one at `folder`, whole or not at all; the same
        documents give the same bytes. `title` is the name of the archive, "" for that of the
        settings of the server, or else a general one; `on_document` is called for each document
        taken in. Raises OutputNotWritable when there is anything else at `folder`, when it cannot
        be written, when the archive is too large for a browser, or is of another analyzer than
        "indonesian"; IndexDamaged when a document cannot be read.
        """
        from searchkit.site.exporting import export_site

        check_text("title", title)
        check_callback("on_document", on_document)
        try:
            return export_site(
                self._engine,
                self._analyzer,
                self._thesaurus,
                self._settings,
                path_of("folder", folder),
                title,
                on_document,
            )
        finally:
            self._analyzers.save()
