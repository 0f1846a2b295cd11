"""What was worked out lately, so that it need not be again."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(dict[K, V]):
    """Values by what they were worked out of, at most so many: all are forgotten when it is full.

    Threads may share it: what one has just put in may be gone when it looks again, so a value is
    taken from `get` or from `keep`, once.
    """

    __slots__ = ("_most",)

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: K, value: V) -> V:
        """Put in a value, and return it."""
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value
