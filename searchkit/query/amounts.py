"""Amounts of money: Rp5 miliar and 5 miliar rupiah are one, as are US$ 5 and 5 dolar AS."""

import re
from collections.abc import Iterator, Sequence

_NUMBER = re.compile(r"[0-9]+(?:,[0-9]+)?")
_SCALES = frozenset(("ribu", "juta", "miliar", "milyar", "triliun"))
_BEHIND = {"rp": "rupiah", "usd": "dolar AS"}
"""What stands before an amount, folded, and what is written behind one instead."""
_BEFORE = {tuple(name.split()): sign for sign, name in _BEHIND.items()}
_MOST_WORDS = max(map(len, _BEFORE))


def said_otherwise(forms: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where amounts begin and end among the forms of a query, and the other way to say each.

    In order; none for most queries.
    """
    for start, form in enumerate(forms):
        if not _NUMBER.fullmatch(form):
            continue
        end = start + 1 + (start + 1 < len(forms) and forms[start + 1] in _SCALES)
        amount = " ".join(forms[start:end])
        if start and (name := _BEHIND.get(forms[start - 1])):
            yield start - 1, end, f"{amount} {name}"
            continue
        for stop in range(end + 1, min(end + _MOST_WORDS, len(forms)) + 1):
            if sign := _BEFORE.get(tuple(forms[end:stop])):
                yield start, stop, f"{sign} {amount}"
