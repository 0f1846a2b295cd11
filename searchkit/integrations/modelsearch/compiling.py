"""Queries of modelsearch, and the querysets they search in, as questions to an index."""

from dataclasses import dataclass
from typing import Any

from modelsearch import query as asked
from modelsearch.backends.base import BaseSearchQueryCompiler, SearchFieldError, get_model_root
from modelsearch.index import AutocompleteField, SearchField

from searchkit.integrations.modelsearch.filtering import NOTHING, FilterReader
from searchkit.integrations.modelsearch.layout import MODELS, Column, column, columns, family
from searchkit.schema import (
    All,
    Boost,
    Clause,
    Either,
    Every,
    Is,
    Keyword,
    Not,
    Phrase,
    Words,
)


@dataclass(frozen=True)
class Question:
    """What is asked of an index, and what is left to the database.

    Documents must be of a `model`. `filters`, None when there are none, match what the filters of
    the queryset let through; unless they are `exact`, others as well. `order_by` is () for the
    order by relevance, and None if the database has to say the order.
    """

    query: Clause
    model: str
    filters: Clause | None
    exact: bool
    order_by: tuple[str, ...] | None

    @property
    def where(self) -> Clause:
        """What documents must be beside matching the query."""
        of_model = Is(MODELS, self.model)
        return of_model if self.filters is None else of_model & self.filters


class SearchkitQueryCompiler(BaseSearchQueryCompiler):
    """A query for whole words; all of them are looked for, unless the operator is "or"."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True
    field_class = SearchField
    prefix = False

    def question(self) -> Question:
        """Return what is asked of the index."""
        filters = FilterReader(self.queryset, self._get_filter_field_path_for_column).read()
        return Question(
            query=self._clause(self.query),
            model=self.queryset.model._meta.label,
            filters=filters.clause,
            exact=filters.exact,
            order_by=self._order(),
        )

    def filter_column(self, field_name: str) -> Column | None:
        """Return the column of a FilterField of the model; None if there is none."""
        field = self._get_filterable_field(field_name)
        return None if field is None else column(self.queryset.model, [field])

    def text_columns(self) -> dict[str, Column]:
        """Return the columns that are looked in, by their names in the schema.

        They are of the model and those that descend from it. Of a field that the caller names there
        may be several, for each model may boost it otherwise.
        """
        model = self.queryset.model
        kin = [each for each in family(get_model_root(model)) if issubclass(each, model)]
        return {
            column.name: column
            for each in kin
            for column in columns(each)
            if isinstance(column.field, self.field_class)
            and (not self.fields or column.is_one_of(self.fields))
        }

    def _clause(self, query: Any) -> Clause:
        match query:
            case asked.MatchAll():
                return All()
            case asked.And(subqueries=parts):
                return Every(tuple(map(self._clause, parts)))
            case asked.Or(subqueries=parts):
                return Either(tuple(map(self._clause, parts)))
            case asked.Not(subquery=part):
                return Not(self._clause(part))
            case asked.Boost(subquery=part, boost=factor):
                return Boost(self._clause(part), factor)
        texts = tuple(self.text_columns())
        if not texts:
            return NOTHING
        match query:
            case asked.PlainText(query_string=text, operator=operator, boost=factor):
                words = Words(text, texts, operator, prefix=self.prefix)
                return words if factor == 1 else Boost(words, factor)
            case asked.Phrase(query_string=text):
                return Phrase(text, texts)
            case asked.Fuzzy(query_string=text, operator=operator):
                found = tuple(
                    Words(word, texts, fuzzy=_edits(word), prefix=self.prefix)
                    for word in text.split()
                )
                return Every(found) if found and operator == "and" else Either(found)
        raise NotImplementedError(
            f"`{type(query).__name__}` is not supported by the searchkit search backend."
        )

    def _order(self) -> tuple[str, ...] | None:
        """Return the order of the index that is the one of the queryset, if there is one."""
        if self.order_by_relevance:
            return ()
        query = self.queryset.query
        if len(query.order_by) != 1 or query.extra_order_by or not query.standard_ordering:
            return None
        (name,) = query.order_by
        if not isinstance(name, str):
            return None
        column = self.filter_column(name.removeprefix("-"))
        if column is None or isinstance(column.declared(""), Keyword):
            return None
        return (("-" if name.startswith("-") else "") + column.name,)


class SearchkitAutocompleteQueryCompiler(SearchkitQueryCompiler):
    """A query for words that may be unfinished, in the fields meant for it."""

    field_class = AutocompleteField
    prefix = True

    def check(self) -> None:
        """Raise FieldError when the query, or the queryset, asks for what is not indexed."""
        super().check()
        model = self.queryset.model
        known = {field.field_name for field in model.get_autocomplete_search_fields()}
        for name in self.fields or ():
            if name not in known:
                raise SearchFieldError(
                    f'Cannot autocomplete with field "{name}". Please add '
                    f'index.AutocompleteField("{name}") to {model.__name__}.search_fields.',
                    field_name=name,
                )


def _edits(word: str) -> int:
    """Return how many letters of a word may differ: none of the shortest, two of long ones."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2
