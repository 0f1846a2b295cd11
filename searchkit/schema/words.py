"""Words in text fields, each looked for as the analyzer of its field has them."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from searchkit.analysis import Analyzer, Token
from searchkit.analysis.normalization import fold
from searchkit.engines.fields import own_name
from searchkit.query import (
    AllOf,
    AnyOf,
    Boosted,
    Condition,
    Everything,
    Fuzzy,
    InFields,
    Leaf,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Synonyms,
    Term,
    Wildcard,
    Without,
)
from searchkit.query.conditions import all_of, any_of
from searchkit.query.patterns import Pattern
from searchkit.query.spelled import as_spelled, folded_pattern
from searchkit.schema import clauses
from searchkit.schema.declarations import Schema, Text

Spelled = Mapping[Term | Phrase, str]
"""What was typed, by what it was read as."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """Makes nodes of words; `fields` are names of text fields of the schema, one or more."""

    schema: Schema
    analyzer_of: Callable[[str], Analyzer]

    def words(self, clause: clauses.Words, fields: Sequence[str]) -> Node:
        """Return what matches the words of a clause; Nothing if there are none.

        What one analyzer reads as a word and another as several is one thing asked for.
        """
        read = [
            (within, analyzer := self.analyzer_of(name), analyzer.analyze(clause.text))
            for name, within in self._groups(map(own_name, fields)).items()
        ]
        starts = _starts(token for *_, tokens in read for token in tokens)
        ways: list[list[Node]] = [[] for _ in starts]
        for within, analyzer, tokens in read:
            parts: dict[int, list[Node]] = {}
            for token in tokens:
                place = bisect_right(starts, token.start) - 1
                parts.setdefault(place, []).append(_word(token, clause, within, analyzer))
            for place, nodes in parts.items():
                ways[place].append(all_of(nodes))
        found = [any_of(nodes) for nodes in ways]
        if not found:
            return Nothing()
        return all_of(found) if clause.operator == "and" else any_of(found)

    def phrase(self, text: str, slop: int, fields: Sequence[str]) -> Node:
        """Return what matches words one after another; Nothing if there are none."""
        ways: list[Node] = []
        for name, within in self._groups(map(own_name, fields)).items():
            leaf = _phrase(self.analyzer_of(name).analyze(text), slop)
            if leaf is not None:
                ways.append(InFields(leaf, within))
        return any_of(ways) if ways else Nothing()

    def beginning(self, text: str, field: str) -> Node:
        """Return what matches words of which the last may go on; Nothing if there are none."""
        analyzer = self._analyzer(field)
        terms = [Term(t.term, t.form) for t in analyzer.analyze(text)]
        if not terms:
            return Nothing()
        begun: list[Leaf] = [*terms[:-1], as_spelled(Prefix(fold(terms[-1].form)), analyzer)]
        return all_of([InFields(leaf, (own_name(field),)) for leaf in begun])

    def matching(self, patterns: str, field: str) -> Node:
        """Return what matches all of some patterns, a blank apart; Nothing if there are none."""
        analyzer = self._analyzer(field)
        pieces = [folded_pattern(piece, analyzer) for piece in patterns.split()]
        leaves = [as_spelled(Wildcard(piece), analyzer) for piece in pieces if piece]
        found = [InFields(leaf, (own_name(field),)) for leaf in leaves]
        return all_of(found or [Nothing()])

    def _analyzer(self, field: str) -> Analyzer:
        (name,) = self._groups([own_name(field)])
        return self.analyzer_of(name)

    def everywhere(self, node: Node, spelled: Spelled) -> Node:
        """Return a tree that the main analyzer read, with its words as each field has them."""
        match node:
            case AllOf(children) | AnyOf(children):
                changed = tuple(self.everywhere(child, spelled) for child in children)
                return replace(node, children=changed)
            case Without(inner, excluded):
                kept = self.everywhere(inner, spelled)
                return Without(kept, self.everywhere(excluded, spelled))
            case Boosted(inner, factor):
                return Boosted(self.everywhere(inner, spelled), factor)
            case InFields(leaf, fields):
                return self._everywhere(leaf, fields, spelled)
            case Everything() | Nothing():
                return node
        return node if isinstance(node, Condition) else self._everywhere(node, (), spelled)

    def _everywhere(self, leaf: Leaf, fields: tuple[str, ...], spelled: Spelled) -> Node:
        groups, main = self._groups(fields), self.schema.main_analyzer
        read = {
            name: leaf if name == main else _read(self.analyzer_of(name), leaf, spelled)
            for name in groups
        }
        # Patterns are of forms, which all analyzers fold alike.
        same = isinstance(leaf, Pattern) and set(read.values()) == {leaf}
        if same or set(groups) == {main}:
            return InFields(leaf, fields) if fields else leaf
        ways = [InFields(found, groups[name]) for name, found in read.items() if found is not None]
        return any_of(ways) if ways else Nothing()

    def _groups(self, fields: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the text fields of the index among `fields`, all for none, by analyzer."""
        wanted = set(fields)
        groups: dict[str, tuple[str, ...]] = {}
        for name, text in self.schema.of_kind(Text).items():
            if not wanted or own_name(name) in wanted:
                groups[text.analyzer] = (*groups.get(text.analyzer, ()), own_name(name))
        return groups


def _starts(tokens: Iterable[Token]) -> list[int]:
    """Return where each stretch of a text begins that is covered by tokens which overlap."""
    starts: list[int] = []
    end = -1
    for token in sorted(tokens, key=lambda token: (token.start, token.end)):
        if token.start >= end:
            starts.append(token.start)
        end = max(end, token.end)
    return starts


def _word(token: Token, clause: clauses.Words, within: tuple[str, ...], analyzer: Analyzer) -> Node:
    form = fold(token.form)
    word: Leaf = Term(token.term, token.form)
    if clause.prefix:
        word = as_spelled(Prefix(form), analyzer)
    ways: list[Node] = [InFields(word, within)]
    if clause.fuzzy:
        ways.append(InFields(as_spelled(Fuzzy(form, clause.fuzzy), analyzer), within))
    return any_of(ways)


def _phrase(tokens: Sequence[Token], slop: int, *, exact: bool = False) -> Term | Phrase | None:
    terms = tuple(Term(token.term, token.form) for token in tokens)
    if len(terms) > 1:
        return Phrase(terms, slop, exact)
    return replace(terms[0], exact=exact) if terms else None


def _read(analyzer: Analyzer, leaf: Leaf, spelled: Spelled) -> Leaf | None:
    """Return what was typed as another analyzer has it, without synonyms; None without a word."""
    if isinstance(leaf, Synonyms):
        leaf = leaf.members[0].node
    match leaf:
        case Term(_, form, exact):
            return _phrase(analyzer.analyze(spelled.get(leaf, form)), 0, exact=exact)
        case Phrase(terms, slop, exact):
            forms = " ".join(term.form for term in terms)
            return _phrase(analyzer.analyze(spelled.get(leaf, forms)), slop, exact=exact)
        case Prefix() | Wildcard() | Fuzzy():
            return as_spelled(replace(leaf, also=()), analyzer)
    raise AssertionError("unreachable: taken apart before")
