"""A static site that searches an archive in the browser: `SearchIndex.export_site`.

Python writes what the index holds as small files; the JavaScript in `app/` reads those that a query
needs, with the same analyzer and the same formulas. docs/site.md says what is the same, and what is
not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SiteReport"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """What an export has written to `folder`: documents by kind, files, and `size` in bytes."""

    folder: Path
    documents: Mapping[str, int]
    files: int
    size: int
