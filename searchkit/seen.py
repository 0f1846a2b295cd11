"""The articles that a run has met, in little room: there may be a million."""

from typing import NamedTuple

import numpy as np

from searchkit.engines.marks import Marks, mark_of

_LATELY = 4096
"""Articles kept in a dictionary until they are packed together."""


class Seen(NamedTuple):
    """What was met: a digest (below 2**62), and whether the index had it already."""

    digest: int
    unchanged: bool


class SeenArticles:
    """What was met last under each id, in 16 bytes an article."""

    def __init__(self) -> None:
        self._lately: dict[str, Seen] = {}
        self._earlier = Marks()

    def get(self, article_id: str) -> Seen | None:
        """Return what was met under an id; None if nothing."""
        if (seen := self._lately.get(article_id)) is not None:
            return seen
        packed = self._earlier.get(mark_of(article_id)) if self._earlier else None
        return None if packed is None else Seen(packed >> 1, bool(packed & 1))

    def put(self, article_id: str, seen: Seen) -> None:
        """Remember what was met under an id."""
        self._lately[article_id] = seen
        if len(self._lately) >= _LATELY:
            marks = np.array([mark_of(each) for each in self._lately], dtype=np.uint64)
            packed = [seen.digest << 1 | seen.unchanged for seen in self._lately.values()]
            self._earlier.update(marks, np.array(packed, dtype=np.int64))
            self._lately.clear()
