"""The part of `SearchIndex` that keeps an index well, and looks up what is in it."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

from searchkit.analysis import Analyzer, Analyzers
from searchkit.analysis.normalization import fold_value
from searchkit.arguments import check_flag, check_text, check_type, path_of
from searchkit.documents import Article, SidebarItem
from searchkit.engines.base import Engine, EngineStats
from searchkit.engines.fields import Schema as SchemaData
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest
from searchkit.errors import DocumentNotFound, SearchIndexError, WrongType
from searchkit.searching import linked_article, read_document
from searchkit.settings import Settings
from searchkit.values import dataclass

if TYPE_CHECKING:
    from searchkit.checking import CheckReport
    from searchkit.copying import CopyReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What an index holds: numbers of documents and terms, and how it was built."""

    location: Location
    engine: str
    analyzer: str
    size: EngineStats


class EngineUpkeep:
    """What can be done with an index of any documents."""

    location: Location
    _manifest: Manifest
    _opened: Engine
    _analyzers: Analyzers
    _is_closed = False
    _ids_are_shown = ""  # where, for messages

    @property
    def _engine(self) -> Engine:
        self._check_open()
        return self._opened

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.location}{', closed' if self._is_closed else ''}>"

    def __reduce__(self) -> NoReturn:
        # Python would copy it in part, and both would hold the same files.
        raise WrongType(
            f"the open index {self.location} cannot be copied or pickled; hand on its `location`, "
            "and open it there"
        )

    def _check_open(self) -> None:
        """Raise SearchIndexError when the index is closed."""
        if self._is_closed:
            raise SearchIndexError(f"the index {self.location} is closed; open it again")

    def close(self) -> None:
        """Give back files and save the stems met; a second time, do nothing.

        What is called later raises SearchIndexError, and so may what other threads have begun.
        """
        if not self._is_closed:
            self._is_closed = True
            self._opened.close()
            self._analyzers.close()

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def delete(self, *ids: str, missing_ok: bool = False) -> int:
        """Delete documents in one commit; return how many there were.

        Raises DocumentNotFound, having deleted nothing, when there is no document of some id,
        unless that is `missing_ok`; IndexLocked or IndexNotWritable.
        """
        for each in ids:
            check_type("an id", each, str, "each as a str, an argument of its own")
        check_flag("missing_ok", missing_ok)
        there = self._engine.existing(ids)
        missing = [each for each in dict.fromkeys(ids) if each not in there]
        if missing and not missing_ok:
            named = ", ".join(map(repr, missing))
            raise DocumentNotFound(f"no document {named} in {self.location}{self._ids_are_shown}")
        return self._delete([each for each in dict.fromkeys(ids) if each in there])

    def _delete(self, ids: Sequence[str]) -> int:
        if not ids:
            return 0
        with self._engine.writer() as writer:
            return writer.delete(*ids)

    def optimize(self) -> None:
        """Bring the index into its smallest and fastest form, without what was deleted.

        Segments are merged as the index grows; this joins all of them at once, which takes as long
        as reading and writing the index. Searches go on meanwhile, and need room for both on the
        disk. Raises IndexLocked or IndexNotWritable; the index is then as it was before.
        """
        self._engine.optimize()

    @classmethod
    def check(
        cls,
        path: str | Path | Location,
        settings: Settings | None = None,
        *,
        analyzer: Analyzer | None = None,
    ) -> "CheckReport":
        """Read all of the index in directory `path`, and return what is wrong with it.

        Each file, posting list and stored document is looked at. Others may search and write
        meanwhile. Raises IndexMissing, ForeignIndex, IndexVersionMismatch when it is of another
        format, and SearchIndexError when a file cannot be read at all.
        """
        # Imported late, as all that is here: a program that only searches has no use for it.
        from searchkit.checking import check

        settings = Settings.of(settings)

        def fingerprint(schema: SchemaData | None) -> str:
            return fingerprint_of(settings, analyzer, schema)

        return check(Location.of(path), settings, fingerprint)

    @classmethod
    def backup(
        cls, path: str | Path | Location, target: str | Path, settings: Settings | None = None
    ) -> "CopyReport":
        """Copy the newest commit of the index in directory `path` to the directory `target`.

        `target` must be absent, empty or a backup of this index; of that only what is new is
        copied, and until all is there and on the disk, it stays what it was. Every byte is
        verified. Others may search and write meanwhile. A backup is itself an index that can be
        opened. Raises ForeignIndex when there is something else in `target`, OutputNotWritable,
        IndexDamaged, IndexLocked when another process is writing to `target`.
        """
        from searchkit.copying import back_up

        return back_up(Location.of(path), path_of("target", target), Settings.of(settings))

    @classmethod
    def restore(
        cls,
        path: str | Path | Location,
        source: str | Path,
        settings: Settings | None = None,
        *,
        replace: bool = False,
    ) -> "CopyReport":
        """Put the backup in the directory `source` into the directory `path`, as its index.

        `path` must be absent or empty; with `replace` it may hold an index, which stays what it is
        until all of the backup is there, verified and on the disk. Raises IndexMissing when there
        is no backup, ForeignIndex, IndexNotWritable, IndexLocked, and IndexDamaged when the backup
        is not as it was written.
        """
        from searchkit.copying import restore

        check_flag("replace", replace)
        backup, location = path_of("source", source), Location.of(path)
        return restore(backup, location, Settings.of(settings), replace=replace)

    def stats(self) -> Stats:
        """Return the size of the index and how it was built."""
        return Stats(
            location=self.location,
            engine=self._manifest.engine,
            analyzer=self._manifest.analyzer,
            size=self._engine.stats(),
        )


