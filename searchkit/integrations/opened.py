"""The open indexes of a process: its threads share one, and a forked process opens its own."""

import threading
from dataclasses import dataclass
from typing import Any

from searchkit.document_index import DocumentIndex
from searchkit.forking import renewed_at_fork
from searchkit.schema import Schema
from searchkit.settings import Settings


@dataclass(frozen=True)
class _Opened:
    schema: dict[str, Any]
    settings: Settings
    index: DocumentIndex


class OpenIndexes:
    """Indexes of schemas by their places, each opened when it is first asked for.

    An index whose place is taken by another may be in use by other threads: it goes when it no
    longer is.
    """

    def __init__(self) -> None:
        self._forget()
        renewed_at_fork(self, self._forget)

    def _forget(self) -> None:
        # Indexes and the lock of the process above are not those of this one.
        self._opening = threading.Lock()
        self._open: dict[str, _Opened] = {}

    def get(self, place: str, schema: Schema, settings: Settings) -> DocumentIndex:
        """Return the index at `place`, made if there is none.

        Raises what `DocumentIndex.open_or_create` does: IndexVersionMismatch for another schema.
        """
        with self._opening:
            known = self._open.get(place)
            if known is None or (known.schema, known.settings) != (schema.to_data(), settings):
                index = DocumentIndex.open_or_create(place, schema, settings)
                known = self._open[place] = _Opened(schema.to_data(), settings, index)
            return known.index

    def put(self, place: str, settings: Settings, index: DocumentIndex) -> None:
        """Take an index that was built anew at `place` for the one there."""
        with self._opening:
            self._open[place] = _Opened(index.schema.to_data(), settings, index)
