"""What checking an index finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

_MOST_NAMED = 10

Kind = Literal["damaged", "outdated", "leftover", "unknown"]

FaultOf = Callable[[dict[str, Any]], str]
"""Returns what is wrong with a stored object; "" when nothing is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a file that is not as it should be.

    `kind` is "damaged" (answers may be wrong or fail), "outdated" (sound, but of another
    analyzer), "leftover" (of a writer that was killed, the next one removes it) or "unknown" (not
    searchkit's). `what` is a sentence, fit to show to a person.
    """

    kind: Kind
    file: str
    what: str


@dataclass(slots=True)
class Checked:
    """What an engine has found; `documents` and `size` (bytes) are those of the newest commit."""

    findings: list[Finding] = field(default_factory=list)
    documents: int = 0
    size: int = 0

    def add_all(self, file: str, faults: Iterable[str]) -> None:
        """Add what is damaged in a file; the first few faults one by one, the rest counted."""
        more = 0
        for number, what in enumerate(faults):
            if number < _MOST_NAMED:
                self.add("damaged", file, what)
            else:
                more += 1
        if more:
            self.add("damaged", file, f"and {more} more like this")

    def add(self, kind: Kind, file: str, what: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(kind, file, what))
