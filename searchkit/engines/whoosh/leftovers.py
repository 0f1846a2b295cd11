"""Files that the newest commit does not need: of commits past, and of writers that were killed."""

import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from searchkit.durable import SUFFIX
from searchkit.engines import manifest
from searchkit.engines.whoosh.index import INDEX_NAME, SafeIndex
from searchkit.errors import SearchIndexError

# A copy that was not finished ends in SUFFIX, whatever its segment.
_SEGMENT_FILE = re.compile(rf"({INDEX_NAME}_[a-z0-9]+)\.\w+(\{SUFFIX})?")
# Tables of contents, and files not yet in place.
_OTHER = re.compile(rf"_{INDEX_NAME}_\d+\.\w+(\{SUFFIX})?")
_UNFINISHED = (manifest.FILE_NAME + SUFFIX, manifest.BACKUP_NAME + SUFFIX)


def remove_leftovers(folder: Path, own: Collection[str] = ()) -> None:
    """Remove the files of searchkit that the newest commit in `folder` does not name.

    The writer's lock must be held. What cannot be removed, as a file that is mapped on Windows, is
    left to the next writer. When the newest commit is damaged, only those of the segments `own` are
    removed, which the caller has made and did not publish.
    """
    try:
        newest = SafeIndex(folder)._read_toc()
    except SearchIndexError:
        _remove_segments(folder, own)
        return
    except OSError:
        return
    segments = {segment.segment_id() for segment in newest.segments}
    contents = SafeIndex.toc_name(newest.generation)
    with suppress(OSError):
        for path in list(folder.iterdir()):
            if path.name != contents and is_leftover(path.name, segments):
                with suppress(OSError):
                    path.unlink()


def _remove_segments(folder: Path, names: Collection[str]) -> None:
    with suppress(OSError):
        for path in list(folder.iterdir()):
            of_segment = _SEGMENT_FILE.fullmatch(path.name)
            if of_segment and of_segment[1] in names:
                with suppress(OSError):
                    path.unlink()


def is_leftover(name: str, segments: set[str]) -> bool:
    """Return whether a commit of these `segments` has no use for a file of that name, of ours.

    The tables of contents count as such, that of the commit as well.
    """
    if of_segment := _SEGMENT_FILE.fullmatch(name):
        return of_segment[2] is not None or of_segment[1] not in segments
    return name in _UNFINISHED or _OTHER.fullmatch(name) is not None
