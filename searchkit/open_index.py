"""The part of `SearchIndex` that makes, opens and writes an index."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from searchkit.analysis import Analyzer, Analyzers
from searchkit.analysis.vocabulary import load_vocabulary
from searchkit.arguments import check_callback, check_type
from searchkit.engines.base import IndexedDocument
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest, check_manifest, other_kind
from searchkit.engines.registry import engine_at
from searchkit.errors import (
    ForeignIndex,
    IndexDamaged,
    IndexMissing,
    UnreadableInput,
)
from searchkit.query.apart import FormsOfIndex
from searchkit.query.thesaurus import Thesaurus
from searchkit.searching import read_document
from searchkit.settings import Settings
from searchkit.upkeep import Upkeep, fingerprint_of

if TYPE_CHECKING:
    from searchkit.documents import Page, Skipped
    from searchkit.indexing import IndexReport, Source
    from searchkit.migrating import MigrationReport, OnStep
    from searchkit.preparing import Preparer
    from searchkit.repairing import RepairReport


class OpenIndex(Upkeep):
    """An index that is open; see `SearchIndex`."""

    def __init__(
        self,
        location: Location,
        settings: Settings,
        analyzer: Analyzer | None = None,
        *,
        replacing: bool = False,
    ) -> None:
        """Use `open`, `create`, `open_or_create` or `rebuild`, which is replacing, instead."""
        check_type("analyzer", analyzer, Analyzer | None, "an analyzer or None")
        self.location = location
        self._replacing = replacing
        name, engine = engine_at(location, settings.engine)
        version = engine.format_version
        kept = None if replacing else engine.manifest(location, settings)
        self._analyzers = Analyzers(settings)
        self._analyzer = analyzer or self._analyzers.named(settings.analyzer)
        analyzer_name = self._analyzer.fingerprint
        if kept is not None and kept.schema is not None:
            raise other_kind(location, kept)
        self._manifest = kept or Manifest(engine=name, analyzer=analyzer_name, version=version)
        check_manifest(location, self._manifest, version, analyzer_name)
        # Another process could not make an analyzer that was given: it has no workers.
        self._settings = settings if analyzer is None else replace(settings, workers=0)
        vocabulary = load_vocabulary(settings.abbreviations, settings.synonyms)
        self._thesaurus = Thesaurus(vocabulary, self._analyzer)
        self._forms = FormsOfIndex(lambda: self._engine.forms())
        self._opened = engine.open(
            location,
            self._settings.beside_workers(),
            replacing=self._manifest if replacing else None,
        )

    @property
    def path(self) -> Path:
        """The directory of the index; SearchIndexError when it is on a server."""
        return self.location.directory

    @classmethod
    def open(
        cls,
        path: str | Path | Location,
        settings: Settings | None = None,
        *,
        analyzer: Analyzer | None = None,
    ) -> Self:
        """Open the index at `path`.

        It must have been made with the same `analyzer`, when none is given that of the settings.
        Raises IndexMissing, ForeignIndex, IndexVersionMismatch or IndexDamaged.
        """
        return cls(Location.of(path), Settings.of(settings), analyzer)

    @classmethod
    def create(
        cls,
        path: str | Path | Location,
        settings: Settings | None = None,
        *,
        analyzer: Analyzer | None = None,
    ) -> Self:
        """Make an empty index at `path`, where nothing may be but an empty directory.

        It is of the engine that a URL or else `Settings.engine` names. `analyzer` takes the place
        of the one that `Settings.analyzer` names; it stays the caller's to save and close. Raises
        ForeignIndex when there is anything else in it, IndexNotWritable when it cannot be written,
        SettingsError when there is no such analyzer.
        """
        location, settings = Location.of(path), Settings.of(settings)
        name, engine = engine_at(location, settings.engine)
        if not engine.is_free(location, settings):
            raise ForeignIndex(f"{location} is not empty; name another place with --index-dir")
        fingerprint = fingerprint_of(settings, analyzer)
        manifest = Manifest(engine=name, analyzer=fingerprint, version=engine.format_version)
        engine.create(location, manifest, settings)
        return cls(location, settings, analyzer)

    @classmethod
    def open_or_create(cls, path: str | Path | Location, settings: Settings | None = None) -> Self:
        """Open the index at `path`, or make one if there is none; see both."""
        if _is_free(path, Settings.of(settings)):
            # If there is something in it after all, another process may have been faster.
            with suppress(ForeignIndex):
                return cls.create(path, settings)
        return cls.open(path, settings)

    @classmethod
    def rebuild(cls, path: str | Path | Location, settings: Settings | None = None) -> Self:
        """Begin the index at `path` anew, whatever version it is of.

        The object returned is empty. Others go on to see what was there, until the first commit
        takes its place; before that nothing is lost. Raises ForeignIndex when there is anything in
        the directory but an index, IndexVersionMismatch when it is one of a schema.
        """
        location, settings = Location.of(path), Settings.of(settings)
        if _is_free(location, settings):
            return cls.create(location, settings)
        engine = engine_at(location, settings.engine)[1]
        with suppress(IndexMissing, IndexDamaged):
            kept = engine.manifest(location, settings)
            if kept.schema is not None:
                raise other_kind(location, kept)
        return cls(location, settings, replacing=True)

    @classmethod
    def repair(
        cls, path: str | Path | Location, settings: Settings | None = None
    ) -> "RepairReport":
        """Build the index in directory `path` anew from the documents stored in it.

        They are analysed as `settings` say. What is there stays until the new index is whole and on
        the disk. Raises IndexMissing, ForeignIndex, IndexVersionMismatch when it is of another
        format, IndexDamaged when no document can be read, IndexLocked, IndexNotWritable, and
        SearchIndexError when a file cannot be read at all.
        """
        from searchkit.repairing import Repair

        run = Repair(Location.of(path), Settings.of(settings))
        with cls.rebuild(path, settings) as index:
            prepared = closing(index._prepared(run.stored()))
            with index._engine.writer() as writer, prepared as documents:
                for document in documents:
                    writer.put(document)
            return run.report(sum(index.stats().size.documents.values()))

    @classmethod
    def migrate(
        cls,
        path: str | Path | Location,
        target: str | Path | Location,
        settings: Settings | None = None,
        *,
        on_step: "OnStep" = lambda _step, _done, _total: None,
    ) -> "MigrationReport":
        """Move the documents of the index at `path` into the index at `target`, of any engine.

        They are analysed as `settings` say, and committed some thousands at a time. What was moved
        before is not moved again, so that a migration that was cut off goes on when it is repeated.
        In the end both indexes are read whole and compared: see `MigrationReport`. The index at
        `path` is only read. `on_step` is told ("checking", "moving" or "verifying", documents done,
        documents in all).

        Raises what `open` does, whatever the analyzer of the index at `path`; ForeignIndex when
        there is something else at `target`; MigrationFailed when the indexes differ in the end;
        IndexLocked and IndexNotWritable.
        """
        from searchkit.migrating import Migration

        location, settings = Location.of(target), Settings.of(settings)
        with (
            Migration(Location.of(path), location, settings, on_step) as run,
            cls.open_or_create(location, settings) as index,
        ):
            return run.into(index._engine, index._prepared)

    def add(
        self, documents: "Iterable[Source]", on_document: Callable[[], None] | None = None
    ) -> "IndexReport":
        """Add articles, items or pages in one commit, in place of those of the same id.

        `on_document` is called after each document; what it raises ends the run.
        Raises IndexLocked or IndexNotWritable; the index is then as it was before.
        """
        # Imported late, as all that a program which only searches has no use for.
        from searchkit.indexing import IndexRun

        check_callback("on_document", on_document)
        try:
            report = IndexRun(self._engine, self._preparer(), on_document).run(documents)
        finally:
            self._analyzers.save()
        self._replacing = False
        return report

    def _prepared(
        self, documents: Iterator[dict[str, Any]]
    ) -> Generator[IndexedDocument, None, None]:
        """Yield stored objects of documents as the engine takes them in."""
        with closing(self._preparer()) as preparer:
            for stored in documents:
                yield from preparer.add(read_document(stored), stored)
            yield from preparer.finish()

    def _preparer(self) -> "Preparer":
        from searchkit.workers import preparer_of

        return preparer_of(self._settings, self._analyzers, self._analyzer)

    def add_files(
        self,
        paths: str | Path | Iterable[str | Path],
        on_document: Callable[[], None] | None = None,
    ) -> "IndexReport":
        """Read files and directories of any kind searchkit knows, and add what is in them.

        Raises what `add` does, SettingsError when a reader of an installed package cannot be used,
        and UnreadableInput when there is nothing to put in the place of an index that is rebuilt.
        """
        # Imported late: a program that only searches needs no readers.
        from searchkit.documents import Limits
        from searchkit.documents.reading import read_sources

        limits = Limits(page_bytes=self._settings.page_bytes)
        pages = read_sources(paths, limits=limits)
        if self._replacing:
            pages = not_nothing(pages, self.location)
        return self.add(pages, on_document)


def not_nothing(
    pages: "Iterable[Page | Skipped]", replaced: Location
) -> "Iterator[Page | Skipped]":
    """Yield pages that are to take the place of the index `replaced`.

    Raises UnreadableInput in the end when there was none: a source with a slip in its name must not
    cost the index.
    """
    from searchkit.documents import Page

    skipped = None
    some = False
    for page in pages:
        if isinstance(page, Page):
            some = True
        elif skipped is None:
            skipped = page
        yield page
    if some:
        return
    if skipped is None:
        raise UnreadableInput(str(replaced), "nothing was found to index, so it is left as it is")
    reason = f"{skipped.reason}; as nothing else could be read, {replaced} is left as it is"
    raise UnreadableInput(skipped.origin, reason, skipped.line)


def _is_free(path: str | Path | Location, settings: Settings) -> bool:
    location = Location.of(path)
    return engine_at(location, settings.engine)[1].is_free(location, settings)
