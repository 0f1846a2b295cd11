"""What keeps an index well, apart from searching and writing it; see `searchkit.upkeep`."""

from searchkit.engines.copied import Copied
from searchkit.engines.tantivy.checking import check
from searchkit.engines.tantivy.copying import OpenCommit, copy_commit
from searchkit.engines.tantivy.salvage import Salvage, salvage

__all__ = ["Copied", "OpenCommit", "Salvage", "check", "copy_commit", "salvage"]