class Upkeep(EngineUpkeep):
    """What can be done with an index of news beside adding and searching."""

    _ids_are_shown = "; ids are shown by `searchkit query`"

    def documents(self) -> Iterator[Article | SidebarItem]:
        """Yield all documents of the newest commit, in the order added."""
        return map(read_document, self._engine.documents())

    def export(self, path: str | Path) -> int:
        """Write all documents to a file of JSON lines; return how many there are.

        A name that ends in `.gz` is gzipped. `add_files` makes the same index of it again. The file
        takes the place of one that is there, whole or not at all. Raises OutputNotWritable.
        """
        from searchkit.exporting import write_lines

        return write_lines(path_of("path", path), self.export_lines())

    def export_lines(self) -> Iterator[str]:
        """Yield the lines that `export` writes, each with its end."""
        from searchkit.exporting import lines_of

        return lines_of(self._engine.documents())

    def article_of(self, item: SidebarItem) -> str:
        """Return the id of the indexed article of that title; "" if there is none."""
        check_type("item", item, SidebarItem, "a SidebarItem")
        return linked_article(self._engine, item)

    def items_seen_on(self, page: str) -> Iterator[SidebarItem]:
        """Yield the sidebar items that were seen on a page, named as in `Sighting.page`."""
        check_text("page", page)
        for stored in self._engine.find("page", page):
            document = read_document(stored)
            if isinstance(document, SidebarItem):
                yield document

    def list_names(self, prefix: str = "") -> list[str]:
        """Return the lists that items were seen in and that begin with `prefix`, folded, sorted."""
        check_text("prefix", prefix)
        values = self._engine.keyword_values("list", [fold_value(prefix)])
        return [name for name, _ in values if name]


def fingerprint_of(
    settings: Settings, analyzer: Analyzer | None = None, schema: SchemaData | None = None
) -> str:
    """Return the fingerprint of `analyzer`, or else of the one that `settings` name.

    Of a schema it is made of those of all its analyzers.
    """
    check_type("analyzer", analyzer, Analyzer | None, "an analyzer or None")
    with closing(Analyzers(settings)) as analyzers:
        if schema is not None:
            # Imported late, as all that an index of news has no need of.
            from searchkit.schema.declarations import Schema, fingerprint_of_schema

            return fingerprint_of_schema(Schema.of_data(schema), analyzers)
        return (analyzer or analyzers.named(settings.analyzer)).fingerprint
