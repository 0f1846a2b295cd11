"""The open indexes of this process: all threads share one, and a forked process opens its own."""

import os
import threading
from collections.abc import Iterable
from typing import Any

from searchkit.document_index import DocumentIndex
from searchkit.errors import IndexVersionMismatch
from searchkit.schema import Schema
from searchkit.settings import Settings

_opening = threading.Lock()
_open: dict[str, DocumentIndex] = {}


def _forget() -> None:
    """Begin without open indexes: those of the parent process are the parent's."""
    global _opening
    _opening = threading.Lock()
    _open.clear()


os.register_at_fork(after_in_child=_forget)


def opened(place: str, schema: Schema, settings: Settings) -> DocumentIndex:
    """Return the index at `place`, made if there is none.

    Raises IndexVersionMismatch when it is of another schema, and names what to do in Django.
    """
    with _opening:
        if place not in _open:
            try:
                _open[place] = DocumentIndex.open_or_create(place, schema, settings)
            except IndexVersionMismatch as error:
                raise IndexVersionMismatch(
                    f"{place} was built for other search fields than the models have now, or by "
                    "another analyzer or version of searchkit; run manage.py "
                    "rebuild_modelsearch_index (in Wagtail: update_index)"
                ) from error
        return _open[place]


def replace(
    place: str, schema: Schema, settings: Settings, documents: Iterable[dict[str, Any]]
) -> None:
    """Put an index of these documents in the place of the one at `place`, in one commit.

    Until then the one before is searched, whatever schema it is of.
    """
    index = DocumentIndex.rebuild(place, schema, settings)
    index.add(documents)
    with _opening:
        _open[place] = index  # the one before may be in use, and goes when it no longer is
