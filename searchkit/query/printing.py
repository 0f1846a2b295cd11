"""From a syntax tree back to text: the one way to write each query.

`parse(to_text(node), strict=True).node == node` for every tree in normal form.
"""

from searchkit.query.names import OPERATORS, QUOTES, field_names
from searchkit.query.scanning import FIELD_NAME, address_end
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
    Unit,
    Wildcard,
    Word,
    Words,
    units_of,
)


def to_text(node: Syntax) -> str:
    """Return the canonical text of `node`: English names, single blanks, no needless parentheses.

    What the language would read as something else is escaped by a backslash.
    """
    match node:
        case Field(name, inner):
            return f"{name}:{_held(inner)}"
        case Boosted(inner, factor):
            return f"{_boostable(inner)}^{_number(factor)}"
        case Not(inner):
            return f"NOT {_element(inner)}"
        case Required(inner):
            return f"+{_directly(inner)}"
        case Words(children):
            return " ".join(map(_element, children))
        case And(children):
            return " AND ".join(map(_element, children))
        case Or(children):
            return " OR ".join(map(_element, children))
    return _leaf(node)


def _leaf(node: Syntax) -> str:
    match node:
        case Word(text, exact):
            return f"={_escaped(_plain(text), exact=True)}" if exact else _word(text)
        case Wildcard(pattern):
            return _escaped(units_of(pattern))
        case Fuzzy(text, edits):
            return f"{_escaped(_plain(text))}~{edits}"
        case Phrase(text, slop, exact):
            quoted = "".join(f"\\{c}" if c in f"\\{QUOTES}" else c for c in text)
            return f'{"=" if exact else ""}"{quoted}"{f"~{slop}" if slop else ""}'
        case Date(text, field):
            return f"{field}:{_date(text)}"
        case DateSpan(low, high, with_low, with_high, field) | Numbers(
            field, low, high, with_low, with_high
        ):
            span = f"{_date(low) or '*'} TO {_date(high) or '*'}"
            return f"{field}:{'[' if with_low else '{'}{span}{']' if with_high else '}'}"
        case _:
            return "*"


def _in_parentheses(node: Syntax) -> str:
    return f"({to_text(node)})"


def _element(node: Syntax) -> str:
    return _in_parentheses(node) if isinstance(node, Words | And | Or) else to_text(node)


def _held(node: Syntax) -> str:
    """Return what stands after the colon of a field."""
    alone = isinstance(node, Word | Wildcard | Fuzzy | Phrase | All)
    return to_text(node) if alone else _in_parentheses(node)


def _boostable(node: Syntax) -> str:
    if isinstance(node, Wildcard | Fuzzy | Phrase | Date | DateSpan | Numbers | All):
        return to_text(node)
    if isinstance(node, Word) and (node.exact or not address_end(node.text)):
        return to_text(node)
    if isinstance(node, Field) and not (
        isinstance(node.node, Word) and not node.node.exact and address_end(node.node.text)
    ):
        return to_text(node)
    return _in_parentheses(node)


def _directly(node: Syntax) -> str:
    """Return what stands directly after a +, which is one only before a letter or a group."""
    text = _element(node)
    return text if text[0].isalpha() or text[0] in '("=' else _in_parentheses(node)


def _number(factor: float) -> str:
    return f"{factor:.3f}".rstrip("0").rstrip(".")


def _date(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _plain(text: str) -> list[Unit]:
    return [(char, False) for char in text]


def _word(text: str) -> str:
    if address_end(text) == len(text) and not set("()") & set(text):
        return text
    return _escaped(_plain(text))


def _escaped(units: list[Unit], *, exact: bool = False) -> str:
    plain = "".join(char for char, _ in units)
    marks = [False] * len(units)
    after = ""  # the next character that is no question mark
    for i in range(len(units) - 1, -1, -1):
        char, wild = units[i]
        following = plain[i + 1 : i + 2]
        if not wild:
            marks[i] = (
                char in f"\\*(){QUOTES}"
                or (char in "~^" and i > 0)
                or (char in "&|" and following == char)
                or (char == "?" and (after.isalnum() or after == "*"))
            )
        after = after if char == "?" else char
    if not units[0][1]:
        marks[0] = marks[0] or _begins_otherwise(plain, exact=exact)
    if not exact and _is_like_a_field(plain):
        marks[plain.index(":")] = True
    return "".join(
        f"\\{char}" if mark else char for (char, _), mark in zip(units, marks, strict=True)
    )


def _begins_otherwise(word: str, *, exact: bool) -> bool:
    """Whether the first character needs an escape lest it be a mark, an operator or an address."""
    if exact:
        return not word[0].isalnum()
    following = word[1:2]
    if word[0] in "+-!=" and following and (word[0] == "=" or not following.isdecimal()):
        return True
    return word in OPERATORS or address_end(word) > 0


def _is_like_a_field(word: str) -> bool:
    match = FIELD_NAME.match(word)
    if not match:
        return False
    value = word[match.end() :]
    return match[1].lower() in field_names() or not (value == "" or value.startswith("//"))
