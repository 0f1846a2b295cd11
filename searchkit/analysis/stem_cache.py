"""A memory of stems, on disk.

A newsroom's archive uses the same hundred thousand words over and over, so each word is stemmed
once on a machine.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import finalize

from searchkit.analysis.arbitration import Verdict
from searchkit.analysis.verdicts import Verdicts
from searchkit.forking import lock_held_at_fork, renewed_at_fork

if TYPE_CHECKING:
    from searchkit.analysis.stemming import Stemmer

_MOST_VERDICTS = 150_000
"""Words of which the verdict is in memory: of a million words most are met once.

Fewer than fill a table of 2**18 slots: the next larger one would take 9 MB more.
"""

_PRELOADED = 130_000
"""Words read ahead of a large run: those met first, the more frequent ones."""

_TABLE = "CREATE TABLE IF NOT EXISTS stems (word TEXT PRIMARY KEY, stem TEXT, doubtful INTEGER)"
_SELECT = "SELECT rowid, word, stem, doubtful FROM stems WHERE"
_SELECT_NEWS = f"{_SELECT} rowid > ? ORDER BY rowid LIMIT ?"
_LAST = "SELECT max(rowid) FROM stems"
_AT_ONCE = 500
"""Words of one look-up: old SQLite takes 999 values."""

_inherited: list[sqlite3.Connection] = []
"""Connections that were opened by the process above this one, which must not even close them."""


class CachedStemmer:
    """A stemmer that asks another one only for words it has not met before.

    With a `path` the stems are kept in an SQLite file that several processes may share; when that
    file cannot be opened or is damaged, the memory alone is used: a cache never stops a run. Memory
    holds a bounded number. Call `preload` before stemming a corpus and `save` after it. Safe to use
    from several threads.
    """

    def __init__(self, stemmer: "Stemmer", path: Path | None = None) -> None:
        self._stemmer = stemmer
        self._verdicts = Verdicts()
        self._unsaved: dict[str, Verdict] = {}
        self._knows_all = False
        self._read = 0  # the number of the row up to which the file has been read
        self._missing: frozenset[str] = frozenset()
        self._lock = lock_held_at_fork()
        self._path = path
        self._opened: sqlite3.Connection | None = None
        self._closing: finalize[[], CachedStemmer] | None = None
        with self._lock:
            self._connection()
        renewed_at_fork(self, self._part)

    @property
    def fingerprint(self) -> str:
        """That of the stemmer whose answers are kept."""
        return self._stemmer.fingerprint

    def stem(self, word: str) -> str:
        """Return the stem of a folded `word`, from memory, disk or the stemmer."""
        return self.verdict(word).stem

    def verdict(self, word: str) -> Verdict:
        """Return the verdict on a folded `word`, from memory, disk or the stemmer."""
        verdict = self._verdicts.get(word)
        if verdict is None:
            with self._lock:
                verdict = self._stored(word)
                if verdict is None:
                    verdict = self._unsaved[word] = self._stemmer.verdict(word)
                self._make_room()
                self._verdicts.put(word, verdict)
        return verdict

    def preload(self) -> None:
        """Read the stored stems into memory: one pass instead of a look-up a word.

        Of very many, those that were met first. If these are all, other words are then stemmed
        without another look at the disk.
        """
        with self._lock:
            self._read_on(_PRELOADED)

    def _read_on(self, most: int) -> None:
        """Read what was stored since the last call, at most so many words."""
        count = 0
        for number, word, verdict in self._rows(_SELECT_NEWS, self._read, most):
            count += 1
            self._verdicts.put(word, verdict)
            self._read = number
        self._knows_all = count < most

    def expect(self, words: Iterable[str]) -> None:
        """Read what is stored of `words` at once, before they are asked for one by one.

        To find a word in the file takes microseconds, to lock and unlock it ten times as long.
        """
        if self._knows_all or not self._path:
            return
        with self._lock:
            self._make_room()
            unknown = [word for word in words if self._verdicts.get(word) is None]
            for start in range(0, len(unknown), _AT_ONCE):
                some = unknown[start : start + _AT_ONCE]
                places = ",".join("?" * len(some))
                for _, word, verdict in self._rows(f"{_SELECT} word IN ({places})", *some):
                    self._verdicts.put(word, verdict)
            self._missing = frozenset(w for w in unknown if self._verdicts.get(w) is None)

    def save(self) -> None:
        """Write the stems met since the last call to disk.

        Who knows all that is stored also learns what others have stored meanwhile.
        """
        with self._lock:
            if self._knows_all:
                self._read_on(_MOST_VERDICTS - len(self._verdicts))
            self._write()

    def _make_room(self) -> None:
        if len(self._verdicts) >= _MOST_VERDICTS:
            self._write()
            self._verdicts = Verdicts()
            self._knows_all = False

    def _write(self) -> None:
        if self._unsaved and (file := self._connection()):
            try:
                with file:
                    file.executemany(
                        "INSERT OR IGNORE INTO stems VALUES (?, ?, ?)",
                        ((word, *verdict) for word, verdict in self._unsaved.items()),
                    )
                    if self._knows_all:
                        # These need not be read again. Nor are those that another process wrote
                        # since this one looked: should it meet one, it stems that itself.
                        self._read = file.execute(_LAST).fetchone()[0]
            except sqlite3.Error as error:
                _log("stem cache not saved: %s", error)
        self._unsaved.clear()

    def close(self) -> None:
        """Save, and close the file."""
        self.save()
        with self._lock:
            if self._closing:
                self._closing()
            self._opened = self._closing = self._path = None

    def _part(self) -> None:
        """Leave the connection to the process that this one was forked from."""
        if self._opened and self._closing:
            _inherited.append(self._opened)
            self._closing.detach()
            self._opened = self._closing = None

    def _connection(self) -> sqlite3.Connection | None:
        """Return the connection of this process; None if there is no file, or it is unusable."""
        if self._path and not self._opened:
            self._opened = self._open(self._path)
            if self._opened:
                # Who is done without closing leaves nothing open, of which Python would complain.
                self._closing = finalize(self, self._opened.close)
                self._closing.atexit = False
            else:
                self._path = None
        return self._opened

    def _open(self, path: Path) -> sqlite3.Connection | None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = sqlite3.connect(path, timeout=5, check_same_thread=False)
            try:
                file.execute(_TABLE)
            except sqlite3.DatabaseError as error:
                file.close()
                _log("stem cache %s not usable: %s", path, error)
                return None
        except (OSError, sqlite3.Error) as error:
            _log("stem cache %s not opened: %s", path, error)
            return None
        return file

    def _stored(self, word: str) -> Verdict | None:
        if self._knows_all or word in self._missing:
            return None
        found = next(self._rows(f"{_SELECT} word = ?", word), None)
        return found[2] if found else None

    def _rows(self, statement: str, *values: str | int) -> Iterator[tuple[int, str, Verdict]]:
        """Yield (number, word, verdict) of the rows of a query, as far as they can be read."""
        file = self._connection()
        if not file:
            return
        try:
            for number, word, stem, doubtful in file.execute(statement, values):
                yield number, word, Verdict(stem, bool(doubtful))
        except sqlite3.Error as error:
            _log("stem cache not read: %s", error)


def _log(message: str, *values: object) -> None:
    """Write down what is wrong with a file of stems, which is no more than slow."""
    # Imported late: it is seldom needed, and a search imports nothing else that has it.
    import logging

    logging.getLogger(__name__).debug(message, *values)
