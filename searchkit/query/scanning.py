"""The first half of parsing: the marks, operators and operands of a query, from left to right.

Every character is looked at a bounded number of times, so that time is linear in the text.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from searchkit.query.names import OPERATORS, QUOTES, QueryFields, news_fields
from searchkit.query.syntax import (
    All,
    Date,
    DateSpan,
    Fuzzy,
    Numbers,
    Phrase,
    Syntax,
    Unit,
    Wildcard,
    Word,
)

MOST_EDITS = 2
"""Letters in which a fuzzy match may differ."""

MOST_SLOP = 100
"""Words that may stand between those of a phrase."""

MOST_BOOST = 100
"""The highest factor of a boost."""

_END = rf"[\s(){QUOTES}]|&&|\|\||\Z"
_FUZZ = re.compile(rf"~([0-9.]{{0,9}})(?=\^|{_END})")
_BOOST = re.compile(rf"\^([0-9]{{1,9}}(?:\.[0-9]{{0,9}})?|\.[0-9]{{1,9}})(?={_END})")
_NO_BOOST = re.compile(rf"\^[-+]?[0-9.,]{{0,99}}(?={_END})")
_STRAY = re.compile(r"(?<!\\)\^")
FIELD_NAME = re.compile(r"([^\W\d_]{1,30}):")
_OWN_FIELD_NAME = re.compile(r"([^\W\d_]\w{0,63}):")
_ADDRESS = re.compile(rf"https?://[^\s{QUOTES}]{{1,2000}}", re.IGNORECASE)
_SUFFIX = re.compile(r"-(?:nya|lah|kah|tah|pun|ku|mu|kan|an|i)(?!\w)")
_QUESTIONS = re.compile(r"\?+")
_OPERATOR = re.compile(rf"(?:&&|\|\||(?:AND|DAN|OR|ATAU|NOT|BUKAN)(?={_END}))")
_ENGLISH_OPERATOR = re.compile(rf"(?:&&|\|\||(?:AND|OR|NOT)(?={_END}))")
"""In a headline pasted in capitals, DAN and BUKAN are its words."""
_LOWER_CASE = re.compile(r"[a-z]")
_LONG_WORD = re.compile(r"[A-Z]{6}")
_LEAST_WORDS = 6
_FACTOR = f"^ takes a factor from 0 to {MOST_BOOST}, as in kata^2; as text it is \\^"
_PREFIXED = re.compile(rf"[^\W\d_]|[({QUOTES}]|[*?#@'‘’`\[\\]+\w")
"""What a + - or ! belongs to: a word, a group or a phrase, whatever a word begins with."""


class Token(NamedTuple):
    """A part of a query: `kind` is a mark or an operator, or names what `value` is.

    Kinds are ( ) AND OR NOT, + (with what follows it directly), FIELD (value: the name), BOOST
    (value: the factor; of what stands directly before it) and OPERAND (value: the node).
    """

    kind: str
    start: int
    end: int
    value: str | float | Syntax = ""


class Scanner:
    """Takes a query apart; `complain(position, message)` is told of what is not well-formed."""

    def __init__(
        self,
        text: str,
        complain: Callable[[int, str], None],
        fields: QueryFields | None = None,
    ) -> None:
        self._text = text
        self._fields = fields or news_fields()
        self._field_name = _OWN_FIELD_NAME if self._fields.has_digits else FIELD_NAME
        self._complain = complain
        self._operator = _ENGLISH_OPERATOR if _is_headline(text) else _OPERATOR
        self._at = 0
        self._after = ""  # "prefix" or "field" directly after one, else ""

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens in order. FIELD and + are always followed by an OPERAND or a (."""
        text = self._text
        while self._at < len(text):
            if text[self._at].isspace():
                self._at += 1
                continue
            start = self._at
            token = self._next(start)
            self._at = token.end
            prefix = token.kind == "+" or (token.kind == "NOT" and text[start] in "-!")
            self._after = "prefix" if prefix else "field" if token.kind == "FIELD" else ""
            yield token
            if token.kind in ("OPERAND", ")") and text.startswith("^", token.end):
                yield from self._boosts(token.end)

    def _next(self, i: int) -> Token:
        char = self._text[i]
        if char in "()":
            return Token(char, i, i + 1)
        if char in QUOTES:
            return self._phrase(i, i, exact=False)
        if char == "=" and self._begins_exact(i):
            if self._text[i + 1] in QUOTES:
                return self._phrase(i, i + 1, exact=True)
            return self._word(i, i + 1, exact=True)
        if not self._after:
            if char in "+-!" and self._is_prefix(i):
                return Token("+" if char == "+" else "NOT", i, i + 1)
            if match := self._operator.match(self._text, i):
                return Token(OPERATORS[match[0]], i, match.end())
        return self._field(i) or self._word(i, i, exact=False)

    def _begins_exact(self, i: int) -> bool:
        following = self._text[i + 1 : i + 3]
        if following[:1] == "\\":
            return not following[1:].isspace() and len(following) == 2
        return following[:1].isalnum() or (following != "" and following[0] in QUOTES)

    def _is_prefix(self, i: int) -> bool:
        """Whether the + - ! here belongs to what follows: not in `Rusia-Ukraina`, `-5`, `-nya`."""
        text = self._text
        if i and not (text[i - 1].isspace() or text[i - 1] in "(&|"):
            return False
        if _SUFFIX.match(text, i):
            return False
        if text.startswith("=", i + 1):
            return self._begins_exact(i + 1)
        return _PREFIXED.match(text, i + 1) is not None

    def _phrase(self, start: int, i: int, *, exact: bool) -> Token:
        text, pieces, opened = self._text, [], i
        i += 1
        while i < len(text) and text[i] not in QUOTES:
            if text[i] == "\\" and i + 1 < len(text) and text[i + 1] in f"\\{QUOTES}":
                i += 1
            pieces.append(text[i])
            i += 1
        if i == len(text):
            self._complain(opened, "these quotes are not closed; put quotes after the last word")
        end, slop = min(i + 1, len(text)), 0
        if match := _FUZZ.match(text, end):
            slop, end = self._slop(match), match.end()
        return Token("OPERAND", start, end, Phrase("".join(pieces), slop, exact))

    def _slop(self, match: re.Match[str]) -> int:
        if not match[1].isdecimal():
            self._complain(match.start(), 'after quotes, ~ takes a whole number, as in "a b"~3')
            return 0
        if int(match[1]) > MOST_SLOP:
            self._complain(match.start(), f"the words of a phrase may be {MOST_SLOP} apart at most")
        return min(int(match[1]), MOST_SLOP)

    def _edits(self, match: re.Match[str]) -> int:
        if match[1] in ("", "0", "1", "2"):
            return int(match[1] or 1)
        self._complain(match.start(), "after a word, ~ takes 1 or 2: how many letters may differ")
        return MOST_EDITS if match[1].isdecimal() else 1

    def _boosts(self, i: int) -> Iterator[Token]:
        """Yield the boost at `i`, where a ^ stands; none if it has no factor."""
        if match := _BOOST.match(self._text, i):
            self._at = match.end()
            yield Token("BOOST", i, match.end(), self._factor(match))
            return
        self._complain(i, _FACTOR)
        if match := _NO_BOOST.match(self._text, i):
            self._at = match.end()

    def _factor(self, match: re.Match[str]) -> float:
        factor = float(match[1])
        if factor > MOST_BOOST:
            self._complain(match.start(), f"^ takes a factor of {MOST_BOOST} at most")
        return min(factor, MOST_BOOST)

    def _field(self, i: int) -> Token | None:
        """Return a field's name, or a date; None where the text is a word like any other."""
        text = self._text
        match = None if self._after == "field" else self._field_name.match(text, i)
        if not match or _ADDRESS.match(text, i):
            return None
        name, end = self._fields.spellings.get(match[1].lower()), match.end()
        empty = end == len(text) or text[end].isspace() or text[end] in ")"
        if name is None:
            if not (empty or text.startswith("//", end) or _ends_word(text, end)):
                self._complain(
                    i, f"there is no field {match[1]!r}; for the text, put a \\ before the colon"
                )
            return None
        if empty or text.startswith(("&&", "||"), end):
            self._complain(i, f"{match[0]} needs something directly after the colon")
            return None
        if name in self._fields.moments or name in self._fields.numbers:
            return self._values(i, end, name)
        return Token("FIELD", i, end, name)

    def _values(self, start: int, i: int, name: str) -> Token | None:
        """Return the dates or numbers at `i`, after a field's name; None where there are none."""
        # Imported late, as all that has to do with dates: most queries have none.
        from searchkit.query.spans import is_date, span_at

        text = self._text
        if number := self._fields.numbers.get(name):
            if span := span_at(text, i, lambda value: number.read(value) is not None):
                return Token("OPERAND", start, span.stop, Numbers(name, *span.ends))
            shown = text[start:i]
            self._complain(start, f"{shown} takes numbers; write 100, >=100 or [100 TO 200]")
            return None
        if span := span_at(text, i, is_date):
            dates = DateSpan(*span.ends, field=name)
            node = Date(dates.low, name) if span.single and dates.low else dates
            return Token("OPERAND", start, span.stop, node)
        self._complain(
            start, "this is no date; write 2024, 2024-06, 2024-06-03 or [2024-01 TO 2024-06]"
        )
        return None

    def _word(self, start: int, i: int, *, exact: bool) -> Token:
        text = self._text
        if not exact and (address := _ADDRESS.match(text, i)):
            end = _balanced_end(text, i, address.end())
            return Token("OPERAND", start, end, Word(text[i:end]))
        units, end = _units(text, i)
        if stray := _STRAY.search(text, i + 1, end):
            self._complain(stray.start(), _FACTOR)
        if match := (_FUZZ.match(text, end) if end > i else None):
            wild = any(is_wild for _, is_wild in units)
            if wild or exact:
                self._complain(end, "~ cannot be had together with * ? or =")
            elif edits := self._edits(match):
                node = Fuzzy("".join(char for char, _ in units), edits)
                return Token("OPERAND", start, match.end(), node)
            end = match.end()
        return Token("OPERAND", start, end, _word_or_pattern(units, exact=exact))


