"""Query trees as queries of tantivy's: exactly the documents that match, by a BM25 of its own.

Two things tantivy has not: phrases with other words among theirs, in order, and words that must
make up a share of the weight of a query. Of the first the documents that have all words are looked
at; the second is written out as the combinations that weigh enough, or, where these are too many,
decided by a search in which each word scores its weight.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from tantivy import Occur, Query

from searchkit.engines.base import Filters
from searchkit.engines.rescoring import (
    Candidate,
    Statistics,
    expand,
    holding,
    members_of,
    needed_leaves,
    pattern_of,
    within,
)
from searchkit.engines.tantivy.schema import BODY, EXACT, as_written, keyword_field, number_field
from searchkit.engines.tantivy.snapshot import (
    EVERYTHING,
    NOTHING,
    Hit,
    Snapshot,
    both,
    unscored,
    without,
)
from searchkit.query import (
    HIGHEST_FACTOR,
    AllOf,
    AnyOf,
    Boosted,
    Condition,
    DateRange,
    Everything,
    HasValue,
    KeywordFilter,
    Leaf,
    Node,
    Nothing,
    NumberRange,
    Phrase,
    Synonym,
    Term,
    Without,
    leaves,
)
from searchkit.query.patterns import Pattern

# A share that is met exactly must not be missed for a rounded sum.
_ROUNDING = 1e-4
# Words in all combinations that are written out.
_MOST_WRITTEN = 24
_CHUNK = 200


class Translation:
    """A query tree over a snapshot: its leaves looked up, and as a query of tantivy's."""

    def __init__(self, snapshot: Snapshot, node: Node) -> None:
        self.snapshot = snapshot
        self.node = node
        self._fields = snapshot.layout.fields.text
        self._queries: dict[Leaf, Query] = {}
        self._expansions: dict[Leaf, tuple[Synonym, ...]] = {}
        leaves_asked = needed_leaves(node)
        for leaf in leaves_asked:
            pattern = pattern_of(leaf)
            if pattern is not None:
                self._expansions[leaf] = self._expanded(pattern, within(leaf, self._fields)[1])
        self.statistics = Statistics(
            documents=snapshot.documents,
            having={leaf: self._having(leaf) for leaf in leaves_asked},
            averages=snapshot.averages,
            newest=snapshot.newest,
            expansions=self._expansions,
            fields=snapshot.layout.fields.text,
        )
        self.query = self._translated(node)

    def _expanded(self, pattern: Pattern, fields: tuple[str, ...]) -> tuple[Synonym, ...]:
        """Return what a pattern stands for in text fields; in all with BODY, which is not apart."""
        if BODY in fields:
            return expand(pattern, self.snapshot.sorted_forms, self.snapshot.forms.__getitem__)
        forms = self.snapshot.forms_in(fields)
        return expand(pattern, list(forms), forms.__getitem__)

    def filtered(self, filters: Filters) -> Query:
        """Return a query for the matches that pass `filters`."""
        conditions = list(self._conditions(filters))
        return both(self.query, *conditions) if conditions else self.query

    def _conditions(self, filters: Filters) -> Iterator[Query]:
        term = self.snapshot.term
        for field, values in filters.values.items():
            yield unscored(_any_of([term(f"facet_{field}", value) for value in values]))
        if filters.since is not None or filters.until is not None:
            yield self.snapshot.dated(filters.since, filters.until)

    def _having(self, leaf: Leaf) -> int:
        """Return in how many documents a leaf occurs."""
        bare, fields = within(leaf, self._fields)
        if isinstance(bare, Term) and fields == self._fields:
            return self.snapshot.having_now(*_place(bare, bare.exact))
        key = (leaf, self._expansions.get(leaf, ()))
        counts = self.snapshot.leaf_counts
        known = counts.get(key)
        if known is None:
            known = counts.keep(key, self.snapshot.count(self._leaf(leaf)))
        return known

    def _translated(self, node: Node) -> Query:
        if isinstance(node, Condition):
            return self._meeting(node)
        match node:
            case Everything():
                return EVERYTHING
            case Nothing():
                return NOTHING
            case AllOf(children):
                return both(*map(self._translated, children))
            case AnyOf():
                return self._any(node)
            case Without(inner, excluded):
                return without(self._translated(inner), self._translated(excluded))
            case Boosted(inner, factor):
                query = self._translated(inner)
                return Query.boost_query(query, min(factor, HIGHEST_FACTOR))
        return self._leaf(node)

    def _meeting(self, node: Condition) -> Query:
        """Return a query for the documents that a condition chooses."""
        match node:
            case KeywordFilter(field, value):
                return unscored(self.snapshot.term(keyword_field(field), value))
            case HasValue(fields):
                return unscored(_any_of(list(map(self._holding, fields))))
            case DateRange(start, end):
                return self.snapshot.dated(start, end)
            case NumberRange(field, low, high):
                return self.snapshot.within(number_field(field), low, high)

    def _holding(self, field: str) -> Query:
        """Return a query for documents with a word or a value in a text or keyword field."""
        if field in self._fields:
            return self.snapshot.between(f"length_{field}", 1)
        name = keyword_field(field)
        return _any_of(
            [self.snapshot.term(name, value) for value, _ in self.snapshot.terms(name, "")]
        )

    # Enough words

    def _any(self, node: AnyOf) -> Query:
        queries = [self._translated(child) for child in node.children]
        any_of_them = [(Occur.Should, query) for query in queries]
        conditions = []
        weights = [
            sum(self.statistics.idf(leaf) for leaf in leaves(child)) for child in node.children
        ]
        needed = (node.share - _ROUNDING) * sum(weights)
        if node.share > _ROUNDING and not needed:
            return NOTHING
        if needed > 0:
            conditions.append(self._weighing(queries, weights, needed))
        if node.minimum > (1 if needed > 0 else 0):
            conditions.append(
                Query.boolean_query(any_of_them, minimum_number_should_match=node.minimum)
                if node.minimum > 1
                else Query.boolean_query(any_of_them)
            )
        required = [unscored(each) for each in conditions] or [EVERYTHING]
        if len(conditions) == 1 and node.minimum == 1 and not needed > 0:
            return conditions[0]
        return Query.boolean_query([*((Occur.Must, each) for each in required), *any_of_them])

    def _weighing(self, queries: Sequence[Query], weights: Sequence[float], needed: float) -> Query:
        """Return a query for documents of which the queries that match weigh enough together."""
        order = sorted(range(len(queries)), key=lambda n: -weights[n])
        combined = _combinations([weights[n] for n in order], needed)
        if combined is not None:
            return _written([queries[n] for n in order], combined)
        scored = Query.boolean_query(
            [
                (Occur.Should, Query.const_score_query(query, weight))
                for query, weight in zip(queries, weights, strict=True)
                if weight
            ]
        )
        hits = self.snapshot.all_hits(scored)
        enough = bisect_right(hits, -needed, key=lambda hit: -hit[0])
        return self._only(hits[:enough])

    def _only(self, hits: Sequence[Hit]) -> Query:
        """Return a query for these documents."""
        numbers = [number for number in self.snapshot.numbers("number", hits) if number is not None]
        return self.snapshot.among("number", numbers) if numbers else NOTHING

    # Words

    def _leaf(self, leaf: Leaf) -> Query:
        if leaf not in self._queries:
            self._queries[leaf] = self._looked_up(leaf)
        return self._queries[leaf]

    def _looked_up(self, leaf: Leaf) -> Query:
        fields = within(leaf, self._fields)[1]
        members = members_of(leaf, self._expansions)
        found = [(self._member(member.node, fields), member.weight) for member in members]
        if len(found) == 1 and found[0][1] == 1:
            return found[0][0]
        boosted = [Query.boost_query(query, weight) for query, weight in found]
        return _any_of(boosted)

    def _member(self, node: Term | Phrase, fields: Sequence[str]) -> Query:
        if isinstance(node, Phrase) and len(node.terms) == 1:
            only = node.terms[0]
            node = Term(only.term, only.form, exact=node.exact)
        if isinstance(node, Phrase) and node.slop:
            words = [unscored(self.snapshot.term(*_place(word, node.exact))) for word in node.terms]
            return self._only(self._held(both(*words), node, fields))
        everywhere = self._word(node)
        others = [field for field in self._fields if field not in fields]
        if not others:
            return everywhere
        if BODY not in fields:
            return _any_of([self._word(node, field) for field in fields])
        # What is not in the other fields is in these; of what is, the tokens must tell.
        elsewhere = _any_of([self._word(node, field) for field in others])
        also = self._only(self._held(both(everywhere, elsewhere), node, fields))
        return _any_of([without(everywhere, elsewhere), both(everywhere, unscored(also))])

    def _held(self, query: Query, node: Term | Phrase, fields: Sequence[str]) -> list[Hit]:
        """Return the matches of `query` that have a word or phrase in one of `fields`."""
        hits = self.snapshot.all_hits(query)
        found: list[Hit] = []
        for start in range(0, len(hits), _CHUNK):
            chunk = hits[start : start + _CHUNK]
            held = holding([self._record(hit) for hit in chunk], node, fields, self._fields)
            found += [hit for hit, there in zip(chunk, held, strict=True) if there]
        return found

    def _word(self, node: Term | Phrase, field: str = "") -> Query:
        """Return a query for a word or phrase, in a text field that is not BODY if one is named."""
        if isinstance(node, Term):
            return self.snapshot.term(*_place(node, node.exact, field))
        places = [_place(word, node.exact, field) for word in node.terms]
        return self.snapshot.phrase(places[0][0], [text for _, text in places])

    def _record(self, hit: Hit) -> Candidate:
        document = self.snapshot.document(hit)
        value = self.snapshot.value
        return Candidate(value(document, "id"), "", None, value(document, "record"))


