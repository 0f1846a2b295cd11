"""The words of a query as they were typed, by which it is corrected."""

from collections.abc import Iterator

from searchkit.analysis import Analyzer, Token
from searchkit.query.names import QueryFields, news_fields
from searchkit.query.scanning import Scanner
from searchkit.query.syntax import Phrase, Word


def typed_words(text: str, analyzer: Analyzer, fields: QueryFields | None = None) -> list[Token]:
    """Return the tokens of a query that are words to be found, with their offsets in `text`.

    Not those of names and values of fields, patterns, exact words, and of what is excluded.
    `fields` are those that the query can name, those of news when not given.
    """
    spans = list(_spans(text, fields or news_fields()))
    return [
        token
        for token in analyzer.analyze(text)
        if any(start <= token.start and token.end <= end for start, end in spans)
    ]


def _spans(text: str, fields: QueryFields) -> Iterator[tuple[int, int]]:
    """Yield where the plain words and phrases of a query are."""
    depth = 0
    passed_over: int | None = None  # the depth of the group that is passed over
    pass_next = False
    for token in Scanner(text, lambda _position, _message: None, fields).tokens():
        match token.kind:
            case "(":
                depth += 1
                if pass_next and passed_over is None:
                    passed_over = depth
                pass_next = False
            case ")":
                if passed_over == depth:
                    passed_over = None
                depth = max(0, depth - 1)
            case "NOT":
                pass_next = True
            case "FIELD" if token.value in fields.values:
                pass_next = True
            case "OPERAND":
                plain = isinstance(token.value, Word | Phrase) and not token.value.exact
                if plain and not pass_next and passed_over is None:
                    yield token.start, token.end
                pass_next = False
