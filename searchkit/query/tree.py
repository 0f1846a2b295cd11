"""The engine-neutral form of a query: what must match, in terms of the analyzer.

    Node = Leaf | Unscored | AllOf | AnyOf | Without | Boosted
    Leaf = Term | Phrase | Synonyms | Prefix | Wildcard | Fuzzy | InFields     words: they score
    Unscored = Everything | Nothing | Condition                                they do not
    Condition = KeywordFilter | HasValue | DateRange | NumberRange

`Term`, `Phrase`, `Synonyms`, `AllOf` and `AnyOf` are all that words and quotes come to; the others
come from operators, fields and patterns only.
"""

from collections.abc import Iterator

from searchkit.values import dataclass

MOST_EXPANSIONS = 100
"""Forms of an index that a pattern stands for: the most frequent ones, equals by alphabet."""


HIGHEST_BOOST = 1e30
"""What boosts within boosts come to at most: it fits into a score, with room for sums."""

HIGHEST_FACTOR = 1e6
"""What one boost multiplies by at most."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Matches no document: what is left of a query without a word in it."""


@dataclass(frozen=True, slots=True)
class Term:
    """Matches documents holding a word of stem `term`; `form` is the word's folded spelling.

    Documents that hold the very form rank above those that hold another word of the stem; with
    `exact` they alone match.
    """

    term: str
    form: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Matches documents holding words of these stems one after another in one field.

    Up to `slop` other words may stand among them, counted over the whole phrase; the order is kept.
    With `exact` the words must have these forms.
    """

    terms: tuple[Term, ...]
    slop: int = 0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """Matches documents holding a word whose folded form begins so, up to MOST_EXPANSIONS forms.

    So does what is in `also`: words that are spelled so, but that the index has by other forms;
    they are exact.
    """

    form: str
    also: tuple["Synonym", ...] = ()


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Matches documents holding a word whose whole folded form fits, up to MOST_EXPANSIONS forms.

    In `pattern`, `*` is any run of characters, also none, and `?` any one; forms hold neither.
    `also` is that of `Prefix`.
    """

    pattern: str
    also: tuple["Synonym", ...] = ()


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Matches documents holding a word whose folded form is `edits` edits away at most.

    An edit is one character added, left out or changed, or two neighbours changing places; forms
    nearer to `form` are taken first, up to MOST_EXPANSIONS, and count for more. `also` is that of
    `Prefix`.
    """

    form: str
    edits: int
    also: tuple["Synonym", ...] = ()


@dataclass(frozen=True, slots=True)
class Synonym:
    """One way to say a thing: a word or a phrase, the rule that brought it in, what it is worth.

    `rule` is "typed" for what the query itself says, else the name of the list it comes from, such
    as "abbreviation"; `weight` (0 to 1) is what an occurrence counts beside a typed one.
    """

    node: Term | Phrase
    rule: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Matches documents holding any of `members`, the typed one first, as if all were one word.

    Their occurrences are added up, so that a document which uses two of them is no better for it
    than one which uses one of them twice.
    """

    members: tuple[Synonym, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Matches documents that match every child."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Matches documents that match at least `minimum` children; the scores of those add up.

    Those children must also make up `share` (0 to 1) of the weight of all, by inverse document
    frequency, so that rare words cannot be missing where only common ones are left. With a minimum
    and a share of 0 every document matches, and the children only add to its score.
    """

    children: tuple["Node", ...]
    minimum: int = 1
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class InFields:
    """Matches documents holding `leaf` in one of these text fields, and scores it there only."""

    leaf: "Leaf"
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Matches documents that match `node` and do not match `excluded`, with the score of `node`."""

    node: "Node"
    excluded: "Node"


@dataclass(frozen=True, slots=True)
class Boosted:
    """Matches what `node` matches, with `factor` times its score; a factor of 0 scores nothing."""

    node: "Node"
    factor: float


@dataclass(frozen=True, slots=True)
class KeywordFilter:
    """Matches documents with `value`, case folded, in a keyword field; it does not score."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class HasValue:
    """Matches documents with a word or value in any of these text and keyword fields, unscored."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Matches documents dated `start` or later and before `end`; it does not score.

    Both are seconds since 1970, None where the range is open. Undated documents never match.
    """

    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Matches documents with a number from `low` to `high` in a number field; it does not score.

    Both are included, None where the range is open. Documents without a number never match.
    """

    field: str
    low: int | None
    high: int | None


Leaf = Term | Phrase | Synonyms | Prefix | Wildcard | Fuzzy | InFields
Condition = KeywordFilter | HasValue | DateRange | NumberRange
Unscored = Everything | Nothing | Condition
Node = Leaf | Unscored | AllOf | AnyOf | Without | Boosted


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and the nodes below it, also excluded ones, down to leaves and conditions."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case AllOf() | AnyOf():
                waiting += reversed(node.children)
            case Boosted():
                waiting.append(node.node)
            case Without():
                waiting += (node.excluded, node.node)


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a query from left to right, but for what it excludes."""
    match node:
        case _ if isinstance(node, Unscored):
            return
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from leaves(child)
        case Without(inner, _) | Boosted(inner, _):
            yield from leaves(inner)
        case _:
            yield node


def boosts(node: Node) -> dict[Leaf, float]:
    """Return the leaves that are not excluded, in order, with what each is multiplied by.

    That is the product of the boosts around it, up to HIGHEST_BOOST; of several, the highest.
    """
    highest: dict[Leaf, float] = {}
    for leaf, boost in _boosted(node, 1.0):
        highest[leaf] = max(boost, highest.get(leaf, 0.0))
    return highest


def _boosted(node: Node, boost: float) -> Iterator[tuple[Leaf, float]]:
    match node:
        case _ if isinstance(node, Unscored):
            return
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _boosted(child, boost)
        case Without(inner, _):
            yield from _boosted(inner, boost)
        case Boosted(inner, factor):
            yield from _boosted(inner, min(boost * factor, HIGHEST_BOOST))
        case _:
            yield node, boost


def distinct_leaves(node: Node) -> list[Leaf]:
    """Return the leaves of a query as `leaves` does, each once."""
    return list(dict.fromkeys(leaves(node)))


def terms_of(node: Term | Phrase) -> tuple[Term, ...]:
    """Return the words of a phrase in order, or a word as the only one."""
    return node.terms if isinstance(node, Phrase) else (node,)


def typed_terms(leaf: Leaf) -> tuple[Term, ...]:
    """Return the words of a leaf as they were typed, without other ways; () for a pattern."""
    match leaf:
        case InFields(inner, _):
            return typed_terms(inner)
        case Synonyms(members):
            return terms_of(members[0].node)
        case Term() | Phrase():
            return terms_of(leaf)
    return ()


def is_number(leaf: Leaf) -> bool:
    """Return whether a leaf was typed as a number, or as what begins with one: 340, 1,5, 3-0."""
    return typed_form(leaf)[:1].isdecimal()


def typed_form(leaf: Leaf) -> str:
    """Return a leaf as it was typed, folded; patterns with their marks."""
    match leaf:
        case Term(_, form):
            return form
        case Phrase(terms):
            return " ".join(term.form for term in terms)
        case Synonyms(members):
            return typed_form(members[0].node)
        case InFields(inner, _):
            return typed_form(inner)
        case Prefix(form):
            return f"{form}*"
        case Wildcard(pattern):
            return pattern
        case Fuzzy(form, edits):
            return f"{form}~{edits}"
