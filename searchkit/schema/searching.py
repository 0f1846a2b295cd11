"""Searches an index of documents of a schema: from a question to a page of hits."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from searchkit.analysis.located import Located
from searchkit.analysis.normalization import fold_value
from searchkit.arguments import check_flag, check_type, whole_number
from searchkit.asking import Asked
from searchkit.correcting import Corrector
from searchkit.engines.base import ByNumber, Engine, FacetsWanted, Filters, Match, Matches, Order
from searchkit.engines.fields import own_name, value_name
from searchkit.errors import REPAIR, IndexDamaged, QueryError, SchemaError
from searchkit.filtering import MOST_VALUES
from searchkit.query import AllOf, Everything, Leaf, Node, Query, Syntax, boosts
from searchkit.results import Correction, FacetCount, Fragment
from searchkit.schema.clauses import Clause
from searchkit.schema.declarations import Keyword, Moment, Number, Schema, Text
from searchkit.schema.documents import give_back, given_back, texts_of, values_of
from searchkit.schema.lowering import Lowering, unscored
from searchkit.schema.results import DocumentHit, DocumentPage
from searchkit.schema.values import each, to_keyword, to_moment, to_number
from searchkit.searching import Found, answer, spelled_otherwise
from searchkit.snippets import Highlighter
from searchkit.snippets.beside import stop_words_beside

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of an index; see `DocumentIndex.search`."""

    query: str | Clause | Node = "*"
    where: Clause | None = None
    fields: Sequence[str] = ()
    order_by: Sequence[str] = ()
    limit: int | None = 10
    offset: int = 0
    facets: Sequence[str] = ()
    facet_limit: int = 20
    fragments: bool = True

    def __post_init__(self) -> None:
        check_type("query", self.query, str | Clause | Node, "a str or a clause")
        check_type("where", self.where, Clause | None, "a clause or None")
        check_flag("fragments", self.fragments)
        object.__setattr__(self, "offset", whole_number("offset", self.offset))
        if self.limit is not None:
            object.__setattr__(self, "limit", whole_number("limit", self.limit))
        if self.offset < 0 or (self.limit is not None and self.limit < 0):
            raise QueryError(
                f"offset {self.offset} with limit {self.limit} is out of bounds: 0 or more"
            )


class _Answer(NamedTuple):
    """What is found, and the query as corrected, if it was, with what the hits were found by."""

    found: Found
    suggestion: str | None
    corrections: tuple[Correction, ...]


def scores(lowering: Lowering, question: Question, asked: Asked) -> dict[str, float]:
    """Return the scores of the hits of a question by id, in order."""
    return {
        match.id: match.score for match in _find(lowering, question, asked).found.matches.matches
    }


def search(lowering: Lowering, question: Question, asked: Asked) -> DocumentPage:
    """Return the hits of a question; of `asked`, recency and tolerance are taken."""
    started = time.perf_counter()
    schema = lowering.schema
    text = question.query if isinstance(question.query, str) else ""
    found, suggestion, corrections = _find(lowering, question, asked)
    matches, node, relaxed, syntax = found
    highlighters = None
    if question.fragments:
        highlighters = Highlighters(lowering, node, matches.weights, syntax)
    hits = tuple(
        _hit(schema, highlighters, match, rank)
        for rank, match in enumerate(matches.matches, start=question.offset + 1)
    )
    return DocumentPage(
        query=text,
        total=matches.total,
        offset=question.offset,
        limit=len(hits) if question.limit is None else question.limit,
        relaxed=relaxed,
        seconds=time.perf_counter() - started,
        hits=hits,
        facets=_facets(schema, matches.facets, question.facets),
        suggestion=suggestion,
        corrections=corrections,
    )


