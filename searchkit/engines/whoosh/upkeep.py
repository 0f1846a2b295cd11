"""What keeps an index well, apart from searching and writing it; see `searchkit.upkeep`."""

from pathlib import Path

from searchkit.engines.findings import Checked, FaultOf
from searchkit.engines.whoosh.checking import check_index
from searchkit.engines.whoosh.copying import Copied, OpenCommit, copy_commit
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.errors import SearchIndexError

__all__ = ["Copied", "OpenCommit", "check", "copy_commit"]


def check(folder: Path, fault_of: FaultOf) -> Checked:
    """Check all files in `folder`; `fault_of` judges each stored object.

    Raises SearchIndexError when a file cannot be read at all.
    """
    try:
        return check_index(SafeIndex(folder), fault_of)
    except OSError as error:
        raise SearchIndexError(
            f"{folder} cannot be read ({error.strerror}); check the disk and its permissions"
        ) from error
