"""haystack's backend on a `DocumentIndex`: update, remove, clear, search and more like this."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from haystack import connections
from haystack.backends import BaseSearchBackend, log_query
from haystack.constants import DJANGO_CT
from haystack.exceptions import SearchBackendError, SkipDocument
from haystack.utils import get_identifier, get_model_ct

from searchkit.document_index import DocumentIndex
from searchkit.errors import DocumentNotFound, SearchkitError, SettingsError
from searchkit.integrations.haystack.facets import by_span, spans
from searchkit.integrations.haystack.layout import BOOST, Layout
from searchkit.integrations.haystack.opening import opened, renewed
from searchkit.integrations.haystack.query import Built
from searchkit.integrations.haystack.results import results_of
from searchkit.integrations.haystack.typed import from_query, from_text
from searchkit.results import FacetCount
from searchkit.schema import All, Boost, Clause, Either, Every, Exists, Is, Not, OneOf
from searchkit.settings import Settings

MOST_FACTORS = 1_000
"""How many different boosts of documents are told apart."""


class SearchkitSearchBackend(BaseSearchBackend):
    """One connection to an index.

    With SILENTLY_FAIL, haystack's default, an error of the index is logged with its traceback and
    the search is empty; without, it is raised. Faulty requests (SearchBackendError) and settings
    (SettingsError) always are.
    """

    def __init__(self, connection_alias: str, **connection_options: Any) -> None:
        super().__init__(connection_alias, **connection_options)
        self.place = str(connection_options.get("PATH") or connection_options.get("URL") or "")
        self.analyzer = connection_options.get("ANALYZER", "indonesian")
        self.facet_limit = int(connection_options.get("FACET_LIMIT", 100))
        self.log = logging.getLogger("haystack")
        if not self.place:
            raise ImproperlyConfigured(
                f"set 'PATH' or 'URL' of connection {connection_alias!r} in HAYSTACK_CONNECTIONS "
                "to the place of its index"
            )
        try:
            self.settings = Settings(**connection_options.get("SETTINGS", {}))
        except (TypeError, SettingsError) as error:
            raise ImproperlyConfigured(
                f"'SETTINGS' of connection {connection_alias!r} in HAYSTACK_CONNECTIONS: {error}; "
                "give a dict of settings of searchkit"
            ) from error

    def layout(self) -> Layout:
        """Return the layout of the fields that the search indexes declare now."""
        unified = connections[self.connection_alias].get_unified_index()
        return Layout(dict(unified.all_searchfields()), self.analyzer)

    def index(self) -> DocumentIndex:
        """Return the open index; it is created where there is none."""
        return opened(self.place, self.layout(), self.settings)

    @contextmanager
    def _reported(self, doing: str) -> Iterator[None]:
        """Log an error of the index, and raise it unless this connection fails silently."""
        try:
            yield
        except SettingsError:
            raise
        except SearchkitError:
            self.log.exception(
                "searchkit, connection '%s': %s failed", self.connection_alias, doing
            )
            if not self.silently_fail:
                raise

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        """Add objects, or replace them, in one commit; `commit` changes nothing."""
        layout = self.layout()
        documents = []
        for instance in iterable:
            try:
                documents.append(layout.document(index.full_prepare(instance)))
            except SkipDocument:
                self.log.debug("Indexing for object `%s` skipped", instance)
        if documents:
            with self._reported(f"adding {len(documents)} documents"):
                self.index().add(documents)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        """Delete an object, or what was indexed of it; nothing if it is not there."""
        identifier = get_identifier(obj_or_string)
        with self._reported(f"removing {identifier!r}"):
            self.index().delete(identifier, missing_ok=True)

    def clear(self, models: Iterable[Any] | None = None, commit: bool = True) -> None:
        """Delete the objects of `models`; with None the index is made anew, of today's fields."""
        with self._reported("clearing"):
            if models is None:
                renewed(self.place, self.layout(), self.settings)
            elif names := sorted(get_model_ct(model) for model in models):
                self.index().delete_where(OneOf(DJANGO_CT, names))

    def build_schema(self, fields: Mapping[str, Any]) -> tuple[str, Any]:
        """Return the name of the document field and the schema that fields make."""
        layout = Layout(dict(fields), self.analyzer)
        return layout.content, layout.schema()

    @log_query  # type: ignore[untyped-decorator]  # haystack has no types
    def search(self, query_string: str, **asked: Any) -> dict[str, Any]:
        """Return "results", "hits", "facets" and "spelling_suggestion"; see `SearchQuerySet`.

        A blank query finds nothing. Highlighted text is safe HTML.
        """
        if not query_string.strip():
            return {"results": [], "hits": 0}
        for name in ("within", "dwithin", "distance_point"):
            if asked.get(name):
                raise SearchBackendError("searchkit does not search by distance")
        with self._reported(f"searching {str(query_string)!r}"):
            return self._search(query_string, **asked)
        return {"results": [], "hits": 0, "facets": {}, "spelling_suggestion": None}

    def _search(
        self,
        query_string: str,
        *,
        sort_by: Iterable[str] | None = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        fields: Iterable[str] = (),
        highlight: Any = False,
        facets: Mapping[str, Mapping[str, Any]] | Iterable[str] | None = None,
        date_facets: Mapping[str, Mapping[str, Any]] | None = None,
        query_facets: Any = None,
        spelling_query: str | None = None,
        result_class: type | None = None,
        **narrowing: Any,
    ) -> dict[str, Any]:
        layout, index = self.layout(), self.index()
        query = _boosted(index, _clause(layout, query_string))
        where = self._where(layout, **narrowing)
        counted = {name: layout.facet(name) for name in facets or ()}
        page = index.search(
            query,
            where=where,
            order_by=[_sort_key(layout, name) for name in sort_by or ()],
            limit=_limit(start_offset, end_offset),
            offset=start_offset,
            facets=tuple(counted.values()),
            facet_limit=self._facet_limit(facets),
            fragments=bool(highlight),
        )

        def count(clause: Clause) -> int:
            return index.count(query, where=Every((where, clause)))

        counts = {
            "fields": {name: _values(layout, name, page.facets[f]) for name, f in counted.items()},
            "dates": {
                name: _dates(name, details, page.total, count)
                for name, details in (date_facets or {}).items()
            },
            "queries": {
                f"{name}:{text}": count(from_text(layout, name, text))
                for name, text in _pairs(query_facets)
            },
        }
        results = results_of(self, layout, page, result_class, fields, highlight)
        return {
            "results": results,
            "hits": page.total - (len(page.hits) - len(results)),
            "facets": counts if any(counts.values()) else {},
            "spelling_suggestion": self._suggestion(
                layout, index, spelling_query or _words(query_string), where
            ),
        }

    def more_like_this(
        self,
        model_instance: Any,
        additional_query_string: str | None = None,
        *,
        start_offset: int = 0,
        end_offset: int | None = None,
        result_class: type | None = None,
        fields: Iterable[str] = (),
        **narrowing: Any,
    ) -> dict[str, Any]:
        """Return the objects most like one, the nearest first; none if it is not indexed.

        They are like it in the words of the document field.
        """
        with self._reported("searching for more like this"):
            layout = self.layout()
            where = self._where(layout, **narrowing)
            if additional_query_string:
                where = Every((where, _clause(layout, additional_query_string)))
            limit = _limit(start_offset, end_offset)
            try:
                page = self.index().similar(
                    get_identifier(model_instance),
                    limit=None if limit is None else start_offset + limit,
                    where=where,
                    fields=(layout.content,),
                )
            except DocumentNotFound:
                return {"results": [], "hits": 0}
            results = results_of(self, layout, page, result_class, fields)
            skipped = len(page.hits) - len(results)
            return {"results": results[start_offset:], "hits": page.total - skipped}
        return {"results": [], "hits": 0}

    def _where(
        self,
        layout: Layout,
        *,
        models: Iterable[Any] | None = None,
        limit_to_registered_models: bool | None = None,
        narrow_queries: Iterable[str] | None = None,
        **_others: Any,
    ) -> Clause:
        if limit_to_registered_models is None:
            limit_to_registered_models = getattr(
                settings, "HAYSTACK_LIMIT_TO_REGISTERED_MODELS", True
            )
        parts = [_clause(layout, text) for text in narrow_queries or ()]
        if models:
            parts.append(OneOf(DJANGO_CT, sorted(get_model_ct(model) for model in models)))
        elif limit_to_registered_models:
            parts.append(OneOf(DJANGO_CT, sorted(self.build_models_list())))
        return Every(tuple(parts))

    def _facet_limit(self, facets: Any) -> int:
        options = facets.values() if isinstance(facets, Mapping) else ()
        limits = [int(each["limit"]) for each in options if each and "limit" in each]
        return max(limits, default=self.facet_limit)

    def _suggestion(
        self, layout: Layout, index: DocumentIndex, words: str, where: Clause
    ) -> str | None:
        """Return what was most likely meant by `words`; None if it is them, or not asked for."""
        if not self.include_spelling or words in ("", "*"):
            return None
        page = index.search(words, where=where, fields=(layout.content,), limit=0, fragments=False)
        return page.suggestion


