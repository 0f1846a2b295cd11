"""The results of a search: objects of the database, found by an index."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Self, TypeVar

from django.db.models import Model
from modelsearch.backends.base import BaseSearchResults, FilterFieldError

from searchkit.document_index import DocumentIndex
from searchkit.errors import QueryError
from searchkit.integrations.modelsearch.compiling import Question
from searchkit.integrations.modelsearch.layout import ID, Column
from searchkit.results import Fragment
from searchkit.schema import Exists, OneOf

_Answer = TypeVar("_Answer")

_MOST_IDS = 500
"""Ids that the database is asked for in one query; some take no more than 999 values."""

_MOST_VALUES = 1000
"""Values of a facet."""


class SearchkitSearchResults(BaseSearchResults):
    """Objects in the order of the index, or of the database where that was asked for.

    The index answers filters on FilterFields, with their usual lookups, and the order by a number
    or a date. What else a queryset asks for is answered by the database, of all that the index has
    found: exactly as well, but not as fast.
    """

    supports_facet = True
    _fragments_field: str | None = None

    def annotate_fragments(self, field_name: str) -> Self:
        """Return the same results with the places that match, as an attribute of this name.

        It is a mapping from the names of search fields, such as "title" and "authors__name", to
        tuples of `searchkit.Fragment`, the best ones of each field in the order of the text, which
        `Fragment.html()` marks. Fields without a match are left out.
        """
        clone: Self = self._clone()
        clone._fragments_field = field_name
        return clone

    def _clone(self) -> Any:
        clone = super()._clone()
        clone._fragments_field = self._fragments_field
        return clone

    def _do_search(self) -> Iterator[Model]:
        scores = self._asking(self._page)
        ids = list(scores)
        for start in range(0, len(ids), _MOST_IDS):
            some = ids[start : start + _MOST_IDS]
            fragments = self._fragments(some) if self._fragments_field else {}
            found = {str(obj.pk): obj for obj in self.query_compiler.queryset.filter(pk__in=some)}
            for key in some:
                if (obj := found.get(key)) is not None:
                    if self._score_field:
                        setattr(obj, self._score_field, scores[key])
                    if self._fragments_field:
                        setattr(obj, self._fragments_field, fragments.get(key, {}))
                    yield obj

    def _do_count(self) -> int:
        total: int = self._asking(self._total) - self.start
        return max(total if self.stop is None else min(total, self.stop - self.start), 0)

    def facet(self, field_name: str) -> "OrderedDict[Any, int]":
        """Return how many results have each value of a FilterField, the most frequent first.

        None stands for results without a value. Of more than 1,000 values the most frequent are
        counted. Raises FilterFieldError if there is no such FilterField.
        """
        column = self.query_compiler.filter_column(field_name)
        if column is None:
            model = self.query_compiler.queryset.model
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". Please add '
                f'index.FilterField("{field_name}") to {model.__name__}.search_fields.',
                field_name=field_name,
            )

        def counted(question: Question) -> "Counter[Any]":
            if question.exact and column.is_counted:
                return self._counted_by_index(question, column)
            return self._counted_by_database(question, field_name)

        return OrderedDict(self._asking(counted).most_common())

    @property
    def _index(self) -> DocumentIndex:
        model = self.query_compiler.queryset.model
        index: DocumentIndex = self.backend.get_index_for_model(model).open()
        return index

    def _asking(self, answer: Callable[[Question], _Answer]) -> _Answer:
        """Return what `answer` makes of the question.

        When the filters are of more values than an index takes, such as all pages below one, they
        are left to the database.
        """
        question: Question = self.query_compiler.question()
        try:
            return answer(question)
        except QueryError:
            if question.filters is None:
                raise
            return answer(replace(question, filters=None, exact=False))

    def _page(self, question: Question) -> Mapping[str, float]:
        """Return the scores of the results by id, in order."""
        if question.exact and question.order_by is not None:
            return self._index.scores(
                question.query,
                where=question.where,
                order_by=question.order_by,
                offset=self.start,
                limit=None if self.stop is None else self.stop - self.start,
            )
        passed = self._passed_by_database(question)
        return dict(islice(passed.items(), self.start, self.stop))

    def _total(self, question: Question) -> int:
        if question.exact:
            return self._index.count(question.query, where=question.where)
        return len(self._passed_by_database(question))

    def _passed_by_database(self, question: Question) -> dict[str, float]:
        """Return all hits that the queryset lets through, in its order if the index has it not."""
        order = question.order_by
        scores = self._index.scores(question.query, where=question.where, order_by=order or ())
        queryset = self.query_compiler.queryset
        if order is not None:
            queryset = queryset.order_by()
        elif not queryset.ordered:
            queryset = queryset.order_by("-pk")
        passed = dict.fromkeys(str(row["pk"]) for row in self._rows(queryset, scores, "pk"))
        ids = scores if order is not None else passed
        return {key: scores[key] for key in ids if key in passed and key in scores}

    def _rows(self, queryset: Any, ids: Collection[str], *names: str) -> Any:
        """Return these fields of what a queryset has of these ids, or of all that it has."""
        if len(ids) <= _MOST_IDS:
            queryset = queryset.filter(pk__in=list(ids))
        return queryset.prefetch_related(None).values(*names).iterator()

    def _fragments(self, ids: Sequence[str]) -> dict[str, dict[str, tuple[Fragment, ...]]]:
        compiler = self.query_compiler
        paths = {
            name: "__".join(field.field_name for field in column.path)
            for name, column in compiler.text_columns().items()
        }
        query = compiler.question().query
        hits = self._index.search(query, where=OneOf(ID, ids), limit=None).hits
        return {
            hit.id: {paths[name]: found for name, found in hit.fragments.items() if name in paths}
            for hit in hits
        }

    def _counted_by_index(self, question: Question, column: Column) -> "Counter[Any]":
        name = column.name
        page = self._index.search(
            question.query,
            where=question.where,
            limit=0,
            facets=[name],
            facet_limit=_MOST_VALUES,
            fragments=False,
        )
        counts = Counter({column.read(each.value): each.count for each in page.facets[name]})
        without = self._index.count(question.query, where=question.where & ~Exists(name))
        return counts + Counter({None: without})

    def _counted_by_database(self, question: Question, field_name: str) -> "Counter[Any]":
        ids = self._passed_by_database(question)
        queryset = self.query_compiler.queryset.order_by()
        rows = self._rows(queryset, ids, *dict.fromkeys(["pk", field_name]))
        found = {(str(row["pk"]), row[field_name]) for row in rows}
        return Counter(value for key, value in found if key in ids)
