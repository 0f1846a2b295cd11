"""Copies a commit to another directory, where it becomes the newest one.

Files of segments never change, so a writer may go on meanwhile: it can only remove files, and what
is open stays readable. (Windows does not let it remove them.)
"""

from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from whoosh.index import TOC

from searchkit.durable import replacing_file
from searchkit.engines.copied import Copied, unreadable
from searchkit.engines.locking import WriterLock
from searchkit.engines.manifest import Manifest
from searchkit.engines.opening import IrregularFile, open_regular
from searchkit.engines.whoosh.checksums import BLOCK, Checksums
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.engines.whoosh.leftovers import remove_leftovers
from searchkit.engines.whoosh.replacing import ReplacingIndex
from searchkit.engines.whoosh.segment import CompactSegment
from searchkit.errors import IndexDamaged


class OpenCommit:
    """The newest commit of an index, all of its files open."""

    def __init__(self, folder: Path) -> None:
        """Open it; IndexMissing, IndexDamaged, or SearchIndexError if it cannot be read."""
        index = SafeIndex(folder)
        self.folder = folder
        try:
            index.read_newest(self._open_all)
        except OSError as error:
            raise unreadable(folder, error) from error

    def _open_all(self, toc: TOC) -> None:
        self._opened = ExitStack()
        try:
            self.generation = int(toc.generation)
            self.segments: list[CompactSegment] = toc.segments
            self.files = {
                segment.make_filename(ending): (self._open(segment, ending), sums)
                for segment in self.segments
                for ending, sums in segment.checksums.items()
            }
        except BaseException:
            self.close()
            raise

    def _open(self, segment: CompactSegment, ending: str) -> BinaryIO:
        path = self.folder / segment.make_filename(ending)
        try:
            return self._opened.enter_context(open_regular(path))
        except (FileNotFoundError, IrregularFile) as error:
            raise IndexDamaged(
                f"{path} is damaged ({error.strerror}); see `searchkit check`"
            ) from None

    def close(self) -> None:
        """Close all files."""
        self._opened.close()


def copy_commit(commit: OpenCommit, target: Path, manifest: Manifest, timeout: float) -> Copied:
    """Make `commit` the newest one of `target`, a directory with a manifest of searchkit.

    Until then, whoever reads `target` sees what was there. Files that are there already, byte by
    byte, are not written. Raises IndexDamaged when the commit is not as it was written, IndexLocked
    when another process writes to `target`, and OSError when it cannot be written; it is then as it
    was before.
    """
    lock = WriterLock(target)
    lock.acquire(timeout)
    try:
        index = ReplacingIndex(target, manifest)
        copied = Copied()
        for segment in commit.segments:
            copied.documents += segment.doc_count_all() - segment.deleted_count()
        for name, (file, sums) in commit.files.items():
            if _is_there(target / name, sums):
                copied.kept += 1
                continue
            _copy(commit.folder / name, file, sums, target / name)
            copied.files += 1
            copied.size += sums.size
        index.write_toc(commit.segments, max(commit.generation, index.latest_generation() + 1))
        return copied
    finally:
        try:
            remove_leftovers(target)
        finally:
            lock.release()


def _is_there(path: Path, sums: Checksums) -> bool:
    try:
        return path.lstat().st_size == sums.size and Checksums.of(path) == sums
    except OSError:
        return False


def _copy(source: Path, file: BinaryIO, sums: Checksums, target: Path) -> None:
    """Copy an open file to `target`, verifying each block."""
    with replacing_file(target) as copy:
        for number in range(sums.count):
            data = _read(source, file)
            if not sums.fits(number, data):
                raise IndexDamaged(
                    f"{source} is damaged: bytes {number * BLOCK} to "
                    f"{number * BLOCK + len(data) - 1} are not those that were written; see "
                    "`searchkit check`"
                )
            copy.write(data)
        if _read(source, file):
            raise IndexDamaged(f"{source} is longer than it was; see `searchkit check`")


def _read(source: Path, file: BinaryIO) -> bytes:
    try:
        return file.read(BLOCK)
    except OSError as error:
        raise unreadable(source, error) from error