def _is_headline(text: str) -> bool:
    """Return whether a query is in capitals for being a headline: many words, not abbreviations."""
    if _LOWER_CASE.search(text) or not _LONG_WORD.search(text):
        return False
    return len(text.split()) >= _LEAST_WORDS and not any(char in f"(){QUOTES}" for char in text)


def _units(text: str, start: int) -> tuple[list[Unit], int]:
    """Return the characters of the word at `start`, escapes resolved, and where it ends."""
    units: list[Unit] = []
    i = start
    while i < len(text):
        char = text[i]
        if i > start and _ends_word(text, i):
            break
        if char == "\\" and _escapes(text, i, start):
            units.append((text[i + 1], False))
            i += 2
        elif char == "?":
            run = _QUESTIONS.match(text, i)
            assert run is not None, "a question mark stands here"
            following = text[run.end() : run.end() + 1]
            units += [("?", following.isalnum() or following == "*")] * len(run[0])
            i = run.end()
        else:
            units.append((char, char == "*"))
            i += 1
    return units, i


def _ends_word(text: str, i: int) -> bool:
    char = text[i]
    if char in "~^":
        return any(pattern.match(text, i) for pattern in (_FUZZ, _BOOST, _NO_BOOST))
    return char.isspace() or char in f"(){QUOTES}" or text.startswith(("&&", "||"), i)


