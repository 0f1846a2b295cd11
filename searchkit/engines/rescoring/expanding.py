"""What a pattern stands for: the forms of an index that it means."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from searchkit.query import MOST_EXPANSIONS, Fuzzy, Prefix, Synonym, Term, Wildcard
from searchkit.query.patterns import Pattern, distances, form_test, runs


def expand(
    pattern: Pattern, forms: Sequence[str], frequency: Callable[[str], int]
) -> tuple[Synonym, ...]:
    """Return what `pattern` stands for among `forms`, which are ascending and each there once.

    The nearest first, then those of the highest `frequency`, then by alphabet: MOST_EXPANSIONS of
    them. `frequency` is asked only when there are more; forms of which it returns 0 are left out
    then. A form counts 2 ** -edits an occurrence. What is beside the pattern comes last.
    """
    found = _fitting(pattern, forms)
    if len(found) > MOST_EXPANSIONS:
        counted = [(edits, -frequency(form), form) for edits, form in found]
        best = sorted(row for row in counted if row[1])[:MOST_EXPANSIONS]
        found = [(edits, form) for edits, _, form in best]
    standing_for = (
        Synonym(Term(form, form, exact=True), "typed", 0.5**edits) for edits, form in sorted(found)
    )
    return (*standing_for, *pattern.also)


def _fitting(pattern: Pattern, forms: Sequence[str]) -> list[tuple[int, str]]:
    """Return (edits, form) of the forms that fit."""
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
