"""Where the headline of a plain-text page stands, and what stands between it and the article."""

import re
from collections.abc import Container, Sequence

from searchkit.documents.page_bylines import longest_name, without_site
from searchkit.documents.page_captions import split_credit
from searchkit.documents.page_lines import Kind, Line, is_site
from searchkit.documents.page_words import fold, labels

LONGEST_SECTION = 3
"""Words of the name of a section that the lists do not know."""

_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_FEWEST_LONG_WORDS = 3
_OF_A_SENTENCE, _OF_A_TITLE = 0.6, 0.8
_SENTENCE_END = re.compile(r"(?<!\.)\.[\"”’')]*$")
_FARTHEST = 50
_SHORT_NAME = 2
_BETWEEN = (Kind.BYLINE, Kind.NOISE)


def headline_over(lines: Sequence[Line], start: int, listed: Container[int] = ()) -> int | None:
    """Return the line of the nearest title at or above `start`; None if there is none.

    A caption with its credit, a byline, the name of a site and the sentence below a headline are no
    title. `listed` are the lines of lists.
    """
    for number in range(start, max(start - _FARTHEST, -1), -1):
        line = lines[number]
        if number in listed or line.kind is Kind.HEADING:
            return None
        is_title = line.kind is Kind.TEXT and not split_credit(line.text, strict=True)
        person = is_bare_byline(lines, number, listed) or is_office(lines, number, listed)
        if is_title and not is_site(line.text) and not person:
            above = number - 1
            while above > 0 and _is_byline(lines, above, listed):
                above -= 1
            over = above >= 0 and above not in listed and _is_standfirst(lines[above], line)
            return above if over else number
    return None


def _is_byline(lines: Sequence[Line], number: int, listed: Container[int]) -> bool:
    return lines[number].kind is Kind.BYLINE or is_bare_byline(lines, number, listed)


def _is_standfirst(above: Line, line: Line) -> bool:
    """Return whether a line sums up the article, or says what its picture shows, below `above`."""
    if above.kind is not Kind.TEXT or split_credit(above.text, strict=True):
        return False
    if len(above.text.split()) <= LONGEST_SECTION or above.text.endswith("."):
        return False
    if is_sentence(line):
        return not above.is_prose or not above.text.endswith((".", ":"))
    return _capitals(line.text) <= _OF_A_SENTENCE and _capitals(above.text) >= _OF_A_TITLE


def is_sentence(line: Line) -> bool:
    """Return whether a line is prose with one full stop behind it, which no headline has."""
    return line.is_prose and _SENTENCE_END.search(line.text) is not None


def looks_like_headline(line: Line) -> bool:
    """Return whether a line has the capitals of a headline, and does not end as a sentence."""
    return not is_sentence(line) and _capitals(line.text) >= _OF_A_TITLE


def _capitals(text: str) -> float:
    """Return which part of the longer words of a line has a capital; 0.7 if too few are long."""
    words: list[str] = _LONG_WORD.findall(text)[1:]
    if len(words) < _FEWEST_LONG_WORDS:
        return (_OF_A_SENTENCE + _OF_A_TITLE) / 2
    capitals = [word for word in words if word[0].isupper()]
    return len(capitals) / len(words)


def is_office(lines: Sequence[Line], number: int, listed: Container[int] = ()) -> bool:
    """Return whether a line says what the person is whose name, a bare byline, stands above it."""
    first = fold(lines[number].text).partition(" ")[0]
    return labels().get(first) == "office" and is_bare_byline(lines, number - 1, listed)


def is_bare_byline(
    lines: Sequence[Line], number: int, listed: Container[int] = (), dateline: int | None = None
) -> bool:
    """Return whether a line is a byline without a label: names under a longer title.

    Between the two may stand other bylines, the same names (of a portrait), buttons, the article's
    `dateline`, its section, and above names with a date the text under the picture.
    """
    line = lines[number]
    words = longest_name(line.text) if line.kind is Kind.TEXT else 0
    if not words or len(line.text.split()) == 1:
        return False
    below = (each for each in lines[number + 1 : number + 3] if each.text != line.text)
    is_dated = next(below, line).kind is Kind.DATE
    for above in range(number - 1, max(number - _FARTHEST, -1), -1):
        title = lines[above]
        if above in listed:
            return False
        again = without_site(title.text) == without_site(line.text)
        if again or (is_dated and split_credit(title.text, strict=True)):
            continue
        if title.kind is Kind.TEXT:
            longer = len(title.text.split()) > max(LONGEST_SECTION, words)
            return longer and split_credit(title.text, strict=False) is None
        # A caption stands over a section too, but hardly any headline under that is as short.
        is_section = title.kind is Kind.SECTION and words == _SHORT_NAME
        if not (title.kind in _BETWEEN or above == dateline or is_section):
            return False
    return False
