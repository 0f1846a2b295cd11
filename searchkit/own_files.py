"""By what the files of an index are known, for all that come upon them."""

import json
from pathlib import Path

MANIFEST = "searchkit.json"
"""The file that says that a directory is an index; see `searchkit.engines.manifest`."""

MANIFEST_NAME = "searchkit index"
"""What it gives as its name."""

SAVED_QUERIES = ".watches.json"
"""What the name of the file of saved queries, beside the directory, ends in."""

LARGEST_MANIFEST = 64 * 1024


def is_index(folder: Path) -> bool:
    """Return whether there is an index in a directory, of any format; False if that is no index."""
    path = folder / MANIFEST
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            data = json.loads(file.read(LARGEST_MANIFEST))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("name") == MANIFEST_NAME
