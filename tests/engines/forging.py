"""Makes an index directory hostile: what is changed in it gets the checksums that it needs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from searchkit.engines import manifest
from searchkit.engines.sealed import sealed
from searchkit.engines.whoosh.checksums import Checksums
from searchkit.engines.whoosh.tables import Array, read_tables, write_tables


def toc_of(folder: Path) -> Path:
    """Return the newest table of contents."""
    return max(folder.glob("_MAIN_*.toc"), key=lambda path: int(path.stem.split("_")[-1]))


def forge_toc(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Let `change` alter the table of contents, and seal it again."""
    data = json.loads(toc_of(folder).read_text())
    del data["checksum"]
    change(data)
    toc_of(folder).write_bytes(sealed(data))


def reseal(folder: Path) -> None:
    """Give all files of segments the checksums that they need."""

    def change(data: dict[str, Any]) -> None:
        for segment in data["segments"]:
            for ending in segment["files"]:
                path = folder / f"MAIN_{segment['id']}{ending}"
                segment["files"][ending] = Checksums.of(path).written()

    forge_toc(folder, change)


def forge_tables(folder: Path, change: Callable[[dict[str, Array]], object]) -> None:
    """Let `change` alter the tables of all segments."""
    for path in folder.glob("*.tables"):
        tables = {name: array.copy() for name, array in read_tables(path).items()}
        change(tables)
        write_tables(path, tables)
    reseal(folder)


def forge_manifest(folder: Path, **values: object) -> None:
    """Put other values into the manifest."""
    path = folder / manifest.FILE_NAME
    data = json.loads(path.read_text())
    del data["checksum"]
    path.write_bytes(sealed(data | values))
