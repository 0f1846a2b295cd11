"""The backend: opens, fills and rebuilds the index of each root model."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ImproperlyConfigured
from modelsearch.backends.base import BaseIndex, BaseSearchBackend, get_model_root
from modelsearch.index import class_is_indexed

from searchkit.document_index import DocumentIndex
from searchkit.engines.location import Location, is_url
from searchkit.errors import SettingsError
from searchkit.integrations.modelsearch.compiling import (
    SearchkitAutocompleteQueryCompiler,
    SearchkitQueryCompiler,
)
from searchkit.integrations.modelsearch.layout import Model, document_of, schema_of
from searchkit.integrations.modelsearch.opening import opened, replace
from searchkit.integrations.modelsearch.results import SearchkitSearchResults
from searchkit.settings import Settings


class SearchkitIndex(BaseIndex):
    """The index of a root model and all indexed models that descend from it."""

    def __init__(self, backend: "SearchkitSearchBackend", root: Model) -> None:
        super().__init__(backend)
        self.root = root
        self.place = _place(backend.place, f"{root._meta.app_label}_{root._meta.model_name}")

    def open(self) -> DocumentIndex:
        """Return the index; the caller does not close it.

        Raises IndexVersionMismatch when the search fields of the models are no longer those that it
        was built for.
        """
        return opened(self.place, self._schema(), self.backend.settings)

    def get_key(self) -> str:
        """Return the place of the index."""
        return self.place

    def reset(self) -> None:
        """Begin the index anew, without documents."""
        self.replace([])

    def replace(self, documents: Iterable[dict[str, Any]]) -> None:
        """Put an index of these documents in the place of this one, in one commit."""
        replace(self.place, self._schema(), self.backend.settings, documents)

    def add_items(self, model: Model, items: Iterable[Any]) -> None:
        """Add objects of a model in one commit, in place of what the index has of them."""
        documents = list(self.documents(model, items))
        if documents:
            self.open().add(documents)

    def documents(self, model: Model, items: Iterable[Any]) -> Iterator[dict[str, Any]]:
        """Yield objects as documents of the index; none of a model that is not indexed."""
        if class_is_indexed(model):
            for item in items:
                yield document_of(model, item)

    def delete_item(self, item: Any) -> None:
        """Delete an object from the index, if it is there."""
        if class_is_indexed(type(item)):
            self.open().delete(str(item.pk), missing_ok=True)

    def _schema(self) -> Any:
        return schema_of(self.root, self.backend.settings.analyzer)

    def __str__(self) -> str:
        return self.place


class SearchkitRebuilder:
    """Rebuilds an index in one commit: until that is done, the one before is searched.

    Documents wait for it in a temporary file.
    """

    def __init__(self, index: SearchkitIndex) -> None:
        self.index = index
        self._waiting: IO[bytes] | None = None

    def start(self) -> "SearchkitRebuilder":
        """Return what takes the objects of the models: `add_model` and `add_items`."""
        self._waiting = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `finish`
        return self

    def add_model(self, model: Model) -> None:
        """Do nothing: the schema has the search fields of all models."""

    def add_items(self, model: Model, items: Iterable[Any]) -> None:
        """Put objects of a model by for the commit."""
        assert self._waiting is not None, "start() comes first"
        pickle.dump(list(self.index.documents(model, items)), self._waiting)

    def finish(self) -> None:
        """Put the index of these objects in the place of the one before."""
        assert self._waiting is not None, "start() comes first"
        with self._waiting as waiting:
            end = waiting.tell()
            waiting.seek(0)
            self.index.replace(_waited(waiting, end))


def _waited(waiting: IO[bytes], end: int) -> Iterator[dict[str, Any]]:
    while waiting.tell() < end:
        yield from pickle.load(waiting)  # noqa: S301  # our own, of a moment ago


class SearchkitSearchBackend(BaseSearchBackend):
    """Searches models by searchkit; see the package for its parameters.

    Raises ImproperlyConfigured when they are not what they must be.
    """

    query_compiler_class = SearchkitQueryCompiler
    autocomplete_query_compiler_class = SearchkitAutocompleteQueryCompiler
    index_class = SearchkitIndex
    results_class = SearchkitSearchResults
    rebuilder_class = SearchkitRebuilder
    catch_indexing_errors = True

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        if not params.get("PATH"):
            raise ImproperlyConfigured(
                "the searchkit search backend has no PATH; name a directory for its indexes, as in "
                '{"BACKEND": "searchkit.integrations.modelsearch", "PATH": BASE_DIR / "search"}'
            )
        self.place = str(params["PATH"])
        given = dict(params.get("SETTINGS", {}))
        if "ANALYZER" in params:
            given["analyzer"] = params["ANALYZER"]
        try:
            self.settings = Settings(**given)
        except (TypeError, SettingsError) as error:
            raise ImproperlyConfigured(
                f"SETTINGS of the searchkit search backend: {error}; they are arguments of "
                "searchkit.Settings"
            ) from None

    def get_index_for_model(self, model: Model) -> SearchkitIndex:
        """Return the index of a model, which is that of its root model."""
        return SearchkitIndex(self, get_model_root(model))


def _place(base: str, name: str) -> str:
    """Return the place of an index: a folder in a directory, or on a server an index of its own."""
    if not is_url(base):
        return str(Path(base) / name)
    url, mark, options = base.partition("?")
    joint = "_" if Location.of(base).url else "/"
    return f"{url.rstrip('/')}{joint}{name}{mark}{options}"
