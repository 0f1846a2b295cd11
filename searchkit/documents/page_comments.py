"""Where the comments of readers begin on a plain-text page."""

import re
from collections.abc import Container, Sequence

from searchkit.documents.page_bylines import longest_name
from searchkit.documents.page_headline import LONGEST_SECTION
from searchkit.documents.page_lines import Kind, Line
from searchkit.documents.page_words import fold, is_reply, noise_class

_DATE_WITHIN, _BUTTON_WITHIN = 4, 10
_SEVERAL = re.compile(r"\b(?:[2-9]|[1-9]\d+)\b")
_HANDLE = re.compile(r"@\w[\w.]+|[^\W\d]\w*[_\d]\w*")  # budi_77: no subheading looks so


def comments_follow(lines: Sequence[Line], at: int, listed: Container[int]) -> bool:
    """Return whether comments stand below line `at`, if it is such as "Komentar (2)".

    They have dates that are not `listed`, buttons, names such as budi_77 over a sentence, or names
    as many as the line counts: two are looked at.
    """
    if noise_class(fold(lines[at].text)) != "comments":
        return False
    below = range(at + 1, min(at + _DATE_WITHIN, len(lines)))
    if any(lines[n].kind is Kind.DATE and n not in listed for n in below):
        return True
    near = lines[at + 1 : at + _BUTTON_WITHIN]
    if any(is_reply(line.text) for line in near):
        return True
    said = [line for line in near if line.kind not in (Kind.NOISE, Kind.END)][:4]
    names = [line for line in said[::2] if 0 < longest_name(line.text) <= LONGEST_SECTION]
    texts = [line for line in said[1::2] if line.is_prose]
    several = _SEVERAL.search(lines[at].text) is not None
    has_handle = any(_HANDLE.fullmatch(line.text) for line in said[::2])
    return (several and len(names) == len(texts) == 2) or (has_handle and bool(texts))
