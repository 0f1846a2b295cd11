"""haystack's query on searchkit: a tree of conditions that becomes one clause."""

from collections.abc import Callable
from typing import Any

from haystack import connections
from haystack.backends import SPELLING_SUGGESTION_HAS_NOT_RUN, BaseSearchQuery
from haystack.exceptions import MoreLikeThisError, SearchBackendError

from searchkit.integrations.haystack.lookups import from_condition, from_tree, printed
from searchkit.integrations.haystack.text import bare, cleaned, in_quotes, operand
from searchkit.schema import Clause, clauses

CONTENT = "content"


class Built(str):
    """A query as text, as haystack passes it about, with what makes the clause it stands for.

    `clause` raises SearchBackendError for conditions that the fields do not have. `words` is what
    is looked for in the document field, for suggestions of spelling.
    """

    clause: Callable[[], Clause]
    words: str

    def __new__(cls, text: str, clause: Callable[[], Clause], words: str) -> "Built":  # noqa: D102 - a str is made here
        built = super().__new__(cls, text)
        built.clause = clause
        built.words = words
        return built


class SearchkitSearchQuery(BaseSearchQuery):
    """A haystack query whose text is searchkit's query language."""

    end_offset: int | None

    def clean(self, query_fragment: Any) -> Any:
        """Return text with all that the query language gives a meaning made text."""
        return cleaned(query_fragment) if isinstance(query_fragment, str) else query_fragment

    def build_exact_query(self, query_string: str) -> str:
        """Return a phrase of a text, which may have been cleaned."""
        return in_quotes(bare(query_string))

    def build_not_query(self, query_string: str) -> str:
        """Return the query that leaves out what `query_string` finds."""
        return f"NOT ({query_string})" if " " in query_string else f"NOT {query_string}"

    def build_alt_parser_query(self, parser_name: str, *_text: str, **_options: Any) -> str:
        """Refuse parsers of other engines: SearchBackendError."""
        raise SearchBackendError(
            f"searchkit has no parser {parser_name!r}; give a query in its language as Raw(text)"
        )

    def build_query_fragment(self, field: str, filter_type: str, value: Any) -> str:
        """Return one condition in the query language."""
        name = None if field == CONTENT else self._name(field)
        return printed(name, filter_type, value, self)

    def build_query(self) -> Built:
        """Return the query as text, which has its clause with it."""
        text = self.query_filter.as_query_string(self.build_query_fragment) or "*"
        for term, factor in self.boost.items():
            text = f"{text} {operand(term)}^{factor}"
        return Built(text, self._clause, " ".join(_words_of(self.query_filter)))

    def _clause(self) -> Clause:
        layout = self.backend.layout()
        clause = from_tree(self.query_filter, self._condition) or clauses.All()
        for term, factor in self.boost.items():
            words = clauses.Words(str(term), fields=(layout.content,))
            raised = clauses.Boost(words, float(factor))
            clause = clauses.Every((clause, clauses.Either((clauses.All(), raised))))
        return clause

    def run_mlt(self, **kwargs: Any) -> None:
        """Search for more like the instance that was given; MoreLikeThisError without one."""
        if not self._more_like_this or self._mlt_instance is None:
            raise MoreLikeThisError("no instance was given to more_like_this()")
        asked = self.build_params() | kwargs
        found = self.backend.more_like_this(self._mlt_instance, self.build_query(), **asked)
        self._results, self._hit_count = found["results"], found["hits"]

    def get_facet_counts(self) -> Any:
        """Return what was counted, which does not take reading all hits, as haystack would."""
        if self._facet_counts is None:
            self._ask_for_one_hit()
        return super().get_facet_counts()

    def get_spelling_suggestion(self, preferred_query: str | None = None) -> Any:
        """Return what was most likely meant, which does not take reading all hits either."""
        if self._spelling_suggestion is SPELLING_SUGGESTION_HAS_NOT_RUN:
            self._ask_for_one_hit()
        return super().get_spelling_suggestion(preferred_query)

    def _ask_for_one_hit(self) -> None:
        """Limit the query as haystack does to count hits; querysets set limits of their own."""
        if not self.end_offset:
            self.end_offset = 1

    def _condition(self, field: str, lookup: str, value: Any) -> Clause | None:
        layout = self.backend.layout()
        name = layout.content if field == CONTENT else self._name(field)
        return from_condition(layout, name, lookup, value, self)

    def _name(self, field: str) -> str:
        return str(connections[self._using].get_unified_index().get_index_fieldname(field))


def _words_of(node: Any) -> list[str]:
    """Return what is looked for in the document field, in order; what is left out is not."""
    words: list[str] = []
    if getattr(node, "negated", False):
        return words
    for child in node.children:
        if isinstance(child, tuple):
            field, lookup = node.split_expression(child[0])
            if field == CONTENT and lookup in ("content", "exact", "fuzzy"):
                words.append(str(child[1]))
        else:
            words += _words_of(child)
    return words
