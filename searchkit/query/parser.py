"""From what a person types to a query: parsed, then lowered to the tree that engines evaluate.

The language is that of `searchkit.query.parsing`; how many words must match is decided in
`searchkit.query.lowering`.
"""

from dataclasses import field
from datetime import date, datetime, tzinfo
from functools import cache, partial

from searchkit.analysis import Analyzer
from searchkit.query.lowering import JAKARTA, MOST_TERMS, Expand, as_typed, lower
from searchkit.query.names import QueryFields
from searchkit.query.parsing import LONGEST_QUERY, Note, parse
from searchkit.query.syntax import All, Syntax
from searchkit.query.tree import Leaf, Node, Phrase, Term
from searchkit.values import dataclass

__all__ = ["LONGEST_QUERY", "MOST_TERMS", "Query", "parse_query"]


@dataclass(frozen=True, slots=True)
class Query:
    """A query: its `text` as typed, what it means to an engine, and how it was read.

    `loose` is `node` with one word of a list being enough, None where that is the same; `notes`
    say what was odd about the text.
    """

    text: str
    node: Node
    loose: Node | None = None
    syntax: Syntax = field(default_factory=All)
    notes: tuple[Note, ...] = ()

    def relaxed(self) -> "Query":
        """Return the query that any one of the words satisfies; itself where that is the same.

        What the query requires, excludes, joins by AND or sets as a condition stays.
        """
        if self.loose is None:
            return self
        return Query(self.text, self.loose, None, self.syntax, self.notes)


def parse_query(
    text: str,
    analyzer: Analyzer,
    *,
    strict: bool = False,
    today: date | None = None,
    zone: tzinfo = JAKARTA,
    expand: Expand = as_typed,
    fields: QueryFields | None = None,
    within: tuple[str, ...] = (),
    spelled: dict[Term | Phrase, str] | None = None,
) -> Query:
    """Return the query that `text` means.

    `today` is what relative dates are seen from, the present day in `zone` when not given;
    `fields`, `within` and `spelled` are those of `lower`. Raises
    QueryError when the text, its depth or the number of words in it is beyond the limits of
    `parsing` and `lowering`; with `strict`, QuerySyntaxError when it is not well-formed.
    """
    parsed = parse(text, strict=strict, fields=fields)
    today = today or datetime.now(zone).date()
    # It is lowered twice; what words are expanded to is looked up once.
    lowered = partial(
        lower,
        parsed.node,
        analyzer,
        today=today,
        zone=zone,
        expand=cache(expand),
        fields=fields,
        within=within,
        spelled=spelled,
    )
    node = lowered()
    # Of what comes to one word or phrase, nothing is left out.
    loose = node if isinstance(node, Leaf) else lowered(relaxed=True)
    return Query(text, node, None if loose == node else loose, parsed.node, parsed.notes)
