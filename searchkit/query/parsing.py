"""From what a person types to a syntax tree.

    query    = list (operator list)*        AND binds tighter than OR
    list     = element element*             side by side: should all match
    element  = (NOT | - | ! | +)* primary
    primary  = [field:] (word | "phrase" | "(" query ")") [^factor]

Nothing that is typed is refused, within the limits below: what is not well-formed is read as what
it most likely means, and a note says where. The language is described in `docs/query-language.md`.
"""

from collections.abc import Callable

from searchkit.arguments import check_flag, check_text
from searchkit.errors import QueryError, QuerySyntaxError
from searchkit.query.names import QueryFields, Values, news_fields
from searchkit.query.scanning import Scanner, Token
from searchkit.query.syntax import (
    All,
    And,
    Boosted,
    Date,
    DateSpan,
    Field,
    Fuzzy,
    Not,
    Numbers,
    Or,
    Phrase,
    Required,
    Syntax,
    Wildcard,
    Word,
    Words,
    bare,
    boosted,
    joined,
    negated,
    required,
)
from searchkit.values import dataclass

LONGEST_QUERY = 10_000
"""Characters of a query."""

DEEPEST_QUERY = 30
"""Parentheses within one another."""


@dataclass(frozen=True, slots=True)
class Note:
    """What was odd about a query, and where: an offset into its text, from 0."""

    position: int
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as typed: its text, its tree, and what was odd about it, in order of the text."""

    text: str
    node: Syntax
    notes: tuple[Note, ...] = ()


def parse(text: str, *, strict: bool = False, fields: QueryFields | None = None) -> Parsed:
    """Return the syntax tree of `text`; `All()` for one without anything in it.

    `fields` are those that it can name, those of news when not given. Raises QueryError when the
    text is longer, or its parentheses are deeper, than the limits above. With `strict`, what would
    be a note otherwise raises QuerySyntaxError. Linear in the text.
    """
    check_text("text", text)
    check_flag("strict", strict)
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"the query has {len(text):,} characters; the limit is {LONGEST_QUERY:,}: "
            "search for a few words of it"
        )
    notes: list[Note] = []

    def complain(position: int, message: str) -> None:
        if strict:
            raise QuerySyntaxError(message, text, position)
        notes.append(Note(position, message))

    fields = fields or news_fields()
    tokens = list(Scanner(text, complain, fields).tokens())
    node = _Parser(text, tokens, complain, fields).query()
    return Parsed(text, node, tuple(sorted(set(notes), key=lambda n: (n.position, n.message))))


class _Parser:
    """Puts the tokens of a query together, by recursive descent."""

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        complain: Callable[[int, str], None],
        fields: QueryFields,
    ) -> None:
        self._text = text
        self._fields = fields
        self._tokens = tokens
        self._complain = complain
        self._at = 0
        self._depth = 0

    def query(self) -> Syntax:
        node = self._either() or self._operators_as_words() or All()
        return bare(node)

    def _operators_as_words(self) -> Syntax | None:
        """Return what was typed where it is nothing but operators: `BUKAN` alone is a word."""
        plain = [self._text[t.start : t.end] for t in self._tokens if t.kind not in ("(", ")")]
        return joined(Words, [Word(word) for word in plain])

    def _kind(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self) -> Syntax | None:
        return self._chain("OR", Or, self._both)

    def _both(self) -> Syntax | None:
        return self._chain("AND", And, self._list)

    def _chain(
        self, operator: str, kind: type[And] | type[Or], part: Callable[[], Syntax | None]
    ) -> Syntax | None:
        latest = part()
        nodes = [latest]
        while self._kind() == operator:
            token = self._take()
            following = part()
            if latest is None or following is None:
                typed = self._text[token.start : token.end]
                self._complain(token.start, f"{typed} needs something to find on both sides")
            latest = following
            nodes.append(latest)
        return joined(kind, [node for node in nodes if node is not None])

    def _list(self) -> Syntax | None:
        nodes: list[Syntax] = []
        while self._kind() not in ("", "AND", "OR"):
            if self._kind() == ")" and self._depth:
                break
            if self._kind() in (")", "BOOST"):
                token = self._take()
                if token.kind == ")":
                    self._complain(token.start, "this parenthesis closes nothing")
            elif (node := self._element()) is not None:
                nodes.append(node)
        return joined(Words, nodes)

    def _element(self) -> Syntax | None:
        negative = plus = False
        first = self._tokens[self._at]
        while self._kind() in ("NOT", "+"):
            if self._take().kind == "NOT":
                negative = not negative
            else:
                plus = True
        if self._kind() in ("", "AND", "OR", ")"):
            typed = self._text[first.start : first.end]
            self._complain(first.start, f"{typed} needs something after it")
            return None
        node = self._boosted()
        if node is None:
            return None
        if negative:
            return negated(node)
        return required(node) if plus else node

    def _boosted(self) -> Syntax | None:
        node = self._primary()
        while self._kind() == "BOOST":
            factor = self._take().value
            if node is not None and isinstance(factor, float | int):
                node = boosted(node, factor)
        return node

    def _primary(self) -> Syntax | None:
        token = self._take()
        match token.kind, token.value:
            case "FIELD", str(name):
                node = self._primary()
                return None if node is None else self._in_field(name, bare(node), token)
            case "(", _:
                return self._group(token)
            case _, str() | float() | int():
                return None
            case _, node:
                return node

    def _group(self, opening: Token) -> Syntax | None:
        if self._depth == DEEPEST_QUERY:
            raise QueryError(
                f"the query has parentheses more than {DEEPEST_QUERY} deep: leave some out"
            )
        self._depth += 1
        first = self._at
        node = self._either()
        self._depth -= 1
        empty = self._at == first
        if self._kind() == ")":
            self._take()
            if empty:
                self._complain(opening.start, "there is nothing in these parentheses")
        else:
            self._complain(opening.start, "this parenthesis is not closed; put a ) after the group")
        return node

    def _in_field(self, name: str, node: Syntax, token: Token) -> Syntax:
        values = self._fields.values.get(name)
        if values is None:
            return Field(name, node)
        if not _is_of_values(node, patterns=values.matching is not None):
            self._complain(token.start, f"{name}: takes whole values, no patterns or other fields")
            return node
        if values.choices and (unknown := _unknown_value(node, values)):
            choices = " and ".join(map(repr, values.choices))
            self._complain(token.start, f"there is no {name} {unknown!r}; there are {choices}")
            return node
        return Field(name, node)


def _is_of_values(node: Syntax, *, patterns: bool) -> bool:
    match node:
        case Word() | All():
            return True
        case Wildcard():
            return patterns
        case Phrase(_, slop):
            return slop == 0
        case Words(children) | And(children) | Or(children):
            return all(_is_of_values(child, patterns=patterns) for child in children)
        case Not(inner) | Required(inner) | Boosted(inner, _):
            return _is_of_values(inner, patterns=patterns)
        case Fuzzy() | Date() | DateSpan() | Numbers() | Field():
            return False


def _unknown_value(node: Syntax, values: Values) -> str:
    """Return the first value in `node` that a field does not have; "" if it has all."""
    match node:
        case Word(text) | Phrase(text):
            return "" if values.read(text) in values.choices else text or " "
        case Words(children) | And(children) | Or(children):
            return next(filter(None, (_unknown_value(child, values) for child in children)), "")
        case Not(inner) | Required(inner) | Boosted(inner, _):
            return _unknown_value(inner, values)
        case _:
            return ""