def _clause(layout: Layout, query_string: str) -> Clause:
    if isinstance(query_string, Built):
        return query_string.clause()
    return All() if query_string == "*" else from_query(layout, query_string)


def _words(query_string: str) -> str:
    return query_string.words if isinstance(query_string, Built) else query_string


def _boosted(index: DocumentIndex, query: Clause) -> Clause:
    """Return the query with the scores of boosted documents multiplied.

    Each document meets one part of it alone, so that the parts' scores do not add up.
    """
    page = index.search(
        Exists(BOOST), limit=0, facets=(BOOST,), facet_limit=MOST_FACTORS, fragments=False
    )
    factors = [each.value for each in page.facets[BOOST]]
    if not factors:
        return query
    parts = [Boost(Every((query, Is(BOOST, each))), float(each)) for each in factors]
    return Either((*parts, Every((query, Not(OneOf(BOOST, factors))))))


def _limit(start: int, end: int | None) -> int | None:
    """Return how many hits are asked for: one at least, all without an end."""
    return None if end is None else max(1, end - start)


def _sort_key(layout: Layout, name: str) -> str:
    if layout.kind(name.removeprefix("-")) == "stored":
        raise SearchBackendError(f"field {name!r} is not indexed; results have no order by it")
    return name


def _pairs(query_facets: Any) -> list[tuple[str, str]]:
    if isinstance(query_facets, Mapping):
        return list(query_facets.items())
    return list(query_facets or ())


def _values(layout: Layout, name: str, counted: Iterable[FacetCount]) -> list[tuple[Any, int]]:
    return [(layout.facet_value(name, each.value), each.count) for each in counted]


def _dates(
    name: str, details: Mapping[str, Any], total: int, count: Callable[[Clause], int]
) -> list[tuple[Any, int]]:
    """Return ((start, end), hits) in order of time, then (None, hits outside) if there are any."""
    found: list[tuple[Any, int]] = list(by_span(name, spans(details), count))
    outside = total - sum(hits for _, hits in found)
    return [*found, (None, outside)] if outside else found
