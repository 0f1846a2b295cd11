"""What stands in a text without being of it: a summary above it, its author's biography below."""

import re
from collections.abc import Sequence
from itertools import takewhile

from searchkit.documents.page_lines import Kind, Line
from searchkit.documents.page_words import fold, labels, noise_class

_POINT = re.compile(r"(?:[-–*•‣▪]|\d[.)])\s")
_MOST_POINTS = 8
_MOST_OF_A_BIOGRAPHY = 3
_FEWEST_PARAGRAPHS = 3
_MARK = re.compile(r"[*(]")
_IS_ONE = re.compile(r"(?:adalah|merupakan|is an?|is the)\b")
_OF_WRITER = re.compile(rf"(?:penulis|(?:the )?(?:writer|author)) {_IS_ONE.pattern}")
_MOST_TITLES = 2  # Prof. Dr. Rina Ayu


def end_of_summary(lines: Sequence[Line], label: int) -> int:
    """Return the last line of the summary below the heading in line `label`; that line if none.

    It ends with a line that says who made it, or else with the last in a row of its points, which
    are marked or no sentences. What has no sentence below it is the text itself.
    """
    below = range(label + 1, min(label + 1 + _MOST_POINTS, len(lines)))
    told = (at for at in below if noise_class(fold(lines[at].text)) == "machine")
    end = next(told, label)
    if end == label:
        end += sum(1 for _ in takewhile(lambda at: _is_point(lines[at]), below))
    return end if any(line.is_prose for line in lines[end + 1 : end + 1 + _MOST_POINTS]) else label


def _is_point(line: Line) -> bool:
    return _POINT.match(line.text) is not None or (line.kind is Kind.TEXT and not line.is_prose)


def without_biography(body: Sequence[str], writer: str) -> tuple[str, ...]:
    """Return the paragraphs without what the last of them say of the `writer` ("" if unknown).

    That begins below `Tentang Penulis`, with `Penulis adalah` or with the name: `Rina Ayu adalah`.
    """
    first = max(len(body) - _MOST_OF_A_BIOGRAPHY, _FEWEST_PARAGRAPHS - 1)
    for at in range(first, len(body)):
        if _is_biography(body[at], writer):
            return tuple(body[:at])
    return tuple(body)


def _is_biography(text: str, writer: str) -> bool:
    folded = fold(text)
    if labels().get(folded) == "biography":
        return True
    before, known, behind = folded.partition(f"{fold(writer)} ") if writer else ("", "", "")
    marked = _MARK.match(text) is not None or _IS_ONE.match(behind) is not None
    titled = known != "" and len(before.split()) <= _MOST_TITLES
    return (titled and marked) or _OF_WRITER.match(folded) is not None
