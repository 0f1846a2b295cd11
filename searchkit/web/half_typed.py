"""Search while one types: the last word may be only the beginning of one."""

import re

from searchkit.analysis import stop_words
from searchkit.analysis.normalization import fold_value
from searchkit.errors import QueryError
from searchkit.query import parse, to_text
from searchkit.query.names import news_fields
from searchkit.query.syntax import And, Field, Or, Phrase, Required, Syntax, Wildcard, Word, Words

_LAST = re.compile(r"\w+$")


def finished(text: str) -> str:
    """Return the query `text` with its last word also taken as the beginning of others.

    In a phrase whose closing quotes are still to come, that is the last word, too. "" when there is
    nothing to finish, as after quotes or a pattern or with a stop word after other words, or when
    the query is beyond its limits.
    """
    try:
        node = _finished(parse(text).node, text)
    except QueryError:
        return ""
    return to_text(node) if node else ""


def _finished(node: Syntax, text: str) -> Syntax | None:
    match node:
        case Word(word, exact=False) if text.endswith(word):
            return _beginning(word)
        case Phrase(phrase, slop=0, exact=False) if text.endswith(phrase) and phrase:
            return _open_phrase(phrase)
        case Words((*_, Word(word, exact=False))) if fold_value(word) in stop_words():
            return None  # it need not be matched, as what begins with it would have to be
        case Words(children) | And(children) | Or(children):
            last = _finished(children[-1], text)
            return type(node)((*children[:-1], last)) if last else None
        case Field(name, inner) if name in news_fields().texts:
            held = _finished(inner, text)
            return Field(name, held) if held else None
        case Required(inner):
            held = _finished(inner, text)
            return Required(held) if held else None
    return None


def _beginning(word: str) -> Syntax | None:
    """Return what a word may be: itself, or one that begins with its last letters."""
    found = _LAST.search(word)
    if not found:
        return None
    before = word[: found.start()]
    begun: Syntax = Wildcard(f"{found[0]}*")
    return Or((Word(word), Words((Word(before), begun)) if before else begun))


def _open_phrase(phrase: str) -> Syntax | None:
    before, _, word = phrase.rpartition(" ")
    last = _beginning(word)
    return Words((Phrase(before), last)) if last and before.strip() else last
