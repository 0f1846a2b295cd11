"""Which words a pattern of a query means: their folded forms against Prefix, Wildcard, Fuzzy.

Nothing here backtracks, so that no pattern can be made that takes long: a run of text between two
`*` is looked for once, from the left, and where it is first met is as good as any later place.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING

from searchkit.query.tree import Fuzzy, Prefix, Wildcard

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Pattern = Prefix | Wildcard | Fuzzy


def form_test(pattern: Pattern) -> Callable[[str], bool]:
    """Return a function that says of a folded form whether `pattern` means it."""
    match pattern:
        case Prefix(beginning):
            return lambda form: form.startswith(beginning)
        case Wildcard(text):
            compiled = _compiled(text)
            return lambda form: compiled.fullmatch(form) is not None
        case Fuzzy(text, edits):
            return _near(text, edits)


def fitting(pattern: Pattern, forms: Sequence[str]) -> list[tuple[int, str]]:
    """Return (edits, form) of the `forms`, which are ascending, that fit, in their order."""
    match pattern:
        case Prefix(beginning):
            return [(0, form) for form in _beginning(beginning, forms)]
        case Wildcard(text):
            fits = form_test(pattern)
            beginning = runs(text)[0].split("?", 1)[0]
            return [(0, form) for form in _beginning(beginning, forms) if fits(form)]
        case Fuzzy(word, most):
            near = [form for form in forms if abs(len(form) - len(word)) <= most]
            if not near:
                return []
            found = distances(word, near, most).tolist()
            return [(edits, form) for edits, form in zip(found, near, strict=True) if edits <= most]


def _beginning(beginning: str, forms: Sequence[str]) -> Sequence[str]:
    first = bisect_left(forms, beginning)
    length = len(beginning)
    return forms[first : bisect_right(forms, beginning, first, key=lambda form: form[:length])]


def one_edit_away(text: str, start: int, end: int) -> Iterator[str]:
    """Yield what is an edit away from `text`, made before one of its places `start` up to `end`.

    That is any of those of `distances`, with the letters a to z; blanks stay. Some come twice, and
    `text` itself may be among them.
    """
    for place in range(start, end):
        before, after = text[:place], text[place:]
        for letter in ascii_lowercase:
            yield before + letter + after
        if after[:1] in ("", " "):
            continue
        yield before + after[1:]
        if after[1:2].strip():
            yield before + after[1] + after[0] + after[2:]
        for letter in ascii_lowercase:
            yield before + letter + after[1:]


def runs(wildcard: str) -> list[str]:
    """Return what stands between the stars of a wildcard: where a form begins, has, and ends.

    Any number of stars side by side is one, so that only the first and the last run can be empty;
    a wildcard without stars is one run. `?` is any character.
    """
    return re.split(r"\*+", wildcard)


def distances(word: str, forms: Sequence[str], most: int) -> "npt.NDArray[np.uint8]":
    """Return how many edits each of `forms` is away from `word`; `most + 1` if it is more.

    An edit is a character added, left out or changed, or two neighbours changing places (optimal
    string alignment: no part is edited twice).
    """
    # Imported late: few searches need it.
    import numpy as np
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    found: npt.NDArray[np.uint8] = cdist(
        [word], forms, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
    )[0]
    return found


def _near(word: str, most: int) -> Callable[[str], bool]:
    """Return whether a form is at most so many edits away from `word`, as in `distances`."""
    from rapidfuzz.distance import OSA

    distance = OSA.distance
    return lambda form: (
        abs(len(form) - len(word)) <= most and distance(word, form, score_cutoff=most) <= most
    )


def _compiled(wildcard: str) -> re.Pattern[str]:
    """Return a regular expression that tries each run between stars once, where it first fits."""
    first, *others = (re.escape(run).replace(r"\?", ".") for run in runs(wildcard))
    if not others:
        return re.compile(first, re.DOTALL)
    *middle, last = others
    # An atomic group gives nothing back: the leftmost place of a run leaves the most for the rest.
    return re.compile(first + "".join(f"(?>.*?{run})" for run in middle) + f".*{last}", re.DOTALL)
