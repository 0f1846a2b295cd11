"""Which words a pattern of a query means: their folded forms against Prefix, Wildcard, Fuzzy."""

import re
from collections.abc import Callable

from searchkit.query import Fuzzy, Prefix, Wildcard


def form_test(pattern: Prefix | Wildcard | Fuzzy) -> Callable[[str], bool]:
    """Return a function that says of a folded form whether `pattern` means it.

    It takes time proportional to the form and to the pattern.
    """
    match pattern:
        case Prefix(beginning):
            return lambda form: form.startswith(beginning)
        case Wildcard(text):
            compiled = _compiled(text)
            return lambda form: compiled.fullmatch(form) is not None
        case Fuzzy(text, edits):
            letters = set(text)
            return lambda form: (
                abs(len(form) - len(text)) <= edits
                # An edit brings in one new letter at most: most words are passed over here.
                and len(letters.difference(form)) <= edits
                and _edits(text, form, edits) <= edits
            )


def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a regular expression that tries each run between stars once, where it first fits."""
    first, *others = (re.escape(run).replace(r"\?", ".") for run in re.split(r"\*+", pattern))
    if not others:
        return re.compile(first, re.DOTALL)
    *middle, last = others
    # An atomic group gives nothing back: the leftmost place of a run leaves the most for the rest.
    return re.compile(first + "".join(f"(?>.*?{run})" for run in middle) + f".*{last}", re.DOTALL)


def _edits(first: str, second: str, most: int) -> int:
    """Return how many edits apart two words are; any number above `most` if it is more.

    An edit is a character added, left out or changed, or two neighbours changing places (optimal
    string alignment: what has changed places is not edited again). Only the diagonal band of the
    table that `most` edits can reach is computed.
    """
    far = most + 1
    older: list[int] = []
    above = list(range(len(second) + 1))
    for i, char in enumerate(first, start=1):
        row = [i] + [far] * len(second)
        for j in range(max(1, i - most), min(len(second), i + most) + 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (char != second[j - 1]))
            if older and j > 1 and char == second[j - 2] and first[i - 2] == second[j - 1]:
                row[j] = min(row[j], older[j - 2] + 1)
        if min(row) > most:
            return far
        older, above = above, row
    return above[-1]
