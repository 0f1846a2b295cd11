"""Which places are spelled as the query is: of *bangunan* and *pembangunan* the one that was typed.

Both have one stem, so that both are marked; a fragment shows the typed one if the text has it.
"""

import re
from collections.abc import Sequence

from searchkit.analysis.normalization import fold
from searchkit.query import Leaf
from searchkit.query.tree import typed_terms
from searchkit.snippets.marks import Mark

_WORD = re.compile(r"\w+")
_CLITICS = frozenset(("", "nya", "ku", "mu", "lah", "kah", "pun"))


class Spelled:
    """The typed words of a query, each a leaf; made once for a query."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        words = [typed_terms(leaf) for leaf in leaves]
        self._forms = {n: terms[0].form for n, terms in enumerate(words) if len(terms) == 1}
        self._found: dict[str, frozenset[int]] = {}

    def leaves(self, text: str, marks: Sequence[Mark]) -> frozenset[int]:
        """Return the leaves that any of the `marks` in `text` shows as they were typed."""
        found: set[int] = set()
        for start, end, leaves in marks:
            if not found.issuperset(leaves):
                found |= leaves & self._leaves(text[start:end])
        return frozenset(found)

    def first(self, text: str, marks: Sequence[Mark]) -> int:
        """Return the number of the first of the `marks` spelled as typed; 0 if none is."""
        for number, (start, end, leaves) in enumerate(marks):
            if leaves & self._leaves(text[start:end]):
                return number
        return 0

    def _leaves(self, spelling: str) -> frozenset[int]:
        found = self._found.get(spelling)
        if found is None:
            words = _WORD.findall(fold(spelling))
            found = self._found[spelling] = frozenset(
                leaf for leaf, form in self._forms.items() if any(_is(word, form) for word in words)
            )
        return found


def _is(word: str, form: str) -> bool:
    return word.startswith(form) and word[len(form) :] in _CLITICS