def _place(word: Term, exact: bool, field: str = "") -> tuple[str, str]:
    """Return (name in tantivy, term) of where a word is looked up."""
    text = as_written(word.form if exact else word.term)
    if field:
        return f"text_{field}", EXACT + text if exact else text
    return "exact" if exact else "all", text


def _any_of(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else NOTHING


Combinations = tuple[tuple[int, "Combinations"], ...]
"""Of each, the first word and the combinations that must follow it; () if none must."""


def _combinations(weights: Sequence[float], needed: float) -> Combinations | None:
    """Return which words, their weights descending, weigh enough; None if it is too much to write.

    A combination has no more words than it needs.
    """
    rest = [sum(weights[n:]) for n in range(len(weights) + 1)]
    room = _MOST_WRITTEN

    def beginning(first: int, needed: float) -> Iterable[tuple[int, Combinations]]:
        nonlocal room
        for n in range(first, len(weights)):
            if rest[n] < needed or room < 0:
                return
            room -= 1
            left = needed - weights[n]
            following = tuple(beginning(n + 1, left)) if left > 0 else ()
            if following or left <= 0:
                yield n, following

    found = tuple(beginning(0, needed))
    return found if room >= 0 else None


def _written(queries: Sequence[Query], combined: Combinations) -> Query:
    return _any_of(
        [
            both(queries[n], _written(queries, following)) if following else queries[n]
            for n, following in combined
        ]
    )
