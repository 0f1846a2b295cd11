"""From the syntax tree to the tree that engines evaluate.

Words become terms of the analyzer, fields of the language those of the index, dates seconds.
Conditions (`source:`, `list:`, `kind:`, `date:`) and negations are taken out of a list of words
first, so that they hold whatever words of it match.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from searchkit.analysis import Analyzer, Token, question_words
from searchkit.analysis.numbers import DATE_SIGNS
from searchkit.errors import QueryError
from searchkit.query import syntax, tree
from searchkit.query.conditions import (
    all_of,
    any_of,
    date_range,
    has_value,
    moments,
    number_range,
)
from searchkit.query.excluding import named_only
from searchkit.query.names import QueryFields, news_fields
from searchkit.query.patterns import Pattern
from searchkit.query.spelled import as_spelled, folded_pattern, fuzzy, pattern_of
from searchkit.query.syntax import Syntax
from searchkit.query.titles import may_be_title, titles_among
from searchkit.query.tree import (
    AnyOf,
    Condition,
    Everything,
    InFields,
    Leaf,
    Node,
    Nothing,
    Phrase,
    Term,
    Without,
)
from searchkit.values import dataclass

JAKARTA: tzinfo = ZoneInfo("Asia/Jakarta")
"""Where days begin and end unless another zone is given: that of nearly all newsrooms."""

MOST_TERMS = 200
"""Distinct words and phrases of a query."""

MOST_CONDITIONS = 10_000
"""Values and other conditions of a search; a pattern of values may stand for many."""

MOST_PATTERNS = 20
"""Distinct words with * ? or ~ in a query."""

MOST_PHRASE_WORDS = 200
"""Words of all distinct phrases of a query together: each is looked up at every place it has."""

MOST_ALL_REQUIRED = 3
"""Up to so many words and phrases, all must match."""

REQUIRED_SHARE = 0.3
"""The share of the weight, by inverse document frequency, of more words that must match."""

TITLE_WORTH = 0.2
"""What a title beside a name counts: many people have it, and pages call the same one without."""


_COUNTED = Leaf | Condition


class Quoted(NamedTuple):
    """A word or a phrase that was typed in quotes."""

    leaf: Term | Phrase


Expand = Callable[[Sequence[Term | Phrase | Quoted | Pattern]], Sequence[Leaf]]
"""Takes what stands side by side, gives what to look up in its place.

