"""An index that is built anew beside the one it will replace."""

from contextlib import suppress
from pathlib import Path

from whoosh.index import TOC

from searchkit.engines.fields import NEWS, Fields
from searchkit.engines.manifest import Manifest, read_manifest
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.errors import SearchIndexError


class ReplacingIndex(SafeIndex):
    """Begins empty; its first commit takes the place of all that others see until then.

    What is there may be of another format or damaged: it is never read.
    """

    def __init__(self, folder: Path, manifest: Manifest, fields: Fields = NEWS) -> None:
        super().__init__(folder, fields)
        self._manifest = manifest
        self.pending = True

    def _read_toc(self) -> TOC:
        if self.pending:
            return TOC(self._schema, [], self.latest_generation())
        return super()._read_toc()

    def write_toc(self, segments: list[CompactSegment], generation: int) -> None:
        """Publish `segments`, and the manifest that they need."""
        super().write_toc(segments, generation)
        if self.pending and self._manifest != _manifest_in(self.folder):
            # Killed here, the directory has the old manifest: it is to be rebuilt, as before.
            try:
                self._manifest.write(self.folder)
            except BaseException as error:
                # It is in place when nothing but the flushing of the directory has failed.
                placed = self._manifest == _manifest_in(self.folder)
                if not placed:
                    self.withdraw(generation)
                if not placed or not isinstance(error, OSError):
                    raise
        self.pending = False


def _manifest_in(folder: Path) -> Manifest | None:
    with suppress(SearchIndexError):
        return read_manifest(folder)
    return None
