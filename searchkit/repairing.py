"""Brings the documents of a damaged index over into a new one."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchkit.canonical import as_given
from searchkit.documents.stored import from_stored
from searchkit.engines.location import Location
from searchkit.engines.manifest import check_version, other_kind
from searchkit.engines.registry import engine_at, upkeep_of
from searchkit.errors import IndexDamaged, IndexMissing, SearchIndexError
from searchkit.indexing import digest_of
from searchkit.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What was brought over into the new index.

    `saved` counts documents; `lost` are the ids of those that could not be read, "" for one whose
    id could not be read either. `uncertain` when nobody can tell any more what had been deleted or
    replaced, or how much is lost: documents may be back that had been deleted.
    """

    path: Path
    saved: int
    lost: tuple[str, ...]
    uncertain: bool


class Repair:
    """Reads what can be read of the index in a directory."""

    def __init__(
        self,
        location: Location,
        settings: Settings,
        read: Callable[[dict[str, Any]], Any] = from_stored,
    ) -> None:
        """Look at the directory of an index of news, or of a schema, whose documents are `read`.

        Raises what `SearchIndex.repair` does.
        """
        name, engine = engine_at(location, settings.engine)
        self._upkeep = upkeep_of(name, engine)
        with suppress(IndexDamaged):
            manifest = engine.manifest(location, settings)
            check_version(location, manifest, engine.format_version)
            if (manifest.schema is None) != (read is from_stored):
                raise other_kind(location, manifest)
        self._read = read
        if engine.is_free(location, settings):
            raise IndexMissing(f"there is no index in {location}; build one with `searchkit index`")
        self._path = location.directory
        self._found = self._upkeep.Salvage()
        self._unfit: list[str] = []

    def documents(self) -> Iterator[Any]:
        """Yield the documents that can be read; IndexDamaged when there are none left."""
        return (document for _, document in self._readable())

    def stored(self) -> Iterator[dict[str, Any]]:
        """Yield what is stored of those documents, with digests of what can be read of it.

        Raises IndexDamaged when there are none left.
        """
        for stored, _ in self._readable():
            yield stored | {"digest": digest_of(as_given(stored))}

    def _readable(self) -> Iterator[tuple[dict[str, Any], Any]]:
        read = 0
        try:
            for stored in self._upkeep.salvage(self._path, self._found):
                try:
                    document = self._read(stored)
                except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
                    self._unfit.append(str(stored.get("id", "")))
                    continue
                read += 1
                yield stored, document
        except OSError as error:
            raise SearchIndexError(
                f"{self._path} cannot be read ({error.strerror}); check the disk"
            ) from error
        if not read and (self._found.lost or self._unfit or self._found.uncertain):
            raise IndexDamaged(
                f"no document of {self._path} can be read, so it is left as it is; restore a "
                "backup, or rebuild it with `searchkit index --rebuild`"
            )

    def report(self, saved: int) -> RepairReport:
        """Return what has become of the index, when all documents have been read."""
        return RepairReport(
            path=self._path,
            saved=saved,
            lost=(*self._found.lost, *self._unfit),
            uncertain=self._found.uncertain,
        )
