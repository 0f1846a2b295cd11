"""From what a person types to a query tree.

Words are looked up by stem; words in double quotes are a phrase. All of up to three words and
phrases must match. Of more, and of a question, those that match must make up a share of the query's
weight, so that a long query is not lost by a word of it, nor answered by its commonest words.
A quote that is not closed closes at the end. Stop words count inside a phrase and, alone, as words;
beside other words they are passed over. `*` or nothing asks for every document.
"""

import re
from dataclasses import dataclass

from searchkit.analysis import Analyzer, question_words, stop_words
from searchkit.errors import QueryError
from searchkit.query.tree import AllOf, AnyOf, Everything, Node, Nothing, Phrase, Term

LONGEST_QUERY = 10_000
"""Characters of a query."""

MOST_TERMS = 200
"""Distinct words and phrases of a query."""

MOST_ALL_REQUIRED = 3
"""Up to so many words and phrases, all must match."""

REQUIRED_SHARE = 0.3
"""The share of the weight, by inverse document frequency, of more words that must match."""

_PART = re.compile(r'["“”„«»]([^"“”„«»]*)(?:["“”„«»]|$)|([^"“”„«»]+)')


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: its `text` as typed and the tree that it means."""

    text: str
    node: Node

    def relaxed(self) -> "Query":
        """Return the query that any one of the words satisfies."""
        if isinstance(self.node, AllOf | AnyOf):
            return Query(self.text, AnyOf(self.node.children))
        return self


def parse_query(text: str, analyzer: Analyzer) -> Query:
    """Return the query that `text` means.

    Raises QueryError when the text or the number of words in it is beyond the limits above.
    """
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"the query has {len(text):,} characters; the limit is {LONGEST_QUERY:,}: "
            "search for a few words of it"
        )
    if text.strip() in ("", "*"):
        return Query(text, Everything())
    children: list[Node] = []
    for phrase, words in _PART.findall(text):
        terms = [Term(token.term, token.form) for token in analyzer.analyze(phrase or words)]
        if phrase and len(terms) > 1:
            children.append(Phrase(tuple(terms)))
        else:
            children.extend(terms)
    children = list(dict.fromkeys(children))
    if len(children) > MOST_TERMS:
        raise QueryError(
            f"the query has {len(children):,} different words; the limit is {MOST_TERMS}: "
            "search for fewer of them"
        )
    asked = any(isinstance(child, Term) and child.form in question_words() for child in children)
    return Query(text, _combined(_without_stop_words(children), asked))


def _without_stop_words(children: list[Node]) -> list[Node]:
    stopped = stop_words()
    telling = [c for c in children if not (isinstance(c, Term) and c.form in stopped)]
    return telling or children


def _combined(children: list[Node], question: bool) -> Node:
    match len(children):
        case 0:
            return Nothing()
        case 1:
            return children[0]
        case count if count <= MOST_ALL_REQUIRED and not question:
            return AllOf(tuple(children))
    return AnyOf(tuple(children), share=REQUIRED_SHARE)
