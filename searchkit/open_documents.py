"""The part of `DocumentIndex` that makes, opens and writes an index."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Self

from searchkit.analysis import Analyzers
from searchkit.analysis.vocabulary import load_vocabulary
from searchkit.arguments import check_callback, check_text, check_type
from searchkit.engines.base import Engine, EngineWriter, Filters, IndexedDocument
from searchkit.engines.fields import Fields
from searchkit.engines.location import Location
from searchkit.engines.manifest import Manifest, check_manifest, other_kind
from searchkit.engines.registry import engine_at
from searchkit.errors import (
    DocumentNotFound,
    ForeignIndex,
    IndexDamaged,
    IndexMissing,
    IndexVersionMismatch,
    SchemaError,
)
from searchkit.indexing import LOOKED_UP, IndexReport
from searchkit.migrating import Migration, MigrationReport, OnStep
from searchkit.query.apart import FormsOfIndex
from searchkit.query.expansion import Expander
from searchkit.query.thesaurus import Thesaurus
from searchkit.repairing import Repair, RepairReport
from searchkit.schema.clauses import Clause
from searchkit.schema.declarations import (
    INDONESIAN,
    Schema,
    fingerprint_of_schema,
    same_structure,
)
from searchkit.schema.documents import Entry, give_back, indexed, read, values_of
from searchkit.schema.fields import ranking
from searchkit.schema.lowering import Lowering
from searchkit.schema.searching import read_stored, size_of
from searchkit.settings import Settings
from searchkit.upkeep import EngineUpkeep, fingerprint_of

DOCUMENT = "document"
"""The kind under which an `IndexReport` counts documents of a schema."""

Declared = Schema | type[Any]


class OpenDocuments(EngineUpkeep):
    """An index of documents of a schema that is open; see `searchkit.DocumentIndex`."""

    def __init__(
        self,
        location: Location,
        schema: Schema | None,
        settings: Settings,
        *,
        replacing: bool = False,
    ) -> None:
        """Use `open`, `create`, `open_or_create` or `rebuild`, which is replacing, instead."""
        name, engine = _engine_of_schemas(location, settings)
        kept = None if replacing else engine.manifest(location, settings)
        self.location = location
        self.schema = _agreed(location, kept, schema)
        self._settings = settings
        self._analyzers = Analyzers(settings)
        fingerprint = fingerprint_of_schema(self.schema, self._analyzers)
        version, data = engine.format_version, self.schema.to_data()
        made = Manifest(engine=name, analyzer=fingerprint, version=version, schema=data)
        self._manifest = kept or made
        check_manifest(location, self._manifest, version, fingerprint)
        self._main = self._analyzers.named(self.schema.main_analyzer)
        self._expander = self._make_expander()
        self._opened = engine.open(
            location,
            settings,
            ranking=ranking(self.schema),
            replacing=self._manifest if replacing else None,
            fields=Fields.of(data),
        )

    @classmethod
    def open(
        cls,
        place: str | Path | Location,
        schema: Declared | None = None,
        settings: Settings | None = None,
    ) -> Self:
        """Open the index at `place`; without a schema, documents are dicts of the schema it has.

        Raises what `SearchIndex.open` does, and IndexVersionMismatch when it is an index of news or
        of a schema that differs in more than weights.
        """
        declared = None if schema is None else Schema.of(schema)
        return cls(Location.of(place), declared, Settings.of(settings))

    @classmethod
    def create(
        cls, place: str | Path | Location, schema: Declared, settings: Settings | None = None
    ) -> Self:
        """Make an empty index at `place`, where nothing may be but an empty directory.

        Raises what `SearchIndex.create` does, SchemaError, and SettingsError when the schema names
        an analyzer that there is not.
        """
        location, settings, declared = Location.of(place), Settings.of(settings), Schema.of(schema)
        name, engine = _engine_of_schemas(location, settings)
        if not engine.is_free(location, settings):
            raise ForeignIndex(f"{location} is not empty; name another place")
        data = declared.to_data()
        fingerprint = fingerprint_of(settings, schema=data)
        version = engine.format_version
        manifest = Manifest(engine=name, analyzer=fingerprint, version=version, schema=data)
        engine.create(location, manifest, settings)
        return cls(location, declared, settings)

    @classmethod
    def open_or_create(
        cls, place: str | Path | Location, schema: Declared, settings: Settings | None = None
    ) -> Self:
        """Open the index at `place`, or make one if there is none; see both."""
        if _is_free(Location.of(place), Settings.of(settings)):
            # If there is something in it after all, another process may have been faster.
            with suppress(ForeignIndex):
                return cls.create(place, schema, settings)
        return cls.open(place, schema, settings)

    @classmethod
    def rebuild(
        cls, place: str | Path | Location, schema: Declared, settings: Settings | None = None
    ) -> Self:
        """Begin the index at `place` anew, whatever schema it is of; see `SearchIndex.rebuild`.

        Raises IndexVersionMismatch when it is an index of news.
        """
        location, settings = Location.of(place), Settings.of(settings)
        if _is_free(location, settings):
            return cls.create(location, schema, settings)
        _, engine = _engine_of_schemas(location, settings)
        with suppress(IndexMissing, IndexDamaged):
            kept = engine.manifest(location, settings)
            if kept.schema is None:
                raise other_kind(location, kept)
        return cls(location, Schema.of(schema), settings, replacing=True)

    @classmethod
    def repair(
        cls,
        place: str | Path | Location,
        schema: Declared | None = None,
        settings: Settings | None = None,
    ) -> RepairReport:
        """Build the index in a directory anew from the documents stored in it.

        `schema` is needed when the manifest of the index cannot be read. What is there stays until
        the new index is whole and on the disk. Raises what `SearchIndex.repair` does.
        """
        location, settings = Location.of(place), Settings.of(settings)
        declared = None if schema is None else Schema.of(schema)
        if declared is None:
            _, engine = _engine_of_schemas(location, settings)
            declared = _agreed(location, engine.manifest(location, settings), None)
        run = Repair(location, settings, partial(give_back, declared))
        with cls.rebuild(location, declared, settings) as index:
            index.add(run.documents())
            return run.report(len(index))

    @classmethod
    def migrate(
        cls,
        place: str | Path | Location,
        target: str | Path | Location,
        settings: Settings | None = None,
        *,
        on_step: OnStep = lambda _step, _done, _total: None,
    ) -> MigrationReport:
        """Move the documents of the index at `place` into one at `target`, of any engine.

        See `SearchIndex.migrate`; the index at `target` is of the same schema.
        """
        location, settings = Location.of(target), Settings.of(settings)
        with Migration(Location.of(place), location, settings, on_step, of_news=False) as run:
            assert run.schema is not None, "an index of news is refused"
            with cls.open_or_create(location, Schema.of_data(run.schema), settings) as index:
                return run.into(index._engine, index._prepared)

    def _prepared(
        self, documents: Iterator[dict[str, Any]]
    ) -> Generator[IndexedDocument, None, None]:
        """Yield stored objects of documents as the engine takes them in."""
        for stored in documents:
            entry = Entry(stored["id"], values_of(stored), stored)
            yield indexed(self.schema, self._analyzers.named, entry)

    # Changing it.

    def add(
        self, documents: Iterable[Any], on_document: Callable[[], None] | None = None
    ) -> IndexReport:
        """Add documents in one commit, in place of those of the same id; unchanged ones are left.

        Each is a mapping of fields or an object of the document class. The report counts them under
        "document"; of several of one id the last counts. Raises SchemaError for a document that
        does not fit the schema, IndexLocked or IndexNotWritable; the index is then as it was.
        """
        check_type("documents", documents, Iterable, "a list of documents")
        check_callback("on_document", on_document)
        report, met = IndexReport(), dict[str, str]()
        try:
            with self._engine.writer() as writer:
                entries = self._read(documents, on_document)
                while some := list(islice(entries, LOOKED_UP)):
                    before = writer.before([entry.id for entry in some])
                    for entry in some:
                        self._take(writer, entry, before.get(entry.id), met, report)
        finally:
            self._analyzers.save()
        return report

    def _read(
        self, documents: Iterable[Any], on_document: Callable[[], None] | None
    ) -> Iterator[Entry]:
        for document in documents:
            yield read(self.schema, document)
            if on_document:
                on_document()

    def _take(
        self,
        writer: EngineWriter,
        entry: Entry,
        before: dict[str, Any] | None,
        met: dict[str, str],
        report: IndexReport,
    ) -> None:
        digest = entry.stored["digest"]
        kept = before.get("digest") if before else None
        counts = report.added if before is None else report.updated
        if entry.id not in met:
            (report.unchanged if kept == digest else counts)[DOCUMENT] += 1
        elif met[entry.id] == kept != digest:
            report.unchanged[DOCUMENT] -= 1
            counts[DOCUMENT] += 1
        if met.get(entry.id, kept) != digest:
            writer.put(indexed(self.schema, self._analyzers.named, entry))
        met[entry.id] = digest

    def delete_where(self, clause: Clause) -> int:
        """Delete the documents that match, in one commit; return how many there were."""
        check_type("clause", clause, Clause, "a clause")
        node = self._lowering().node(clause)
        size = len(self)
        found = self._engine.search(node, Filters(), 0, size).matches if size else ()
        return self._delete([match.id for match in found])

    def clear(self) -> int:
        """Delete all documents in one commit; return how many there were."""
        return self._delete([stored["id"] for stored in self._engine.documents()])

    # Looking documents up.

    def get(self, document_id: str) -> Any:
        """Return a document as it was given; DocumentNotFound if there is none of that id."""
        return read_stored(self.schema, self._stored(document_id))

    def documents(self) -> Iterator[Any]:
        """Yield all documents of the newest commit, in the order added."""
        for stored in self._engine.documents():
            yield read_stored(self.schema, stored)

    def __len__(self) -> int:
        """The number of documents."""
        return size_of(self._engine)

    def __bool__(self) -> bool:
        """An index is true, however many documents are in it."""
        return True

    def _stored(self, document_id: str) -> dict[str, Any]:
        check_text("document_id", document_id)
        stored = self._engine.stored(document_id)
        if stored is None:
            raise DocumentNotFound(f"no document {document_id!r} in {self.location}")
        return stored

    def _lowering(self) -> Lowering:
        return Lowering(self.schema, self._engine, self._analyzers.named, self._expander.expand)

    def _make_expander(self) -> Expander:
        """Return what expands queries: by the lists of the settings where words are Indonesian."""
        settings = self._settings
        rules = settings.expand if self.schema.main_analyzer == INDONESIAN else ()
        vocabulary = load_vocabulary(settings.abbreviations, settings.synonyms)
        thesaurus = Thesaurus(vocabulary, self._main)
        forms = FormsOfIndex(lambda: self._engine.forms())
        return Expander(thesaurus, self._main, rules=rules, forms=forms)


def _engine_of_schemas(location: Location, settings: Settings) -> tuple[str, type[Engine]]:
    name, engine = engine_at(location, settings.engine)
    if not engine.capabilities.schemas:
        raise SchemaError(
            f"the engine {name!r} keeps indexes of news only; choose another one for documents of "
            "a schema"
        )
    return name, engine


def _is_free(location: Location, settings: Settings) -> bool:
    return engine_at(location, settings.engine)[1].is_free(location, settings)


def _agreed(location: Location, kept: Manifest | None, schema: Schema | None) -> Schema:
    """Return the schema of an index; IndexVersionMismatch when it is not the one asked for."""
    if kept is None:
        assert schema is not None, "an index that is begun anew is given a schema"
        return schema
    if kept.schema is None:
        raise other_kind(location, kept)
    try:
        found = Schema.of_data(kept.schema)
    except SchemaError as error:
        raise IndexVersionMismatch(
            f"{location} is of a schema that this searchkit does not know; open it with the one "
            "that built it, or add its documents to DocumentIndex.rebuild"
        ) from error
    if schema is not None and not same_structure(found.to_data(), schema.to_data()):
        raise IndexVersionMismatch(
            f"{location} was built for another schema ({_outline(found)}) than the one given "
            f"({_outline(schema)}); add its documents to DocumentIndex.rebuild"
        )
    return schema or found


def _outline(schema: Schema) -> str:
    return ", ".join([schema.id, *(f"{name}: {field!r}" for name, field in schema.fields.items())])