A phrase that is not `Quoted` was typed as one word. It may put `Synonyms` for one or several of
them; of none it makes none. A pattern is given by itself. Exact words are never given to it.
"""


def as_typed(leaves: Sequence[Term | Phrase | Quoted | Pattern]) -> Sequence[Leaf]:
    """Return `leaves`: the `Expand` that expands nothing."""
    return [leaf.leaf if isinstance(leaf, Quoted) else leaf for leaf in leaves]


def lower(
    node: Syntax,
    analyzer: Analyzer,
    *,
    today: date,
    zone: tzinfo = JAKARTA,
    expand: Expand = as_typed,
    relaxed: bool = False,
    fields: QueryFields | None = None,
    within: tuple[str, ...] = (),
    spelled: dict[Term | Phrase, str] | None = None,
) -> Node:
    """Return the engine tree of `node`; `Nothing()` if there is no word in it.

    `today` is what relative dates are seen from, `zone` where days begin and end. `fields` are
    those that `node` can name, those of news when not given; words that name none are looked for
    in the text fields `within`, () for all of the index. `spelled` is filled with the text of each
    word and phrase, by what it was read as: another analyzer may read it otherwise. With `relaxed`,
    one word of a list is enough; what is required, excluded, joined by AND or a condition stays.
    Raises QueryError when there are more words or patterns than the limits above.
    """
    fields = fields or news_fields()
    spelled = {} if spelled is None else spelled
    lowering = _Lowering(analyzer, today, zone, expand, relaxed, fields, spelled)
    lowered = named_only(lowering.node(node, within) or Nothing())
    parts = {n for n in tree.walk(lowered) if isinstance(n, _COUNTED)}
    found = [part for part in parts if isinstance(part, Leaf)]
    patterns = {leaf for leaf in found if _is_pattern(leaf)}
    in_phrases = sum(len(leaf.terms) for leaf in map(_bare, found) if isinstance(leaf, Phrase))
    for count, most, what in (
        (len(found), MOST_TERMS, "different words"),
        (len(parts) - len(found), MOST_CONDITIONS, "conditions"),
        (in_phrases, MOST_PHRASE_WORDS, "words in phrases"),
        (len(patterns), MOST_PATTERNS, "words with * ? or ~"),
    ):
        if count > most:
            raise QueryError(
                f"the query has {count:,} {what}; the limit is {most:,}: search for fewer of them"
            )
    return lowered


def ranked_list(
    required: Sequence[Node], others: Sequence[Node], stops: frozenset[str], *, relaxed: bool
) -> Node:
    """Return what words side by side come to: the rule of how many of them must match.

    Of `required` (`+word`) all must, and then no others. Up to MOST_ALL_REQUIRED others must all
    match; of more, and of a question, those that match must make up REQUIRED_SHARE of the weight of
    all, so that a long query is neither lost by a word of it nor answered by its commonest words.
    When relaxed, one is enough. Words of the forms `stops` count only where there is nothing else.
    """
    required_once = dict.fromkeys(required)
    others = [node for node in dict.fromkeys(others) if node not in required_once]
    question = any(_is_one_of(question_words() & stops, node) for node in others)
    telling = [node for node in others if not _is_one_of(stops, node)]
    others = telling or ([] if required_once else others)
    if len(required_once) + len(others) <= MOST_ALL_REQUIRED and not (question or relaxed):
        return all_of([*required_once, *others])
    if len(others) <= 1 and not required_once:
        return all_of(others)
    minimum, share = (0, 0.0) if required_once else (1, 0.0 if relaxed else REQUIRED_SHARE)
    anyhow = [AnyOf(tuple(others), minimum, share)] if others else []
    return all_of([*required_once, *anyhow])


def _is_one_of(words: frozenset[str], node: Node) -> bool:
    match node:
        case Term(_, form, exact):
            return not exact and form in words
        case InFields(leaf, _):
            return _is_one_of(words, leaf)
    return False


def _is_pattern(leaf: Node) -> bool:
    return isinstance(_bare(leaf), tree.Prefix | tree.Wildcard | tree.Fuzzy)


def _bare(node: Node) -> Node:
    """Return what is looked up, without its fields; a phrase for the synonyms of one."""
    match node:
        case InFields(leaf, _):
            return _bare(leaf)
        case tree.Synonyms(members):
            return members[0].node
    return node


def _excluding(node: Node, excluded: Sequence[Node]) -> Node:
    return Without(node, any_of(excluded)) if excluded else node


@dataclass(frozen=True, slots=True)
class _Lowering:
    """Lowers one query. `within` names the text fields of the index to look in, () for all.

    `titles` is whether those beside a name need not match; in a field that was named, they must.
    """

    analyzer: Analyzer
    today: date
    zone: tzinfo
    expand: Expand
    relaxed: bool
    fields: QueryFields
    spelled: dict[Term | Phrase, str]
    titles: bool = True

    def node(self, node: Syntax, within: tuple[str, ...]) -> Node | None:
        """Return the engine tree of `node`; None if there is nothing to look up in it."""
        match node:
            case syntax.All():
                return Everything()
            case syntax.Date() | syntax.DateSpan() | syntax.Numbers() | syntax.Field():
                return self._of_field(node)
            case syntax.Boosted(inner, factor):
                child = self.node(inner, within)
                return None if child is None else _boosted(child, factor)
            case syntax.Not(inner):
                excluded = self._unrelaxed(inner, within)
                return None if excluded is None else Without(Everything(), excluded)
            case syntax.And(children):
                return self._and(children, within)
            case syntax.Or(children):
                alternatives = self._each(children, within)
                return any_of(alternatives) if alternatives else None
            case syntax.Words(children):
                return self._words(children, within)
        return self._words((node,), within)

    def _of_field(
        self, node: syntax.Date | syntax.DateSpan | syntax.Numbers | syntax.Field
    ) -> Node | None:
        """Return the engine tree of what stands after the name of a field."""
        match node:
            case syntax.Field(name, inner):
                if name in self.fields.values:
                    return has_value(self.fields.values[name], inner)
                texts = self.fields.texts[name]
                if inner == syntax.All():
                    return tree.HasValue(texts)
                return replace(self, titles=False).node(inner, texts)
            case syntax.Numbers(name):
                return number_range(node, self.fields.numbers[name])
        found = date_range(node, self.today, self.zone)
        field = self.fields.moments[node.field]
        return found if field is None else moments(field, found)

    def _each(self, children: Sequence[Syntax], within: tuple[str, ...]) -> list[Node]:
        found = [self.node(child, within) for child in children]
        return [node for node in found if node is not None]

    def _unrelaxed(self, node: Syntax, within: tuple[str, ...]) -> Node | None:
        return replace(self, relaxed=False).node(node, within)

    def _and(self, children: Sequence[Syntax], within: tuple[str, ...]) -> Node | None:
        excluded = self._excluded(children, within)
        positive = self._each([c for c in children if not isinstance(c, syntax.Not)], within)
        if not positive and not excluded:
            return None
        return _excluding(all_of(positive) if positive else Everything(), excluded)

    def _excluded(self, children: Sequence[Syntax], within: tuple[str, ...]) -> list[Node]:
        negations = [child.node for child in children if isinstance(child, syntax.Not)]
        found = [self._unrelaxed(node, within) for node in negations]
        return [node for node in found if node is not None]

    def _words(self, children: Sequence[Syntax], within: tuple[str, ...]) -> Node | None:
        """Return what a list comes to: its words by `ranked_list`, its conditions, less its NOTs.

        A `*` in a list adds nothing to its words, titles beside a name only to the score.
        """
        excluded = self._excluded(children, within)
        positive = [child for child in children if not isinstance(child, syntax.Not)]
        plus = [child.node for child in positive if isinstance(child, syntax.Required)]
        others, titles = self._without_titles(
            [child for child in positive if not isinstance(child, syntax.Required)]
        )
        must, should = self._side_by_side(plus, within), self._side_by_side(others, within)
        if not (must or should or excluded):
            return None
        parts = [node for node in (*must, *should) if _is_condition(node)]
        must, should = (
            [node for node in nodes if not _is_condition(node)] for nodes in (must, should)
        )
        if must or should:
            parts.insert(
                0, ranked_list(must, should, self.analyzer.stop_words, relaxed=self.relaxed)
            )
        beside = [node for node in self._side_by_side(titles, within) if node not in must + should]
        if beside:
            parts.insert(1, tree.Boosted(AnyOf(tuple(beside), 0), TITLE_WORTH))
        parts = [node for node in parts if node != Everything()]
        return _excluding(all_of(parts) if parts else Everything(), excluded)

    def _without_titles(self, nodes: list[Syntax]) -> tuple[list[Syntax], list[Syntax]]:
        """Return the nodes without the titles beside a name, and these; both in order."""
        if not self.titles or not any(map(_may_be_title, nodes)):
            return nodes, []
        kept: list[Syntax] = []
        titles: list[Syntax] = []
        for plain, group in groupby(nodes, key=_is_plain_word):
            run = list(group)
            texts = [node.text for node in run if plain and isinstance(node, syntax.Word)]
            found = titles_among(texts, self.analyzer)
            for place, node in enumerate(run):
                (titles if place in found else kept).append(node)
        return kept, titles

    def _side_by_side(self, nodes: Sequence[Syntax], within: tuple[str, ...]) -> list[Node]:
        """Return what is to be looked up for each, in order, without what comes twice."""
        found: list[Node] = []
        for plain, run in groupby(nodes, key=_is_plain):
            if plain:
                leaves = self.expand(
                    tuple(
                        Quoted(leaf) if isinstance(node, syntax.Phrase) else leaf
                        for node in run
                        for leaf in self._leaves(node)
                    )
                )
                found.extend(_in_fields(leaf, within) for leaf in leaves)
                continue
            for node in run:
                if isinstance(node, syntax.Word | syntax.Phrase):
                    found.extend(_in_fields(leaf, within) for leaf in self._leaves(node))
                elif isinstance(node, syntax.Wildcard | syntax.Fuzzy):
                    leaves = self.expand(tuple(self._patterns(node)))
                    found.extend(_in_fields(leaf, within) for leaf in leaves)
                elif (child := self.node(node, within)) is not None:
                    found.append(child)
        return list(dict.fromkeys(found))

    def _leaves(self, node: Syntax) -> list[Term | Phrase]:
        leaves = self._read(node)
        if isinstance(node, syntax.Word | syntax.Phrase):
            self.spelled.update(dict.fromkeys(leaves, node.text))
        return leaves

    def _read(self, node: Syntax) -> list[Term | Phrase]:
        match node:
            case syntax.Word(text, exact):
                return _joined(text, self.analyzer.analyze(text), exact)
            case syntax.Phrase(text, slop, exact):
                terms = self._terms(text, exact=exact)
                if len(terms) < 2:
                    return list(terms)
                return [Phrase(tuple(replace(term, exact=False) for term in terms), slop, exact)]
        return []

    def _terms(self, text: str, *, exact: bool) -> list[Term]:
        return [Term(token.term, token.form, exact) for token in self.analyzer.analyze(text)]

    def _patterns(self, node: syntax.Wildcard | syntax.Fuzzy) -> list[Pattern]:
        if isinstance(node, syntax.Fuzzy):
            return list(fuzzy(node.text, node.edits, self.analyzer))
        pattern = folded_pattern(node.pattern, self.analyzer)
        if not any(char.isalnum() for char in pattern):
            return []
        return [as_spelled(pattern_of(pattern), self.analyzer)]


def _joined(text: str, tokens: Sequence[Token], exact: bool) -> list[Term | Phrase]:
    """Return the words of one typed word: halves of a compound and parts of a date are a phrase."""
    runs: list[list[Term]] = []
    end = 0
    for token in tokens:
        term = Term(token.term, token.form, exact)
        gap = text[end : token.start]
        inside = gap == "" or (gap in DATE_SIGNS and text[end - 1].isdigit())
        if runs and inside:
            runs[-1].append(term)
        else:
            runs.append([term])
        end = token.end
    return [
        run[0]
        if len(run) == 1
        else Phrase(tuple(replace(term, exact=False) for term in run), exact=exact)
        for run in runs
    ]


def _is_plain(node: Syntax) -> bool:
    return isinstance(node, syntax.Word | syntax.Phrase) and not node.exact


def _is_plain_word(node: Syntax) -> bool:
    return isinstance(node, syntax.Word) and not node.exact


def _may_be_title(node: Syntax) -> bool:
    return isinstance(node, syntax.Word) and may_be_title(node.text)


def _is_condition(node: Node) -> bool:
    """Whether no word in it scores, so that it counts for nothing among words."""
    return not isinstance(node, Leaf) and not any(True for _ in tree.leaves(node))


def _in_fields(leaf: Leaf, within: tuple[str, ...]) -> Leaf:
    return InFields(leaf, within) if within else leaf


def _boosted(node: Node, factor: float) -> Node:
    return node if isinstance(node, Condition) else tree.Boosted(node, factor)
