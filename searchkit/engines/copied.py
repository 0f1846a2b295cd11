"""What a backup or a restoring has copied of an index."""

from dataclasses import dataclass
from pathlib import Path

from searchkit.errors import SearchIndexError


@dataclass(slots=True)
class Copied:
    """What was copied: `documents` of the commit, files and bytes; `kept` files were there."""

    documents: int = 0
    files: int = 0
    size: int = 0
    kept: int = 0


def unreadable(path: Path, error: OSError) -> SearchIndexError:
    """Return the error for what cannot be read to be copied."""
    return SearchIndexError(f"{path} cannot be read ({error.strerror}); check the disk")