def _find(lowering: Lowering, question: Question, asked: Asked) -> _Answer:
    query, corrector, again = _read(lowering, question)
    corrected = corrector.correct() if corrector else None
    meant = again(corrected.text) if corrected else None
    order = _order(lowering.schema, question.order_by)
    asked = replace(
        asked,
        offset=0 if order is None else question.offset,
        limit=question.limit if question.limit is not None and order else size_of(lowering.engine),
        sort=order or "relevance",
        facets=_facets_wanted(lowering.schema, question.facets, question.facet_limit),
    )
    found, of = answer(lowering.engine, query, meant, asked)
    if order is None:
        matches = _ordered(lowering.schema, found.matches, question)
        found = found._replace(matches=matches)
    if corrected:
        suggestion = None if of == "typed" else corrected.text
        return _Answer(found, suggestion, corrected.corrections if of == "meant" else ())
    if corrector is None:
        return _Answer(found, None, ())
    hint = spelled_otherwise(lowering.engine, corrector, again, found, asked)
    return _Answer(found, hint, ())


def size_of(engine: Engine) -> int:
    """Return the number of documents; their statistics would take much longer."""
    return engine.search(Everything(), Filters(), 0, 0).total


class _Reading(NamedTuple):
    """A question read, what corrects it if it was typed, and `again`, which reads another text."""

    query: Query
    corrector: Corrector | None
    again: Callable[[str], Query]


def _read(lowering: Lowering, question: Question) -> _Reading:
    where = None if question.where is None else unscored(lowering.node(question.where))

    def only(query: Query) -> Query:
        if where is None:
            return query
        loose = None if query.loose is None else AllOf((query.loose, where))
        return replace(query, node=AllOf((query.node, where)), loose=loose)

    def again(text: str) -> Query:
        return only(lowering.query(text, question.fields))

    if isinstance(question.query, Clause):
        return _Reading(only(Query("", lowering.node(question.query))), None, again)
    if not isinstance(question.query, str):
        return _Reading(only(Query("", question.query)), None, again)
    corrector = Corrector(
        lowering.engine,
        lowering.analyzer_of(lowering.schema.main_analyzer),
        lowering.expand,
        question.query,
        lowering.names,
    )
    return _Reading(again(question.query), corrector, again)


# Orders.


def _order(schema: Schema, order_by: Sequence[str]) -> Order | None:
    """Return the order of an engine that is asked for; None when it has to be made of all hits."""
    fields = [(name.removeprefix("-"), name.startswith("-")) for name in order_by]
    for name, _ in fields:
        field = schema.fields.get(name)
        if name != schema.id and not isinstance(field, Text | Keyword | Number | Moment):
            raise SchemaError(
                f"documents cannot be ordered by {name!r}; order them by a text, a keyword, a "
                "number or a moment of the schema, with a - before it for the highest first"
            )
    if not fields:
        return "relevance"
    (name, descending), *more = fields
    if more or not isinstance(schema.fields.get(name), Number | Moment):
        return None
    return ByNumber(own_name(name), descending)


def _ordered(schema: Schema, matches: Matches, question: Question) -> Matches:
    """Return all `matches` in the order asked for, those of the page; equals by what came before.

    Documents without a value come last in either direction.
    """
    found = [(match, stored_values(match.stored())) for match in matches.matches]
    for asked in reversed(question.order_by):
        name, descending = asked.removeprefix("-"), asked.startswith("-")
        keys = {match.id: _key(schema, name, match, values) for match, values in found}
        having = [pair for pair in found if keys[pair[0].id] is not None]
        having.sort(key=lambda pair: keys[pair[0].id], reverse=descending)
        found = having + [pair for pair in found if keys[pair[0].id] is None]
    end = None if question.limit is None else question.offset + question.limit
    page = tuple(match for match, _ in found[question.offset : end])
    return replace(matches, matches=page, before=question.offset)


def _key(schema: Schema, name: str, match: Match, values: Mapping[str, Any]) -> Any:
    """Return what a document is ordered by; None without a value. Of several the first counts."""
    field, value = schema.fields.get(name), values.get(name)
    if name == schema.id:
        return match.id
    if isinstance(field, Text):
        texts = each(value, (str,))
        return fold_value(texts[0]) or None if texts else None
    if isinstance(field, Keyword):
        given = each(value, (str, int))
        return to_keyword(given[0], folded=field.folded) or None if given else None
    if value is None:
        return None
    return to_moment(value) if isinstance(value, date | datetime) else to_number(value)


# Facets.


