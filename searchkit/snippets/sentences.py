"""Where sentences end, so that a fragment can begin and end there."""

import re
from collections.abc import Iterator
from functools import cache

from searchkit.shipped import shipped_lines

# A run of stops is looked at from its first one only, so that time is linear in the text. That a
# set of characters comes first lets `re` skip all others at once. Where no blank follows, that is
# where paragraphs were put together, a straight quotation mark nearly always opens a quotation.
_STOP = re.compile(
    r"[.!?…\n](?:(?<=\n)\s*+|(?<![.!?…][.!?…])([.!?…]*+)"
    r"(?:([\"'”’»)\]]*+)\s++|([”’»)\]]*+)(?=[\"'“‘«(\[]*+[^\W\d_a-z])))",
)
_LAST_WORD = re.compile(r"\w+\Z")
_OPENING = "\"'“‘«([ "
_LONGEST = 16


def sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where the sentences of `text[start:end]` end, their blanks included, last `end`.

    A paragraph's end ends one, and so does a full stop, question or exclamation mark before a
    blank and anything but a small letter, or before a capital letter (`hari ini.Besok`). It does
    not after an initial or an abbreviation that goes on (`dr. Kinanti`, `M. Nuh`, `No. 5`), after
    the number of an item of a list (`2. Pasar`), in names such as KABAR.CO.ID, nor at an ellipsis.
    """
    for match in _STOP.finditer(text, start, end):
        if match.end() < end and _ends(text, start, match):
            start = match.end()
            yield start
    yield end


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Return whether the sentence from `start` ends where `match` does."""
    further, closing = match[1], match[2] or match[3]
    if further is None or "\n" in match[0]:
        return True
    after = match.end()
    opened = text[after] in _OPENING
    following = text[after : after + 4].lstrip(_OPENING)[:1] if opened else text[after]
    if not following.isalnum() or following.islower():
        return False
    stop = text[match.start()] + further
    if "…" in stop or ".." in stop:
        return False
    if stop != "." or closing:
        return True
    word = _last_word(text, match.start())
    if _goes_on(word, following) or (word.isdecimal() and start + len(word) == match.start()):
        return False
    is_in_capitals = match[2] is None and not opened and word.isupper()
    return not is_in_capitals or text[after + 1 : after + 2].islower()


def _last_word(text: str, end: int) -> str:
    """Return the word that ends at `end`, of a long one its end; "" if none does."""
    piece = text[max(0, end - _LONGEST) : end]
    word = piece[piece.rfind(" ") + 1 :]
    if word.isalnum():
        return word
    found = _LAST_WORD.search(piece)
    return found[0] if found else ""


def _goes_on(word: str, following: str) -> bool:
    """Return whether the full stop after `word` is its own and not that of a sentence."""
    if len(word) == 1:
        return word.isupper()
    before = abbreviations().get(word.lower())
    return before == "name" or (before == "number" and following.isdigit())


@cache
def abbreviations() -> dict[str, str]:
    """Return what follows an abbreviation, name or number, from `data/abbreviations.tsv`."""
    lines = shipped_lines("searchkit.snippets", "data/abbreviations.tsv")
    return {line.split("\t")[0]: line.split("\t")[1] for line in lines}
