"""The open indexes of this process."""

from searchkit.document_index import DocumentIndex
from searchkit.errors import IndexVersionMismatch
from searchkit.integrations.haystack.layout import Layout
from searchkit.integrations.opened import OpenIndexes
from searchkit.settings import Settings

_indexes = OpenIndexes()


def opened(place: str, layout: Layout, settings: Settings) -> DocumentIndex:
    """Return the index at `place`, made if there is none.

    IndexVersionMismatch if it was made of other fields than those of `layout`.
    """
    try:
        return _indexes.get(place, layout.schema(), settings)
    except IndexVersionMismatch as error:
        raise IndexVersionMismatch(
            f"{place} was built for other fields than the search indexes have now, or by another "
            "analyzer or version of searchkit; run manage.py rebuild_index"
        ) from error


def renewed(place: str, layout: Layout, settings: Settings) -> None:
    """Put an empty index of the fields of `layout` at `place`, whatever was there before."""
    index = DocumentIndex.rebuild(place, layout.schema(), settings)
    index.add([])  # what was there stays until a commit takes its place
    _indexes.put(place, settings, index)
