"""What a pattern stands for: the forms of an index that it means."""

from collections.abc import Callable, Sequence

from searchkit.query import MOST_EXPANSIONS, Synonym, Term
from searchkit.query.patterns import Pattern, fitting


def expand(
    pattern: Pattern, forms: Sequence[str], frequency: Callable[[str], int]
) -> tuple[Synonym, ...]:
    """Return what `pattern` stands for among `forms`, which are ascending and each there once.

    The nearest first, then those of the highest `frequency`, then by alphabet: MOST_EXPANSIONS of
    them. `frequency` is asked only when there are more; forms of which it returns 0 are left out
    then. A form counts 2 ** -edits an occurrence. What is beside the pattern comes last.
    """
    found = fitting(pattern, forms)
    if len(found) > MOST_EXPANSIONS:
        counted = [(edits, -frequency(form), form) for edits, form in found]
        best = sorted(row for row in counted if row[1])[:MOST_EXPANSIONS]
        found = [(edits, form) for edits, _, form in best]
    standing_for = (
        Synonym(Term(form, form, exact=True), "typed", 0.5**edits) for edits, form in sorted(found)
    )
    return (*standing_for, *pattern.also)
