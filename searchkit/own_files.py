"""By what the files that searchkit writes are known, for all that come upon them."""

import json
from pathlib import Path
from typing import Any

MANIFEST = "searchkit.json"
"""The file that says that a directory is an index; see `searchkit.engines.manifest`."""

MANIFEST_NAME = "searchkit index"
"""What it gives as its name."""

SAVED_QUERIES = ".watches.json"
"""What the name of the file of saved queries, beside the directory, ends in."""

LARGEST_MANIFEST = 64 * 1024

SITE_MARKER = "site.json"
"""The file that says that a directory is an exported site; see `searchkit.site.placing`."""

SITE_NAME = "searchkit site"
"""The name in it that says so."""


def is_own(folder: Path) -> bool:
    """Return whether searchkit wrote a directory: an index, a backup or a site, of any format."""
    manifest, marker = (_object_in(folder / name) for name in (MANIFEST, SITE_MARKER))
    return manifest.get("name") == MANIFEST_NAME or SITE_NAME in marker


def _object_in(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file():
            return {}
        with path.open("rb") as file:
            data = json.loads(file.read(LARGEST_MANIFEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
