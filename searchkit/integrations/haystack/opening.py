"""The open indexes of this process: threads share one, a forked process opens its own."""

import os
import threading
from dataclasses import dataclass
from typing import Any

from searchkit.document_index import DocumentIndex
from searchkit.errors import IndexVersionMismatch
from searchkit.integrations.haystack.layout import Layout
from searchkit.settings import Settings


@dataclass(frozen=True)
class _Opened:
    structure: dict[str, Any]
    settings: Settings
    index: DocumentIndex


_opening = threading.Lock()
_open: dict[str, _Opened] = {}


def _forget() -> None:
    """Begin without open indexes: those of the parent process are the parent's."""
    global _opening
    _opening = threading.Lock()
    _open.clear()


os.register_at_fork(after_in_child=_forget)


def opened(place: str, layout: Layout, settings: Settings) -> DocumentIndex:
    """Return the index at `place`, made if there is none.

    IndexVersionMismatch if it was made of other fields than those of `layout`.
    """
    schema = layout.schema()
    with _opening:
        known = _open.get(place)
        if known and (known.structure, known.settings) == (schema.to_data(), settings):
            return known.index
        try:
            index = DocumentIndex.open_or_create(place, schema, settings)
        except IndexVersionMismatch as error:
            raise IndexVersionMismatch(
                f"{place} was built for other fields than the search indexes have now, or by "
                "another analyzer or version of searchkit; run manage.py rebuild_index"
            ) from error
        # One before may be in use by other threads, and goes when it no longer is.
        _open[place] = _Opened(schema.to_data(), settings, index)
        return index


def renewed(place: str, layout: Layout, settings: Settings) -> None:
    """Put an empty index of the fields of `layout` at `place`, whatever was there before."""
    schema = layout.schema()
    index = DocumentIndex.rebuild(place, schema, settings)
    index.add([])  # what was there stays until a commit takes its place
    with _opening:
        _open[place] = _Opened(schema.to_data(), settings, index)
