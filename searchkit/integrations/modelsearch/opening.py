"""The open indexes of this process."""

from collections.abc import Iterable
from typing import Any

from searchkit.document_index import DocumentIndex
from searchkit.errors import IndexVersionMismatch
from searchkit.integrations.opened import OpenIndexes
from searchkit.schema import Schema
from searchkit.settings import Settings

_indexes = OpenIndexes()


def opened(place: str, schema: Schema, settings: Settings) -> DocumentIndex:
    """Return the index at `place`, made if there is none.

    Raises IndexVersionMismatch when it is of another schema, and names what to do in Django.
    """
    try:
        return _indexes.get(place, schema, settings)
    except IndexVersionMismatch as error:
        raise IndexVersionMismatch(
            f"{place} was built for other search fields than the models have now, or by another "
            "analyzer or version of searchkit; run manage.py rebuild_modelsearch_index (in "
            "Wagtail: update_index)"
        ) from error


def replace(
    place: str, schema: Schema, settings: Settings, documents: Iterable[dict[str, Any]]
) -> None:
    """Put an index of these documents in the place of the one at `place`, in one commit.

    Until then the one before is searched, whatever schema it is of.
    """
    index = DocumentIndex.rebuild(place, schema, settings)
    index.add(documents)
    _indexes.put(place, settings, index)
