"""From clauses to the tree that engines evaluate."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from searchkit.analysis import Analyzer
from searchkit.cached import cached_property
from searchkit.engines.base import Engine
from searchkit.engines.fields import own_name
from searchkit.errors import QueryError, SchemaError
from searchkit.query import (
    Boosted,
    Condition,
    Everything,
    Expand,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    NumberRange,
    Query,
    Term,
    Without,
    parse_query,
    tree,
    walk,
)
from searchkit.query.conditions import all_of, any_of
from searchkit.query.lowering import MOST_CONDITIONS, MOST_TERMS
from searchkit.query.names import QueryFields
from searchkit.query.scanning import MOST_EDITS, MOST_SLOP
from searchkit.schema import clauses
from searchkit.schema.clauses import Clause
from searchkit.schema.declarations import Keyword, Moment, Number, Schema, Stored, Text
from searchkit.schema.fields import query_fields
from searchkit.schema.values import keyword_pattern, moments_of, to_keyword, to_number
from searchkit.schema.words import FieldWords

_NUMBER = int | float | Decimal


@dataclass(frozen=True)
class Lowering:
    """Makes nodes of clauses, for one search of one index.

    `analyzer_of` gives an analyzer by its name; `expand` is how typed words are expanded.
    """

    schema: Schema
    engine: Engine
    analyzer_of: Callable[[str], Analyzer]
    expand: Expand

    @cached_property
    def names(self) -> QueryFields:
        """What a typed query can name."""
        return query_fields(self.schema, self._matches)

    @cached_property
    def words(self) -> FieldWords:
        """What makes nodes of words."""
        return FieldWords(self.schema, self.analyzer_of)

    def query(self, text: str, fields: Sequence[str] = ()) -> Query:
        """Return what a typed query means; QueryError when it is beyond its limits."""
        within = tuple(map(own_name, self.texts(fields))) if fields else ()
        words, spelled = self.words, dict[Term | tree.Phrase, str]()
        query = parse_query(
            text,
            self.analyzer_of(self.schema.main_analyzer),
            expand=self.expand,
            fields=self.names,
            within=within,
            spelled=spelled,
        )
        loose = None if query.loose is None else words.everywhere(query.loose, spelled)
        return replace(query, node=words.everywhere(query.node, spelled), loose=loose)

    def node(self, clause: Clause) -> Node:
        """Return the engine tree of a clause.

        Raises SchemaError for a field that there is not, or of another kind than is asked for, and
        QueryError when there are more words or conditions than the limits.
        """
        node = self._node(clause)
        found = {part for part in walk(node) if isinstance(part, Leaf | Condition)}
        leaves = [part for part in found if isinstance(part, Leaf)]
        words = len({tree.typed_form(leaf) for leaf in leaves})
        if words > MOST_TERMS:
            raise QueryError(
                f"the clause has {words:,} different words; the limit is {MOST_TERMS}: search for "
                "fewer of them"
            )
        _check_conditions(len(found) - len(leaves))
        return node

    def like(self, words: Node, document_id: str) -> Node:
        """Return what matches words of a document, as the main analyzer has them, but not it."""
        return Without(self.words.everywhere(words, {}), KeywordFilter("id", document_id))

    def texts(self, fields: Sequence[str]) -> list[str]:
        """Return the text fields named, all for none; SchemaError for one that is no text."""
        declared = self.schema.of_kind(Text)
        for name in fields:
            if name not in declared:
                raise SchemaError(
                    f"there is no text field {name!r}; there are {', '.join(declared) or 'none'}"
                )
        return list(fields or declared)

    def _node(self, clause: Clause) -> Node:
        match clause:
            case clauses.All():
                return Everything()
            case clauses.Every(parts):
                return all_of([self._node(part) for part in parts] or [Everything()])
            case clauses.Either(parts):
                return any_of([self._node(part) for part in parts] or [Nothing()])
            case clauses.Not(inner):
                return Without(Everything(), self._node(inner))
            case clauses.Boost(inner, factor):
                return self._boosted(inner, factor)
            case clauses.Typed(text, fields):
                return self.query(text, fields).node
            case clauses.Words() | clauses.Phrase():
                return self._of_words(clause)
        return self._condition(clause)

    def _boosted(self, clause: Clause, factor: float) -> Node:
        if not factor >= 0:
            raise QueryError(f"a boost of {factor} is out of bounds: it is 0 or more")
        node = self._node(clause)
        return node if isinstance(node, Condition) else Boosted(node, float(factor))

    def _of_words(self, clause: clauses.Words | clauses.Phrase) -> Node:
        fields = self.texts(clause.fields)
        if isinstance(clause, clauses.Phrase):
            if not 0 <= clause.slop <= MOST_SLOP:
                raise QueryError(f"a slop of {clause.slop} is out of bounds: 0 to {MOST_SLOP}")
            return self.words.phrase(clause.text, clause.slop, fields)
        if not 0 <= clause.fuzzy <= MOST_EDITS:
            raise QueryError(f"fuzzy {clause.fuzzy} is out of bounds: 0 to {MOST_EDITS}")
        if clause.operator not in ("and", "or"):
            raise QueryError(f"there is no operator {clause.operator!r}; there are 'and' and 'or'")
        return self.words.words(clause, fields)

    def _condition(self, clause: Clause) -> Node:
        match clause:
            case clauses.Is(name, value):
                return self._is(name, value)
            case clauses.OneOf(name, values):
                return any_of([self._is(name, value) for value in values] or [Nothing()])
            case clauses.Between(name):
                return self._between(name, clause)
            case clauses.StartsWith(name, prefix):
                return self._starts(name, prefix)
            case clauses.Matches(name, pattern):
                return self._matches(name, pattern)
            case clauses.Exists(name):
                return self._exists(name)
        raise SchemaError(f"{clause!r} is no clause; searchkit.schema has the kinds there are")

    def _is(self, name: str, value: Any) -> Node:
        if name == self.schema.id:
            return KeywordFilter("id", str(value)) if value is not None else Nothing()
        field = self._field(name)
        if value is None or (value == "" and isinstance(field, Keyword)):
            return Without(Everything(), self._exists(name))
        match field:
            case Text():
                return self._of_words(clauses.Words(str(value), (name,)))
            case Keyword(folded):
                return KeywordFilter(own_name(name), to_keyword(value, folded=folded))
        return NumberRange(own_name(name), *_span(name, field, value))

    def _between(self, name: str, clause: clauses.Between) -> Node:
        field, low, high = self._field(name), clause.low, clause.high
        if isinstance(field, Text):
            raise SchemaError(
                f"the field {name!r} has no order; Between is of numbers, moments, keywords"
            )
        if isinstance(field, Keyword):
            return self._having(name, "", _within(clause, folded=field.folded))
        first = last = None
        if low is not None:
            begins, ends = _span(name, field, low)
            first = begins if clause.low_included else ends + 1
        if high is not None:
            begins, ends = _span(name, field, high)
            last = ends if clause.high_included else begins - 1
        return NumberRange(own_name(name), first, last)

    def _starts(self, name: str, prefix: str) -> Node:
        match self._field(name):
            case Keyword(folded):
                kept = to_keyword(prefix, folded=folded)
                return self._having(name, kept, lambda _value: True)
            case Text():
                return self.words.beginning(prefix, name)
        raise SchemaError(f"the field {name!r} is no text; StartsWith is of text and keywords")

    def _matches(self, name: str, pattern: str) -> Node:
        match self._field(name):
            case Keyword() if pattern == "*":
                return self._exists(name)
            case Keyword(folded):
                return self._having(name, *keyword_pattern(pattern, folded=folded))
            case Text():
                return self.words.matching(pattern, name)
        raise SchemaError(f"the field {name!r} is no text; Matches is of text and keywords")

    def _having(self, name: str, prefix: str, fits: Callable[[str], bool]) -> Node:
        """Return what has one of the values of a keyword field that fit."""
        values = self.engine.keyword_values(own_name(name), [prefix])
        found: list[Node] = []
        for value, _ in values:
            if fits(value):
                found.append(KeywordFilter(own_name(name), value))
                _check_conditions(len(found))
        return any_of(found) if found else Nothing()

    def _exists(self, name: str) -> Node:
        if name == self.schema.id:
            return Everything()
        if name not in self.schema.fields:
            raise self._unknown(name)
        return KeywordFilter("has", name)

    def _field(self, name: str) -> Text | Keyword | Number | Moment:
        field = self.schema.fields.get(name)
        if field is None:
            raise self._unknown(name)
        if isinstance(field, Stored):
            raise _not_searchable(name)
        return field

    def _unknown(self, name: str) -> SchemaError:
        known = ", ".join((self.schema.id, *self.schema.fields))
        return SchemaError(f"the schema has no field {name!r}; it has {known}")


def unscored(node: Node) -> Node:
    """Return a tree that matches the same and scores nothing."""
    return Boosted(node, 0.0) if any(True for _ in tree.leaves(node)) else node


def _span(name: str, field: Number | Moment, value: Any) -> tuple[int, int]:
    """Return the first and the last number of the index that a value means."""
    if isinstance(field, Moment):
        return moments_of(_of_kind(name, value, date, "a date"))
    number = to_number(_of_kind(name, value, _NUMBER, "a number"))
    return number, number


def _within(clause: clauses.Between, *, folded: bool) -> Callable[[str], bool]:
    """Return a test whether a keyword is in the range of a clause."""
    low, high = (
        None if end is None else to_keyword(_key(end), folded=folded)
        for end in (clause.low, clause.high)
    )
    above = operator.ge if clause.low_included else operator.gt
    below = operator.le if clause.high_included else operator.lt
    return lambda value: (low is None or above(value, low)) and (high is None or below(value, high))


def _key(value: Any) -> Any:
    if isinstance(value, str | int):
        return value
    raise SchemaError(f"{value!r} is no value of a keyword field; give a str, an int or a bool")


def _of_kind(name: str, value: Any, kind: Any, asked: str) -> Any:
    if isinstance(value, kind) and not isinstance(value, bool):
        return value
    raise SchemaError(f"{value!r} is asked of the field {name!r}; give {asked}")


def _not_searchable(name: str) -> SchemaError:
    return SchemaError(
        f"the field {name!r} is stored only; declare it as text, a keyword, a number or a moment "
        "to search by it"
    )


def _check_conditions(count: int) -> None:
    if count > MOST_CONDITIONS:
        raise QueryError(
            f"the search has more than {MOST_CONDITIONS:,} conditions; ask for fewer values, or "
            "for a narrower pattern or range"
        )
