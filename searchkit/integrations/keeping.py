"""An index of what a database holds, kept in step with it: what web frameworks have in common."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from threading import Lock

from searchkit.documents import Article
from searchkit.documents.stored import encodable, to_stored
from searchkit.engines.location import Location
from searchkit.errors import DocumentNotFound
from searchkit.forking import renewed_at_fork
from searchkit.search_index import SearchIndex
from searchkit.settings import Settings

_BATCH = 200
"""Articles that differ and are written in one commit: other writers wait no longer than for it."""

Read = Callable[[list[str] | None], Iterable[Article]]
"""Gives those articles, of these ids or of all when None, that are to be found as of now.

An article that is not there, or is not to be found, is left out. Each must have its own id.
"""


class KeptIndex:
    """The index of the articles that `read` gives, opened when it is first used.

    A process opens it once for all its threads; one that was forked opens its own. `read` is called
    while no other process can write the index, so that of two that tell of the same article, the
    one that writes last has read last, and the index ends up as the database is. So call `update`
    when what was changed is committed, never in a transaction.
    """

    def __init__(self, place: str | Path, settings: Settings | None, read: Read) -> None:
        """Keep the index at a path or URL, which is made if there is none."""
        self._place = Location.of(place)
        self._settings = settings
        self._read = read
        self._begin()
        renewed_at_fork(self, self._begin)

    def _begin(self) -> None:
        # The index and the lock of the process above are not those of this one.
        self._opening = Lock()
        self._opened: SearchIndex | None = None

    @property
    def index(self) -> SearchIndex:
        """The open index; raises what `SearchIndex.open_or_create` does."""
        opened = self._opened
        if opened is not None:
            return opened
        with self._opening:
            if self._opened is None:
                self._opened = SearchIndex.open_or_create(self._place, self._settings)
            return self._opened

    def update(self, ids: Iterable[str]) -> None:
        """Bring the articles of `ids` into step, whether added, changed or deleted.

        Those added and changed are one commit, those deleted another. Raises IndexLocked when
        another process writes for longer than `Settings.lock_timeout`, and IndexNotWritable; `sync`
        makes good for it later.
        """
        pending = list(dict.fromkeys(ids))
        while pending:
            met: set[str] = set()
            self.index.add(self._noted(pending, met))
            gone = [each for each in pending if each not in met]
            self.index.delete(*gone, missing_ok=True)
            # Another process may have brought one back, and written it before it was deleted here.
            pending = [article.id for article in self._read(gone)] if gone else []

    def sync(self) -> int:
        """Bring all articles into step, and return how many were not.

        Only those are analysed. Others may write meanwhile. Raises what `update` does.
        """
        met: set[str] = set()
        differing = (each.id for each in self._noted(None, met) if not self._has(each))
        changed = self._update_all(differing)
        unknown = [document.id for document in self.index.documents() if document.id not in met]
        return changed + self._update_all(iter(unknown))

    def rebuild(self) -> int:
        """Begin the index anew, and return how many articles are in it.

        That is needed when it is of another version, or the settings of analysis have changed;
        until it is there, what was there is searched. What changed meanwhile is in it as well.
        Raises ForeignIndex when something else is at its place, and what `update` does.
        """
        with SearchIndex.rebuild(self._place, self._settings) as index:
            index.add(self._read(None))
        self.sync()
        return self.index.stats().size.documents["article"]

    def close(self) -> None:
        """Give back the files of the index; it is opened again when it is used."""
        with self._opening:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _noted(self, ids: list[str] | None, met: set[str]) -> Iterator[Article]:
        for article in self._read(ids):
            met.add(article.id)
            yield article

    def _has(self, article: Article) -> bool:
        try:
            kept = to_stored(self.index.get(article.id))
        except DocumentNotFound:
            return False
        # As it is written: lists are kept as tuples, and half a surrogate pair as "?".
        return kept == to_stored(article) or kept == to_stored(encodable(article))

    def _update_all(self, ids: Iterator[str]) -> int:
        count = 0
        while batch := list(islice(ids, _BATCH)):
            self.update(batch)
            count += len(batch)
        return count
