"""What is made of each word of a table, once a word, and looked up for a whole text at once."""

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from searchkit.analysis import TokenTable
from searchkit.forking import lock_held_at_fork

Array = np.ndarray[Any, np.dtype[Any]]


class ByWord:
    """Values of the words of any tables, by number; `make` gives those of some words.

    `make` is given their terms and their forms. Safe to use from several threads.
    """

    def __init__(
        self, kind: type, make: Callable[[Sequence[str], Sequence[str]], Sequence[Any]]
    ) -> None:
        self._make = make
        self._none: tuple[Array, int] = np.empty(0, dtype=kind), 0
        # By table: its values, with room for more, and how many there are.
        self._made: WeakKeyDictionary[TokenTable, tuple[Array, int]] = WeakKeyDictionary()
        self._making = lock_held_at_fork()

    def of(self, table: TokenTable) -> Array:
        """Return the values of a table by number, at least of the words it has now."""
        values, done = self._made.get(table, self._none)
        if done < len(table):
            with self._making:
                values = self._extended(table)
        return values

    def _extended(self, table: TokenTable) -> Array:
        values, done = self._made.get(table, self._none)
        terms, forms = table.since(done)
        end = done + len(forms)
        if end > len(values):
            longer = np.empty(2 * end, dtype=values.dtype)
            longer[:done] = values[:done]
            values = longer
        values[done:end] = self._make(terms, forms)
        self._made[table] = values, end
        return values
