"""Moves an index to another place, which may be of another engine.

Documents are moved as they are stored, so that what is at the end can be compared to the letter.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

from searchkit.arguments import check_type
from searchkit.canonical import as_given
from searchkit.copying import check_places
from searchkit.engines.base import Engine, IndexedDocument
from searchkit.engines.fields import Fields
from searchkit.engines.location import Location
from searchkit.engines.manifest import check_version, other_kind, watches_of
from searchkit.engines.registry import engine_at
from searchkit.errors import ForeignIndex, MigrationFailed, SearchIndexError
from searchkit.saved_queries import copied_saved_queries
from searchkit.settings import Settings

BATCH = 5000
"""Documents of a commit: so many at most are moved again after a migration that was cut off."""

OnStep = Callable[[str, int, int], None]
"""Is told the step ("checking", "moving", "verifying"), documents done, and documents in all."""

Prepare = Callable[[Iterator[dict[str, Any]]], Generator[IndexedDocument, None, None]]
"""Makes stored objects ready for the engine they are moved to."""

_CHECKSUM_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationReport:
    """What was moved, and the proof that it has arrived.

    `documents` counts those of the index by kind, `moved` those that were written, the others were
    there. `checksum` is that of all stored documents of the one index and of the other.
    """

    source: Location
    target: Location
    documents: Mapping[str, int]
    moved: int
    checksum: str


@dataclass(slots=True)
class Contents:
    """The documents of an index in a few bytes: how many of each kind, and a checksum.

    The checksum is the sum of the SHA-256 of each, modulo 2 to the 256th, so that their order does
    not matter. Source: M. Bellare, D. Micciancio, "A New Paradigm for Collision-Free Hashing:
    Incrementality at Reduced Cost", EUROCRYPT 1997 (AdHash).
    """

    documents: Counter[str]
    total: int = 0

    @classmethod
    def of(cls, stored: Iterable[dict[str, Any]]) -> Self:
        """Return the contents of an index of these stored objects."""
        contents = cls(Counter())
        for each in stored:
            text = json.dumps(as_given(each), ensure_ascii=False, sort_keys=True)
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
            contents.total += int.from_bytes(digest, "big")
            contents.documents[str(each.get("kind", "document"))] += 1
        contents.total %= 1 << (8 * _CHECKSUM_BYTES)
        return contents

    @property
    def checksum(self) -> str:
        """The checksum, in hexadecimal."""
        return self.total.to_bytes(_CHECKSUM_BYTES, "big").hex()


class Migration:
    """One run, from an index of news or of a schema that is only read."""

    def __init__(
        self,
        source: Location,
        target: Location,
        settings: Settings,
        on_step: OnStep,
        *,
        of_news: bool = True,
    ) -> None:
        """Open the index at `source`; raises what `SearchIndex.migrate` does."""
        if source.folder is not None and target.folder is not None:
            check_places(source.folder, target.folder)
        elif str(source) == str(target):
            raise SearchIndexError(f"{source} cannot be moved to itself; name another place")
        engine = engine_at(source, settings.engine)[1]
        manifest = engine.manifest(source, settings)
        check_version(source, manifest, engine.format_version)
        if (manifest.schema is None) != of_news:
            raise other_kind(source, manifest)
        self.schema = manifest.schema
        self._places = source, target
        check_type("on_step", on_step, Callable, "a function")
        self._on_step = on_step
        self._source: Engine = (
            engine.open(source, settings)
            if of_news
            else engine.open(source, settings, fields=Fields.of(self.schema))
        )
        self._total = sum(self._source.stats().documents.values())

    def into(self, target: Engine, prepare: Prepare) -> MigrationReport:
        """Move all documents that `target` does not have, and compare the two in the end."""
        generation = self._source.stats().generation
        there = self._check(target)
        moved = self._move(target, prepare, there)
        self._copy_saved_queries()
        contents = self._verify(target, generation)
        return MigrationReport(
            source=self._places[0],
            target=self._places[1],
            documents=dict(contents.documents),
            moved=moved,
            checksum=contents.checksum,
        )

    def _check(self, target: Engine) -> set[str]:
        """Return the ids of documents that have been moved; ForeignIndex if there are others."""
        there = set()
        size = sum(target.stats().documents.values())
        for each in self._told("checking", target.documents(), size):
            document_id = str(each.get("id"))
            known = self._source.stored(document_id)
            if known is None:
                source, place = self._places
                raise ForeignIndex(
                    f"{place} holds the document {document_id}, which {source} does not: it is not "
                    "of this migration; name another place"
                )
            if as_given(known) == as_given(each):
                there.add(document_id)
        return there

    def _move(self, target: Engine, prepare: Prepare, there: set[str]) -> int:
        """Move what is not there yet; return how many documents that were."""
        moved = 0
        told = self._told("moving", self._source.documents(), self._total)
        with closing(prepare(stored for stored in told if stored.get("id") not in there)) as ready:
            while batch := _put(target, islice(ready, BATCH)):
                moved += batch
        return moved

    def _copy_saved_queries(self) -> None:
        """Copy the saved queries, unless there are some already: they may have been added there."""
        source, place = self._places
        if not watches_of(place).exists():
            with copied_saved_queries(source, place):
                pass

    def _verify(self, target: Engine, generation: int) -> Contents:
        """Return the contents of both; MigrationFailed when they differ."""
        source, place = self._places
        twice = 2 * self._total
        wanted = Contents.of(self._told("verifying", self._source.documents(), twice))
        found = Contents.of(self._told("verifying", target.documents(), twice, self._total))
        if self._source.stats().generation != generation:
            raise MigrationFailed(
                f"{source} was written to while it was moved to {place}; run it again, which moves "
                "what is new"
            )
        if found != wanted:
            raise MigrationFailed(
                f"{place} does not hold what {source} does: {_said(found)}, not {_said(wanted)}; "
                "run it again, or check both disks"
            )
        return found

    def _told(
        self, step: str, documents: Iterable[dict[str, Any]], total: int, before: int = 0
    ) -> Iterator[dict[str, Any]]:
        for done, document in enumerate(documents, start=before + 1):
            yield document
            self._on_step(step, done, total)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._source.close()


def _put(target: Engine, documents: Iterable[IndexedDocument]) -> int:
    """Put documents into an index in one commit; return how many there were."""
    count = 0
    with target.writer() as writer:
        for count, each in enumerate(documents, start=1):  # noqa: B007 - the last one counts
            writer.put(each)
    return count


def _said(contents: Contents) -> str:
    return f"{contents.documents.total():,} documents of checksum {contents.checksum[:16]}"
