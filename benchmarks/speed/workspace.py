"""The folder that indexes are built in, so that they can be kept from run to run."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.speed.archives import records

_COMPLETE = "complete.json"

Costs = dict[str, dict[str, float]]
"""By name of what was built, the costs of an `Outcome` and `disk`, in MB."""


class Workspace:
    """Indexes of the first `most` articles of an archive, in `folder`."""

    def __init__(self, folder: Path, archive: Path, most: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.archive = archive
        self.most = most
        self.articles = sum(1 for _ in records(archive, most))

    def built(self, name: str, build: Callable[["Workspace", Path], Costs]) -> Costs:
        """Call `build` with this and an empty folder, unless that was done before; return costs."""
        folder = self.folder / name
        done = folder / _COMPLETE
        made_of = [self.archive.name, self.articles]
        if done.exists():
            kept: dict[str, Any] = json.loads(done.read_text())
            if kept["of"] != made_of:
                sys.exit(
                    f"{folder} was built from {kept['of']}, not {made_of}: name another --keep"
                )
            costs: Costs = kept["costs"]
            return costs
        if folder.exists():
            sys.exit(f"{folder} was not completed: remove it, or name another --keep")
        folder.mkdir(parents=True)
        costs = build(self, folder)
        done.write_text(json.dumps({"of": made_of, "costs": costs}))
        return costs


def megabytes(folder: Path) -> float:
    """Return the size of the files in a folder."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return round(sum(file.stat().st_size for file in files) / 1e6, 3)