def _facet_field(schema: Schema, name: str) -> str:
    field = schema.fields.get(name)
    if isinstance(field, Keyword):
        return own_name(name)
    if isinstance(field, Number) and field.facet:
        return value_name(name)
    raise SchemaError(
        f"the values of {name!r} are not counted; declare it as Keyword() or Number(facet=True)"
    )


def _facets_wanted(schema: Schema, names: Sequence[str], most: int) -> FacetsWanted:
    most = whole_number("facet_limit", most)
    if not 1 <= most <= MOST_VALUES:
        raise QueryError(f"facet_limit {most} is out of bounds: 1 to {MOST_VALUES:,}")
    return FacetsWanted(tuple(_facet_field(schema, name) for name in names), most)


def _facets(
    schema: Schema, counted: Mapping[str, tuple[FacetCount, ...]], names: Sequence[str]
) -> dict[str, tuple[FacetCount, ...]]:
    return {name: counted.get(_facet_field(schema, name), ()) for name in names}


# Hits.


class Highlighters:
    """Marks the words of a query in each text field, as the analyzer of that field finds them."""

    def __init__(
        self,
        lowering: Lowering,
        node: Node,
        weights: Mapping[Leaf, float],
        syntax: Syntax,
    ) -> None:
        leaves = [leaf for leaf, boost in boosts(node).items() if boost]
        declared = lowering.schema.of_kind(Text)
        made: dict[str, Highlighter] = {}
        for text in declared.values():
            if text.analyzer not in made:
                analyzer = lowering.analyzer_of(text.analyzer)
                beside = stop_words_beside(syntax, analyzer)
                made[text.analyzer] = Highlighter(analyzer, leaves, weights, beside)
        self._by_field = {name: made[text.analyzer] for name, text in declared.items()}

    def whole(self, field: str, text: str, located: Located | None = None) -> Fragment:
        """Return all of the text of a field with its marks."""
        return replace(self._by_field[field].whole(own_name(field), text, located), block=field)

    def best(self, field: str, text: str, located: Located | None = None) -> tuple[Fragment, ...]:
        """Return the best fragments of the text of a field; () if nothing matches."""
        found = self._by_field[field].best(own_name(field), text, located)
        return tuple(replace(fragment, block=field) for fragment in found)


def _hit(schema: Schema, highlighters: Highlighters | None, match: Match, rank: int) -> DocumentHit:
    stored = match.stored()
    values = stored_values(stored)
    texts = texts_of(schema, values)
    located = match.located(stored)
    name = schema.title
    title = Fragment(schema.id, match.id)
    if name:
        shown = texts[name]
        title = Fragment(name, shown)
        if highlighters:
            title = highlighters.whole(name, shown, located)
    return DocumentHit(
        rank=rank,
        id=match.id,
        score=match.score,
        document=_undamaged(lambda: given_back(schema, stored, values)),
        title=title,
        fragments=_fragments(schema, highlighters, texts, title, located) if highlighters else {},
    )


def _fragments(
    schema: Schema,
    highlighters: Highlighters,
    texts: Mapping[str, str],
    title: Fragment,
    located: Located | None,
) -> dict[str, tuple[Fragment, ...]]:
    found: dict[str, tuple[Fragment, ...]] = {}
    for name, text in schema.of_kind(Text).items():
        if name == title.block:
            found[name] = (title,) if title.marks else ()
        elif text.title:
            whole = highlighters.whole(name, texts[name], located)
            found[name] = (whole,) if whole.marks else ()
        else:
            found[name] = highlighters.best(name, texts[name], located)
    return {name: fragments for name, fragments in found.items() if fragments}


def stored_values(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a stored document; IndexDamaged when it is not as it was written."""
    return _undamaged(lambda: values_of(stored))


def read_stored(schema: Schema, stored: Mapping[str, Any]) -> Any:
    """Return the document of a stored object; IndexDamaged when it is not as it was written."""
    return _undamaged(lambda: give_back(schema, stored))


def _undamaged(read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise IndexDamaged(
            f"a stored document is not as searchkit wrote it ({type(error).__name__}: {error}); "
            f"{REPAIR}"
        ) from error
