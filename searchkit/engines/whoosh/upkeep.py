"""What keeps an index well, apart from searching and writing it; see `searchkit.upkeep`."""

from pathlib import Path

from searchkit.engines.copied import Copied
from searchkit.engines.findings import Checked, FaultOf
from searchkit.engines.manifest import fields_of
from searchkit.engines.opening import unreadable
from searchkit.engines.whoosh.checking import check_index
from searchkit.engines.whoosh.copying import OpenCommit, copy_commit
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.engines.whoosh.salvage import Salvage, salvage

__all__ = ["Copied", "OpenCommit", "Salvage", "check", "copy_commit", "salvage"]


def check(folder: Path, fault_of: FaultOf) -> Checked:
    """Check all files in `folder`; `fault_of` judges each stored object.

    Raises SearchIndexError when a file cannot be read at all.
    """
    try:
        return check_index(SafeIndex(folder, fields_of(folder)), fault_of)
    except OSError as error:
        raise unreadable(folder, error) from error