def _escapes(text: str, i: int, start: int) -> bool:
    """Whether the backslash here makes plain what follows: a mark, or the first letter of a word.

    Before a blank, at the end and inside a word (`C:\\berkas`) it is a character like any other.
    """
    following = text[i + 1 : i + 2]
    return following != "" and not following.isspace() and (i == start or not following.isalnum())


def _word_or_pattern(units: list[Unit], *, exact: bool) -> Syntax:
    plain = "".join(char for char, _ in units)
    if exact or not any(is_wild for _, is_wild in units):
        return Word(plain, exact)
    if all(unit == ("*", True) for unit in units):
        return All()
    if not any(char.isalnum() for char in plain):
        return Word(plain)
    pieces: list[str] = []
    for char, is_wild in units:
        if not (is_wild and char == "*" and pieces[-1:] == ["*"]):
            pieces.append(char if is_wild or char not in "*?\\" else f"\\{char}")
    return Wildcard("".join(pieces))


def address_end(text: str) -> int:
    """Return where the web address that `text` begins with ends; 0 if it begins with none."""
    match = _ADDRESS.match(text)
    return _balanced_end(text, 0, match.end()) if match else 0


def _balanced_end(text: str, start: int, end: int) -> int:
    """Return the end of an address without closing parentheses that were not opened in it."""
    depth = 0
    for i in range(start, end):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth < 0:
            return i
    return end
