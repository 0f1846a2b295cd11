"""Checks an index that may be damaged: its manifest, its files and its documents."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from searchkit.canonical import as_given
from searchkit.documents.stored import from_stored
from searchkit.engines.fields import Schema as SchemaData
from searchkit.engines.findings import Finding
from searchkit.engines.location import Location
from searchkit.engines.manifest import FILE_NAME, check_version
from searchkit.engines.registry import engine_at, upkeep_of
from searchkit.errors import IndexDamaged, IndexMissing
from searchkit.indexing import digest_of
from searchkit.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What is wrong with an index: `findings`, () if nothing is.

    `documents` and `size` (bytes) are those of the newest commit, 0 when it cannot be read.
    `schema` is that of its documents, as data; None for news, or when it cannot be read.
    """

    path: Path
    findings: tuple[Finding, ...]
    documents: int
    size: int
    schema: SchemaData | None = None

    @property
    def damaged(self) -> bool:
        """Whether answers of the index may be wrong, or fail."""
        return any(finding.kind == "damaged" for finding in self.findings)

    @property
    def outdated(self) -> bool:
        """Whether the index is of another analyzer than the settings ask for."""
        return any(finding.kind == "outdated" for finding in self.findings)


def check(
    location: Location, settings: Settings, fingerprint_of: Callable[[SchemaData | None], str]
) -> CheckReport:
    """Check the index at `location`.

    `fingerprint_of` gives the fingerprint of what is to search an index of a schema, or of news.
    Raises IndexMissing, ForeignIndex, IndexVersionMismatch when it is of another format, and
    SearchIndexError when its engine cannot check, or a file cannot be read at all.
    """
    name, engine = engine_at(location, settings.engine)
    upkeep = upkeep_of(name, engine)
    if engine.is_free(location, settings):
        raise IndexMissing(f"there is no index in {location}; build one with `searchkit index`")
    findings: list[Finding] = []
    schema: SchemaData | None = None
    try:
        manifest = engine.manifest(location, settings)
    except IndexDamaged:
        findings.append(Finding("damaged", FILE_NAME, "it is not as it was written"))
    else:
        check_version(location, manifest, engine.format_version)
        schema = manifest.schema
        fingerprint = fingerprint_of(schema)
        if manifest.analyzer != fingerprint:
            what = f"the index was analysed by {manifest.analyzer}; the settings use {fingerprint}"
            findings.append(Finding("outdated", FILE_NAME, what))
    checked = upkeep.check(location.directory, partial(fault_of, _reader(schema)))
    return CheckReport(
        path=location.directory,
        findings=(*findings, *checked.findings),
        documents=checked.documents,
        size=checked.size,
        schema=schema,
    )


def _reader(schema: SchemaData | None) -> Callable[[dict[str, Any]], object]:
    if schema is None:
        return from_stored
    # Imported late: an index of news has no need of it.
    from searchkit.schema.documents import values_of

    return values_of


def fault_of(read: Callable[[dict[str, Any]], object], stored: dict[str, Any]) -> str:
    """Return what is wrong with a stored object, which `read` understands; "" if nothing is."""
    try:
        read(stored)
        same = stored.get("digest") == digest_of(as_given(stored))
        return "" if same else "does not match its digest"
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return "has not the fields of a document of this index"
