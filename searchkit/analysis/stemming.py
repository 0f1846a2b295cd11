"""Indonesian stems by PySastrawi, remembered in memory and on disk.

Sastrawi needs about a tenth of a millisecond a word, and a newsroom's archive uses the same
hundred thousand words over and over, so each word is stemmed once on a machine.
"""

import logging
import re
import sqlite3
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

_log = logging.getLogger(__name__)
_STEMMABLE = re.compile(r"[a-z]{3,40}(?:-[a-z]{2,40})*")


class Stemmer(Protocol):
    """Brings the forms of one word to one stem."""

    @property
    def fingerprint(self) -> str:
        """A name that changes whenever any word's stem may change."""

    def stem(self, word: str) -> str:
        """Return the stem of a folded `word`; the word itself when it has none."""


class SastrawiStemmer:
    """PySastrawi's confix-stripping stemmer for single folded words.

    Words that are not plain Latin letters (numbers, other scripts) are their own stem. The
    dictionary of 29,932 roots is loaded at the first word, in about 30 ms.
    """

    def __init__(self) -> None:
        self._sastrawi: Any = None

    @property
    def fingerprint(self) -> str:
        """The version of PySastrawi."""
        return f"sastrawi-{version('PySastrawi')}"

    def stem(self, word: str) -> str:
        """Return Sastrawi's root of `word`; a reduplicated form gives the root of its half."""
        if not _STEMMABLE.fullmatch(word):
            return word
        if self._sastrawi is None:
            # The factory's own cache has no bound and no disk; the plain stemmer is inside it.
            self._sastrawi = StemmerFactory().create_stemmer().delegatedStemmer
        stem: str = self._sastrawi.stem_word(word)
        return stem or word


class CachedStemmer:
    """A stemmer that asks another one only for words it has not met before.

    With a `path` the stems are kept in an SQLite file that several processes may share; when that
    file cannot be opened or is damaged, the memory alone is used: a cache never stops a run. Call
    `preload` before stemming a corpus and `save` after it. Safe to use from several threads.
    """

    def __init__(self, stemmer: Stemmer, path: Path | None = None) -> None:
        self._stemmer = stemmer
        self._stems: dict[str, str] = {}
        self._unsaved: dict[str, str] = {}
        self._lock = threading.Lock()
        self._file = self._open(path) if path else None

    @property
    def fingerprint(self) -> str:
        """That of the stemmer whose answers are kept."""
        return self._stemmer.fingerprint

    def stem(self, word: str) -> str:
        """Return the stem of a folded `word`, from memory, disk or the stemmer."""
        stem = self._stems.get(word)
        if stem is not None:
            return stem
        with self._lock:
            stem = self._stored(word)
            if stem is None:
                stem = self._stemmer.stem(word)
                self._unsaved[word] = stem
            self._stems[word] = stem
        return stem

    def preload(self) -> None:
        """Read all stored stems into memory: one pass instead of a look-up a word."""
        if self._file:
            with self._lock:
                self._stems.update(self._select("SELECT word, stem FROM stems"))

    def save(self) -> None:
        """Write the stems met since the last call to disk."""
        with self._lock:
            if self._file and self._unsaved:
                try:
                    with self._file:
                        self._file.executemany(
                            "INSERT OR IGNORE INTO stems VALUES (?, ?)", self._unsaved.items()
                        )
                except sqlite3.Error as error:
                    _log.debug("stem cache not saved: %s", error)
            self._unsaved.clear()

    def close(self) -> None:
        """Save, and close the file."""
        self.save()
        if self._file:
            self._file.close()
            self._file = None

    def _open(self, path: Path) -> sqlite3.Connection | None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = sqlite3.connect(path, timeout=5, check_same_thread=False)
            try:
                file.execute("CREATE TABLE IF NOT EXISTS stems (word TEXT PRIMARY KEY, stem TEXT)")
            except sqlite3.DatabaseError as error:
                file.close()
                _log.debug("stem cache %s not usable: %s", path, error)
                return None
        except (OSError, sqlite3.Error) as error:
            _log.debug("stem cache %s not opened: %s", path, error)
            return None
        return file

    def _stored(self, word: str) -> str | None:
        rows = self._select("SELECT word, stem FROM stems WHERE word = ?", word)
        return rows[0][1] if rows else None

    def _select(self, statement: str, *values: str) -> list[tuple[str, str]]:
        if not self._file:
            return []
        try:
            return self._file.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            _log.debug("stem cache not read: %s", error)
            return []


def sastrawi_stemmer(cache_dir: Path | None = None) -> CachedStemmer:
    """Return Sastrawi with a cache in memory and, with a directory for it, on disk.

    The file is named after the fingerprint, so that another version never reads these stems.
    """
    sastrawi = SastrawiStemmer()
    path = cache_dir / f"stems-{sastrawi.fingerprint}.sqlite3" if cache_dir else None
    return CachedStemmer(sastrawi, path)
